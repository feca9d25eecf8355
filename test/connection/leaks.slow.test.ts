/** A credential is seen at the site and at Atlassian's gateway, by the program on the other side, and nowhere else. */
import {inspect} from 'node:util';
import {describe, expect, test} from 'vitest';
import {gatewayAuthorization, permit, siteAuthorization} from '../../source/connection/authorization.ts';
import {gatewayBase} from '../../source/domain/gateway.ts';
import {Secret} from '../../source/domain/secret.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {startProxy} from '../support/lab/proxy.ts';
import {type Handler, serve} from '../support/lab/serve.ts';
import {atlassianAt, bench, codeOf, type Examined, reach, run, target, using} from './lab.ts';

const token = syntheticToken();
const username = 'you@acme.com';
const pair = Buffer.from(`${username}:${token}`).toString('base64');

/** The token in the forms it could travel in, and every eight characters of it. */
function findLeak(examined: Examined): string | null {
  const text = `${JSON.stringify(examined)}\n${inspect(examined, {depth: 20, maxStringLength: null, maxArrayLength: null})}`;
  const forms = [pair, token, encodeURIComponent(token), Buffer.from(token).toString('hex')];
  const pieces = (whole: string) => Array.from({length: whole.length - 11}, (_each, at) => whole.slice(at, at + 12));
  return [...forms, ...pieces(token.slice(12)), ...pieces(pair.slice(20))].find(form => text.includes(form)) ?? null;
}

describe('redirects are evidence, never followed', () => {
  const targets: [what: string, location: (port: number) => string][] = [
    ['another host', port => `https://jira.acme.example:${port}/rest/api/2/myself`],
    ['another port', port => `https://localhost:${port}/rest/api/2/myself`],
    ['plain http', port => `http://localhost:${port}/rest/api/2/myself`],
    ['userinfo', port => `https://localhost@127.0.0.1:${port}/`],
    ['an IDN', port => `https://lócalhost.example:${port}/`],
    ['no scheme', port => `//127.0.0.1:${port}/rest/api/2/myself`],
    ['itself', () => '/rest/api/2/myself'],
    ['its own login', () => '/login.jsp'],
    ['a file', () => 'file:///etc/passwd'],
    ['nothing readable', () => 'https://['],
  ];
  const statuses = [301, 302, 303, 307, 308];
  test.each(statuses.flatMap(status => targets.map(([what, location]) => [status, what, location] as const)))(
    '%i to %s',
    async (status, _what, location) => {
      const tls = (await bench()).issued;
      const bait = await using(serve(() => ({body: {}}), {tls}));
      for (const openly of [true, false]) {
        const jira = cloudJira({token});
        const handler: Handler = (asked, response) =>
          asked.path.endsWith('/myself') && (openly || asked.headers.authorization !== undefined)
            ? {status, headers: {location: location(bait.port)}}
            : openly && asked.path.endsWith('/serverInfo')
              ? {status, headers: {location: location(bait.port)}}
              : jira(asked, response);
        const server = await using(serve(handler, {tls}));
        const examined = await run(target(server.url, token), await reach());
        expect(codeOf(examined)).not.toBeNull();
        expect(examined.report.outcome).toBe('unverified');
        const paths = server.requests.map(({path}) => path);
        expect(new Set(paths).size).toBeGreaterThanOrEqual(paths.length - 1);
        expect(paths).not.toContain('/login.jsp');
        expect(server.requests.filter(({headers}) => headers.authorization !== undefined)).toHaveLength(openly ? 0 : 1);
        expect(findLeak(examined)).toBeNull();
      }
      expect(bait.connections()).toBe(0);
    },
  );
});

test('the Authorization header is seen at the site and the gateway alone, not by a proxy on the way', async () => {
  const server = await using(serve(cloudJira({token, accepts: 'gateway'}), {tls: (await bench()).issued}));
  const proxy = await using(startProxy({to: server.port}));
  const examined = await run(
    target('https://acme.atlassian.net', token, {connector: 'jira-feeds'}),
    await reach({proxy: proxy.url}),
  );
  expect(codeOf(examined)).toBeNull();
  expect(new Set(proxy.tunnels.map(({authority}) => authority))).toEqual(
    new Set(['acme.atlassian.net:443', 'api.atlassian.com:443']),
  );
  for (const {headers} of proxy.tunnels) {
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('proxy-authorization');
  }
  const open = server.requests.filter(({path}) => /serverInfo|tenant_info/.test(path));
  expect(open.length).toBe(2);
  for (const {headers} of open) expect(headers).not.toHaveProperty('authorization');
  expect(findLeak(examined)).toBeNull();
});

