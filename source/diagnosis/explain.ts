/** What a failure code means and what to do about it, without any network: with example values, or the real ones. */
import {clean} from '../domain/clean.ts';
import {plainRun} from '../domain/command-line.ts';
import {asAscii} from '../text/ascii.ts';
import {wrap} from '../text/wrap.ts';
import {catalogue} from './catalogue/index.ts';
import type {Row} from './catalogue/row.ts';
import {type FailureCode, failureCodes} from './codes.ts';
import {fail} from './diagnose.ts';
import type {Facts} from './evidence.ts';
import {checklistLines} from './report-text.ts';

/** Values for a machine and an account that do not exist. */
export const exampleFacts: Facts = {
  connector: 'jira-software',
  url: clean('https://acme.atlassian.net'),
  host: clean('acme.atlassian.net'),
  port: 443,
  username: clean('you@acme.com'),
  deployment: 'cloud',
  tokenKind: 'atlassian-user',
  checksum: 'ok',
  looksLike: null,
  scheme: 'basic',
  route: 'site',
  cloudId: clean('11111111-2222-3333-4444-555555555555'),
  expiresAt: null,
  now: new Date('2026-11-23T02:00:00Z'),
  proxy: null,
  trust: [clean('Node’s own list')],
  addresses: [],
  timeoutSeconds: 30,
  name: clean('my-jira'),
  detail: null,
  run: plainRun,
};

/** The example as it fits one code: a Data Center for what only that does, an expired date, a proxy. */
export function exampleOf(code: FailureCode): Facts {
  const {example} = catalogue[code];
  return example === undefined ? exampleFacts : example(exampleFacts);
}

/** Title, meaning and kind of one code, for lists and for `--json`. */
export type Summary = Readonly<{
  code: FailureCode;
  title: string;
  proof: string;
  kind: 'failure' | 'warning' | 'either';
  steps: readonly string[];
  exit: number;
  certainty: string;
}>;

export function summaryOf(code: FailureCode, facts: Facts = exampleOf(code)): Summary {
  const {proof, kind, steps, exit} = catalogue[code];
  const {title, certainty} = fail(code, 'dns', facts);
  return {code, title, proof, kind, steps, exit, certainty};
}

/** All codes with their titles, in the order a connection meets them. */
export const listCodes = (): readonly Summary[] => failureCodes.map(code => summaryOf(code));

/** What the code does to a test: where it shows, whether it stops it, and the exit code then. */
function effectOf({kind, steps, exit}: Summary): string {
  if (steps.length === 0) return `Stops jirakey before anything is sent, with exit code ${exit}.`;
  const place = `at the step ${steps.join(' or ')}`;
  switch (kind) {
    case 'failure':
      return `Stops the test ${place}, with exit code ${exit}.`;
    case 'warning':
      return `A warning ${place}: the test goes on.`;
    case 'either':
      return `Stops the test ${place}, with exit code ${exit}; where the test can go on, it is a warning.`;
  }
}

/**
 * The page of one code as lines of plain text.
 * @param facts the real values, where there are any; otherwise example values, and the page says so
 * @param options.width cells of a line; commands and addresses are not wrapped
 */
export function explain(
  code: FailureCode,
  facts: Facts | null = null,
  options: Readonly<{width?: number; unicode?: boolean}> = {},
): string[] {
  const {width = 80, unicode = true} = options;
  const used = facts ?? exampleOf(code);
  const summary = summaryOf(code, used);
  const {title, proof, certainty} = summary;
  const row: Row = catalogue[code];
  const sure = row.certaintyNote === undefined ? certainty : `${certainty}; ${row.certaintyNote}`;
  const lines = [
    code,
    ...wrap(title, width),
    '',
    ...wrap(`${effectOf(summary)} Certainty: ${sure}.`, width),
    '',
    'What proves it',
    ...wrap(proof, width),
    '',
    ...checklistLines(fail(code, 'dns', used).checklist, {width, unicode: true}),
    ...(facts === null
      ? ['', ...wrap(`Names such as ${used.host} are examples; a test puts in your own.`, width)]
      : []),
  ];
  return unicode ? lines : lines.map(asAscii);
}
