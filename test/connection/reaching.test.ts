import {X509Certificate} from 'node:crypto';
import {connect, Socket} from 'node:net';
import {describe, expect, test} from 'vitest';
import type {Address, OpenSocket} from '../../source/connection/reach.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {type Issued, makeAuthority, selfSigned} from '../support/lab/authority.ts';
import {startProxy} from '../support/lab/proxy.ts';
import {closedPort, serve, serveRaw} from '../support/lab/serve.ts';
import {atlassianAt, bench, codeOf, reach, run, statuses, target, using} from './lab.ts';

const token = syntheticToken();
const healthy = async () => serve(cloudJira({token}), {tls: (await bench()).issued});
const lookup = (answer: readonly Address[] | string) => async (): Promise<readonly Address[]> => {
  if (typeof answer === 'string') throw Object.assign(new Error(`getaddrinfo ${answer}`), {code: answer});
  return answer;
};
const local: Address = {address: '127.0.0.1', family: 4};

describe('the name', () => {
  test.each([
    ['ENOTFOUND', 'dns-not-found'],
    ['EAI_AGAIN', 'dns-unavailable'],
  ])('%s is %s', async (answer, code) => {
    const examined = await run(target('https://jira.acme.example', token), await reach({lookup: lookup(answer)}));
    expect(codeOf(examined)).toBe(code);
    expect(examined.report.failure?.step).toBe('dns');
    expect(examined.report.outcome).toBe('unverified');
  });

  test('a resolver that never answers is dns-unavailable', async () => {
    const silent = {lookup: () => new Promise<never>(() => undefined), timeoutMs: 100};
    expect(codeOf(await run(target('https://jira.acme.example', token), await reach(silent)))).toBe('dns-unavailable');
  });

  test('--resolve wins over the resolver, and the certificate stays checked against the name', async () => {
    const server = await using(healthy());
    const resolve = [{host: 'jira.acme.example', port: server.port, address: '127.0.0.1'}];
    const through = await reach({resolve, lookup: lookup('ENOTFOUND')});
    expect(codeOf(await run(target(`https://jira.acme.example:${server.port}`, token), through))).toBeNull();
    const other = [{host: 'other.example', port: server.port, address: '127.0.0.1'}];
    const wrong = await run(target(`https://other.example:${server.port}`, token), await reach({resolve: other}));
    expect(codeOf(wrong)).toBe('certificate-wrong-host');
  });
});

