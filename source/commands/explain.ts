import {type FailureCode, failureCodes, isFailureCode} from '../diagnosis/catalogue/index.ts';
import {explain} from '../diagnosis/explain.ts';
import {exit} from '../domain/exit.ts';
import {UsageFault} from '../domain/fault.ts';
import {exampleOf} from './codes.ts';
import {pageOf} from './page.ts';
import {didYouMean} from './suggest.ts';
import type {Run} from './table.ts';
import {voiceOf} from './voice.ts';

/** A code as somebody would type it from memory. @throws UsageFault */
export function codeNamed(text: string): FailureCode {
  const word = text.trim().toLowerCase();
  if (isFailureCode(word)) return word;
  const said = /^[a-z-]{1,40}$/.test(word) ? `there is no failure code “${word}”.` : 'that is not a failure code.';
  throw new UsageFault(said, [...didYouMean(word, failureCodes), 'All codes: jirakey explain']);
}

export const run: Run = async ({args: [wanted], options}, world) => {
  const voice = voiceOf(world, options);
  if (wanted !== undefined) {
    const code = codeNamed(wanted);
    if (options.json) voice.json({schemaVersion: 1, ...exampleOf(code, world)});
    else voice.result(explain(code).join('\n'));
    return exit.done;
  }
  const all = failureCodes.map(code => exampleOf(code, world));
  if (options.json) voice.json({schemaVersion: 1, codes: all.map(({code, kind, exit: status, title}) => ({code, kind, exit: status, title}))});
  else voice.result(table(all, pageOf(world.stdout, world).width));
  return exit.done;
};

/** Code, exit code and title, in the order in which a test could meet them. */
function table(rows: readonly ReturnType<typeof exampleOf>[], width: number): string {
  const left = Math.max(...rows.map(({code}) => code.length));
  const lines = rows.map(({code, exit: status, title}) => {
    const head = `${code.padEnd(left)}  ${String(status).padStart(2)}  `;
    // Beside the codes a narrow terminal leaves no room to read in: then the title stands below.
    return width >= left + 36 ? head + title : `${head.trimEnd()}\n    ${title}`;
  });
  return [`${'code'.padEnd(left)}  exit`, ...lines, '', 'What proves one, and what to do: jirakey explain CODE'].join('\n');
}