describe('a server that hands our own words back', () => {
  const echoes: [what: string, handler: Handler][] = [
    [
      'in the body',
      ({headers}) => ({
        status: 401,
        headers: {'x-arequestid': 'x'},
        body: `you sent ${headers.authorization}, ${token}`,
      }),
    ],
    [
      'in JSON',
      ({headers}) => ({
        status: 403,
        headers: {'x-arequestid': 'x'},
        body: {message: `you sent ${headers.authorization}`, token},
      }),
    ],
    [
      'in a page',
      ({headers}) => ({
        status: 403,
        headers: {'content-type': 'text/html'},
        body: `<title>${headers.authorization}</title>${token}`,
      }),
    ],
    [
      'in headers',
      ({headers}) => ({
        status: 302,
        headers: {
          location: `/login?x=${encodeURIComponent(token)}&y=${headers.authorization?.slice(6)}`,
          server: token,
        },
        body: '',
      }),
    ],
    [
      'as an account',
      () => ({
        headers: {'x-arequestid': 'x'},
        body: {accountId: token, displayName: `Bearer ${token}`, emailAddress: username, active: true},
      }),
    ],
    [
      'in a reason and a cut body',
      ({headers}, response) => {
        response.socket?.end(
          `HTTP/1.1 401 ${token}\r\nX: ${headers.authorization}\r\nContent-Length: 9999\r\n\r\n${token}`,
        );
        return undefined;
      },
    ],
    [
      'as no HTTP at all',
      ({headers}, response) => {
        response.socket?.end(`${headers.authorization}\r\n${token}\r\n`);
        return undefined;
      },
    ],
  ];
  test.each(echoes)('%s', async (_what, echo) => {
    const jira = cloudJira({token});
    const server = await using(
      serve((asked, response) =>
        asked.headers.authorization === undefined ? jira(asked, response) : echo(asked, response),
      ),
    );
    const examined = await run(target(server.url, token), await reach());
    expect(findLeak(examined)).toBeNull();
  });

  test('even when got fails with the request in hand', async () => {
    const jira = cloudJira({token});
    const server = await using(
      serve((asked, response) => {
        if (asked.headers.authorization === undefined) return jira(asked, response);
        response.destroy();
        return undefined;
      }),
    );
    const examined = await run(target(server.url, token), await reach());
    expect(codeOf(examined)).not.toBeNull();
    expect(findLeak(examined)).toBeNull();
  });
});

describe('what is bound to an address goes nowhere else', () => {
  const secret = new Secret(token);
  const subject = target('https://jira.acme.example:8443/jira', token).site;
  const site = siteAuthorization(subject, 'basic', username, secret);
  const gateway = gatewayAuthorization(gatewayBase('api.atlassian.com', 'abc-1'), 'basic', username, secret);
  test.each([
    ['https://jira.acme.example:8443/jira/rest/api/2/myself', site, true],
    ['https://jira.acme.example:8443/other', site, false],
    ['https://jira.acme.example:8443/jira-evil/rest', site, false],
    ['https://jira.acme.example:8443/jira/../other', site, false],
    ['https://jira.acme.example/jira/rest', site, false],
    ['http://jira.acme.example:8443/jira/rest', site, false],
    ['https://jira.acme.example.evil.example:8443/jira/rest', site, false],
    ['https://me@jira.acme.example:8443/jira/rest', site, false],
    ['https://api.atlassian.com/ex/jira/abc-1/rest/api/2/myself', gateway, true],
    ['https://api.atlassian.com/ex/jira/abc-12/rest/api/2/myself', gateway, false],
    ['https://api.atlassian.com/oauth/token', gateway, false],
    ['https://jira.acme.example:8443/jira/rest', gateway, false],
  ] as const)('%s', (url, authorization, allowed) => {
    if (allowed) expect(() => permit(url, authorization)).not.toThrow();
    else expect(() => permit(url, authorization)).toThrow(/outside/);
  });

  test('a cloudId that would lead out of its place is not taken', async () => {
    for (const id of ['../../oauth', 'a/b', 'a?b', '', 7, null]) {
      const routes = {'/_edge/tenant_info': {body: {cloudId: id}}};
      const server = await using(serve(cloudJira({token, accepts: 'nowhere', routes}), {tls: (await bench()).issued}));
      const examined = await run(
        target('https://acme.atlassian.net', token),
        await reach({resolve: atlassianAt(server.port)}),
      );
      expect(codeOf(examined)).toBe('credentials-rejected');
      expect(server.requests.some(({path}) => path.startsWith('/ex/') || path.startsWith('/oauth'))).toBe(false);
    }
  });
});
