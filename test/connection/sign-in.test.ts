import {describe, expect, test} from 'vitest';
import type {Reach} from '../../source/connection/reach.ts';
import {exitCodeOf} from '../../source/diagnosis/diagnose.ts';
import type {Target} from '../../source/diagnosis/examination.ts';
import {
  cloudId,
  cloudJira,
  type DataCenterOptions,
  dataCenterJira,
  type JiraOptions,
  type Route,
  type Routes,
  syntheticPat,
  syntheticToken,
} from '../support/jira.ts';
import {selfSigned} from '../support/lab/authority.ts';
import {startBlackHole} from '../support/lab/black-hole.ts';
import {closedPort, type Handler, type Reply, serve, serveRaw} from '../support/lab/serve.ts';
import {atlassianAt, bench, codeOf, type Examined, reach, run, statuses, target, using} from './lab.ts';

const token = syntheticToken();
const edge = {server: 'AtlassianEdge', 'x-arequestid': 'x'};
const page = (title: string) => `<!DOCTYPE html><html><head><title>${title}</title></head><body>${title}</body></html>`;

const onCloud = async (options: JiraOptions, changes: Partial<Target> = {}, secret = token) => {
  const server = await using(serve(cloudJira({token: secret, ...options}), {tls: (await bench()).issued}));
  const examined = await run(
    target('https://acme.atlassian.net', secret, changes),
    await reach({resolve: atlassianAt(server.port)}),
  );
  return {server, examined};
};
const onDataCenter = async (options: DataCenterOptions, changes: Partial<Target> = {}, secret = 'a password') => {
  const server = await using(serve(dataCenterJira({token: secret, ...options}), {tls: (await bench()).issued}));
  const examined = await run(target(server.url, secret, {username: 'you', ...changes}), await reach());
  return {server, examined};
};
const authorized = ({requests}: {requests: readonly {headers: {authorization?: string | undefined}; path: string}[]}) =>
  requests.filter(({headers}) => headers.authorization !== undefined).map(({path}) => path);

/** Jira's answer to `/myself` once a credential is shown; its anonymous answer stays. */
const myself = (route: Route, healthy: Handler = cloudJira()): {routes: Routes} => ({
  routes: {
    '/rest/api/2/myself': asked =>
      asked.headers.authorization === undefined
        ? healthy(asked, Object.create(null))
        : typeof route === 'function'
          ? route(asked)
          : route,
  },
});

describe('before a credential is sent', () => {
  test('username-not-email: surely Cloud by its address, so nothing is sent at all', async () => {
    const {server, examined} = await onCloud({}, {username: 'you'});
    expect(codeOf(examined)).toBe('username-not-email');
    expect(statuses(examined)).toBe('skipped skipped skipped skipped failed skipped skipped skipped');
    expect(server.requests).toEqual([]);
  });

  test('username-not-email: Cloud by what the site says', async () => {
    const server = await using(serve(cloudJira({token})));
    const examined = await run(target(server.url, token, {username: 'you'}), await reach());
    expect(codeOf(examined)).toBe('username-not-email');
    expect(authorized(server)).toEqual([]);
  });

  test('token-wrong-kind', async () => {
    for (const wrong of [syntheticToken('ATCTT3xFfGN0'), syntheticPat()]) {
      const {server, examined} = await onCloud({}, {}, wrong);
      expect(codeOf(examined)).toBe('token-wrong-kind');
      expect(server.requests).toEqual([]);
    }
  });

  test('token-damaged and url-lookalike are warnings; the test goes on', async () => {
    const damaged = `${token.slice(0, 60)}${token.slice(61)}`;
    const server = await using(
      serve(cloudJira({token: damaged}), {tls: await (await bench()).authority.issue({names: ['acme.atlasian.net']})}),
    );
    const resolve = [{host: 'acme.atlasian.net', port: 443, address: '127.0.0.1', toPort: server.port}];
    const examined = await run(target('https://acme.atlasian.net', damaged), await reach({resolve}));
    expect(codeOf(examined)).toBeNull();
    expect(examined.report.warnings.map(({code}) => code).sort()).toEqual(['token-damaged', 'url-lookalike']);
  });
});

