/**
 * What users of other programs reported in public, rebuilt over sockets with bytes of our own: an answer of each kind, and
 * the cause that is named for it.
 */
import {describe, expect, test} from 'vitest';
import {
  cloudJira,
  type DataCenterOptions,
  dataCenterJira,
  type JiraOptions,
  syntheticPat,
  syntheticToken,
} from '../support/jira.ts';
import {type Asked, type Handler, type Reply, serve} from '../support/lab/serve.ts';
import {atlassianAt, bench, codeOf, type Examined, reach, run, target, using} from './lab.ts';

const token = syntheticToken();
const pat = syntheticPat();
const marks = {'x-arequestid': '61x1x1', 'x-anodeid': 'n1'};
const edge = {server: 'AtlassianEdge', 'atl-traceid': 'cafe0123cafe0123cafe0123cafe0123'};

const page = (
  status: number,
  title: string,
  headers: Record<string, string> = {},
  body = `<h1>${title}</h1>`,
): Reply => ({
  status,
  headers: {'content-type': 'text/html; charset=utf-8', ...headers},
  body: `<!DOCTYPE html><html><head><title>${title}</title></head><body>${body}</body></html>`,
});

type Answers = (asked: Asked) => Reply | undefined;
const always =
  (reply: Reply): Answers =>
  () =>
    reply;
const isMyself = ({path}: Asked): boolean => path.endsWith('/rest/api/2/myself');
const schemeOf = ({headers}: Asked): string => headers.authorization?.split(' ')[0] ?? 'none';
const before =
  (jira: Handler, answers: Answers): Handler =>
  (asked, response) =>
    answers(asked) ?? jira(asked, response);

async function onCloud(answers: Answers, options: JiraOptions = {}) {
  const handler = before(cloudJira({token, ...options}), answers);
  const server = await using(serve(handler, {tls: (await bench()).issued}));
  const examined = await run(
    target('https://acme.atlassian.net', token),
    await reach({resolve: atlassianAt(server.port)}),
  );
  return {examined, server};
}

async function onDataCenter(answers: Answers, secret = pat, options: DataCenterOptions = {scheme: 'bearer'}) {
  const handler = before(dataCenterJira({token: secret, ...options}), answers);
  const server = await using(serve(handler, {tls: (await bench()).issued}));
  const resolve = [{host: 'jira.acme.example', port: 443, address: '127.0.0.1', toPort: server.port}];
  const examined = await run(target('https://jira.acme.example', secret, {username: 'you'}), await reach({resolve}));
  return {examined, server};
}

const warnings = ({report}: Examined) => report.warnings.map(({code}) => code);
const actions = ({report}: Examined) => report.failure?.checklist.map(({action}) => action) ?? [];

describe('Atlassian’s machines under every name they have had', () => {
  test.each([
    {server: 'Atlassian Proxy/0.1.131', 'atl-vtm-time': '22'},
    {server: 'AtlassianProxy/1.15.8.1'},
    {server: 'globaledge-envoy', 'atl-traceid': '77b91abbfe86ba00', 'x-envoy-upstream-service-time': '7455'},
    {server: 'envoy', 'atl-request-id': 'c1c0'},
    {'Atl-Vtm-Backend-Time': '21'},
  ])('a 502 by %o is an outage of theirs, and no filter', async headers => {
    const {examined} = await onCloud(always(page(502, 'Oops', {...headers})));
    expect(codeOf(examined)).toBe('site-unavailable');
  });

  test('a missing site is named without its header too, as likely', async () => {
    for (const reply of [
      {status: 404, headers: edge, body: {errorMessage: 'Site temporarily unavailable', errorCode: 'OTHER'}},
      page(404, 'Atlassian Cloud Notifications - Page Unavailable', edge),
    ]) {
      const {examined} = await onCloud(always(reply));
      expect(codeOf(examined)).toBe('site-not-found');
      expect(examined.report.failure?.certainty).toBe('likely');
    }
  });

  test('a 401 as a page or as XML is the refusal it is in JSON', async () => {
    for (const reply of [
      page(401, 'Unauthorized (401)', {...edge, 'x-arequestid': 'z1'}),
      {
        status: 401,
        headers: {...edge, 'x-arequestid': 'z2', 'content-type': 'application/xml'},
        body: '<?xml version="1.0"?><status><status-code>401</status-code><message>No</message></status>',
      },
    ]) {
      const {examined} = await onCloud(() => undefined, {
        accepts: 'nowhere',
        routes: {'/rest/api/2/myself': reply},
      });
      expect(codeOf(examined)).toBe('credentials-rejected');
    }
  });

  test.each(['This feature is only accessible from the UI.', 'Refused.'])(
    'a 403 with Jira’s marks is Jira’s: nothing in front of it is asked about first (%s)',
    async error => {
      const {examined} = await onCloud(asked =>
        isMyself(asked) ? {status: 403, headers: {...edge, 'x-arequestid': 'u1'}, body: {error}} : undefined,
      );
      expect(codeOf(examined)).toBe('sign-in-unclear');
      expect(examined.report.failure?.title).toMatch(/^Jira at acme\.atlassian\.net refused/);
      expect(examined.report.failure?.evidence.join()).toContain(error);
      expect(actions(examined)[0]).not.toMatch(/proxy|firewall|gate/);
    },
  );
});

