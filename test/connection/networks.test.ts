/** Slow, half-broken and odd networks: what still works passes, with what is odd said; what does not is told apart. */
import {writeFileSync} from 'node:fs';
import {connect, Socket} from 'node:net';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import type {Address, OpenSocket} from '../../source/connection/reach.ts';
import {scopeOf} from '../../source/connection/scope.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {startBlackHole} from '../support/lab/black-hole.ts';
import {noIsland, onIsland} from '../support/lab/island.ts';
import {startRelay} from '../support/lab/relay.ts';
import {serve} from '../support/lab/serve.ts';
import {folder} from '../support/program.ts';
import {bench, codeOf, reach, run, statuses, target, using} from './lab.ts';

const token = syntheticToken();
const healthy = async () => serve(cloudJira({token}), {tls: (await bench()).issued});
const lookup =
  (...addresses: readonly string[]) =>
  async (): Promise<readonly Address[]> =>
    addresses.map(address => ({address, family: address.includes(':') ? 6 : 4}));
const url = (port: number): string => `https://jira.acme.example:${port}`;

describe('slow', () => {
  test('an address that takes longer than Node’s 250 ms is waited for', async () => {
    const server = await using(healthy());
    const openSocket: OpenSocket = to => {
      const socket = new Socket();
      setTimeout(() => socket.connect({port: to.port, host: '127.0.0.1'}), 600);
      return socket;
    };
    for (const addresses of [['127.0.0.1'], ['127.0.0.1', '127.0.0.2']]) {
      const examined = await run(
        target(url(server.port), token),
        await reach({lookup: lookup(...addresses), openSocket}),
      );
      expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBeNull();
    }
  });

  test('round trips of 300 ms fail nothing', async () => {
    const server = await using(healthy());
    const relay = await using(startRelay(server.port, 150));
    const subject = target(`https://localhost:${relay.port}`, token, {connector: 'jira-feeds'});
    const examined = await run(subject, await reach());
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBeNull();
    expect(examined.report.warnings).toEqual([]);
  });

  test('connection-timed-out: a real port that swallows connections', async () => {
    const hole = await using(startBlackHole());
    const examined = await run(target(`https://127.0.0.1:${hole.port}`, token), await reach({connectTimeoutMs: 400}));
    expect(codeOf(examined)).toBe('connection-timed-out');
    expect(examined.report.failure?.evidence.join('\n')).toContain('127.0.0.1 (TIMEOUT)');
  });

  test('of many addresses only the last answers', async () => {
    const server = await using(healthy());
    const silent = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.6'];
    const hole = await using(startBlackHole(silent, server.port));
    const through = await reach({lookup: lookup(...hole.addresses, '127.0.0.1')});
    const examined = await run(target(url(server.port), token), through);
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBeNull();
    expect(examined.report.steps[1]).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('127.0.0.6 is slow'),
    });
  });
});

describe('two families of addresses', () => {
  const swallows: OpenSocket = () => new Socket();
  const refuses: OpenSocket = () => connect({port: 1, host: '127.0.0.1'});
  const cases = [
    ['IPv6 is broken', '2001:db8::1', '127.0.0.1', 6],
    ['IPv4 is broken', '192.0.2.1', '::1', 4],
  ] as const;
  test.each(cases)('%s, the other serves: a pass with a warning', async (_what, broken, good, family) => {
    const server = await using(healthy());
    for (const fails of [swallows, refuses]) {
      const openSocket: OpenSocket = to =>
        to.family === family ? fails(to) : connect({port: to.port, host: '127.0.0.1'});
      for (const order of [
        [broken, good],
        [good, broken],
      ]) {
        const examined = await run(
          target(url(server.port), token),
          await reach({lookup: lookup(...order), openSocket}),
        );
        expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBeNull();
        expect(statuses(examined)).toMatch(order[0] === broken ? /^passed warning passed/ : /^passed passed passed/);
        if (order[0] === broken) expect(examined.report.steps[1]?.detail).toContain(broken);
      }
    }
  });
});

