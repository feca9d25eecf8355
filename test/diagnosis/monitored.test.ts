import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {fail} from '../../source/diagnosis/diagnose.ts';
import {type Monitored, nagiosResult, prometheusText} from '../../source/diagnosis/monitored.ts';
import type {Report} from '../../source/diagnosis/test-report.ts';
import {clean} from '../../source/domain/clean.ts';
import {type ExitCode, exit} from '../../source/domain/exit.ts';
import {stepIds} from '../../source/domain/step.ts';
import {readExposition, readPlugin} from '../support/monitor-formats.ts';
import {cloud, now} from './fabricate.ts';

const report = (name: string, change: Partial<Report> = {}): Report => ({
  schemaVersion: 1,
  outcome: 'passed',
  credential: {
    name: clean(name),
    connector: 'jira-software',
    url: clean('https://acme.atlassian.net'),
    username: clean('you@acme.com'),
  },
  route: 'site',
  site: {deployment: 'cloud', version: null, title: null, cloudId: null},
  account: null,
  steps: stepIds.map(id => ({id, status: 'passed', ms: 12, detail: clean('')})),
  failure: null,
  warnings: [],
  ...change,
});
const well = (name: string, expiresAt: string | null = null): Monitored => ({
  report: report(name),
  code: exit.done,
  expiresAt,
});
const soon = (name: string): Monitored => ({
  report: report(name, {warnings: [{code: 'token-expires', title: clean('ends')}]}),
  code: exit.done,
  expiresAt: '2026-12-03',
});
const failed = (name: string, outcome: 'failed' | 'unverified', code: ExitCode): Monitored => ({
  report: report(name, {
    outcome,
    failure: fail(code === exit.store ? 'passphrase-wrong' : 'credentials-rejected', 'sign-in', cloud),
  }),
  code,
  expiresAt: null,
});
const round = (...tests: Monitored[]) => ({tests, obstacle: null, now});
const obstacle = {code: 'store-damaged', title: 'The store\n| is damaged'};
/** Names as a store may hold them: whatever clean() leaves. */
const names = fc.uniqueArray(
  fc
    .string({unit: 'grapheme', minLength: 1, maxLength: 20})
    .map(text => clean(text))
    .filter(text => text !== ''),
  {maxLength: 5},
);

describe('for Prometheus', () => {
  const values = (text: string, name: string) =>
    readExposition(text)
      .filter(sample => sample.name === name)
      .map(({labels, value}) => [labels, value]);

  it('each credential with outcome, code and the end of its token', () => {
    const text = prometheusText(
      round(well('acme', '2026-12-31'), failed('other', 'failed', exit.rejected), soon('third')),
    );
    expect(values(text, 'jirakey_up')).toEqual([[{}, 1]]);
    expect(values(text, 'jirakey_test_passed')).toEqual([
      [{name: 'acme'}, 1],
      [{name: 'other'}, 0],
      [{name: 'third'}, 1],
    ]);
    expect(values(text, 'jirakey_test_exit_code').map(([, value]) => value)).toEqual([0, 4, 0]);
    expect(values(text, 'jirakey_test_failure')).toEqual([
      [{name: 'other', outcome: 'failed', code: 'credentials-rejected', step: 'sign-in'}, 1],
    ]);
    expect(values(text, 'jirakey_test_warning')).toEqual([[{name: 'third', code: 'token-expires'}, 1]]);
    // The last second of the last day is still one on which it works.
    expect(values(text, 'jirakey_token_expiry_timestamp_seconds')).toEqual([
      [{name: 'acme'}, Date.parse('2027-01-01T00:00:00Z') / 1000],
      [{name: 'third'}, Date.parse('2026-12-04T00:00:00Z') / 1000],
    ]);
    expect(values(text, 'jirakey_run_timestamp_seconds')).toEqual([[{}, now.getTime() / 1000]]);
  });

  it('says why nothing could be tested', () => {
    const text = prometheusText({tests: [], obstacle, now});
    expect(values(text, 'jirakey_up')).toEqual([[{code: 'store-damaged'}, 0]]);
    expect(values(text, 'jirakey_credentials')).toEqual([[{}, 0]]);
  });

  it('any name comes back as it was', () => {
    fc.assert(
      fc.property(names, all => {
        const text = prometheusText(round(...all.map(name => well(name, '2026-12-31'))));
        expect(values(text, 'jirakey_test_passed').map(([labels]) => labels)).toEqual(all.map(name => ({name})));
      }),
    );
  });
});

describe('for Nagios', () => {
  it.each([
    ['passed', [well('acme')], 'OK', 0],
    ['a token that ends soon', [well('acme'), soon('third')], 'WARNING', 1],
    [
      'a refusal',
      [soon('third'), failed('other', 'failed', exit.rejected), failed('x', 'unverified', exit.store)],
      'CRITICAL',
      2,
    ],
    ['a site that is not reached', [failed('other', 'unverified', exit.dns)], 'CRITICAL', 2],
    ['a seal that is not opened', [soon('third'), failed('other', 'unverified', exit.store)], 'UNKNOWN', 3],
  ] as const)('%s', (_, tests, state, code) => {
    const result = nagiosResult(round(...tests));
    expect(result.code).toBe(code);
    const {text, data, details} = readPlugin(result.text);
    const passed = tests.filter(({report: {outcome}}) => outcome === 'passed').length;
    expect(text).toMatch(new RegExp(`^JIRAKEY ${state} - ${passed} of ${tests.length} passed`));
    expect(data.get('passed')?.value).toBe(passed);
    expect(details).toHaveLength(tests.length);
  });

  it('has the days of a token with the limits that the states are made by', () => {
    const {text, data} = readPlugin(nagiosResult(round(soon('third'), well('acme', '2027-11-23'))).text);
    expect(text).toContain('third: token-expires, token expires in 10 days');
    expect(data.get('third days')).toEqual({value: 10, unit: '', warn: '31:', crit: '0:'});
    expect(data.get('acme days')?.value).toBe(365);
    expect(data.get('acme time')).toMatchObject({unit: 's'});
  });

  it('is unknown, in one line, where nothing could be tested', () => {
    const {text, code} = nagiosResult({tests: [], obstacle, now});
    expect({text, code}).toEqual({text: 'JIRAKEY UNKNOWN - The store / is damaged', code: 3});
  });

  it('any name leaves one line of data that can be read', () => {
    fc.assert(
      fc.property(names, all => {
        const unlike = [
          ...new Map(
            all.map(name => [name.replace(/\s+/g, ' ').replace(/[|/]/g, '/').replace(/[=-]/g, '-'), name]),
          ).values(),
        ];
        const {data, details} = readPlugin(nagiosResult(round(...unlike.map(name => well(name)))).text);
        expect(data.size).toBe(2 + unlike.length);
        expect(details).toHaveLength(unlike.length);
      }),
    );
  });
});
