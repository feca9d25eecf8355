/** Proxies that answer CONNECT in every wrong way: each ends in time, with a code, and the report names the proxy. */
import type {Socket} from 'node:net';
import {describe, expect, test} from 'vitest';
import type {FailureCode} from '../../source/diagnosis/codes.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {startProxy} from '../support/lab/proxy.ts';
import {serve, serveRaw} from '../support/lab/serve.ts';
import {atlassianAt, bench, codeOf, reach, run, target, using} from './lab.ts';

const token = syntheticToken();
const site = 'https://acme.atlassian.net';
const opened = 'HTTP/1.1 200 Connection established\r\n\r\n';

type Case = readonly [code: FailureCode, what: string, answer: string | Buffer | ((socket: Socket) => unknown)];

/** Sends a text byte by byte, each when the one before is on its way. */
function drip(socket: Socket, text: string): void {
  const [first = '', rest] = [text.slice(0, 1), text.slice(1)];
  if (first !== '' && socket.writable) socket.write(first, () => setImmediate(drip, socket, rest));
}

/** Never stops saying the same. */
function flood(socket: Socket, text: string): void {
  const block = text.repeat(100);
  while (socket.writable && socket.write(block));
  if (socket.writable) socket.once('drain', () => flood(socket, text));
}

const floods = (head: string, text: string) => (socket: Socket) => {
  socket.write(head);
  flood(socket, text);
};
const stays = (text: string) => (socket: Socket) => socket.write(text);

