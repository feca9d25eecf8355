/**
 * The tests of saved credentials as monitors read them: metrics in Prometheus' text exposition format, and the one line
 * of a Nagios plugin with its exit code. Public. Pure.
 */
import {type ExitCode, exit} from '../domain/exit.ts';
import {expiryNotice, soonDays} from '../domain/expiry.ts';
import {dayMs, dayNumberOf} from '../domain/time.ts';
import type {Report} from './test-report.ts';

export type Monitored = Readonly<{
  report: Report;
  code: ExitCode;
  /** Last day of the token, null when unknown. */
  expiresAt: string | null;
}>;

/** `obstacle` is why nothing could be tested at all: its failure code where it has one, and one line. */
export type Round = Readonly<{
  tests: readonly Monitored[];
  obstacle: Readonly<{code: string; title: string}> | null;
  now: Date;
}>;

export const monitors = ['prometheus', 'nagios'] as const;
export type Monitor = (typeof monitors)[number];
export const isMonitor = (text: string): text is Monitor => (monitors as readonly string[]).includes(text);

const nameOf = ({report}: Monitored): string => report.credential.name ?? '';
const secondsOf = ({report}: Monitored): number => report.steps.reduce((sum, {ms}) => sum + ms, 0) / 1000;

/** The token works to the end of its last day, by UTC. */
function endOf({expiresAt}: Monitored): number | null {
  const day = expiresAt === null ? null : dayNumberOf(expiresAt);
  return day === null ? null : ((day + 1) * dayMs) / 1000;
}

type Sample = Readonly<{labels: Readonly<Record<string, string>>; value: number}>;

/** https://prometheus.io/docs/instrumenting/exposition_formats/: in a label value, \, " and line ends are escaped. */
const escaped = (text: string): string => text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n');

function family(name: string, help: string, samples: readonly Sample[]): string[] {
  if (samples.length === 0) return [];
  const lines = samples.map(({labels, value}) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines];
}

