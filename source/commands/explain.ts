import {type FailureCode, failureCodes, isFailureCode} from '../diagnosis/codes.ts';
import {fail} from '../diagnosis/diagnose.ts';
import {exampleOf, explain, type Summary, summaryOf} from '../diagnosis/explain.ts';
import {codesOfExit, codesOfStatus} from '../diagnosis/statuses.ts';
import {exit, exitBySignal} from '../domain/exit.ts';
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
  const page = pageOf(world.stdout, world);
  if (wanted === undefined || isNumber(wanted)) {
    const {says, codes} = wanted === undefined ? {says: null, codes: failureCodes} : behind(Number(wanted));
    const rows = codes.map(code => summaryOf(code));
    if (options.json) printer.json({schemaVersion: 1, codes: rows});
    else printer.result([...(says === null ? [] : [says]), ...table(rows, page)].join('\n'));
    return exit.done;
  }
  const code = codeNamed(wanted);
  const {checklist} = fail(code, 'dns', exampleOf(code));
  if (options.json) printer.json({schemaVersion: 1, ...summaryOf(code), checklist});
  else printer.result(explain(code, null, page).join('\n'));
  return exit.done;
};

const isNumber = (text: string): boolean => /^\d{1,3}$/.test(text.trim());

/** What an exit status means where no failure code stands behind it (POSIX, "Exit status for commands"). */
function exitText(status: number): string | null {
  if (status === exit.done) return 'Exit status 0: done; the test passed.';
  if (status === exit.bug) return 'Exit status 1: a fault of jirakey itself, or the output could not be written.';
  if (status === exit.notFound) return 'Exit status 3: no such credential, or nothing is saved yet.';
  if (status === exit.usage) return 'Exit status 2: the command line or the input was wrong, or one of these:';
  if (status === 126) return 'Exit status 126: the program that exec was to run could not be started.';
  if (status === 127) return 'Exit status 127: there is no program of the name that exec was to run.';
  if (status > 128 && status < 128 + 65) {
    const ctrlC = status === exitBySignal(2) ? ' (Ctrl-C)' : '';
    return `Exit status ${status}: ended by signal ${status - 128}${ctrlC}.`;
  }
  return null;
}

/** A number from 200 on is the status of an HTTP answer, a smaller one an exit status. @throws UsageFault */
function behind(number: number): Readonly<{says: string; codes: readonly FailureCode[]}> {
  const ofHttp = number >= 200;
  const codes = ofHttp ? codesOfStatus(number) : codesOfExit(number);
  const says = ofHttp ? null : exitText(number);
  if (says !== null) return {says, codes: number === exit.done ? [] : codes};
  if (codes.length > 0) {
    const what = ofHttp ? `An HTTP answer of status ${number} can mean:` : `Exit status ${number} means one of:`;
    return {says: what, codes};
  }
  throw new UsageFault(`${number} is no exit status of jirakey, and no HTTP status that a test knows a cause for.`, [
    'All codes: jirakey explain',
  ]);
}

/** Code, exit code and title, in the order in which a test could meet them. */
function table(rows: readonly Summary[], {width, unicode}: Page): readonly string[] {
  if (rows.length === 0) return [];
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
  const heading = `${'code'.padEnd(left)}  exit`;
  return [heading, ...lines, '', 'What proves one, and what to do: jirakey explain CODE'];
}
