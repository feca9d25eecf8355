import type {Socket} from 'node:net';
import {gzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {probe} from '../../source/connection/probe.ts';
import {basic, cloudJira, dataCenterJira, type Route, type Routes, syntheticToken} from '../support/jira.ts';
import {serve, serveRaw} from '../support/lab/serve.ts';
import {atlassianAt, bench, codeOf, reach, run, statuses, target, using} from './lab.ts';

const token = syntheticToken();
const edge = {server: 'AtlassianEdge', 'atl-traceid': '0123456789abcdef'};
const page = (title: string) => `<!DOCTYPE html><html><head><title>${title}</title></head><body>${title}</body></html>`;
const html = {'content-type': 'text/html'};

/** The same answer to every request. */
const always = (route: Route) => async () =>
  serve(asked => (typeof route === 'function' ? route(asked) : route), {tls: (await bench()).issued});

describe('what answers is not a Jira that works', () => {
  const cases: [code: string, what: string, host: 'cloud' | 'own', route: Route][] = [
    [
      'site-not-found',
      'no such site',
      'cloud',
      {
        status: 404,
        headers: {...edge, ...html, 'atl-missing-tcs': 'true'},
        body: page('Atlassian Cloud Notifications - Page Unavailable'),
      },
    ],
    [
      'site-not-found',
      'no such site, as JSON',
      'cloud',
      {
        status: 404,
        headers: {...edge, 'atl-missing-tcs': 'true'},
        body: {errorMessage: 'Site temporarily unavailable', errorCode: 'OTHER'},
      },
    ],
    ['site-moved', 'renamed', 'cloud', {status: 301, headers: {...edge, location: 'https://acme-new.atlassian.net/'}}],
    [
      'site-moved',
      'another host',
      'own',
      asked => ({status: 308, headers: {location: `https://jira.acme.example${asked.url}`}}),
    ],
    [
      'sso-redirect',
      'login.jsp',
      'own',
      {status: 302, headers: {location: '/login.jsp?permissionViolation=true&os_destination=%2Frest'}},
    ],
    [
      'sso-redirect',
      'an identity provider',
      'own',
      {status: 302, headers: {location: 'https://acme.okta.com/app/jira/sso/saml?SAMLRequest=abc'}},
    ],
    [
      'sso-redirect',
      'Cloudflare Access',
      'own',
      {status: 302, headers: {location: 'https://acme.cloudflareaccess.com/cdn-cgi/access/login/x'}},
    ],
    ['redirect-loop', 'itself', 'own', asked => ({status: 302, headers: {location: asked.url}})],
    [
      'wrong-path',
      'a bare proxy',
      'own',
      {status: 404, headers: {'content-type': 'text/plain'}, body: 'default backend - 404'},
    ],
    [
      'wrong-path',
      'a dead link',
      'own',
      {status: 404, headers: html, body: page('Oops, you&#39;ve found a dead link.')},
    ],
    ['not-jira', 'some web page', 'own', {headers: html, body: page('Welcome to nginx!')}],
    ['not-jira', 'some JSON', 'own', {body: {hello: 'world'}}],
    [
      'intercepted',
      'a block page',
      'own',
      {status: 403, headers: {...html, server: 'Zscaler/6.2'}, body: page('Access denied')},
    ],
    ['site-unavailable', '503', 'own', {status: 503, headers: html, body: page('Service Unavailable')}],
    ['site-unavailable', '502', 'own', {status: 502, body: ''}],
    [
      'site-unavailable',
      'maintenance',
      'cloud',
      {status: 503, headers: {...edge, ...html}, body: page('Page Unavailable')},
    ],
    ['server-error', '500', 'own', {status: 500, headers: {'x-arequestid': 'x'}, body: 'boom'}],
    ['rate-limited', '429', 'cloud', {status: 429, headers: {...edge, 'retry-after': '7'}, body: ''}],
    ['unknown-answer', 'a teapot', 'own', {status: 418, body: 'I am a teapot'}],
  ];
  test.each(cases)('%s: %s', async (code, _what, host, route) => {
    const server = await using(always(route)());
    const url = host === 'cloud' ? 'https://acme.atlassian.net' : server.url;
    const examined = await run(target(url, token), await reach({resolve: atlassianAt(server.port)}));
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe(code);
    expect(statuses(examined)).toMatch(/^passed passed passed failed skipped/);
    expect(examined.report.outcome).toBe('unverified');
    expect(server.requests.filter(({headers}) => headers.authorization !== undefined)).toEqual([]);
  });

  test('site-unavailable: a Data Center that says it is starting', async () => {
    const routes = {
      '/rest/api/2/serverInfo': {status: 500, body: ''},
      '/rest/api/2/myself': {status: 500, body: ''},
      '/status': {body: {state: 'STARTING'}},
    };
    const server = await using(serve(dataCenterJira({routes})));
    const examined = await run(target(server.url, 'secret', {username: 'you'}), await reach());
    expect(codeOf(examined)).toBe('site-unavailable');
    expect(examined.report.failure?.title).toContain('STARTING');
  });
});

describe('serverInfo is a hint, never a requirement', () => {
  const hidden: [what: string, route: Route][] = [
    ['404', {status: 404, body: 'not here'}],
    ['401', {status: 401, body: ''}],
    ['403 by a proxy', {status: 403, headers: html, body: page('Forbidden')}],
    ['login page', {headers: html, body: page('Log in')}],
    ['redirect to its own login', {status: 302, headers: {location: '/login.jsp'}}],
    ['500', {status: 500, body: ''}],
  ];
  test.each(hidden)('closed with %s', async (_what, route) => {
    const server = await using(serve(dataCenterJira({token: 'secret', routes: {'/rest/api/2/serverInfo': route}})));
    const examined = await run(target(server.url, 'secret', {username: 'you'}), await reach());
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBeNull();
  });

  test('a server that knows /myself alone passes', async () => {
    const account = {
      accountId: '1',
      accountType: 'atlassian',
      emailAddress: 'you@acme.com',
      displayName: 'You',
      active: true,
    };
    const server = await using(
      serve(asked => {
        if (asked.path !== '/rest/api/2/myself') return {status: 404, body: 'Not found'};
        if (asked.headers.authorization === basic('you@acme.com', token)) return {body: account};
        return {
          status: 401,
          headers: {'content-type': 'text/plain'},
          body: 'Client must be authenticated to access this resource.',
        };
      }),
    );
    const examined = await run(target(server.url, token), await reach());
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBeNull();
    expect(examined.report.outcome).toBe('passed');
    expect(examined.report.account?.displayName).toBe('You');
  });
});

describe('hostile servers end with a code, within the time, and never see a credential', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
  const megabyte = Buffer.alloc(1024 * 1024, 32);
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  type Write = (socket: Socket) => unknown;
  const cases: [code: string, what: string, write: Write][] = [
    ['answer-timed-out', 'no answer', () => undefined],
    ['answer-timed-out', 'half a status line', socket => socket.write('HTTP/1.1 2')],
    ['answer-timed-out', 'headers without end', socket => socket.write(`${head}X-Slow: `)],
    ['answer-timed-out', 'a body that stops', socket => socket.write(`${head}Content-Length: 100\r\n\r\n{"a":`)],
    ['answer-timed-out', 'interim answers only', socket => socket.write('HTTP/1.1 100 Continue\r\n\r\n'.repeat(20))],
    [
      'answer-unreadable',
      'a body without end',
      socket => {
        socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
        const more = (): void => {
          while (
            socket.writable &&
            socket.write(`${megabyte.length.toString(16)}\r\n`) &&
            socket.write(megabyte) &&
            socket.write('\r\n')
          );
          if (socket.writable) socket.once('drain', more);
        };
        more();
      },
    ],
    [
      'answer-unreadable',
      'a huge body',
      socket => {
        socket.write(`${head}Content-Length: ${megabyte.length * 3}\r\n\r\n`);
        for (let count = 0; count < 3; count += 1) socket.write(megabyte);
      },
    ],
    [
      'answer-unreadable',
      'a gzip bomb',
      socket => {
        socket.write(`${head}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
        socket.write(bomb);
      },
    ],
    [
      'answer-unreadable',
      'bad gzip',
      socket => socket.write(`${head}Content-Encoding: gzip\r\nContent-Length: 10\r\n\r\n0123456789`),
    ],
    [
      'answer-unreadable',
      'bad brotli',
      socket => socket.write(`${head}Content-Encoding: br\r\nContent-Length: 10\r\n\r\n0123456789`),
    ],
    [
      'answer-unreadable',
      'bad deflate',
      socket => socket.write(`${head}Content-Encoding: deflate\r\nContent-Length: 10\r\n\r\n0123456789`),
    ],
    [
      'answer-unreadable',
      'gzip cut short',
      socket => {
        const part = gzipSync('x'.repeat(100)).subarray(0, 15);
        socket.write(`${head}Content-Encoding: gzip\r\nContent-Length: ${part.length}\r\n\r\n`);
        socket.write(part);
      },
    ],
    ['answer-unreadable', 'cut in the body', socket => socket.end(`${head}Content-Length: 100\r\n\r\n{"a":`)],
    [
      'answer-unreadable',
      'cut in a chunk',
      socket => socket.end(`${head}Transfer-Encoding: chunked\r\n\r\n64\r\n{"a":`),
    ],
    [
      'answer-unreadable',
      'reset in the body',
      socket => {
        socket.write(`${head}Content-Length: 100\r\n\r\n{"a":`);
        setTimeout(() => socket.destroy(), 20);
      },
    ],
    ['answer-unreadable', 'bad chunk size', socket => socket.end(`${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`)],
    [
      'answer-unreadable',
      'header overflow',
      socket => socket.write(`HTTP/1.1 200 OK\r\nX-Long: ${'a'.repeat(100_000)}\r\n\r\n`),
    ],
    [
      'answer-unreadable',
      'thousands of headers',
      socket => socket.write(`HTTP/1.1 200 OK\r\n${'X-Many: yes\r\n'.repeat(10_000)}\r\n`),
    ],
    ['answer-unreadable', 'not HTTP', socket => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
    ['answer-unreadable', 'binary', socket => socket.end('\u0000\u0001\u0002\u0003')],
    [
      'answer-unreadable',
      'HTTP/2 frames',
      socket => socket.end('\u0000\u0000\u0012\u0004\u0000\u0000\u0000\u0000\u0000'),
    ],
    ['answer-unreadable', 'a bad status line', socket => socket.end('HTTP/1.1 abc OK\r\n\r\n')],
    [
      'answer-unreadable',
      'two lengths',
      socket => socket.end(`${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`),
    ],
    ['answer-unreadable', 'a bare CR in a header', socket => socket.end('HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n')],
    ['answer-unreadable', 'bad JSON', socket => socket.end(`${head}Content-Length: 5\r\n\r\n{"a":`)],
    [
      'answer-unreadable',
      'deep JSON',
      socket => socket.end(`${head}Content-Length: 400000\r\n\r\n${'['.repeat(400_000)}`),
    ],
    [
      'answer-unreadable',
      'bad UTF-8',
      socket => {
        socket.write(`${head}Content-Length: 4\r\n\r\n`);
        socket.write(Buffer.from([0xff, 0xfe, 0xc3, 0x28]));
      },
    ],
    ['connection-reset', 'closed without a word', socket => socket.end()],
    ['connection-reset', 'destroyed', socket => socket.destroy()],
  ];
  test.each(cases)('%s: %s', async (code, _what, write) => {
    const heard: string[] = [];
    const server = await using(
      serveRaw(
        socket =>
          socket.on('data', data => {
            heard.push(data.toString('latin1'));
            write(socket);
          }),
        {tls: (await bench()).issued},
      ),
    );
    const patient = code === 'answer-timed-out' ? {timeoutMs: 400} : {};
    const examined = await run(target(server.url, token), await reach(patient));
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe(code);
    expect(examined.report.failure?.evidence.join('')).not.toMatch(/[\u0000-\u001f\u007f]/);
    expect(heard.join('')).not.toMatch(/authorization/i);
    expect(heard[0]).toMatch(/^GET \/rest\/api\/2\/serverInfo HTTP\/1\.1\r\n/);
  });
});

describe('a switch of protocols nobody asked for', () => {
  test.each([
    ['bare', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['to websocket', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
  ])('answer-unreadable: %s, told without waiting for more', async (_how, head) => {
    const {issued} = await bench();
    const server = await using(serveRaw(socket => socket.once('data', () => socket.write(head)), {tls: issued}));
    const examined = await run(target(server.url, token), await reach());
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe('answer-unreadable');
    expect(examined.report.failure?.evidence.join(' ')).toContain('101');
    expect(examined.report.failure?.title).toContain('protocol');
  });
});

describe('what is sent', () => {
  test('is honest and small: JSON wanted, no cookie, no body, who asks', async () => {
    const server = await using(serve(cloudJira({token, routes: {}}), {tls: (await bench()).issued}));
    await run(target(server.url, token), await reach());
    for (const {method, headers, body} of server.requests) {
      expect(method).toBe('GET');
      expect(body).toBe('');
      expect(headers).toMatchObject({accept: 'application/json', 'user-agent': expect.stringMatching(/^jirakey\//)});
      expect(headers).not.toHaveProperty('cookie');
      expect(headers).not.toHaveProperty('content-length');
      expect(headers).not.toHaveProperty('transfer-encoding');
    }
  });

  test('the first connection is kept: sequential questions share it', async () => {
    const routes: Routes = {'/rest/api/2/myself': {status: 403, headers: {...edge, 'x-arequestid': 'x'}, body: {}}};
    const server = await using(
      serve(cloudJira({token, routes: {...routes, '/rest/api/2/serverInfo': {status: 404, body: ''}}})),
    );
    const found = await probe(target(server.url, token).site, await reach(), new AbortController().signal);
    expect(found).toMatchObject({failure: null, reachable: true});
    expect(server.requests).toHaveLength(2);
    expect(server.connections()).toBe(1);
  });
});

describe('the look', () => {
  test('tells deployment, title and version without a credential', async () => {
    const server = await using(serve(dataCenterJira()));
    const found = await probe(target(server.url, '').site, await reach(), new AbortController().signal);
    expect(found).toMatchObject({
      deployment: 'data-center',
      title: 'Acme Jira',
      version: '10.3.2',
      reachable: true,
      failure: null,
    });
  });

  test('names what is wrong', async () => {
    const server = await using(serve(() => ({headers: html, body: page('Welcome to nginx!')})));
    const found = await probe(target(server.url, '').site, await reach(), new AbortController().signal);
    expect(found).toMatchObject({reachable: true, failure: {code: 'not-jira'}});
  });
});