describe('login gates', () => {
  const door = (way: string) => page(200, 'One moment', {server: 'nginx'}, way);
  test.each([
    ['a script', door('<script>setTimeout(function(){window.location.href="/auth/realms/acme/x"},500)</script>')],
    [
      'a refresh',
      page(200, 'Go', {}, '<meta http-equiv="Refresh" content="0; URL=https://sts.acme.example/adfs/ls/?x=1">'),
    ],
    ['a replaced location', door("<script>location.replace('/sso/login')</script>")],
    ['the frame of a second factor', door('<iframe id="duo" data-host="api-1234.duosecurity.com"></iframe>')],
    ['a refusal that leads on', page(401, '401', {}, '<script>location = "/oauth2/start?rd=%2F"</script>')],
    [
      'a refusal titled as a login',
      page(403, 'Sign In', {}, '<form action="/oauth2/start">Sign in with OpenID</form>'),
    ],
    ['F5', {status: 302, headers: {server: 'BigIP', location: '/my.policy'}}],
    ['Citrix', {status: 302, headers: {location: '/logon/LogonPoint/tmindex.html'}}],
    [
      'a load balancer of AWS',
      {status: 302, headers: {location: 'https://acme.auth.eu-west-1.amazoncognito.com/oauth2/authorize?x'}},
    ],
  ] satisfies [string, Reply][])('%s: no token is sent there, and how to try it is said', async (_what, reply) => {
    const {examined, server} = await onDataCenter(always(reply));
    expect(codeOf(examined)).toBe('sso-redirect');
    expect(actions(examined)[0]).toMatch(/was not tried here/);
    expect(server.requests.every(({headers}) => headers.authorization === undefined)).toBe(true);
  });

  const toLogin: Reply = {
    status: 302,
    headers: {...marks, 'x-ausername': 'anonymous', location: '/plugins/servlet/samlsso?redirectTo=%2F'},
  };
  const nobody: Reply = {headers: {...marks, 'x-ausername': 'anonymous'}, body: {}};

  test.each([
    ['sent to the login', toLogin],
    ['taken for nobody', nobody],
    ['refused without a word', {status: 403, headers: {...marks, 'x-ausername': 'anonymous'}}],
  ] satisfies [string, Reply][])('a personal access token %s as Basic passes as Bearer', async (_what, reply) => {
    const {examined} = await onDataCenter(asked => (schemeOf(asked) === 'Basic' ? reply : undefined));
    expect(codeOf(examined)).toBeNull();
    expect(warnings(examined)).toContain('pat-needs-bearer');
  });

  test.each([
    ['a second factor', '/plugins/servlet/twofactor/public/pinvalidation'],
    ['terms of use', '/secure/AcceptTerms!default.jspa'],
  ])('a signed-in request that is sent to %s of the same Jira has not moved', async (_what, location) => {
    const {examined} = await onDataCenter(asked =>
      schemeOf(asked) === 'none' ? undefined : {status: 302, headers: {...marks, location}},
    );
    expect(codeOf(examined)).toBe('sso-redirect');
    expect(examined.report.failure?.step).toBe('sign-in');
  });

  test('a bare 403 to the password, where Jira was a moment ago, is tried as Bearer', async () => {
    const refuse = page(403, '403 Forbidden', {server: 'nginx'});
    const {examined} = await onDataCenter(asked => (schemeOf(asked) === 'Basic' ? refuse : undefined));
    expect(codeOf(examined)).toBeNull();
    expect(warnings(examined)).toContain('pat-needs-bearer');
    const never = await onDataCenter(asked => (schemeOf(asked) === 'none' ? undefined : refuse));
    expect(codeOf(never.examined)).toBe('sign-in-unclear');
  });

  test('a request with the token that is sent to a login was tried, and is said to have been', async () => {
    const {examined, server} = await onDataCenter(asked => (schemeOf(asked) === 'none' ? undefined : toLogin));
    expect(codeOf(examined)).toBe('sso-redirect');
    expect(server.requests.map(schemeOf).filter(each => each !== 'none')).toEqual(['Basic', 'Bearer']);
    expect(actions(examined).join()).not.toMatch(/not tried/);
  });

  test('a password is sent once, and never again as Bearer after a 401', async () => {
    const refused = {status: 401, headers: {...marks, 'x-seraph-loginreason': 'AUTHENTICATED_FAILED'}, body: {}};
    const {examined, server} = await onDataCenter(
      asked => (schemeOf(asked) === 'none' ? undefined : refused),
      'Sommer-2026!',
      {},
    );
    expect(codeOf(examined)).toBe('credentials-rejected');
    expect(server.requests.map(schemeOf).filter(each => each !== 'none')).toEqual(['Basic']);
  });

  test.each(['Basic realm="Restricted"', 'Digest realm="x", nonce="y"', 'NTLM', 'Negotiate'])(
    'a web server that asks for a login of its own (%s) is told from a filter',
    async challenge => {
      const {examined} = await onDataCenter(
        always(page(401, '401 Authorization Required', {server: 'nginx', 'www-authenticate': challenge})),
      );
      expect(codeOf(examined)).toBe('intercepted');
      expect(examined.report.failure?.title).toMatch(/^A web server in front of jira\.acme\.example asks for/);
      expect(actions(examined).join()).not.toMatch(/unfiltered|hotel|HTTPS_PROXY/);
    },
  );
});

