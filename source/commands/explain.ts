import {type FailureCode, failureCodes, isFailureCode} from '../diagnosis/codes.ts';
import {fail} from '../diagnosis/diagnose.ts';
import {exampleOf, explain, listCodes, type Summary, summaryOf} from '../diagnosis/explain.ts';
import {exit} from '../domain/exit.ts';
import {UsageFault} from '../domain/fault.ts';
import {asAscii} from '../text/ascii.ts';
import {wrap} from '../text/wrap.ts';
import type {Run} from './context.ts';
import {didYouMean} from './line/suggest.ts';
import {type Page, pageOf} from './output/page.ts';

/** A code as somebody would type it from memory. @throws UsageFault */
export function codeNamed(text: string): FailureCode {
  const word = text.trim().toLowerCase();
  if (isFailureCode(word)) return word;
  const said = /^[a-z-]{1,40}$/.test(word) ? `there is no failure code “${word}”.` : 'that is not a failure code.';
  throw new UsageFault(said, [...didYouMean(word, failureCodes), 'All codes: jirakey explain']);
}

export const run: Run = async context => {
  const {
    args: [wanted],
    options,
    world,
    printer,
  } = context;
  if (wanted !== undefined) {
    const code = codeNamed(wanted);
    const {checklist} = fail(code, 'dns', exampleOf(code));
    if (options.json) printer.json({schemaVersion: 1, ...summaryOf(code), checklist});
    else printer.result(explain(code, null, pageOf(world.stdout, world)).join('\n'));
    return exit.done;
  }
  const all = listCodes();
  if (options.json) printer.json({schemaVersion: 1, codes: all});
  else printer.result(table(all, pageOf(world.stdout, world)));
  return exit.done;
};

/** Code, exit code and title, in the order in which a test could meet them. */
function table(rows: readonly Summary[], {width, unicode}: Page): string {
  const left = Math.max(...rows.map(({code}) => code.length));
  const lines = rows.flatMap(({code, exit: status, title}) => {
    const head = `${code.padEnd(left)}  ${String(status).padStart(2)}  `;
    // Beside the codes a narrow terminal leaves no room to read in: then the title stands below.
    const beside = width >= left + 36;
    const indent = beside ? ' '.repeat(head.length) : '    ';
    const [first = '', ...more] = wrap(unicode ? title : asAscii(title), width - indent.length);
    return beside
      ? [head + first, ...more.map(line => indent + line)]
      : [head.trimEnd(), indent + first, ...more.map(line => indent + line)];
  });
  return [`${'code'.padEnd(left)}  exit`, ...lines, '', 'What proves one, and what to do: jirakey explain CODE'].join(
    '\n',
  );
}