describe('refused on Cloud', () => {
  test('credentials-rejected: by the site and by the gateway, each asked once', async () => {
    const {server, examined} = await onCloud({accepts: 'nowhere'});
    expect(codeOf(examined)).toBe('credentials-rejected');
    expect(examined.report.failure?.certainty).toBe('proven');
    expect(examined.report.outcome).toBe('failed');
    expect(authorized(server)).toEqual(['/rest/api/2/myself', `/ex/jira/${cloudId}/rest/api/2/myself`]);
  });

  describe('where the gateway gives no answer of its own', () => {
    const jira = cloudJira({token, accepts: 'nowhere'});
    /** The site refuses; the gateway answers so, or is at another port. */
    const at = async (
      gateway: Reply | number,
      changes: Partial<Target> = {},
      secret = token,
      through: Partial<Reach> = {},
    ) => {
      const handler: Handler = (asked, response) =>
        typeof gateway === 'object' && asked.path.startsWith('/ex/') ? gateway : jira(asked, response);
      const server = await using(serve(handler, {tls: (await bench()).issued}));
      const resolve = atlassianAt(server.port).map(rule =>
        rule.host.startsWith('api') && typeof gateway === 'number' ? {...rule, toPort: gateway} : rule,
      );
      return run(target('https://acme.atlassian.net', secret, changes), await reach({resolve, ...through}));
    };
    const unproven = (examined: Examined, first = 'api.atlassian.com:443') => {
      const {failure, outcome} = examined.report;
      expect(outcome).toBe('unverified');
      expect(failure?.step).toBe('sign-in');
      expect(failure?.title).toContain('acme.atlassian.net refused this username and token (401)');
      const told = failure?.evidence.join('\n') ?? '';
      expect(told).toMatch(/^At Atlassian’s gateway: /);
      expect(told).toMatch(/At the site: HTTP 401/);
      expect(told).toContain('cannot be ruled out until the gateway answers');
      expect(failure?.checklist[0]?.action).toContain(first);
      return codeOf(examined);
    };

    test('connection refused', async () => {
      const examined = await at(await closedPort());
      expect(unproven(examined)).toBe('connection-refused');
      expect(exitCodeOf(examined.report)).toBe(7);
      expect(examined.report.failure?.evidence[0]).toContain('api.atlassian.com');
    });

    test('silence, also where the whole test ends first', async () => {
      const hole = await using(startBlackHole());
      for (const through of [{connectTimeoutMs: 300}, {timeoutMs: 1500}]) {
        const examined = await at(hole.port, {}, token, through);
        expect(unproven(examined)).toBe('connection-timed-out');
        expect(examined.report.failure?.evidence.join('\n')).toContain('Tried 127.0.0.1 (TIMEOUT)');
      }
    });

    test('an untrusted gateway gets no credential', async () => {
      const {authority} = await bench();
      const wrong = await using(serve(cloudJira({token}), {tls: await authority.issue({names: ['other.example']})}));
      const unknown = await using(serve(cloudJira({token}), {tls: await selfSigned(['api.atlassian.com'])}));
      expect(unproven(await at(wrong.port))).toBe('certificate-wrong-host');
      expect(unproven(await at(unknown.port))).toBe('certificate-untrusted');
      expect([...wrong.requests, ...unknown.requests]).toEqual([]);
    });

    test.each<[code: string, what: string, reply: Reply, first?: string]>([
      ['intercepted', 'a web filter', {status: 403, headers: {server: 'BlueCoat'}, body: page('Access Denied')}],
      ['intercepted', 'a 403 that does not say what it is', {status: 403, body: 'policy'}],
      ['intercepted', 'a bare 404', {status: 404, body: ''}],
      ['intercepted', 'a portal’s page', {headers: {'content-type': 'text/html'}, body: page('Welcome')}],
      ['intercepted', 'squid', {status: 401, headers: {server: 'squid/6.6', 'x-squid-error': 'X'}, body: page('x')}],
      ['site-unavailable', 'a balancer', {status: 503, body: ''}],
      ['site-unavailable', 'Atlassian', {status: 503, headers: edge, body: ''}, 'Test again'],
      ['rate-limited', 'Atlassian', {status: 429, headers: {...edge, 'retry-after': '7'}, body: ''}, 'Test again'],
      ['rate-limited', 'somebody', {status: 429, body: ''}],
    ])('%s: %s', async (code, _what, reply, first) => {
      const examined = await at(reply);
      expect(unproven(examined, first)).toBe(code);
      expect(exitCodeOf(examined.report)).toBe(9);
      expect(examined.report.failure?.title).not.toMatch(/nothing is wrong|nothing about the token/);
    });

    test('a token that no gateway takes needs none: the site’s word is enough', async () => {
      const legacy = await at(await closedPort(), {}, 'abcdefghijklmnopqrstuvwx');
      expect(codeOf(legacy)).toBe('credentials-rejected');
      expect(legacy.report.failure?.certainty).toBe('proven');
      const password = await at({status: 503, body: ''}, {}, 'correct horse battery');
      expect(codeOf(password)).toBe('credentials-rejected');
      expect(password.report.failure?.evidence.join('\n')).toContain('not the form of a token with scopes');
    });

    test('token-expired: the remembered day is over all the same', async () => {
      expect(codeOf(await at(await closedPort(), {expiresAt: '2024-01-31'}))).toBe('token-expired');
    });

    test('a 401 in a form of the gateway that is not known is no stranger’s', async () => {
      expect(codeOf(await at({status: 401, body: {error: 'unauthorized'}}))).toBe('credentials-rejected');
    });
  });

  test('credentials-rejected: under another host than the site’s own, that one is to be tried first', async () => {
    const server = await using(
      serve(
        cloudJira({
          token,
          accepts: 'nowhere',
          routes: {
            '/rest/api/2/serverInfo': {
              headers: edge,
              body: {deploymentType: 'Cloud', version: '1001', baseUrl: 'https://acme.atlassian.net', buildNumber: 1},
            },
          },
        }),
        {tls: (await bench()).issued},
      ),
    );
    const examined = await run(target(server.url, token), await reach({resolve: atlassianAt(server.port)}));
    expect(codeOf(examined)).toBe('credentials-rejected');
    expect(examined.report.failure?.certainty).toBe('likely');
    const enter = 'Enter https://acme.atlassian.net as the site’s address';
    expect(examined.report.failure?.checklist[0]?.action).toBe(enter);
    const away = atlassianAt(server.port).map(rule => ({...rule, toPort: 1}));
    const own = {host: 'jira.acme.example', port: 443, address: '127.0.0.1', toPort: server.port};
    // A Jira on this machine is none of Atlassian's; one elsewhere may be, under a name of its own.
    expect(codeOf(await run(target(server.url, token), await reach({resolve: away})))).toBe('credentials-rejected');
    const asked = server.requests.length;
    const unasked = await run(target('https://jira.acme.example', token), await reach({resolve: [...away, own]}));
    expect(codeOf(unasked)).toBe('site-moved');
    expect(unasked.report.failure?.title).toContain('is a custom domain of https://acme.atlassian.net');
    expect(unasked.report.failure?.checklist[0]).toMatchObject({action: enter, value: 'https://acme.atlassian.net'});
    expect(server.requests.slice(asked).every(({headers}) => headers.authorization === undefined)).toBe(true);
  });

  test('token-expired: the remembered day is over', async () => {
    const {examined} = await onCloud({accepts: 'nowhere'}, {expiresAt: '2024-01-31'});
    expect(codeOf(examined)).toBe('token-expired');
  });

  test('token-expires: the day is over, and the token still works', async () => {
    const {examined} = await onCloud({}, {expiresAt: '2024-01-31'});
    expect(codeOf(examined)).toBeNull();
    expect(examined.report.warnings.map(({code}) => code)).toEqual(['token-expires']);
  });

  test('token-needs-gateway: the test goes on over the gateway', async () => {
    const {server, examined} = await onCloud({accepts: 'gateway'}, {connector: 'jira-feeds'});
    expect(codeOf(examined)).toBeNull();
    expect(examined).toMatchObject({
      route: 'gateway',
      cloudId,
      scheme: 'basic',
      report: {route: 'gateway', outcome: 'passed', site: {cloudId}},
    });
    expect(examined.report.warnings.map(({code}) => code)).toEqual(['token-needs-gateway']);
    const paths = authorized(server).filter(path => !path.startsWith('/ex/jira/'));
    expect(paths).toEqual(['/rest/api/2/myself']);
  });

  test('a route kept as gateway asks the site for no sign-in and warns no more', async () => {
    const {server, examined} = await onCloud({accepts: 'gateway'}, {route: 'gateway', cloudId});
    expect(codeOf(examined)).toBeNull();
    expect(examined.report.warnings).toEqual([]);
    expect(authorized(server).every(path => path.startsWith(`/ex/jira/${cloudId}/`))).toBe(true);
  });

  test('a service account’s token goes straight to the gateway', async () => {
    const {server, examined} = await onCloud({accepts: 'gateway'}, {}, syntheticToken('ATSTT3xFfGF0'));
    expect(codeOf(examined)).toBeNull();
    expect(authorized(server).every(path => path.startsWith(`/ex/jira/${cloudId}/`))).toBe(true);
  });

  test.each([
    ['by its words', {body: {code: 401, message: 'Unauthorized; scope does not match'}}],
    ['by its header', {headers: {...edge, 'x-failure-category': 'FAILURE_CLIENT_SCOPE_CHECK'}, body: ''}],
  ])('token-scope-missing: %s', async (_how, refusal) => {
    const jira = cloudJira({token, accepts: 'nowhere'});
    const handler: Handler = (asked, response) =>
      asked.path.startsWith('/ex/') ? {status: 401, ...refusal} : jira(asked, response);
    const server = await using(serve(handler, {tls: (await bench()).issued}));
    const examined = await run(
      target('https://acme.atlassian.net', token),
      await reach({resolve: atlassianAt(server.port)}),
    );
    expect(codeOf(examined)).toBe('token-scope-missing');
  });

  const refusals: [code: string, what: string, route: Route][] = [
    [
      'captcha-required',
      'header',
      {
        status: 403,
        headers: {
          ...edge,
          'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=https://acme.atlassian.net/login.jsp',
        },
        body: page('Forbidden'),
      },
    ],
    [
      'captcha-required',
      'seraph',
      {status: 403, headers: {...edge, 'x-seraph-loginreason': 'AUTHENTICATION_DENIED'}, body: ''},
    ],
    [
      'bearer-on-cloud',
      'words',
      {status: 403, headers: edge, body: {error: 'Failed to parse Connect Session Auth Token'}},
    ],
    [
      'ip-not-allowed',
      'words',
      {
        status: 403,
        headers: edge,
        body: {
          errorMessages: [
            'The IP address has been rejected because it is not on the allowed list. See your admin for more information.',
          ],
          errors: {},
        },
      },
    ],
    [
      'api-access-blocked',
      'words',
      {status: 403, headers: edge, body: {message: 'Your admin has blocked API tokens for this account.'}},
    ],
    [
      'no-jira-access',
      '403 of Jira',
      {status: 403, headers: {...edge, 'x-aaccountid': '5b10'}, body: {message: 'Interdit'}},
    ],
    [
      'signed-in-as-nobody',
      'seraph',
      {
        headers: {...edge, 'x-seraph-loginreason': 'AUTHENTICATED_FAILED'},
        body: {accountId: '1', displayName: 'You', active: true},
      },
    ],
    ['signed-in-as-nobody', 'no account', {headers: edge, body: {self: 'x'}}],
    ['signed-in-as-nobody', 'no account, by the edge’s mark alone', {headers: {server: 'AtlassianEdge'}, body: {}}],
    [
      'rate-limited',
      '429',
      {status: 429, headers: {...edge, 'retry-after': '30', 'ratelimit-reason': 'jira-quota-based'}, body: ''},
    ],
    ['site-unavailable', '503', {status: 503, headers: edge, body: ''}],
    ['server-error', '500', {status: 500, headers: edge, body: ''}],
    [
      'sso-redirect',
      '302',
      {status: 302, headers: {...edge, location: 'https://login.microsoftonline.com/x/saml2?SAMLRequest=a'}},
    ],
    ['site-moved', '301', {status: 301, headers: {...edge, location: 'https://other.atlassian.net/rest/api/2/myself'}}],
    [
      'intercepted',
      'a firewall',
      {status: 403, headers: {server: 'FortiGate', 'content-type': 'text/html'}, body: page('Web Page Blocked!')},
    ],
    ['intercepted', 'nobody’s 401', {status: 401, body: 'no'}],
    [
      'answer-unreadable',
      'broken JSON',
      {headers: {...edge, 'content-type': 'application/json'}, body: '{"accountId":'},
    ],
  ];
  test.each(refusals)('%s: %s', async (code, _what, route) => {
    const {server, examined} = await onCloud(myself(route));
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe(code);
    expect(authorized(server)).toEqual(['/rest/api/2/myself']);
  });

  test('no-jira-access is about the account, so the sign-in is no failure', async () => {
    const {examined} = await onCloud(
      myself({status: 403, headers: {...edge, 'x-aaccountid': '5b10'}, body: {message: 'no'}}),
    );
    expect(statuses(examined)).toBe('passed passed passed passed warning failed skipped skipped');
    expect(examined.events.filter(({type}) => type === 'finished')).toHaveLength(8);
  });

  test('an answer in another language is judged by its status and headers', async () => {
    const {examined} = await onCloud({
      ...myself({
        status: 401,
        headers: {...edge, 'x-seraph-loginreason': 'AUTHENTICATED_FAILED'},
        body: 'クライアントは認証される必要があります',
      }),
    });
    expect(codeOf(examined)).toBe('credentials-rejected');
  });

  test('"OUT, OK" is a sign-in', async () => {
    const account = {accountId: '1', displayName: 'You', active: true, emailAddress: null};
    const {examined} = await onCloud(
      myself({headers: {...edge, 'x-seraph-loginreason': 'OUT, OK', 'retry-after': '0'}, body: account}),
    );
    expect(codeOf(examined)).toBeNull();
  });
});