describe('web firewalls in front of the server', () => {
  test.each([
    [{server: 'ddos-guard'}, 'DDoS-Guard'],
    [{server: 'QRATOR'}, 'Qrator'],
    [{server: 'cloudflare', 'cf-ray': '8c0ffee00000beef-AMS', 'cf-mitigated': 'challenge'}, 'Cloudflare'],
    [{'x-sucuri-id': '12001'}, 'Sucuri'],
    [{server: 'AkamaiGHost'}, 'Akamai'],
  ])('%o: whoever runs it is asked, not the network of this machine', async (headers, name) => {
    const {examined} = await onDataCenter(always(page(403, 'Access check', {...headers})));
    expect(codeOf(examined)).toBe('intercepted');
    expect(examined.report.failure?.title).toContain(name);
    expect(actions(examined)[0]).toContain(name);
    expect(actions(examined).join()).not.toMatch(/unfiltered|hotel|HTTPS_PROXY/);
  });

  test.each([
    [
      'a refusal that names its firewall in words alone',
      page(406, 'Not Acceptable!', {server: 'Apache'}, 'This error was generated by Mod_Security.'),
    ],
    ['a page that doubts that a person asks', page(200, 'Making sure you&#39;re not a bot!')],
    ['a check before the page', page(503, 'One moment', {}, 'Checking your browser before accessing the site.')],
    ['a refusal by law', page(451, 'x')],
    ['a block page in Japanese', page(200, 'アクセスがブロックされました')],
    ['a block page in Russian', page(200, 'Сайт заблокирован')],
    ['a block page in Portuguese', page(200, 'Site bloqueado')],
  ])('%s is no other product, and no Jira that is down', async (_what, reply) => {
    const {examined} = await onDataCenter(always(reply));
    expect(codeOf(examined)).toBe('intercepted');
  });

  test.each([404, 410, 421])('a %s that names a front in passing is none of its refusals', async status => {
    const {examined} = await onDataCenter(always(page(status, 'Not here', {}, 'Served by Azure')));
    expect(codeOf(examined)).not.toBe('intercepted');
  });

  test('the number to quote stands in the request', async () => {
    const {examined} = await onDataCenter(
      always(page(403, 'No', {server: 'cloudflare', 'cf-ray': '8c0ffee00000beef-AMS'})),
    );
    expect(examined.report.failure?.checklist[0]?.request).toContain('8c0ffee00000beef-AMS');
  });

  test('a plain web server at an Atlassian host: where the name leads comes first', async () => {
    const {examined} = await onCloud(always(page(405, '405 Not Allowed', {server: 'nginx'})));
    expect(codeOf(examined)).toBe('intercepted');
    expect(actions(examined)[0]).toMatch(/where acme\.atlassian\.net leads/);
  });
});

