/** What proxies answer that is no tunnel, what this machine itself forbids, and settings that do not count. */
import {Socket} from 'node:net';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {diagnose, exitCodeOf, exitCodeOfFailure} from '../../source/diagnosis/diagnose.ts';
import type {Stage} from '../../source/diagnosis/evidence.ts';
import type {StepId} from '../../source/domain/step.ts';
import {cloud, proxied, trouble} from '../diagnosis/fabricate.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {startProxy} from '../support/lab/proxy.ts';
import {serve} from '../support/lab/serve.ts';
import {eavesdrop} from '../support/lab/wire.ts';
import {bench, codeOf, reach, run, target, using} from './lab.ts';

const token = syntheticToken();
const site = 'https://acme.atlassian.net';

const answering = (head: string, body = '') =>
  using(eavesdrop(socket => void socket.end(`HTTP/1.1 ${head}\r\n\r\n${body}`)));

const portal = '<html><head><title>Guest network</title></head><body>Please accept the terms.</body></html>';

describe('a proxy that answers CONNECT with something for a browser', () => {
  test.each([
    ['a page, its length told', `200 OK\r\nContent-Type: text/html\r\nContent-Length: ${portal.length}`],
    ['a page without a length', '200 OK\r\nServer: portal'],
    ['a page that is called something else', '200 OK\r\nContent-Type: application/octet-stream'],
  ])('%s', async (_what, head) => {
    const server = await answering(head, portal);
    const examined = await run(target(site, token), await reach({proxy: `http://localhost:${server.port}`}));
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe('proxy-refused');
    const {failure} = examined.report;
    expect(failure).toMatchObject({step: 'connect', title: expect.stringMatching(/a page of its own.*Guest network/)});
    expect(failure?.evidence.join()).toContain('Please accept the terms.');
    expect(exitCodeOf(examined.report)).toBe(7);
  });

  test('a redirect to a portal, with its address', async () => {
    const server = await answering('302 Found\r\nLocation: http://portal.acme.example/login\r\nContent-Length: 0');
    const examined = await run(target(site, token), await reach({proxy: `http://localhost:${server.port}`}));
    expect(codeOf(examined)).toBe('proxy-refused');
    const {failure} = examined.report;
    expect(failure?.title).toContain('http://portal.acme.example/login');
    expect(failure?.checklist[0]).toMatchObject({who: 'you', url: 'http://portal.acme.example/login'});
    expect(exitCodeOf(examined.report)).toBe(7);
  });

  test('the login it was sent stands nowhere, however it comes back', async () => {
    const password = 'Pr0xyPassw0rd-of-mine';
    const pair = Buffer.from(`bob:${password}`).toString('base64');
    const page = `<html><head><title>Denied ${password}</title></head><body>Basic ${pair}</body></html>`;
    const server = await answering(`403 No ${password}\r\nServer: ${pair}\r\nContent-Type: text/html`, page);
    const proxy = `http://bob:${password}@localhost:${server.port}`;
    const examined = await run(target(site, token), await reach({proxy}));
    expect(codeOf(examined)).toBe('proxy-refused');
    expect(JSON.stringify(examined)).not.toMatch(new RegExp(`${password}|${pair}`));
  });

  test('what is a tunnel stays one, whatever its head says of a type', async () => {
    const opening = 'HTTP/1.1 200 Connection established\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n';
    const jira = await using(serve(cloudJira({token}), {tls: (await bench()).issued}));
    const proxy = await using(startProxy({opening, to: jira.port}));
    expect(codeOf(await run(target(site, token), await reach({proxy: proxy.url})))).toBeNull();
  });
});