describe('refused on Data Center', () => {
  test('credentials-rejected: asked once, no gateway', async () => {
    const {server, examined} = await onDataCenter({accepts: 'nowhere'});
    expect(codeOf(examined)).toBe('credentials-rejected');
    expect(authorized(server)).toEqual(['/rest/api/2/myself']);
    expect(server.requests.some(({path}) => path.includes('tenant_info'))).toBe(false);
  });

  test('pat-needs-bearer: tried once as Bearer, kept so', async () => {
    const {server, examined} = await onDataCenter({scheme: 'bearer'}, {}, syntheticPat());
    expect(codeOf(examined)).toBeNull();
    expect(examined.scheme).toBe('bearer');
    expect(examined.report.warnings.map(({code}) => code)).toEqual(['pat-needs-bearer']);
    expect(authorized(server).slice(0, 2)).toEqual(['/rest/api/2/myself', '/rest/api/2/myself']);
  });

  const healthy = dataCenterJira();
  const pat = syntheticPat();
  const account = {key: 'you', name: 'you', displayName: 'You', active: true, emailAddress: 'you@acme.com'};
  /** `/myself` with an answer of its own for each scheme. */
  const byScheme = (basicly: Route, bearerly: Route, more: Routes = {}) => ({
    routes: {
      ...myself(asked => {
        const route = asked.headers.authorization?.startsWith('Bearer ') ? bearerly : basicly;
        return typeof route === 'function' ? route(asked) : route;
      }, healthy).routes,
      ...more,
    },
    scheme: 'bearer' as const,
  });
  const disabled = {
    status: 403,
    headers: {'x-arequestid': '1x1'},
    body: {message: 'Basic Authentication has been disabled on this instance.'},
  };
  const captcha = {
    status: 403,
    headers: {'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=x'},
    body: page('Forbidden (403)'),
  };
  const barePage = {status: 401, headers: {'content-type': 'text/html'}, body: page('Unauthorized (401)')};
  test.each([
    ['Basic is off', disabled],
    ['a CAPTCHA is due', captcha],
    ['the refusal is a page without marks', barePage],
  ] as [string, Route][])('pat-needs-bearer: %s, and Bearer passes', async (_why, refusal) => {
    const {examined} = await onDataCenter(byScheme(refusal, {headers: {'x-ausername': 'you'}, body: account}), {}, pat);
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBeNull();
    expect(examined.scheme).toBe('bearer');
    expect(examined.report.warnings.map(({code}) => code)).toContain('pat-needs-bearer');
  });

  test.each([
    ['credentials-rejected', disabled, {status: 401, headers: {'x-arequestid': '1x1'}, body: {message: 'no'}}],
    ['credentials-rejected', captcha, {status: 401, body: {message: 'no', 'status-code': 401}}],
    ['server-error', disabled, {status: 500, headers: {'x-arequestid': '1x1'}, body: ''}],
    ['intercepted', disabled, {status: 403, headers: {server: 'FortiWeb'}, body: page('Web Page Blocked')}],
  ] as [string, Route, Route][])('%s: what Bearer is answered is judged after Basic', async (code, first, second) => {
    const {server, examined} = await onDataCenter(byScheme(first, second), {}, pat);
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe(code);
    expect(authorized(server)).toHaveLength(2);
  });

  test.each([
    ['basic-auth-disabled', disabled],
    ['captcha-required', captcha],
  ] as [string, Route][])('%s: a password is not tried as Bearer', async (code, route) => {
    const {server, examined} = await onDataCenter(myself(route, healthy));
    expect(codeOf(examined)).toBe(code);
    expect(authorized(server)).toHaveLength(1);
  });

  const stripped = {status: 401, body: {errorMessages: ['You are not authenticated.'], errors: {}}};
  const nameless = {'/rest/api/2/serverInfo': {status: 404, body: ''}} satisfies Routes;
  test('a Jira known by the form of its refusal alone judges the credential, and takes a token as Bearer', async () => {
    const closed = (bearerly: Route): Routes => ({
      ...nameless,
      '/rest/api/2/myself': asked => {
        const route = asked.headers.authorization?.startsWith('Bearer ') ? bearerly : stripped;
        return typeof route === 'function' ? route(asked) : route;
      },
    });
    const refused = await onDataCenter({routes: closed(stripped), scheme: 'bearer'}, {}, pat);
    expect(codeOf(refused.examined), JSON.stringify(refused.examined.report)).toBe('credentials-rejected');
    expect(authorized(refused.server)).toHaveLength(2);
    const taken = await onDataCenter({routes: closed({body: account}), scheme: 'bearer'}, {}, pat);
    expect(codeOf(taken.examined), JSON.stringify(taken.examined.report)).toBeNull();
    expect(taken.examined.scheme).toBe('bearer');
  });

  test('sign-in-unclear: a bare page refuses where Jira answered before', async () => {
    const {examined} = await onDataCenter(myself(barePage, healthy));
    expect(codeOf(examined)).toBe('sign-in-unclear');
    expect(examined.report.failure?.checklist.map(({who}) => who)).toEqual(
      expect.arrayContaining(['network-admin', 'you', 'jira-admin']),
    );
  });

  test.each([
    ['a filter', {server: 'ZscalerProxy/6.2'}, 'Unauthorized'],
    ['a block page', {}, 'Access denied'],
    ['a web server with its own password', {'www-authenticate': 'Basic realm="intern"'}, '401 Authorization Required'],
  ])('intercepted: %s refuses where Jira answered before', async (_who, headers, title) => {
    const route = {status: 401, headers: {...headers, 'content-type': 'text/html'}, body: page(title)};
    const {examined} = await onDataCenter(myself(route, healthy));
    expect(codeOf(examined)).toBe('intercepted');
  });

  test('credentials-rejected: a personal access token refused both ways, one try each', async () => {
    const {server, examined} = await onDataCenter({accepts: 'nowhere'}, {}, syntheticPat());
    expect(codeOf(examined)).toBe('credentials-rejected');
    expect(authorized(server)).toHaveLength(2);
  });

  test.each([
    ['basic-auth-disabled', {status: 403, body: {message: 'Basic Authentication has been disabled on this instance.'}}],
    [
      'captcha-required',
      {
        status: 403,
        headers: {'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=x'},
        body: page('Forbidden (403)'),
      },
    ],
    ['signed-in-as-nobody', {headers: {'x-ausername': 'anonymous', 'x-anodeid': 'n'}, body: {}}],
    [
      'credentials-rejected',
      {
        status: 401,
        headers: {'x-seraph-loginreason': 'AUTHENTICATED_FAILED', 'content-type': 'text/html'},
        body: page('Unauthorized (401)'),
      },
    ],
  ] as [string, Route][])('%s', async (code, route) => {
    const {examined} = await onDataCenter(myself(route, healthy));
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe(code);
  });
});