describe('the connection', () => {
  test('connection-refused', async () => {
    const examined = await run(target(`https://127.0.0.1:${await closedPort()}`, token), await reach());
    expect(codeOf(examined)).toBe('connection-refused');
    expect(examined.report.failure?.step).toBe('connect');
  });

  // Loopback has neither a black hole nor an unreachable network: these two stand in for the system's TCP.
  const silence: OpenSocket = () => new Socket();
  const noRoute: OpenSocket = () => {
    const socket = new Socket();
    process.nextTick(() => socket.destroy(Object.assign(new Error('no route'), {code: 'ENETUNREACH'})));
    return socket;
  };

  test.each([
    ['every address is silent until the time for connecting is over', {connectTimeoutMs: 50}],
    ['every address is silent until the whole time is over', {timeoutMs: 50}],
  ])('connection-timed-out: %s', async (_when, changes) => {
    const through = await reach({lookup: lookup([local, local]), openSocket: silence, ...changes});
    const examined = await run(target('https://jira.acme.example', token), through);
    expect(codeOf(examined)).toBe('connection-timed-out');
    expect(examined.seen.at(-1)).toMatchObject({attempts: [{code: 'TIMEOUT'}, {code: 'TIMEOUT'}]});
  });

  test('network-unreachable', async () => {
    const through = await reach({lookup: lookup([local]), openSocket: noRoute});
    expect(codeOf(await run(target('https://jira.acme.example', token), through))).toBe('network-unreachable');
  });

  test('IPv6 that leads nowhere does not hold up IPv4', async () => {
    const server = await using(healthy());
    const six: Address = {address: '2001:db8::1', family: 6};
    for (const broken of [silence, noRoute]) {
      const openSocket: OpenSocket = to => (to.family === 6 ? broken(to) : connect(to));
      const through = await reach({lookup: lookup([six, local]), openSocket});
      const examined = await run(target(`https://jira.acme.example:${server.port}`, token), through);
      expect(codeOf(examined)).toBeNull();
      expect(examined.report.steps[1]).toMatchObject({
        status: 'warning',
        detail: expect.stringContaining('2001:db8::1'),
      });
    }
  });

  test('one address that refuses does not matter while another accepts, but is told', async () => {
    const server = await using(healthy());
    const both = [{address: '127.0.0.2', family: 4}, local] as const;
    const through = await reach({lookup: lookup(both)});
    const examined = await run(target(`https://jira.acme.example:${server.port}`, token), through);
    expect(codeOf(examined)).toBeNull();
    expect(examined.report.steps[1]).toMatchObject({status: 'warning', detail: expect.stringContaining('127.0.0.2')});
  });

  test.each([
    ['at once', (socket: Socket) => socket.resetAndDestroy()],
    ['after the greeting', (socket: Socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['politely after the greeting', (socket: Socket) => socket.once('data', () => socket.end())],
  ])('connection-reset %s', async (_when, script) => {
    const server = await using(serveRaw(script));
    const examined = await run(target(server.url, token), await reach());
    expect(codeOf(examined)).toBe('connection-reset');
    expect(['connect', 'tls']).toContain(examined.report.failure?.step);
  });

  test('connection-reset after the request, when no answer began', async () => {
    const {issued} = await bench();
    const server = await using(serveRaw(socket => socket.once('data', () => socket.destroy()), {tls: issued}));
    const examined = await run(target(server.url, token), await reach());
    expect(codeOf(examined)).toBe('connection-reset');
    expect(examined.report.failure?.step).toBe('tls');
  });
});

describe('plain HTTP', () => {
  test('url-insecure: a name that leads off this machine is refused before a byte is sent', async () => {
    const abroad = {host: 'localhost', port: 8080, address: '192.0.2.1'};
    const examined = await run(target('http://localhost:8080', token), await reach({resolve: [abroad]}));
    expect(codeOf(examined)).toBe('url-insecure');
  });

  test('url-insecure: a site that is not on this machine, however it came to be asked', async () => {
    const subject = target('https://jira.acme.example', token);
    const site = {...subject.site, protocol: 'http:', url: 'http://jira.acme.example'} as const;
    const examined = await run({...subject, site}, await reach({lookup: lookup([local])}));
    expect(codeOf(examined)).toBe('url-insecure');
  });
});

describe('http:// where TLS listens: the address to type is named, once the port has answered a greeting', () => {
  const overTls = async (issued: Issued, page: string | null) => {
    const secure = await using(serve(() => ({body: {}}), {tls: issued}));
    // A port that tells the two apart by the first byte, as web servers do that have a page for this mistake.
    return using(
      serveRaw(socket => {
        socket.once('data', (first: Buffer) => {
          if (first[0] !== 22) return void (page === null ? socket.destroy() : socket.end(page));
          const onward = connect(secure.port, '127.0.0.1');
          onward.on('error', () => socket.destroy());
          onward.write(first);
          socket.pipe(onward).pipe(socket);
        });
      }),
    );
  };
  const page = (text: string) => `HTTP/1.1 400 Bad Request\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
  test.each([
    ['cuts the connection', null],
    ['says so, as nginx does', page('<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>')],
    ['says so, as programs in Go do', page('Client sent an HTTP request to an HTTPS server.')],
    ['answers with an alert', Buffer.from([21, 3, 3, 0, 2, 2, 70]).toString('latin1')],
  ])('one that %s', async (_what, answer) => {
    for (const issued of [(await bench()).issued, await selfSigned(['jira.acme.example'])]) {
      const server = await overTls(issued, answer);
      const examined = await run(target(`http://localhost:${server.port}`, token), await reach());
      expect(codeOf(examined)).toBe('connection-reset');
      expect(examined.report.failure?.title).toContain('speaks TLS');
      expect(examined.report.failure?.checklist[0]).toMatchObject({
        remedy: 'use-url',
        value: `https://localhost:${server.port}`,
      });
    }
  });

  test('a port that only cuts is not said to speak TLS', async () => {
    const server = await using(serveRaw(socket => void socket.once('data', () => socket.destroy())));
    const examined = await run(target(`http://localhost:${server.port}`, token), await reach());
    expect(codeOf(examined)).toBe('connection-reset');
    expect(JSON.stringify(examined.report.failure)).not.toMatch(/speaks TLS|use-url/);
  });
});