describe('the server’s own reverse proxy', () => {
  test.each([
    ['IIS', page(502, '502 - Web server received an invalid response', {server: 'Microsoft-IIS/10.0'})],
    ['Apache', page(502, '502 Proxy Error', {server: 'Apache/2.4.58 (Debian)'})],
    [
      'Envoy',
      {status: 503, headers: {server: 'istio-envoy'}, body: 'upstream connect error. reset reason: connection failure'},
    ],
    ['a load balancer', page(504, '504 Gateway Time-out', {server: 'awselb/2.0'})],
  ] satisfies [string, Reply][])('%s without Jira behind it: unavailable', async (_what, reply) => {
    const {examined} = await onDataCenter(always(reply));
    expect(codeOf(examined)).toBe('site-unavailable');
  });

  test.each([
    [
      'Apache',
      page(404, '404 Not Found', {server: 'Apache/2.4.6'}, '<p>The requested URL was not found on this server.</p>'),
    ],
    [
      'a gateway',
      {status: 404, headers: {server: 'kong/3.4.0'}, body: {message: 'no Route matched with those values'}},
    ],
  ] satisfies [string, Reply][])('%s that knows no such path', async (_what, reply) => {
    const {examined} = await onDataCenter(always(reply));
    expect(codeOf(examined)).toBe('wrong-path');
  });

  test('a Jira with nothing at /myself is not said to be elsewhere', async () => {
    const {examined} = await onDataCenter(asked =>
      isMyself(asked)
        ? {
            status: 404,
            headers: {...marks, 'content-type': 'application/xml'},
            body: '<status><message>null for uri</message></status>',
          }
        : undefined,
    );
    expect(codeOf(examined)).toBe('wrong-path');
    expect(examined.report.failure?.title).toMatch(/is Jira, but has nothing at \/rest\/api\/2\/myself/);
  });

  test('a dead link is none, though Jira’s own marks are on it', async () => {
    const {examined} = await onDataCenter(always(page(404, 'Oops, you’ve found a dead link', marks)));
    expect(codeOf(examined)).toBe('wrong-path');
    expect(examined.report.failure?.title).not.toMatch(/is Jira/);
  });

  test('a redirect to http elsewhere may be a captive portal; Jira’s server.xml is not blamed', async () => {
    const {examined} = await onDataCenter(
      always({status: 302, headers: {location: 'http://captive.acme.example/guest'}}),
    );
    expect(actions(examined)[0]).toMatch(/guest or hotel network/);
    expect(actions(examined).join()).not.toMatch(/server\.xml/);
  });
});

describe('what does not matter to a Jira that works', () => {
  test.each([
    [
      'the list of tokens answers 429',
      ({path}: Asked) => (path.includes('/rest/pat/') ? page(429, 'Slow') : undefined),
    ],
    [
      '/status answers 503',
      ({path}: Asked) => (path === '/status' ? {status: 503, body: {state: 'ERROR'}} : undefined),
    ],
  ] satisfies [string, Answers][])('%s', async (_what, answers) => {
    const {examined} = await onDataCenter(answers, pat, {});
    expect(codeOf(examined)).toBeNull();
  });

  test('a 429 with Retry-After: 0 does not ask to wait 0 s', async () => {
    const {examined} = await onDataCenter(asked =>
      schemeOf(asked) === 'none'
        ? undefined
        : {status: 429, headers: {...marks, 'retry-after': '0'}, body: {message: 'Slow'}},
    );
    expect(codeOf(examined)).toBe('rate-limited');
    expect(JSON.stringify(examined.report.failure)).not.toMatch(/\b0 s\b/);
  });
});