describe('a proxy written with https://', () => {
  test('that speaks plain HTTP: its address with http:// comes first', async () => {
    const server = await answering('400 Bad Request\r\nConnection: close');
    const proxy = `https://localhost:${server.port}`;
    const examined = await run(target(site, token), await reach({proxy}));
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe('proxy-unreachable');
    const plain = `http://localhost:${server.port}`;
    expect(examined.report.failure?.title).toContain('speaks plain HTTP');
    expect(examined.report.failure?.checklist[0]).toMatchObject({remedy: 'proxy', value: plain});
    expect(exitCodeOf(examined.report)).toBe(7);
  });

  test('whose own certificate is refused: the proxy is named, not the site', async () => {
    const {issued} = await bench();
    const proxy = await using(startProxy({tls: issued}));
    const address = `https://localhost:${proxy.port}`;
    const examined = await run(target(site, token), await reach({proxy: address, extraCa: []}));
    expect(codeOf(examined)).toBe('proxy-unreachable');
    expect(examined.report.failure?.title).toContain(`certificate of the proxy ${address}`);
    expect(examined.report.failure?.checklist[0]).toMatchObject({remedy: 'ca'});
  });
});

describe('a proxy variable that does not count', () => {
  test('HTTP_PROXY alone, where the name is not found', async () => {
    const env = {HTTP_PROXY: 'http://me:Secret.of.mine@proxy.acme.example:3128'};
    const examined = await run(target('https://jira.acme.example', token), await reach({env}));
    expect(codeOf(examined)).toBe('dns-not-found');
    const [first] = examined.report.failure?.checklist ?? [];
    expect(first?.action).toMatch(/^Set HTTPS_PROXY .*HTTP_PROXY .*does not count for https/);
    expect(first?.command).toMatch(/^HTTPS_PROXY="\$HTTP_PROXY" jirakey test/);
    expect(JSON.stringify(examined)).not.toContain('Secret.of.mine');
  });

  test('NO_PROXY exempts the site', async () => {
    const env = {HTTPS_PROXY: 'http://proxy.acme.example:3128', NO_PROXY: '.acme.example'};
    const examined = await run(target('https://jira.acme.example', token), await reach({env}));
    expect(codeOf(examined)).toBe('dns-not-found');
    expect(examined.report.failure?.checklist[0]?.action).toMatch(/NO_PROXY/);
  });
});

/** A local rule answers connect(2) at once; making one needs a right that a test has not. */
const forbiddenBy = (code: string) => (): Socket => {
  const socket = new Socket();
  setImmediate(() => socket.destroy(Object.assign(new Error(`connect ${code}`), {code})));
  return socket;
};

test.each(['EACCES', 'EPERM'])('%s: this machine’s own rules forbid it, connect · 7', async code => {
  const resolve = [{host: 'jira.acme.example', port: 443, address: '192.0.2.1'}];
  const through = await reach({resolve, openSocket: forbiddenBy(code)});
  const examined = await run(target('https://jira.acme.example', token), through);
  expect(codeOf(examined)).toBe('network-unreachable');
  expect(examined.report.failure).toMatchObject({step: 'connect', title: expect.stringContaining('own rules forbid')});
  expect(examined.report.failure?.checklist[0]?.action).toContain('own firewall');
  expect(exitCodeOf(examined.report)).toBe(7);
});

describe('where it broke gives step and exit, also for what has no name', () => {
  const stages: readonly (readonly [Stage, StepId, StepId, number])[] = [
    ['resolve', 'dns', 'dns', 6],
    ['connect', 'connect', 'connect', 7],
    ['proxy', 'connect', 'connect', 7],
    ['handshake', 'tls', 'tls', 8],
    ['request', 'site', 'site', 9],
    ['answer', 'site', 'site', 9],
  ];
  test.each(stages)('%s', (stage, step, expected, code) => {
    const names = fc.stringMatching(/^E?[QXZ][A-Z]{3,12}_?[A-Z]{0,8}$/).filter(name => !name.startsWith('Z_'));
    fc.assert(
      fc.property(names, fc.constantFrom('', 'something nobody has seen'), (name, message) => {
        const facts = stage === 'proxy' ? proxied(cloud) : cloud;
        const parts = {stage, step, message, ...(stage === 'proxy' ? {proxy: facts.proxy} : {})};
        const failure = diagnose(step, [trouble(name, parts)], facts);
        expect(failure.step, failure.code).toBe(expected);
        expect(exitCodeOfFailure(failure), failure.code).toBe(code);
      }),
      {numRuns: 60},
    );
  });
});
