/** The report as plain text and as JSON: the same words on the screen, in the scrollback, in a file and in a ticket. */
import type {Step, StepStatus} from '../domain/step.ts';
import {asAscii} from '../text/ascii.ts';
import {widthOf} from '../text/width.ts';
import {wrap} from '../text/wrap.ts';
import type {Who} from './admins.ts';
import type {Action, Certainty, Failure, Report} from './test-report.ts';

/** `width` in cells; without `unicode` only ASCII is written; `steps: false` leaves the steps out. */
export type TextOptions = Readonly<{width: number; unicode: boolean; steps?: boolean}>;

/** Heads the actions everywhere they are shown. Public. */
export const checklistHeading = 'Troubleshooting checklist';

export const whoNames: Readonly<Record<Who, string>> = {
  you: 'you',
  'jira-admin': 'Jira admin',
  'network-admin': 'network admin',
  'org-admin': 'organization admin',
};

const certainties: Readonly<Record<Certainty, string>> = {
  proven: 'proven',
  likely: 'likely, not proven',
  possible: 'one of several possible causes',
};

const marks = (unicode: boolean): Readonly<Record<StepStatus, string>> =>
  unicode
    ? {passed: '✓', failed: '✗', warning: '!', skipped: '–'}
    : {passed: 'ok', failed: 'FAIL', warning: 'warn', skipped: '-'};

/** Prose; commands and addresses do not go through here, for they must stay what they are. */
const set = (text: string, {width, unicode}: TextOptions, indent = '', hang = indent): readonly string[] =>
  wrap(unicode ? text : asAscii(text), width, indent, hang);

/** Below this width a step's evidence goes on lines of its own. */
const roomForDetail = 64;

/** One step: mark, name, time, one line of evidence. */
export function stepLines(step: Step, options: TextOptions): readonly string[] {
  const mark = marks(options.unicode)[step.status].padEnd(options.unicode ? 1 : 4);
  const time = step.status === 'skipped' ? '' : `${Math.round(step.ms)} ms`;
  const head = `${mark} ${step.id.padEnd(11)} ${time.padStart(8)}`;
  if (step.detail === '') return [head.trimEnd()];
  if (options.width < roomForDetail) return [head.trimEnd(), ...set(step.detail, options, '    ')];
  const [first = '', ...rest] = set(step.detail, {...options, width: options.width - head.length - 2});
  return [`${head}  ${first}`, ...rest.map(line => `${' '.repeat(head.length + 2)}${line}`)];
}

/** One action: number, who where it is not the reader, why, then command and address as lines of their own. */
export function actionLines(action: Action, number: number, options: TextOptions): readonly string[] {
  const lead = `${number}. `;
  const hang = ' '.repeat(lead.length);
  const who = action.who === 'you' ? '' : `[${whoNames[action.who]}] `;
  return [
    ...set(`${who}${action.action}`, options, lead, hang),
    ...set(`(${action.why})`, options, hang),
    ...(action.command === undefined ? [] : [`${hang}${action.command}`]),
    ...(action.url === undefined ? [] : [`${hang}${action.url}`]),
  ];
}

/** The heading and the numbered actions. */
export function checklistLines(checklist: readonly Action[], options: TextOptions): readonly string[] {
  return [checklistHeading, ...checklist.flatMap((action, at) => actionLines(action, at + 1, options))];
}

function failureLines(failure: Failure, options: TextOptions): readonly string[] {
  const mark = marks(options.unicode).failed;
  const hang = ' '.repeat(widthOf(mark) + 1);
  const evidence = failure.evidence.flatMap(each => set(each, options, `${hang}- `, `${hang}  `));
  return [
    ...set(failure.title, options, `${mark} `, hang),
    ...set(`Code ${failure.code}, ${certainties[failure.certainty]}.`, options, hang),
    ...(evidence.length === 0 ? [] : [`${hang}Evidence:`, ...evidence]),
    '',
    ...checklistLines(failure.checklist, options),
  ];
}

/** The verdict, its evidence and the checklist of one failure. Ends without a line end. */
export const failureText = (failure: Failure, options: TextOptions): string =>
  failureLines(failure, options).join('\n');

const verdicts: Readonly<Record<Exclude<Report['outcome'], 'passed'>, string>> = {
  failed: 'Jira refused this credential or its account.',
  unverified: 'The credential could not be verified: nothing here speaks for or against it.',
};

function passedLines(report: Report, options: TextOptions): readonly string[] {
  const who = report.account === null ? '' : ` Signed in as ${report.account.displayName}.`;
  const route = report.route === 'gateway' ? ' Over Atlassian’s gateway.' : '';
  const mark = marks(options.unicode).passed;
  return set(`The connection test passed.${who}${route}`, options, `${mark} `, ' '.repeat(mark.length + 1));
}

function warningLines(report: Report, options: TextOptions): readonly string[] {
  if (report.warnings.length === 0) return [];
  const mark = marks(options.unicode).warning;
  const hang = ' '.repeat(mark.length + 1);
  return [
    '',
    ...report.warnings.flatMap(({code, title}) => set(`${title} (${code})`, options, `${mark} `, hang)),
    ...set(`jirakey explain ${report.warnings[0]?.code} says more.`, options, hang),
  ];
}

function heading(report: Report, options: TextOptions): readonly string[] {
  const {name, url, username} = report.credential;
  const who = [name === null ? '' : `“${name}”`, url, username].filter(part => part !== '').join(' · ');
  return set(`Connection test${who === '' ? '' : `: ${who}`}`, options);
}

/** The whole report: heading, steps, verdict, evidence, checklist, warnings. Ends without a line end. */
export function reportText(report: Report, options: TextOptions): string {
  const steps = options.steps === false ? [] : [...report.steps.flatMap(step => stepLines(step, options)), ''];
  const verdict =
    report.failure === null
      ? report.outcome === 'passed'
        ? passedLines(report, options)
        : set(`Not tested. ${verdicts[report.outcome]}`, options)
      : [
          ...(report.outcome === 'passed' ? [] : set(verdicts[report.outcome], options)),
          ...failureLines(report.failure, options),
        ];
  const lines = [...(options.steps === false ? [] : [...heading(report, options), '']), ...steps, ...verdict];
  return [...lines, ...warningLines(report, options)].join('\n');
}

/** The report as the public JSON document, indented, without a line end. */
export const reportJson = (report: Report): string => JSON.stringify(report, null, 2);
