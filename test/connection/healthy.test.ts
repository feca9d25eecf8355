import {describe, expect, test} from 'vitest';
import {cloudJira, dataCenterJira, syntheticPat, syntheticToken} from '../support/jira.ts';
import {serve} from '../support/lab/serve.ts';
import {atlassianAt, bench, codeOf, reach, run, statuses, target, using} from './lab.ts';

const allPassed = Array(8).fill('passed').join(' ');

describe('a healthy Jira', () => {
  test('Cloud passes for Jira Software', async () => {
    const token = syntheticToken();
    const server = await using(serve(cloudJira({token}), {tls: (await bench()).issued}));
    const examined = await run(
      target('https://acme.atlassian.net', token),
      await reach({resolve: atlassianAt(server.port)}),
    );
    expect(codeOf(examined), JSON.stringify(examined.report, null, 1)).toBeNull();
    expect(statuses(examined)).toBe(allPassed);
    expect(examined.report).toMatchObject({
      outcome: 'passed',
      route: 'site',
      site: {deployment: 'cloud'},
      account: {displayName: 'You Yourself', email: 'you@acme.com', active: true},
      warnings: [],
    });
  });

  test('Cloud passes for Jira Feeds, and every feed was asked', async () => {
    const token = syntheticToken();
    const server = await using(serve(cloudJira({token}), {tls: (await bench()).issued}));
    const examined = await run(
      target('https://acme.atlassian.net', token, {connector: 'jira-feeds'}),
      await reach({resolve: atlassianAt(server.port)}),
    );
    expect(statuses(examined), JSON.stringify(examined.report, null, 1)).toBe(allPassed);
    for (const part of [
      'project/search',
      'search/jql',
      'users/search',
      'ABC/versions',
      'ABC/components',
      '1.0/board',
      '7/sprint',
    ]) {
      expect(
        server.requests.some(({path}) => path.endsWith(part)),
        part,
      ).toBe(true);
    }
  });

  test('Data Center passes under a context path, over plain HTTP on this machine, with TLS skipped', async () => {
    const server = await using(serve(dataCenterJira({token: 'a password', path: '/jira'})));
    const examined = await run(
      target(`${server.url}/jira`, 'a password', {username: 'you', connector: 'jira-feeds'}),
      await reach(),
    );
    expect(statuses(examined), JSON.stringify(examined.report, null, 1)).toBe(
      allPassed.replace('passed passed passed', 'passed passed skipped'),
    );
    expect(examined.report.site).toMatchObject({deployment: 'data-center', version: '10.3.2', title: 'Acme Jira'});
  });

  test('a personal access token saved as Bearer passes and tells its last day', async () => {
    const token = syntheticPat();
    const server = await using(serve(dataCenterJira({token, scheme: 'bearer'}), {tls: (await bench()).issued}));
    const examined = await run(target(server.url, token, {username: 'you', scheme: 'bearer'}), await reach());
    expect(statuses(examined), JSON.stringify(examined.report, null, 1)).toBe(allPassed);
    expect(examined.toldExpiry).toBe('2030-01-02');
  });
});
