import {describe, expect, test} from 'vitest';
import {diagnose, exitCodeOf, fail, warn} from '../../source/diagnosis/diagnose.ts';
import {failureText, reportJson, reportText} from '../../source/diagnosis/report-text.ts';
import type {Report} from '../../source/diagnosis/test-report.ts';
import {clean} from '../../source/domain/clean.ts';
import {type Step, stepIds} from '../../source/domain/step.ts';
import {widthOf} from '../../source/text/width.ts';
import {answer, asText, cloud, failedLogin, jiraCloud, trouble} from './fabricate.ts';

const refusal = answer({purpose: 'sign-in', status: 401, headers: {...jiraCloud, ...failedLogin}, body: asText('no')});
const rejected = diagnose('sign-in', [refusal], {...cloud, name: clean('prod')});
const details = [
  'acme.atlassian.net is 104.192.142.1',
  '104.192.142.1:443, tried first of two',
  'TLS 1.3',
  'Jira Cloud',
  '401',
];
const steps: readonly Step[] = stepIds.map((id, at) => ({
  id,
  status: at < 4 ? 'passed' : at === 4 ? 'failed' : 'skipped',
  ms: at < 5 ? 3 + at * 40 : 0,
  detail: clean(details[at] ?? 'not reached'),
}));
const failing: Report = {
  schemaVersion: 1,
  outcome: 'failed',
  credential: {name: clean('prod'), connector: 'jira-software', url: cloud.url, username: cloud.username},
  route: 'site',
  site: {deployment: 'cloud', version: null, title: null, cloudId: null},
  account: null,
  steps,
  failure: rejected,
  warnings: [warn('token-expires', {...cloud, expiresAt: '2026-12-01'})],
};
const passing: Report = {
  ...failing,
  outcome: 'passed',
  account: {displayName: clean('You'), id: clean('1'), email: null, active: true},
  steps: steps.map(step => ({...step, status: 'passed', detail: clean('fine')})),
  failure: null,
  warnings: [],
};

describe('the report as text', () => {
  const wide = reportText(failing, {width: 80, unicode: true});

  test('shows steps, verdict, evidence, checklist and warnings in this order', () => {
    const places = [
      'Connection test',
      '✓ dns',
      '✗ sign-in',
      '– feeds',
      'Jira refused this credential',
      rejected.title.slice(0, 40),
      'Evidence:',
      'Troubleshooting checklist',
      '1. ',
      '! The token expires in 8 days',
    ].map(each => wide.indexOf(each));
    expect(places.every(at => at >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
  test('sets a step on one line', () => {
    expect(wide.split('\n')).toContain('✓ dns             3 ms  acme.atlassian.net is 104.192.142.1');
  });
  test.each([40, 60, 80, 100])('keeps to %i columns, but leaves commands and addresses whole', width => {
    const whole = new Set(rejected.checklist.flatMap(({command, url}) => [command, url]));
    for (const line of reportText(failing, {width, unicode: true}).split('\n')) {
      if (!whole.has(line.trim())) expect(widthOf(line), line).toBeLessThanOrEqual(width);
    }
    for (const each of whole) {
      if (each !== undefined)
        expect(
          reportText(failing, {width, unicode: true})
            .split('\n')
            .map(line => line.trim()),
        ).toContain(each);
    }
  });
  test('does without Unicode', () => {
    const text = reportText(failing, {width: 80, unicode: false});
    expect(text).toMatch(/^[\n\u0020-\u007e]*$/);
    expect(text).toMatch(/^ok {3}dns/m);
    expect(text).toMatch(/^FAIL sign-in/m);
    expect(text).toMatch(/^- {4}feeds/m);
    expect(text).toMatch(/^warn The token expires/m);
  });
  test('leaves the steps out where they were shown', () => {
    const text = reportText(failing, {width: 80, unicode: true, steps: false});
    expect(text).not.toContain('✓ dns');
    expect(text).toContain('Troubleshooting checklist');
  });
  test('names who can do what is not for the reader', () => {
    expect(wide).toContain('[organization admin] Ask whether');
    expect(wide).not.toContain('[you]');
  });
  test('tells a pass', () => {
    expect(reportText(passing, {width: 80, unicode: true})).toContain(
      '✓ The connection test passed. Signed in as You.',
    );
    expect(reportText({...passing, route: 'gateway'}, {width: 80, unicode: true})).toContain('gateway');
    expect(exitCodeOf(passing)).toBe(0);
    expect(exitCodeOf(failing)).toBe(4);
  });
  test('says when nothing is known about the credential', () => {
    const unreachable = diagnose('dns', [trouble('ENOTFOUND', {stage: 'resolve'})], cloud);
    const text = reportText({...failing, outcome: 'unverified', failure: unreachable}, {width: 80, unicode: true});
    expect(text).toContain('could not be verified');
    expect(text).not.toContain('refused this credential');
  });
  test('tells a test that never began', () => {
    const text = reportText({...passing, outcome: 'unverified', account: null}, {width: 80, unicode: true});
    expect(text).toContain('Not tested.');
    expect(text).not.toContain('passed.');
  });
  test('one failure alone reads the same', () => {
    const text = failureText(rejected, {width: 80, unicode: true});
    expect(wide).toContain(text);
  });
  test('a store failure says by what it was judged', () => {
    expect(failureText(fail('store-busy', 'dns', cloud), {width: 80, unicode: true})).toContain('Evidence:');
  });
  test('the JSON is the report itself', () => {
    expect(JSON.parse(reportJson(failing))).toEqual(JSON.parse(JSON.stringify(failing)));
  });
});