describe('the account and what it may do', () => {
  test('account-inactive', async () => {
    for (const accepts of ['site', 'gateway'] as const) {
      const {examined} = await onCloud({active: false, accepts});
      expect(codeOf(examined)).toBe('account-inactive');
      expect(examined.report.outcome).toBe('failed');
    }
  });

  const roles = (applicationRoles: unknown) =>
    onCloud(
      myself({
        headers: edge,
        body: {accountId: '1', displayName: 'You', active: true, emailAddress: 'you@acme.com', applicationRoles},
      }),
    );
  test('roles that are counted and not listed are roles', async () => {
    for (const each of [
      {size: 1, items: []},
      {size: 2, 'max-results': 0},
      {items: [{key: 'jira-software'}]},
      undefined,
    ])
      expect(codeOf((await roles(each)).examined), JSON.stringify(each)).toBeNull();
  });

  test('no-jira-access: none is counted, or the list is empty where nothing is counted', async () => {
    for (const each of [{size: 0, items: []}, {size: 0}, {items: []}])
      expect(codeOf((await roles(each)).examined), JSON.stringify(each)).toBe('no-jira-access');
  });

  test('account-differs', async () => {
    const {examined} = await onCloud({email: 'new.name@acme.com'});
    expect(codeOf(examined)).toBeNull();
    expect(examined.report.steps[5]).toMatchObject({status: 'warning'});
    expect(examined.report.warnings).toEqual([
      {code: 'account-differs', title: expect.stringContaining('new.name@acme.com')},
    ]);
  });

  test('permission-missing: refused, or no project to be seen', async () => {
    const denied = {'/rest/api/2/mypermissions': {body: {permissions: {BROWSE_PROJECTS: {havePermission: false}}}}};
    const empty = {'/rest/api/3/project/search': {body: {total: 0, values: []}}};
    for (const routes of [denied, empty]) {
      for (const connector of ['jira-software', 'jira-feeds'] as const) {
        const {examined} = await onCloud({routes}, {connector});
        expect(codeOf(examined)).toBe('permission-missing');
        expect(statuses(examined)).toBe('passed passed passed passed passed passed failed skipped');
      }
    }
  });

  test('permission-advisory: a note, and unknown keys are none', async () => {
    const routes = {
      '/rest/api/2/mypermissions': (asked: {url: string}) => {
        if (asked.url.includes('VIEW_DEV_TOOLS'))
          return {body: {permissions: {VIEW_DEV_TOOLS: {havePermission: false}}}};
        if (asked.url.includes('BROWSE')) return {body: {permissions: {BROWSE_PROJECTS: {havePermission: true}}}};
        return {status: 400, body: {errors: {VIEW_READONLY_WORKFLOW: 'Unrecognized permission'}}};
      },
    };
    const {examined} = await onCloud({routes}, {connector: 'jira-feeds'});
    expect(codeOf(examined)).toBeNull();
    expect(examined.report.warnings).toEqual([
      {code: 'permission-advisory', title: expect.stringContaining('VIEW_DEV_TOOLS')},
    ]);
    expect(examined.report.warnings[0]?.title).not.toContain('VIEW_READONLY_WORKFLOW');
  });

  const closed = {status: 403, headers: edge, body: {errorMessages: ['no'], errors: {}}};
  test('feed-unavailable: a warning that names the feeds', async () => {
    const routes = {'/rest/api/3/users/search': closed, '/rest/agile/1.0/board': {status: 500, body: ''}};
    const {examined} = await onCloud({routes}, {connector: 'jira-feeds'});
    expect(codeOf(examined)).toBeNull();
    expect(examined.report.outcome).toBe('passed');
    expect(examined.report.steps[7]).toMatchObject({
      status: 'warning',
      detail: 'no answer from users (403), boards (500); sprints were not asked; the others answer',
    });
    expect(examined.report.warnings).toEqual([
      {code: 'feed-unavailable', title: expect.stringContaining('users, boards')},
    ]);
  });

  const feedPaths = ['project/search', 'search/jql', 'users/search'].map(path => `/rest/api/3/${path}`);
  const noFeeds = Object.fromEntries([...feedPaths, '/rest/agile/1.0/board'].map(path => [path, closed]));
  test('feed-unavailable: no feed at all is a failure for Jira Feeds, a doubt for Jira Software', async () => {
    const feeds = await onCloud({routes: noFeeds}, {connector: 'jira-feeds'});
    expect(codeOf(feeds.examined)).toBe('feed-unavailable');
    const software = await onCloud({routes: noFeeds});
    expect(codeOf(software.examined)).toBeNull();
    expect(software.examined.report.steps[7]).toMatchObject({status: 'warning'});
  });

  const afterSignIn = [...feedPaths, '/rest/agile/1.0/board', '/rest/api/2/mypermissions'];
  test.each([
    ['site-unavailable', {status: 503, headers: edge, body: ''}],
    ['server-error', {status: 500, headers: edge, body: ''}],
    ['answer-unreadable', {headers: {...edge, 'content-type': 'application/json'}, body: '{"values":'}],
  ] as [string, Route][])(
    '%s: a server at fault after the sign-in says nothing about the account',
    async (code, route) => {
      for (const connector of ['jira-software', 'jira-feeds'] as const) {
        const routes = Object.fromEntries(afterSignIn.map(path => [path, route]));
        const {examined} = await onCloud({routes}, {connector});
        expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe(code);
        expect(examined.report.outcome).toBe('unverified');
      }
    },
  );

  test('connection-reset: every connection after the sign-in is cut', async () => {
    const jira = cloudJira({token});
    const handler: Handler = (asked, response) => {
      if (!afterSignIn.includes(asked.path)) return jira(asked, response);
      response.socket?.destroy();
      return undefined;
    };
    const server = await using(serve(handler, {tls: (await bench()).issued}));
    for (const connector of ['jira-software', 'jira-feeds'] as const) {
      const examined = await run(
        target('https://acme.atlassian.net', token, {connector}),
        await reach({resolve: atlassianAt(server.port)}),
      );
      expect(codeOf(examined)).toBe('connection-reset');
      expect(examined.report.outcome).toBe('unverified');
    }
  });

  test.each([
    ['site-unavailable', 503],
    ['server-error', 500],
  ])('%s: no feed answers but with %i, and the permissions do', async (code, status) => {
    const routes = Object.fromEntries(
      [...feedPaths, '/rest/agile/1.0/board'].map(path => [path, {status, headers: edge, body: ''}]),
    );
    const feeds = await onCloud({routes}, {connector: 'jira-feeds'});
    expect(codeOf(feeds.examined)).toBe(code);
    expect(feeds.examined.report.outcome).toBe('unverified');
    expect(feeds.examined.report.failure?.evidence[0]).toContain(`HTTP ${status}`);
    expect(codeOf((await onCloud({routes})).examined)).toBeNull();
  });

  const projects = '/rest/api/3/project/search';
  const mypermissions = '/rest/api/2/mypermissions';
  const blocked = {status: 403, headers: {server: 'BlueCoat'}, body: page('Access Denied')};

  test.each([403, 404])('feed-unavailable: Jira’s own %i to the only list Jira Software reads', async status => {
    const refusal = {status, headers: edge, body: {errorMessages: ['no'], errors: {}}};
    for (const unknown of [
      {status: 500, body: ''},
      {status: 401, headers: edge, body: ''},
    ]) {
      const {examined} = await onCloud({routes: {[projects]: refusal, [mypermissions]: unknown}});
      expect(codeOf(examined)).toBe('feed-unavailable');
      expect(examined.report.outcome).toBe('failed');
      expect(exitCodeOf(examined.report)).toBe(5);
      expect(examined.report.failure?.title).toContain('projects');
    }
    const allowed = await onCloud({routes: {[projects]: refusal}});
    expect(codeOf(allowed.examined)).toBeNull();
    expect(allowed.examined.report.warnings.map(({code}) => code)).toEqual(['feed-unavailable']);
    expect(allowed.examined.report.steps[7]?.detail).toContain('Jira says that the account may browse projects');
  });

  test.each<[code: string, what: string, route: Route]>([
    ['intercepted', 'a filter', blocked],
    ['intercepted', 'a refusal without any mark', {status: 403, body: 'policy 17'}],
    ['intercepted', 'a gate', {status: 401, headers: {'www-authenticate': 'Basic realm="x"'}, body: ''}],
    ['rate-limited', '429', {status: 429, headers: {...edge, 'retry-after': '3'}, body: ''}],
  ])('%s: %s before the only list says nothing about the account', async (code, _what, route) => {
    for (const routes of [{[projects]: route}, {[projects]: route, [mypermissions]: route}]) {
      const {examined} = await onCloud({routes});
      expect(codeOf(examined)).toBe(code);
      expect(examined.report.outcome).toBe('unverified');
      expect(exitCodeOf(examined.report)).toBe(9);
    }
    const all = Object.fromEntries([...feedPaths, '/rest/agile/1.0/board'].map(path => [path, route]));
    expect(codeOf((await onCloud({routes: all}, {connector: 'jira-feeds'})).examined)).toBe(code);
  });

  test('feed-unavailable: what a filter or a limit keeps away is not put down to the account', async () => {
    const slow = {status: 429, headers: edge, body: ''};
    const routes = {'/rest/api/3/users/search': blocked, '/rest/agile/1.0/board': slow};
    const {examined} = await onCloud({routes}, {connector: 'jira-feeds'});
    expect(codeOf(examined)).toBeNull();
    const detail = examined.report.steps[7]?.detail ?? '';
    expect(detail).toMatch(/users \(403 by Symantec ProxySG.*BlueCoat\), boards \(429\)/);
    const [warning] = examined.report.warnings;
    expect(warning).toMatchObject({code: 'feed-unavailable', title: expect.stringMatching(/users \(403 by Symantec/)});
    expect(`${detail} ${warning?.title}`).not.toContain('for this account');
  });

  test.each<[who: string, route: Route]>([
    ['403 by Symantec ProxySG', blocked],
    ['401 by Jira', {status: 401, headers: edge, body: ''}],
  ])('permissions that could not be asked are a doubt: %s', async (who, route) => {
    const {examined} = await onCloud({routes: {[mypermissions]: route}});
    expect(codeOf(examined)).toBeNull();
    expect(examined.report.steps[6]).toMatchObject({status: 'warning'});
    expect(examined.report.steps[6]?.detail).toContain(`BROWSE_PROJECTS could not be checked (${who}`);
  });

  test('a kanban board has no sprints to ask for', async () => {
    const routes = {'/rest/agile/1.0/board': {body: {values: [{id: 7, type: 'kanban'}]}}};
    const {server, examined} = await onCloud({routes}, {connector: 'jira-feeds'});
    expect(examined.report.warnings).toEqual([]);
    expect(server.requests.some(({path}) => path.endsWith('/sprint'))).toBe(false);
  });

  test('a list of projects longer than is worth taking still is one', async () => {
    const long = Array.from({length: 20_000}, (_each, id) => ({id, key: `K${id}`, name: 'x'.repeat(60)}));
    const server = await using(serve(dataCenterJira({token: 'pw', routes: {'/rest/api/2/project': {body: long}}})));
    const examined = await run(target(server.url, 'pw', {username: 'you', connector: 'jira-feeds'}), await reach());
    expect(codeOf(examined), JSON.stringify(examined.report)).toBeNull();
    expect(examined.report.warnings).toEqual([]);
  });

  test('answer-timed-out: time that ends while permissions are asked for is named so', async () => {
    const stall = {'/rest/api/2/mypermissions': () => undefined, '/rest/api/3/project/search': () => undefined};
    const server = await using(serve(cloudJira({token, routes: stall}), {tls: (await bench()).issued}));
    const examined = await run(
      target('https://acme.atlassian.net', token),
      await reach({resolve: atlassianAt(server.port), timeoutMs: 1500}),
    );
    expect(codeOf(examined)).toBe('answer-timed-out');
    expect(examined.report.failure?.step).toBe('permissions');
  });
});

describe('connections that end', () => {
  test('a kept connection closed by the server is replaced unnoticed', async () => {
    const jira = cloudJira({token});
    const server = await using(
      serve((asked, response) => {
        if (asked.path === '/rest/api/2/serverInfo')
          response.once('finish', () => setImmediate(() => response.socket?.destroy()));
        return jira(asked, response);
      }),
    );
    expect(codeOf(await run(target(server.url, token), await reach()))).toBeNull();
  });

  test('a server that closes after each answer, or speaks HTTP/1.0, is served', async () => {
    const jira = cloudJira({token});
    const server = await using(
      serve((asked, response) => {
        response.setHeader('connection', 'close');
        return jira(asked, response);
      }),
    );
    expect(codeOf(await run(target(server.url, token), await reach()))).toBeNull();
  });

  test('the signal ends a test at once, by an AbortError', async () => {
    const stop = new AbortController();
    const server = await using(serveRaw(() => stop.abort()));
    await expect(run(target(server.url, token), await reach(), stop.signal)).rejects.toMatchObject({
      name: 'AbortError',
    });
    await expect(run(target(server.url, token), await reach(), stop.signal)).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  test('a port nobody listens on any more is named, not a bug', async () => {
    expect(codeOf(await run(target(`http://127.0.0.1:${await closedPort()}`, token), await reach()))).toBe(
      'connection-refused',
    );
  });
});