describe('a name that is not what it seems', () => {
  test.each(['https://\u0430cme.atlassian.net', 'https://jira.acm\u0435.example'])(
    '%s: its letters are doubted, and nothing is said that is not so',
    async typed => {
      const {report} = await run(target(typed, token), await reach());
      const title = report.warnings.find(({code}) => code === 'url-lookalike')?.title ?? '';
      expect(title).toMatch(/letters beyond a–z/);
      expect(title).not.toMatch(/but is not one/);
    },
  );
});

describe('a name nobody knows', () => {
  test.each([
    ['acme', 'https://acme.atlassian.net'],
    ['acme.atlasian.net', 'https://acme.atlassian.net'],
  ])('%s: what was more likely meant comes first', async (typed, meant) => {
    const examined = await run(target(typed, token), await reach());
    expect(codeOf(examined)).toBe('dns-not-found');
    expect(examined.report.failure?.checklist[0]?.action).toContain(meant);
  });
});

describe('the proxy', () => {
  const site = 'https://acme.atlassian.net';
  const unresolved = {lookup: lookup([local])};

  test('opens a tunnel: the name is its job, its login is never shown', async () => {
    const server = await using(healthy());
    const proxy = await using(startProxy({to: server.port, login: 'me:p@ss word'}));
    const env = {HTTPS_PROXY: `http://me:p%40ss%20word@localhost:${proxy.port}`};
    const examined = await run(target(site, token), await reach({env}));
    expect(codeOf(examined), JSON.stringify(examined.report)).toBeNull();
    expect(proxy.tunnels[0]?.authority).toBe('acme.atlassian.net:443');
    expect(examined.report.steps[0]?.detail).toContain('the proxy looks up acme.atlassian.net itself');
    expect(JSON.stringify({...examined})).not.toMatch(/p@ss|p%40ss|bWU6cEBzcyB3b3Jk/);
  });

  test('an https proxy is verified like a site', async () => {
    const server = await using(healthy());
    const proxy = await using(startProxy({to: server.port, tls: (await bench()).issued}));
    expect(codeOf(await run(target(site, token), await reach({proxy: proxy.url})))).toBeNull();
    const stranger = await using(startProxy({to: server.port, tls: await selfSigned(['localhost'])}));
    expect(codeOf(await run(target(site, token), await reach({proxy: stranger.url})))).toBe('proxy-unreachable');
    expect(stranger.tunnels).toEqual([]);
  });

  test('407 is proxy-authentication-required', async () => {
    const proxy = await using(startProxy({login: 'me:secret'}));
    const examined = await run(target(site, token), await reach({proxy: `http://me:wrong@localhost:${proxy.port}`}));
    expect(codeOf(examined)).toBe('proxy-authentication-required');
    expect(statuses(examined)).toMatch(/^passed failed skipped/);
    expect(JSON.stringify(examined)).not.toContain('wrong@');
  });

  test('407: a login that was given was refused, and it is to be corrected where it was given', async () => {
    const proxy = await using(startProxy({login: 'me:secret'}));
    const address = `http://me:wrong@localhost:${proxy.port}`;
    const byOption = {env: {HTTPS_PROXY: 'http://other.acme.example:1'}, proxy: address};
    const {failure: option} = (await run(target(site, token), await reach(byOption))).report;
    expect(option?.title).toContain('refused the user name and password given in --proxy (407)');
    const first = option?.checklist.find(({action}) => action.includes('user name and password'));
    expect(first?.action).toContain('--proxy');
    expect(JSON.stringify(option?.checklist)).not.toMatch(/export |HTTPS_PROXY/);
    const {failure: variable} = (await run(target(site, token), await reach({env: {all_proxy: address}}))).report;
    expect(variable?.title).toContain('refused the user name and password given in all_proxy (407)');
    expect(variable?.checklist[0]).toMatchObject({
      action: expect.stringContaining('all_proxy'),
      command: 'read -rs all_proxy && export all_proxy',
    });
    const none = await run(target(site, token), await reach({proxy: `http://localhost:${proxy.port}`}));
    expect(none.report.failure?.title).toContain('wants a user name and password (407)');
    for (const shown of [option, variable, none.report.failure]) {
      expect(JSON.stringify(shown)).not.toMatch(/PROXY_(?:REFUSED|UNUSABLE)|wrong/);
    }
  });

  test.each([403, 502, 503, 400])('%i is proxy-refused', async status => {
    const proxy = await using(startProxy({refuse: {status, reason: 'No', headers: {Server: 'squid'}}}));
    const examined = await run(target(site, token), await reach({env: {https_proxy: `localhost:${proxy.port}`}}));
    expect(codeOf(examined)).toBe('proxy-refused');
    expect(examined.seen.at(-1)).toMatchObject({proxyAnswer: {status, server: 'squid'}});
  });

  test('a closed port, an unknown name, or something that is no proxy are proxy-unreachable', async () => {
    const closed = await reach({proxy: `http://localhost:${await closedPort()}`});
    expect(codeOf(await run(target(site, token), closed))).toBe('proxy-unreachable');
    const unknown = await reach({proxy: 'http://proxy.acme.example:3128', lookup: lookup('ENOTFOUND')});
    const examined = await run(target(site, token), unknown);
    expect(codeOf(examined)).toBe('proxy-unreachable');
    expect(examined.report.failure?.step).toBe('connect');
    const mute = await using(serveRaw(socket => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))));
    expect(codeOf(await run(target(site, token), await reach({proxy: `http://localhost:${mute.port}`})))).toBe(
      'proxy-unreachable',
    );
    const socks = await reach({env: {ALL_PROXY: 'socks5://localhost:1080'}, ...unresolved});
    const unusable = await run(target(site, token), socks);
    expect(codeOf(unusable)).toBe('proxy-unreachable');
    const {failure} = unusable.report;
    expect(failure?.title).toBe(
      'ALL_PROXY names a SOCKS proxy (socks5://localhost:1080); SOCKS proxies are not supported',
    );
    expect(JSON.stringify(unusable.report)).not.toContain('PROXY_UNUSABLE');
    expect(failure?.checklist.map(({action}) => action).join(' ')).toMatch(/HTTP proxy.*NO_PROXY/);
  });

  test('NO_PROXY goes round it', async () => {
    const server = await using(healthy());
    const env = {HTTPS_PROXY: 'http://127.0.0.1:1', no_proxy: '.atlassian.net,.atlassian.com'};
    const examined = await run(target(site, token), await reach({env, resolve: atlassianAt(server.port)}));
    expect(codeOf(examined)).toBeNull();
  });
});

