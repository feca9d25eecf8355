/**
 * A ready message to the Jira admin or the network admin about a test that failed: what fails and since when, where, what
 * was seen, what is ruled out, and what is asked of them, which are the actions of the checklist that are theirs. Pure.
 */
import {expiryNotice} from '../domain/expiry.ts';
import type {StepId} from '../domain/step.ts';
import {minuteText} from '../domain/time.ts';
import {asAscii} from '../text/ascii.ts';
import {wrap} from '../text/wrap.ts';
import type {Admin} from './admins.ts';
import type {PastTest} from './past-test.ts';
import {ordinal, proxyText} from './past-text.ts';
import {whoNames} from './report-text.ts';
import type {Action, Certainty, Failure} from './test-report.ts';

/** "Jira admin", "network admin" */
export const adminTitle = (admin: Admin): string => whoNames[admin];

/** Whether the checklist asks something of this admin. */
export const concerns = (failure: Pick<Failure, 'checklist'> | null, admin: Admin): boolean =>
  failure?.checklist.some(({who}) => who === admin) ?? false;

/** `hang` indents the lines after the first; `whole` is never broken: a command or an address. */
export type Line = Readonly<{text: string; indent?: string; hang?: string; whole?: true}>;

const certainties: Readonly<Record<Certainty, string>> = {
  proven: 'proven by the answers below',
  likely: 'likely, not proven',
  possible: 'one of several possible causes',
};

/** What a passed step excludes. */
const excluded: Readonly<Record<StepId, string>> = {
  dns: 'The name resolves',
  connect: 'The connection stands',
  tls: 'TLS and certificate are fine',
  site: 'It is Jira that answers',
  'sign-in': 'The sign-in works',
  account: 'The account is known',
  permissions: 'The permissions are there',
  feeds: 'The data can be read',
};

export type MessageOptions = Readonly<{
  /** Name of the machine that tested; null where it is not to be told. */
  machine: string | null;
  now: Date;
}>;

/**
 * @returns the message as lines, or null where the test asks nothing of this admin: it passed, or its checklist has no
 *   action for them
 */
export function messageLines(test: PastTest, admin: Admin, options: MessageOptions): readonly Line[] | null {
  const {failure} = test.report;
  if (failure === null || !concerns(failure, admin)) return null;
  const {machine} = options;
  const asked = failure.checklist.filter(({who}) => who === admin);
  return [
    {text: `Subject: ${machine === null ? '' : `${machine}: `}${failure.title}`},
    {text: ''},
    {text: 'Hello,'},
    {text: ''},
    {text: `a connection test from ${machine ?? 'our server'} to Jira fails. It needs your help.`},
    {text: ''},
    ...facts(test, failure, admin, options),
    ...(failure.evidence.length === 0 ? [] : [{text: ''}, {text: 'What was seen:'}, ...failure.evidence.map(bullet)]),
    ...ruledOut(test, admin),
    {text: ''},
    {text: asked.length === 1 ? 'What we ask of you:' : 'What we ask of you, most likely first:'},
    ...asked.flatMap((action, at) => request(action, at + 1)),
    {text: ''},
    {text: 'Thank you!'},
    {text: ''},
    {
      text: `Neither the token nor a passphrase is in this message. Written by jirakey ${test.runtime.program}, ${minuteText(options.now.toISOString())}.`,
    },
  ];
}

const bullet = (text: string): Line => ({text, indent: '- ', hang: '  '});

/** Host and port as a firewall knows them. */
function endpointOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const {hostname, port, protocol} = new URL(url);
  return `${hostname}:${port || (protocol === 'http:' ? '80' : '443')}`;
}

function facts(test: PastTest, failure: Failure, admin: Admin, {machine, now}: MessageOptions): readonly Line[] {
  const {report, since, tries, lastPassed, at, scheme, expiresAt, trust} = test;
  const row = tries === 1 ? '' : ` (the ${ordinal(tries)} test in a row, the latest ${minuteText(at)})`;
  const passed = lastPassed === null ? '' : `; it last passed ${minuteText(lastPassed)}`;
  const aboutTls = failure.step === 'tls';
  const rows: readonly (readonly [string, string])[] = [
    ['What fails', `${failure.title} (${failure.code}; ${certainties[failure.certainty]})`],
    ['Since', `${minuteText(since)}${row}${passed}`],
    // Titles and evidence were written on that machine, and call it “this machine”.
    ['From', machine === null ? '' : `${machine} (“this machine” in what follows)`],
    ['To', endpointOf(report.credential.url)],
    ['Site', report.credential.url],
    ['Proxy', proxyText(test)],
    ...(admin === 'network-admin'
      ? [['CAs trusted', aboutTls ? trust.join('; ') : ''] as const]
      : [
          ['Account', report.credential.username] as const,
          ['Signs in by', `${scheme === 'bearer' ? 'Bearer' : 'Basic'} with a token, ${routes[report.route]}`] as const,
          ['The token', expiresAt === null ? '' : `${expiryNotice(expiresAt, now).text} (${expiresAt})`] as const,
        ]),
  ];
  const label = 13;
  return rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => ({text: value, indent: `${name}:`.padEnd(label), hang: ' '.repeat(label)}));
}

const routes = {site: 'at the site’s own address', gateway: 'at Atlassian’s gateway (api.atlassian.com)'} as const;

function ruledOut({report}: PastTest, admin: Admin): readonly Line[] {
  const reached: readonly StepId[] = admin === 'network-admin' ? ['dns', 'connect', 'tls', 'site'] : [];
  const passed = report.steps.filter(
    ({id, status}) => (status === 'passed' || status === 'warning') && (reached.length === 0 || reached.includes(id)),
  );
  if (passed.length === 0) return [];
  const lines = passed.map(({id, detail}) => bullet(`${excluded[id]}${detail === '' ? '' : `: ${detail}`}`));
  return [{text: ''}, {text: 'What is ruled out:'}, ...lines];
}

/** Their own sentence, and what they need for it: a page, or a command for their own machine. */
function request({request: text, action, command, url}: Action, number: number): readonly Line[] {
  const indent = `${number}. `;
  const hang = ' '.repeat(indent.length);
  return [
    {text: text ?? action, indent, hang},
    ...[command, url].flatMap(each => (each === undefined ? [] : [{text: each, indent: hang, whole: true as const}])),
  ];
}

/**
 * The lines as one plain text, without a line end.
 * @param width cells of a line; null leaves each paragraph on one line, as programs for mail and chat want it
 */
export function messageText(lines: readonly Line[], width: number | null, unicode = true): string {
  const plain = (text: string): string => (unicode ? text : asAscii(text));
  return lines
    .flatMap(({text, indent = '', hang = '', whole}) =>
      width === null || whole || text === ''
        ? [plain(`${indent}${text}`)]
        : wrap(plain(text), width, plain(indent), hang),
    )
    .join('\n');
}