describe('where a name leads', () => {
  test.each([
    ['10.1.2.3', 'a private address'],
    ['172.31.255.1', 'a private address'],
    ['172.32.0.1', null],
    ['192.168.0.1', 'a private address'],
    ['fd00::7', 'a private address'],
    ['::ffff:10.0.0.1', 'a private address'],
    ['100.64.0.1', 'a provider-internal address'],
    ['169.254.1.1', 'a link-local address'],
    ['fe80::1', 'a link-local address'],
    ['127.0.0.53', 'this machine itself'],
    ['::1', 'this machine itself'],
    ['0.0.0.0', 'nowhere: DNS filters answer so'],
    ['::', 'nowhere: DNS filters answer so'],
    ['104.192.142.18', null],
    ['2600:1f14::1', null],
  ])('%s is %s', (address, scope) => {
    expect(scopeOf(address)).toBe(scope);
  });

  test('a private address of a public name is a warning, of any other a note', async () => {
    const server = await using(healthy());
    const openSocket: OpenSocket = () => connect({port: server.port, host: '127.0.0.1'});
    const through = await reach({lookup: lookup('10.9.8.7'), openSocket});
    const cloud = await run(target('https://acme.atlassian.net', token), through);
    expect(codeOf(cloud)).toBeNull();
    expect(cloud.report.steps[0]).toMatchObject({
      status: 'warning',
      detail: 'acme.atlassian.net is 10.9.8.7 (a private address)',
    });
    const own = await run(target(url(server.port), token), through);
    expect(own.report.steps[0]).toMatchObject({
      status: 'passed',
      detail: 'jira.acme.example is 10.9.8.7 (a private address)',
    });
    const option = [{host: 'jira.acme.example', port: server.port, address: '127.0.0.1'}];
    const split = await run(
      target(url(server.port), token),
      await reach({lookup: lookup('192.0.2.1'), resolve: option}),
    );
    expect(codeOf(split)).toBeNull();
    expect(split.report.steps[0]).toMatchObject({status: 'passed', detail: expect.stringContaining('by --resolve')});
  });
});

const why = noIsland();
describe.skipIf(why !== null)(
  `the built program in a network of its own${why === null ? '' : `: skipped, ${why}`}`,
  () => {
    const place = folder();
    afterAll(() => place.remove());
    const file = join(place.path, 'token');
    const asked = (site: string, ...more: string[]): string[] => {
      writeFileSync(file, token);
      return [
        'test',
        '--url',
        site,
        '--username',
        'you@acme.com',
        '--token-file',
        file,
        '--json',
        '--timeout',
        '10',
        ...more,
      ];
    };
    const cases: [code: string, exit: number, what: string, site: string, options: Parameters<typeof onIsland>[1]][] = [
      ['dns-not-found', 6, 'its name server knows no such name', 'https://nosuch.acme.example', {names: {}}],
      ['dns-unavailable', 6, 'it has no name server', 'https://jira.acme.example', {}],
      [
        'network-unreachable',
        7,
        'it has no route',
        'https://jira.acme.example',
        {names: {'jira.acme.example': '192.0.2.7'}},
      ],
      [
        'network-unreachable',
        7,
        'a router says no',
        'https://jira.acme.example',
        {names: {'jira.acme.example': '10.9.0.7'}, before: 'ip route add unreachable 10.9.0.0/24'},
      ],
      [
        'connection-refused',
        7,
        'nothing listens',
        'https://jira.acme.example',
        {names: {'jira.acme.example': '127.0.0.1'}},
      ],
      ['proxy-unreachable', 7, 'the proxy has no name', 'https://jira.acme.example', {names: {}}],
    ];
    test.each(cases)('%s (exit %i): %s', async (code, exit, what, site, options) => {
      const proxy = what.startsWith('the proxy') ? ['--proxy', 'http://proxy.acme.example:3128'] : [];
      const ended = await onIsland(asked(site, ...proxy), options);
      const report = JSON.parse(ended.stdout);
      expect(report.failure?.code, ended.stdout + ended.stderr).toBe(code);
      expect(ended.code).toBe(exit);
      expect(report.outcome).toBe('unverified');
    });
  },
);