const cases: readonly Case[] = [
  ['proxy-unreachable', 'says nothing', () => undefined],
  ['proxy-unreachable', 'half a status line', stays('HTTP/1.1 20')],
  [
    'proxy-unreachable',
    'headers that drip and never end',
    socket => drip(socket, `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(900)}`),
  ],
  ['proxy-unreachable', 'headers without end', floods('HTTP/1.1 200 OK\r\n', 'X-More: yes\r\n')],
  ['proxy-unreachable', 'one header without end', floods('HTTP/1.1 200 OK\r\nX: ', 'aaaa')],
  ['proxy-unreachable', 'interim answers without end', socket => flood(socket, 'HTTP/1.1 100 Continue\r\n\r\n')],
  ['proxy-unreachable', 'garbage', Buffer.from([0xff, 0x00, 0x9b, 0x32, 0x4a, 0x0d, 0x0a])],
  ['proxy-unreachable', 'a page and no head', '<!DOCTYPE html><html><title>Router</title></html>'],
  ['proxy-unreachable', 'SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['proxy-unreachable', 'mail', '220 mail.acme.example ESMTP\r\n'],
  ['proxy-unreachable', 'SOCKS', Buffer.from([5, 0xff])],
  ['proxy-unreachable', 'HTTP/2', Buffer.from('000006040000000000000300000064', 'hex')],
  ['proxy-unreachable', 'a TLS alert: it wants https', Buffer.from([21, 3, 1, 0, 2, 2, 80])],
  ['proxy-unreachable', 'a status that is none', 'HTTP/1.1 abc OK\r\n\r\n'],
  ['proxy-unreachable', 'cut in its head', 'HTTP/1.1 200 OK\r\nVia: '],
  ['connection-reset', 'resets', socket => socket.resetAndDestroy()],
  ['connection-reset', 'ends without a word', socket => socket.end()],
  ['connection-reset', 'opens and closes', opened],
  ['connection-reset', 'opens and resets', socket => socket.write(opened, () => socket.resetAndDestroy())],
  ['tls-handshake-failed', 'opens and stays silent', stays(opened)],
  ['proxy-refused', 'opens and shows a page', `${opened}<html><title>Welcome</title>`],
  ['tls-not-spoken', '200 as an ordinary answer', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
  [
    'proxy-authentication-required',
    '407',
    'HTTP/1.1 407 Nope\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate\r\n\r\n',
  ],
  [
    'proxy-authentication-required',
    '407 in other words',
    'HTTP/1.0 407 Proxy-Authentifizierung erforderlich\r\nproxy-authenticate: Basic realm="x"\r\n\r\n<html>',
  ],
  [
    'proxy-authentication-required',
    '407 after an interim answer',
    'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 407 x\r\n\r\n',
  ],
  ['proxy-authentication-required', '407 with a body without end', floods('HTTP/1.1 407 x\r\n\r\n', 'more')],
  ['proxy-refused', '403', 'HTTP/1.1 403 Forbidden\r\nServer: ACME-Filter/3\r\n\r\nBlocked'],
  ['proxy-refused', '302 to a login page', 'HTTP/1.1 302 Found\r\nLocation: http://portal.acme.example/\r\n\r\n'],
  ['proxy-refused', '101', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'],
  ['proxy-refused', '500', 'HTTP/1.1 500 Internal Server Error\r\n\r\n'],
  ['proxy-refused', '503', 'HTTP/1.1 503 Service Unavailable\r\nX-Squid-Error: ERR_DNS_FAIL 0\r\n\r\n'],
  ['proxy-refused', '999', 'HTTP/1.1 999 What\r\n\r\n'],
];

describe('a proxy that does not do its work', () => {
  test.each(cases)('%s: %s', async (code, _what, answer) => {
    const heard: string[] = [];
    const proxy = await using(
      serveRaw(socket =>
        socket.once('data', data => {
          heard.push(data.toString('latin1'));
          if (typeof answer === 'function') answer(socket);
          else socket.end(answer);
        }),
      ),
    );
    const address = `http://me:Secret.of.mine@localhost:${proxy.port}`;
    const examined = await run(target(site, token), await reach({proxy: address, timeoutMs: 400}));
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe(code);
    expect(examined.report.outcome).toBe('unverified');
    const {evidence = [], title = ''} = examined.report.failure ?? {};
    expect(evidence.join('\n')).toContain(`Through the proxy http://localhost:${proxy.port} (--proxy)`);
    expect(JSON.stringify(examined)).not.toMatch(/Secret\.of\.mine|bWU6U2VjcmV0/);
    expect(`${title}${evidence.join('')}`).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(heard[0]).toMatch(/^CONNECT acme\.atlassian\.net:443 HTTP\/1\.1\r\nHost: acme\.atlassian\.net:443\r\n/);
    expect(heard.join('')).not.toMatch(/^authorization/im);
  });

  test('the report repeats its words', async () => {
    const refuse = {
      status: 407,
      reason: 'Login bitte',
      headers: {'Proxy-Authenticate': 'NTLM', Server: 'ACME-Gate/2', 'X-Squid-Error': 'ERR_CACHE_ACCESS_DENIED 0'},
    };
    const proxy = await using(startProxy({refuse}));
    const {report} = await run(target(site, token), await reach({env: {all_proxy: `localhost:${proxy.port}`}}));
    expect(report.failure?.evidence.at(-1)).toBe(
      'The proxy said: 407 Login bitte · Server: ACME-Gate/2 · Proxy-Authenticate: NTLM · X-Squid-Error: ERR_CACHE_ACCESS_DENIED 0',
    );
    expect(report.failure?.checklist[0]?.why).toContain('NTLM and no Basic');
    expect(report.failure?.evidence).toContain(`Through the proxy http://localhost:${proxy.port} (all_proxy)`);
  });
});

describe('a proxy that does its work in an odd way', () => {
  const odd = [
    ['no reason phrase', 'HTTP/1.1 200\r\n\r\n'],
    ['an old version', 'HTTP/1.0 200 OK\r\nProxy-agent: old\r\n\r\n'],
    ['bare line ends', 'HTTP/1.1 200 OK\nVia: x\n\n'],
    ['interim answers first', `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: 1\r\n\r\n${opened}`],
    ['a length that is to be ignored', 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n'],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ] as const;
  test.each(odd)('%s', async (_what, head) => {
    const jira = await using(serve(cloudJira({token}), {tls: (await bench()).issued}));
    const proxy = await using(startProxy({to: jira.port, opening: head}));
    const examined = await run(target(site, token), await reach({proxy: proxy.url}));
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBeNull();
  });

  test('a head that arrives byte by byte', async () => {
    const jira = await using(serve(cloudJira({token}), {tls: (await bench()).issued}));
    const proxy = await using(startProxy({to: jira.port, opening: drip}));
    const examined = await run(target(site, token), await reach({proxy: proxy.url}));
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBeNull();
  });
});

describe('which proxy, and why', () => {
  const spellings = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
  test.each(spellings)('%s is used and named', async variable => {
    const jira = await using(serve(cloudJira({token}), {tls: (await bench()).issued}));
    const proxy = await using(startProxy({to: jira.port}));
    const examined = await run(target(site, token), await reach({env: {[variable]: proxy.url}}));
    expect(codeOf(examined)).toBeNull();
    expect(examined.report.steps[1]?.detail).toContain(`${proxy.url} (${variable})`);
    expect(proxy.tunnels.length).toBeGreaterThan(0);
  });

  test.each(['http_proxy', 'HTTP_PROXY'])('%s serves plain HTTP on this machine alone', async variable => {
    const jira = await using(serve(cloudJira({token})));
    const proxy = await using(startProxy());
    const examined = await run(target(jira.url, token), await reach({env: {[variable]: proxy.url}}));
    expect(codeOf(examined)).toBeNull();
    expect(examined.report.steps[1]?.detail).toContain(`(${variable})`);
    expect(proxy.tunnels[0]?.authority).toBe(`localhost:${jira.port}`);
    const other = await using(startProxy());
    const secure = await reach({env: {[variable]: other.url}, resolve: atlassianAt(1)});
    expect(codeOf(await run(target(site, token), secure))).toBe('connection-refused');
    expect(other.tunnels).toEqual([]);
  });

  test.each(['no_proxy', 'NO_PROXY'])('%s goes round it', async variable => {
    const jira = await using(serve(cloudJira({token}), {tls: (await bench()).issued}));
    const proxy = await using(startProxy());
    const env = {HTTPS_PROXY: proxy.url, [variable]: 'acme.atlassian.net'};
    const examined = await run(target(site, token), await reach({env, resolve: atlassianAt(jira.port)}));
    expect(codeOf(examined)).toBeNull();
    expect(proxy.tunnels).toEqual([]);
  });
});