/** For the textfile collector of a node exporter, or anything else that reads the format. */
export function prometheusText({tests, obstacle, now}: Round): string {
  const each = (samples: (test: Monitored, labels: {name: string}) => readonly Sample[]): readonly Sample[] =>
    tests.flatMap(test => samples(test, {name: nameOf(test)}));
  const lines = [
    ...family('jirakey_up', 'Whether the store could be read and its credentials tested (1) or not (0).', [
      {labels: obstacle === null ? {} : {code: obstacle.code}, value: obstacle === null ? 1 : 0},
    ]),
    ...family('jirakey_run_timestamp_seconds', 'When these tests ended.', [
      {labels: {}, value: Math.floor(now.getTime() / 1000)},
    ]),
    ...family('jirakey_credentials', 'How many saved credentials were tested.', [{labels: {}, value: tests.length}]),
    ...family(
      'jirakey_credential_info',
      'What a saved credential is for.',
      each(({report: {credential}}, labels) => [
        {labels: {...labels, connector: credential.connector, url: credential.url}, value: 1},
      ]),
    ),
    ...family(
      'jirakey_test_passed',
      'Whether the connection test passed (1) or not (0).',
      each(({report}, labels) => [{labels, value: report.outcome === 'passed' ? 1 : 0}]),
    ),
    ...family(
      'jirakey_test_failure',
      'The failure of a test that did not pass; unverified: no answer proves anything about the credential.',
      each(({report: {failure, outcome}}, labels) =>
        failure === null ? [] : [{labels: {...labels, outcome, code: failure.code, step: failure.step}, value: 1}],
      ),
    ),
    ...family(
      'jirakey_test_exit_code',
      'What jirakey test would exit with for this credential alone.',
      each(({code}, labels) => [{labels, value: code}]),
    ),
    ...family(
      'jirakey_test_warning',
      'What a test warns of.',
      each(({report}, labels) =>
        [...new Set(report.warnings.map(({code}) => code))].map(code => ({labels: {...labels, code}, value: 1})),
      ),
    ),
    ...family(
      'jirakey_test_duration_seconds',
      'Time the steps of the test took together.',
      each((test, labels) => [{labels, value: secondsOf(test)}]),
    ),
    ...family(
      'jirakey_token_expiry_timestamp_seconds',
      'When the token stops working: the end of its last day. Absent where that day is not known.',
      each((test, labels) => {
        const end = endOf(test);
        return end === null ? [] : [{labels, value: end}];
      }),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** https://www.monitoring-plugins.org/doc/guidelines.html, "Plugin Return Codes" */
const states = {OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3} as const;
type State = keyof typeof states;
export type PluginCode = (typeof states)[State];
/** What needs somebody most first. What could not be tested may hide the worst but one. */
const bySeverity: readonly State[] = ['CRITICAL', 'UNKNOWN', 'WARNING', 'OK'];

/** Nobody has asked the site: the passphrase, the store or the values themselves were in the way. */
const untested: readonly ExitCode[] = [exit.bug, exit.usage, exit.notFound, exit.store];

function stateOf({report, code}: Monitored): State {
  if (report.outcome !== 'passed') return untested.includes(code) ? 'UNKNOWN' : 'CRITICAL';
  return report.warnings.length === 0 ? 'OK' : 'WARNING';
}

/** Line ends end the first line of a plugin, and | begins its performance data. */
const plain = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '/');
/** Guidelines, "Performance data": in quotes, a quote doubled, without an equals sign. */
const label = (text: string): string => `'${plain(text).replaceAll("'", "''").replaceAll('=', '-')}'`;

function sayingOf(test: Monitored, now: Date): string {
  const {failure, warnings} = test.report;
  const notice = expiryNotice(test.expiresAt, now);
  const ends = notice.state === 'soon' || notice.state === 'expired' ? [`token ${notice.text}`] : [];
  const said = [...(failure === null ? [] : [failure.code]), ...warnings.map(({code}) => code), ...ends];
  return [...new Set(said)].join(', ');
}

/** @returns the text for stdout and the exit code a monitor reads; the first line is the whole result */
export function nagiosResult({tests, obstacle, now}: Round): Readonly<{text: string; code: PluginCode}> {
  if (obstacle !== null) return {text: `JIRAKEY UNKNOWN - ${plain(obstacle.title)}`, code: states.UNKNOWN};
  const judged = tests.map(test => ({test, state: stateOf(test)}));
  const state = bySeverity.find(one => judged.some(each => each.state === one)) ?? 'UNKNOWN';
  const passed = tests.filter(({report}) => report.outcome === 'passed').length;
  const odd = bySeverity.flatMap(one =>
    judged
      .filter(each => one !== 'OK' && each.state === one)
      .map(({test}) => `${plain(nameOf(test))}: ${sayingOf(test, now)}`),
  );
  const summary = [`${passed} of ${tests.length} passed`, ...odd].join('; ');
  const data = [
    `passed=${passed};;;0;${tests.length}`,
    `failed=${tests.length - passed};;;0;${tests.length}`,
    ...tests.flatMap(test => {
      const {days} = expiryNotice(test.expiresAt, now);
      const left = days === null ? [] : [`${label(`${nameOf(test)} days`)}=${days};${soonDays + 1}:;0:`];
      return [`${label(`${nameOf(test)} time`)}=${secondsOf(test)}s;;;0`, ...left];
    }),
  ];
  const details = judged.map(({test, state: one}) => {
    const {failure} = test.report;
    const said = [sayingOf(test, now), failure === null ? '' : plain(failure.title)].filter(text => text !== '');
    return [`${one} ${plain(nameOf(test))}`, ...said].join(' - ');
  });
  return {text: [`JIRAKEY ${state} - ${summary} | ${data.join(' ')}`, ...details].join('\n'), code: states[state]};
}