describe('TLS', () => {
  const names = ['localhost'];

  test('certificate-untrusted: self-signed, and an unknown issuer that is named', async () => {
    const alone = await using(serve(() => ({}), {tls: await selfSigned(names)}));
    const examined = await run(target(alone.url, token), await reach());
    expect(codeOf(examined)).toBe('certificate-untrusted');
    expect(alone.requests).toEqual([]);
    const stranger = await makeAuthority('Zscaler Intermediate Root CA');
    const issued = await stranger.issue({names});
    const tls = {key: issued.key, cert: issued.cert + stranger.pem};
    const inspected = await using(serve(() => ({}), {tls}));
    const other = await run(target(inspected.url, token), await reach());
    expect(codeOf(other)).toBe('certificate-untrusted');
    expect(other.report.failure?.title).toContain('Zscaler');
  });

  test('certificate-chain-incomplete: the leaf alone, with its issuer named by address', async () => {
    const {authority} = await bench();
    const between = await authority.intermediate('Lab Issuing CA');
    const leaf = await between.issue({names, issuerUrl: 'http://ca.example/issuing.crt'});
    const server = await using(serve(() => ({}), {tls: leaf}));
    const examined = await run(target(server.url, token), await reach());
    expect(codeOf(examined)).toBe('certificate-chain-incomplete');
    const whole = {key: leaf.key, cert: leaf.cert + between.pem};
    const complete = await using(serve(cloudJira({token}), {tls: whole}));
    expect(codeOf(await run(target(complete.url, token), await reach()))).toBeNull();
  });

  const day = 86_400_000;
  test.each([
    ['certificate-expired', {notBefore: new Date(Date.now() - 20 * day), notAfter: new Date(Date.now() - 2 * day)}],
    [
      'certificate-not-yet-valid',
      {notBefore: new Date(Date.now() + 2 * day), notAfter: new Date(Date.now() + 20 * day)},
    ],
    ['certificate-wrong-host', {}, ['wiki.acme.example']],
  ])('%s', async (code, options, names = ['localhost']) => {
    const {authority} = await bench();
    const server = await using(serve(() => ({}), {tls: await authority.issue({names, ...options})}));
    const examined = await run(target(server.url, token), await reach());
    expect(codeOf(examined)).toBe(code);
    expect(examined.seen.at(-1)).toMatchObject({
      kind: 'trouble',
      chain: expect.arrayContaining([expect.objectContaining({names})]),
    });
    expect(server.requests).toEqual([]);
  });

  test('clock-wrong: the certificate is good by the time the server tells', async () => {
    const {authority} = await bench();
    const issued = await authority.issue({
      names,
      notBefore: new Date(Date.now() + 100 * day),
      notAfter: new Date(Date.now() + 200 * day),
    });
    const secure = await using(serve(() => ({}), {tls: issued}));
    const plain = `HTTP/1.1 400 Bad Request\r\nDate: ${new Date(Date.now() + 150 * day).toUTCString()}\r\nContent-Length: 0\r\n\r\n`;
    const front = await using(
      serveRaw(socket =>
        socket.once('data', first => {
          if (first[0] !== 22) return void socket.end(plain);
          forward(socket, first, secure.port);
        }),
      ),
    );
    expect(codeOf(await run(target(front.url, token), await reach()))).toBe('clock-wrong');
  });

  test.each([
    ['an old protocol', {minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0'}],
    ['no cipher in common', {maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256'}],
  ] as const)('tls-handshake-failed: %s', async (_why, options) => {
    const {issued} = await bench();
    const server = await using(serve(() => ({}), {tls: {...issued, ...options}}));
    expect(codeOf(await run(target(server.url, token), await reach()))).toBe('tls-handshake-failed');
  });

  test('tls-handshake-failed: the handshake stalls', async () => {
    const server = await using(serveRaw(() => undefined));
    expect(codeOf(await run(target(server.url, token), await reach({timeoutMs: 300})))).toBe('tls-handshake-failed');
  });

  test.each([
    ['plain HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ])('tls-not-spoken: %s', async (_what, words) => {
    const server = await using(serveRaw(socket => socket.once('data', () => socket.end(words))));
    const examined = await run(target(server.url, token), await reach());
    expect(codeOf(examined)).toBe('tls-not-spoken');
    expect(examined.seen.at(-1)).toMatchObject({spoken: words.split('\r')[0]});
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('client-certificate-required with %s', async version => {
    const {issued} = await bench();
    const tls = {...issued, requestCert: true, rejectUnauthorized: true, minVersion: version, maxVersion: version};
    const server = await using(serve(() => ({}), {tls}));
    const examined = await run(target(server.url, token), await reach());
    expect(codeOf(examined)).toBe('client-certificate-required');
    expect(examined.report.failure?.step).toBe('tls');
  });

  test('a client certificate that is only asked for changes nothing', async () => {
    const tls = {...(await bench()).issued, requestCert: true, rejectUnauthorized: false};
    const server = await using(serve(cloudJira({token}), {tls}));
    expect(codeOf(await run(target(server.url, token), await reach()))).toBeNull();
  });

  test('the lab does make certificates the system can read', async () => {
    expect(new X509Certificate((await bench()).issued.cert).checkHost('acme.atlassian.net')).toBe('acme.atlassian.net');
  });
});

/** The rest of a connection whose first bytes were read, to the server that understands them. */
function forward(socket: Socket, first: Buffer, port: number): void {
  const upstream = connect(port, '127.0.0.1', () => {
    upstream.write(first);
    upstream.pipe(socket);
    socket.pipe(upstream);
  });
  upstream.on('error', () => socket.destroy());
}
