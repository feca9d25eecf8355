/** A past test as a text for a ticket: what ran, when, on what and by which way, then the whole report. Pure. */
import {connectorTitles} from '../domain/credential.ts';
import {expiryNotice} from '../domain/expiry.ts';
import {minuteText} from '../domain/time.ts';
import {asAscii} from '../text/ascii.ts';
import {wrap} from '../text/wrap.ts';
import type {PastTest} from './past-test.ts';
import {reportText, type TextOptions} from './report-text.ts';

/** "12 s", "3 min", "2 h", "5 days" between two moments. */
export function span(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  const units = [
    [86_400, 'days'],
    [3600, 'h'],
    [60, 'min'],
  ] as const;
  const [size, name] = units.find(([each]) => seconds >= 2 * each) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${name}`;
}

/** "3rd" */
export function ordinal(count: number): string {
  const tens = count % 100;
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${ending}`;
}

/** Since when it ends like this, and when it last did not. */
export function history({at, since, tries, lastPassed, report}: PastTest): string {
  const row = tries === 1 ? '' : `the ${ordinal(tries)} test in a row that ends so, the first ${minuteText(since)}`;
  const passed = report.outcome === 'passed' || lastPassed === null ? '' : `last passed ${minuteText(lastPassed)}`;
  return [minuteText(at), row, passed].filter(part => part !== '').join('; ');
}

const schemes = {basic: 'Basic', bearer: 'Bearer'} as const;
const deployments = {cloud: 'Jira Cloud', 'data-center': 'Jira Data Center'} as const;

function siteText({report}: PastTest): string {
  const {deployment, version, title} = report.site;
  const about = [
    deployment === null ? '' : deployments[deployment],
    version === null ? '' : `version ${version}`,
    title === null ? '' : `“${title}”`,
  ].filter(part => part !== '');
  return about.length === 0 ? report.credential.url : `${report.credential.url} (${about.join(', ')})`;
}

/** How the way out was chosen. */
export const proxyText = ({proxy}: Pick<PastTest, 'proxy'>): string =>
  proxy === null ? 'none, connected directly' : `${proxy.address} (because of ${proxy.because})`;

/**
 * @param test anonymized, if it is to be posted
 * @param now when the text is written
 * @returns plain text without a line end; `label value` lines, then steps, verdict, evidence, checklist and warnings
 */
export function pastTestText(test: PastTest, options: TextOptions & Readonly<{now: Date}>): string {
  const {report, runtime, scheme, expiresAt, trust} = test;
  const expiry = expiryNotice(expiresAt, options.now);
  const rows: readonly (readonly [string, string])[] = [
    ['Program', `jirakey ${runtime.program}, Node ${runtime.node}, ${runtime.system}`],
    ['Tested', history(test)],
    ['Written', minuteText(options.now.toISOString())],
    ['For', connectorTitles[report.credential.connector]],
    ['Site', siteText(test)],
    ['Username', report.credential.username],
    ['Sent as', `${schemes[scheme]}, to the ${report.route === 'gateway' ? 'gateway' : 'site'}`],
    ['Token', `${expiry.text}${expiresAt === null ? '' : ` (${expiresAt})`}`],
    ['Proxy', proxyText(test)],
    ['CAs', trust.join('; ')],
  ];
  const label = 11;
  const lines = rows
    .filter(([, value]) => value !== '')
    .flatMap(([name, value]) =>
      wrap(options.unicode ? value : asAscii(value), options.width, name.padEnd(label), ' '.repeat(label)),
    );
  return [...lines, '', reportText(report, options)].join('\n');
}
