/** Where a test fails that passed before, what is another today comes first. */
import {describe, expect, it} from 'vitest';
import {anonymized} from '../../source/diagnosis/anonymize.ts';
import {type Circumstances, comparedWith, differenceLine} from '../../source/diagnosis/last-pass.ts';
import {pastTestOf, testOf, withTest} from '../../source/diagnosis/past-test.ts';
import {clean} from '../../source/domain/clean.ts';
import {facts, failureOf, reportOf} from '../assistant/doubles.ts';

const then: Circumstances = {
  at: '2026-11-20T10:00:00.000Z',
  node: clean('v20.19.0'),
  username: clean('you@acme.com'),
  account: clean('5b10'),
  scheme: 'basic',
  route: 'site',
  proxy: null,
  trust: [clean('Node’s bundled list')],
  addresses: [],
  expiresAt: '2027-06-01',
};
const proxy = {address: clean('http://proxy.acme.example:3128'), because: clean('HTTPS_PROXY')};

const differences: readonly (readonly [what: string, change: Partial<Circumstances>, told: RegExp])[] = [
  ['proxy', {proxy}, /then without a proxy; now through the proxy http:\/\/proxy\.acme\.example:3128 \(HTTPS_PROXY\)/],
  ['a login at the proxy', {proxy: {...proxy, login: true}}, /now through the proxy/],
  ['CAs', {trust: [clean('--ca-file /etc/acme.pem')]}, /then trusting Node’s bundled list; now trusting --ca-file/],
  ['addresses', {addresses: [clean('jira:443:10.0.0.1')]}, /now with the fixed address jira:443:10\.0\.0\.1/],
  ['username', {username: clean('other@acme.com')}, /then as you@acme\.com; now as other@acme\.com/],
  ['token', {expiresAt: '2027-07-01'}, /then with a token until 2027-06-01; now with a token until 2027-07-01/],
  ['a token of unknown age', {expiresAt: null}, /now with a token of unknown age/],
  ['route', {route: 'gateway'}, /then at the site’s own address as Basic; now at Atlassian’s gateway as Basic/],
  ['scheme', {scheme: 'bearer'}, /now at the site’s own address as Bearer/],
  ['Node', {node: clean('v24.1.0')}, /then on Node v20\.19\.0; now on Node v24\.1\.0/],
];

describe('what is another than when it last passed', () => {
  it.each(differences)('%s', (_what, change, told) => {
    const line = differenceLine({...then, ...change}, then);
    expect(line).toMatch(/^It last passed 2026-11-20 10:00 UTC by other settings: /);
    expect(line).toMatch(told);
  });

  it('several in one line; nothing where nothing differs but the moment', () => {
    expect(differenceLine({...then, proxy, node: clean('v24.1.0')}, then)).toMatch(/; now through .* on Node v24/);
    expect(differenceLine({...then, at: '2026-11-21T10:00:00.000Z'}, then)).toBeNull();
    expect(differenceLine(then, null)).toBeNull();
  });

  it('is the first line of evidence of a failure, and of nothing else', () => {
    const report = reportOf(failureOf('connection-refused', 'connect'));
    const compared = comparedWith(report, {...then, proxy}, then);
    expect(compared.failure?.evidence[0]).toContain('other settings');
    expect(compared.failure?.evidence.slice(1)).toEqual(report.failure?.evidence);
    expect(comparedWith(reportOf(null), {...then, proxy}, then)).toEqual(reportOf(null));
  });

  it('a test that never came to the sign-in has no other route', () => {
    const report = reportOf(failureOf('dns-not-found', 'dns'));
    expect(comparedWith(report, then, {...then, route: 'gateway', scheme: 'bearer'})).toEqual(report);
  });

  it('is remembered over failures, and hides who signed in', () => {
    const about = (at: string) => ({
      of: 'acme',
      at: new Date(at),
      runtime: {program: '1', node: 'v20.19.0', system: 'linux'},
    });
    const passed = pastTestOf({report: reportOf(null), facts}, about('2026-11-20T10:00:00Z'));
    const failed = pastTestOf(
      {report: reportOf(failureOf('dns-not-found', 'dns')), facts},
      about('2026-11-21T10:00:00Z'),
    );
    const kept = testOf(withTest(withTest([], passed), failed), 'acme');
    expect(kept?.passedBy).toMatchObject({at: '2026-11-20T10:00:00.000Z', node: 'v20.19.0'});
    expect(kept === null ? '' : JSON.stringify(anonymized(kept))).not.toContain('you@acme.com');
  });
});
