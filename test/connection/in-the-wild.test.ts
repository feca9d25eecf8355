/** What real servers, gateways and filters answered, rebuilt over sockets: each is judged by who gave it, then by what it says. */
import {describe, expect, test} from 'vitest';
import type {Target} from '../../source/diagnosis/examination.ts';
import {
  basic,
  cloudId,
  cloudJira,
  dataCenterJira,
  type JiraOptions,
  syntheticPat,
  syntheticToken,
} from '../support/jira.ts';
import {type Handler, type Reply, serve} from '../support/lab/serve.ts';
import {atlassianAt, bench, codeOf, type Examined, reach, run, target, using} from './lab.ts';

const token = syntheticToken();
const pat = syntheticPat();
const html = (title: string, text = title) =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${text}</h1></body></html>`;
const page = (status: number, title: string, headers: Record<string, string> = {}, text = title): Reply => ({
  status,
  headers: {'content-type': 'text/html; charset=utf-8', ...headers},
  body: html(title, text),
});
const marks = {'x-arequestid': '61x1x1', 'x-anodeid': 'n1'};

type Answers = (asked: Parameters<Handler>[0]) => Reply | undefined;

/** A Jira in front of which some questions are answered otherwise. */
const before =
  (jira: Handler, answers: Answers): Handler =>
  (asked, response) =>
    answers(asked) ?? jira(asked, response);

async function onCloud(answers: Answers, options: JiraOptions = {}, changes: Partial<Target> = {}, secret = token) {
  const handler = before(cloudJira({token: secret, ...options}), answers);
  const server = await using(serve(handler, {tls: (await bench()).issued}));
  const examined = await run(
    target('https://acme.atlassian.net', secret, changes),
    await reach({resolve: atlassianAt(server.port)}),
  );
  return {examined, server};
}

async function onDataCenter(
  answers: Answers,
  secret = pat,
  scheme: 'basic' | 'bearer' = 'bearer',
  changes: Partial<Target> = {},
) {
  const handler = before(dataCenterJira({token: secret, scheme}), answers);
  const server = await using(serve(handler, {tls: (await bench()).issued}));
  const resolve = [{host: 'jira.acme.example', port: 443, address: '127.0.0.1', toPort: server.port}];
  const examined = await run(
    target('https://jira.acme.example', secret, {username: 'you', ...changes}),
    await reach({resolve}),
  );
  return {examined, server};
}

const outcome = ({report}: Examined) => report.outcome;
const warnings = ({report}: Examined) => report.warnings.map(({code}) => code);
const firstAction = ({report}: Examined) => report.failure?.checklist[0]?.action ?? '';
const told = ({report}: Examined) =>
  [report.failure?.title, ...(report.failure?.evidence ?? [])].filter(each => each !== undefined).join('\n');
const everything = ({report}: Examined) => JSON.stringify(report.failure);
const isMyself = (path: string) => path.endsWith('/rest/api/2/myself');
const schemeOf = (authorization: string | undefined) => authorization?.split(' ')[0]?.toLowerCase() ?? 'none';

const forbidden = page(403, 'Forbidden (403)', {...marks, 'x-ausername': 'anonymous'});

describe('Basic refused without a reason', () => {
  const basicForbidden: Answers = asked =>
    isMyself(asked.path) && schemeOf(asked.headers.authorization) === 'basic' ? forbidden : undefined;

  test('a personal access token passes as Bearer', async () => {
    const {examined} = await onDataCenter(basicForbidden);
    expect(codeOf(examined)).toBeNull();
    expect(warnings(examined)).toContain('pat-needs-bearer');
  });

  test('a secret that has no known shape is tried as Bearer once', async () => {
    const {examined, server} = await onDataCenter(basicForbidden, 'b5Qz81LmPq0ZrT9vXw3YkCs2NdHg7JfE4uAo6Ri1');
    expect(codeOf(examined)).toBeNull();
    expect(server.requests.filter(({headers}) => schemeOf(headers.authorization) === 'basic')).toHaveLength(1);
  });

  test('a password is not blamed, nor called an account without Jira', async () => {
    const {examined} = await onDataCenter(basicForbidden, 'correct horse battery', 'basic');
    expect(['basic-auth-disabled', 'sign-in-unclear']).toContain(codeOf(examined));
    expect(everything(examined)).toMatch(/only personal access tokens/i);
  });
});

describe('redirects', () => {
  const login = (headers: Record<string, string>): Answers => {
    const away: Reply = {status: 302, headers: {location: '/plugins/servlet/samlsso?redirectTo=%2F', ...headers}};
    return asked => (asked.headers.authorization === undefined && asked.path !== '/status' ? away : undefined);
  };

  test('with Jira’s marks it is Jira that sends visitors to a login: the token is tried', async () => {
    const {examined} = await onDataCenter(login({...marks, 'x-ausername': 'anonymous'}), pat, 'bearer', {
      scheme: 'bearer',
    });
    expect(codeOf(examined)).toBeNull();
  });

  test('without any mark it is a login gate: the token was not tried, and how to try it is said', async () => {
    const {examined, server} = await onDataCenter(login({server: 'openresty'}), pat, 'bearer', {scheme: 'bearer'});
    expect(codeOf(examined)).toBe('sso-redirect');
    expect(server.requests.every(({headers}) => headers.authorization === undefined)).toBe(true);
    expect(everything(examined)).toMatch(/not tried/i);
    expect(everything(examined)).toMatch(/curl/);
  });

  test('a starting Jira has not moved: /status is asked before that is said', async () => {
    const {examined} = await onDataCenter(asked =>
      asked.path === '/status'
        ? {status: 503, body: {state: 'STARTING'}}
        : {status: 302, headers: {location: `/startup.jsp?returnTo=${encodeURIComponent(asked.path)}`}},
    );
    expect(codeOf(examined)).toBe('site-unavailable');
    expect(told(examined)).toContain('STARTING');
    expect(everything(examined)).toContain('--watch');
  });
});

describe('locked after failed logins', () => {
  const words = page(403, 'Basic Authentication Failure - Reason : AUTHENTICATION_DENIED', {server: 'nginx'});
  test.each([
    ['with every header of Jira stripped', words],
    ['with a request id alone', {...words, headers: {...words.headers, 'x-arequestid': '1x2x3'}}],
    [
      'as a 200 with the reason in the header',
      {headers: {...marks, 'x-seraph-loginreason': 'AUTHENTICATION_DENIED'}, body: {failedLoginCount: 5}},
    ],
    [
      'as a 401 with the reason in the header',
      {status: 401, headers: {...marks, 'x-seraph-loginreason': 'AUTHENTICATION_DENIED'}},
    ],
  ] satisfies [string, Reply][])('%s', async (_how, answer) => {
    const {examined} = await onDataCenter(
      asked => (isMyself(asked.path) && asked.headers.authorization !== undefined ? answer : undefined),
      'correct horse battery',
      'basic',
    );
    expect(codeOf(examined)).toBe('captcha-required');
  });
});

describe('a 401 judges the pair only where somebody tried it', () => {
  test.each([
    ['seraph OUT', {...marks, 'x-seraph-loginreason': 'OUT', 'x-ausername': 'anonymous'}],
    ['anonymous, without any seraph reason but OUT in a list', {...marks, 'x-seraph-loginreason': 'OUT, OUT'}],
  ])('%s: the header did not arrive, a proxy first', async (_how, headers) => {
    const {examined} = await onDataCenter(
      asked =>
        isMyself(asked.path)
          ? {status: 401, headers, body: {message: 'Client must be authenticated', 'status-code': 401}}
          : undefined,
      'correct horse battery',
      'basic',
    );
    expect(['signed-in-as-nobody', 'sign-in-unclear']).toContain(codeOf(examined));
    expect(firstAction(examined)).toMatch(/proxy/i);
  });

  test('a Cloud token at a Data Center: first, that it was made for Cloud', async () => {
    const {examined} = await onDataCenter(() => undefined, syntheticToken(), 'basic', {
      token: target('https://jira.acme.example', token).token,
    });
    expect(firstAction(examined)).toMatch(/Cloud/);
    expect(firstAction(examined)).toMatch(/personal access token/i);
  });

  test('“passwords are deprecated” said of a token whose checksum is right does not call it a password', async () => {
    const {examined} = await onCloud(asked =>
      isMyself(asked.path) && asked.headers.authorization !== undefined
        ? {
            status: 401,
            headers: {server: 'AtlassianEdge', 'x-arequestid': 'r', 'x-seraph-loginreason': 'AUTHENTICATED_FAILED'},
            body: 'Basic authentication with passwords is deprecated.  For more information, see the documentation.',
          }
        : undefined,
    );
    expect(codeOf(examined)).toBe('credentials-rejected');
    expect(everything(examined)).not.toMatch(/was given an? (?:account )?password/i);
  });

  test('the Bearer try is cut: unverified, the cut in the evidence', async () => {
    const handler: Handler = (asked, response) => {
      if (isMyself(asked.path) && schemeOf(asked.headers.authorization) === 'bearer') {
        response.socket?.destroy();
        return undefined;
      }
      return dataCenterJira({token: pat, scheme: 'bearer'})(asked, response);
    };
    const server = await using(serve(handler, {tls: (await bench()).issued}));
    const examined = await run(target(server.url, pat, {username: 'you'}), await reach());
    expect(outcome(examined)).toBe('unverified');
    expect(told(examined)).toMatch(/ECONNRESET|reset|cut|EPIPE/i);
  });

  test('Kerberos in front of Jira is named', async () => {
    const {examined} = await onDataCenter(
      asked =>
        asked.headers.authorization === undefined
          ? undefined
          : page(401, '401 Authorization Required', {server: 'Apache', 'www-authenticate': 'Negotiate'}),
      'correct horse battery',
      'basic',
    );
    expect(outcome(examined)).toBe('unverified');
    expect(everything(examined)).toMatch(/Kerberos/);
  });
});

describe('the gateway’s own reasons after the site’s 401', () => {
  const gateway =
    (reply: Reply): Answers =>
    asked =>
      asked.path.startsWith(`/ex/jira/${cloudId}/`) ? reply : undefined;
  const edge = {server: 'AtlassianEdge', 'atl-traceid': 'a1b2'};
  test.each([
    [
      'its IP allowlist',
      'ip-not-allowed',
      'unverified',
      {
        status: 403,
        headers: edge,
        body: {
          errorMessages: ['The IP address has been rejected because it is not on the allowed list. See your admin.'],
        },
      },
    ],
    [
      'an admin’s policy',
      'api-access-blocked',
      'failed',
      {
        status: 403,
        headers: edge,
        body: {code: 403, message: 'Your organization admin has blocked API token access for this account'},
      },
    ],
    [
      'an account without Jira',
      'no-jira-access',
      'failed',
      {
        status: 403,
        headers: {...edge, 'x-aaccountid': '5b10'},
        body: {message: 'Current user not permitted to use Jira'},
      },
    ],
    [
      'a scope',
      'token-scope-missing',
      'failed',
      {
        status: 401,
        headers: {...edge, 'x-failure-category': 'FAILURE_CLIENT_SCOPE_CHECK'},
        body: {code: 401, message: 'Unauthorized; scope does not match'},
      },
    ],
  ] satisfies [string, string, string, Reply][])('%s', async (_what, code, verdict, reply) => {
    const {examined} = await onCloud(gateway(reply), {accepts: 'nowhere'});
    expect(codeOf(examined)).toBe(code);
    expect(outcome(examined)).toBe(verdict);
  });

  test('it does not know the site: unverified, exit of the site', async () => {
    const {examined} = await onCloud(
      gateway({
        status: 404,
        headers: {...edge, 'x-failure-category': 'FAILURE_CLIENT_TCS'},
        body: {message: 'No message available'},
      }),
      {accepts: 'nowhere'},
    );
    expect(outcome(examined)).toBe('unverified');
    expect(codeOf(examined)).not.toBe('credentials-rejected');
  });

  test('a service account that takes Bearer only passes, by the gateway, its scheme kept', async () => {
    const username = 'feeds@serviceaccount.atlassian.com';
    const jira = cloudJira({token, username, accepts: 'gateway'});
    const answers: Answers = asked => {
      if (!asked.path.startsWith('/ex/')) return undefined;
      if (schemeOf(asked.headers.authorization) !== 'bearer')
        return {
          status: 401,
          headers: {...edge, 'x-failure-category': 'FAILURE_CLIENT_AUTH_MISMATCH'},
          body: {code: 401, message: 'Unauthorized'},
        };
      return jira({...asked, headers: {...asked.headers, authorization: basic(username, token)}}, Object.create(null));
    };
    const {examined} = await onCloud(answers, {username, accepts: 'gateway'}, {username});
    expect(codeOf(examined)).toBeNull();
    expect(examined.report.route).toBe('gateway');
    expect(examined.scheme).toBe('bearer');
  });

  test('credentials-rejected of a service account is proven only when both schemes were refused', async () => {
    const username = 'feeds@serviceaccount.atlassian.com';
    const {examined, server} = await onCloud(() => undefined, {accepts: 'nowhere'}, {username});
    expect(codeOf(examined)).toBe('credentials-rejected');
    const schemes = server.requests
      .filter(({path}) => path.startsWith('/ex/'))
      .map(({headers}) => schemeOf(headers.authorization));
    expect(schemes.toSorted()).toEqual(['basic', 'bearer']);
  });
});

describe('at an Atlassian host an answer without Atlassian’s marks is somebody else’s', () => {
  const statuses = [
    200, 202, 204, 301, 302, 303, 307, 400, 401, 403, 404, 405, 406, 410, 418, 421, 429, 451, 500, 502, 503, 504, 511,
  ];
  test.each(statuses)('%i, whatever it means', async status => {
    for (const reply of [
      page(status, 'Something', {server: 'nginx', location: 'https://portal.acme.example/x'}),
      {status, headers: {'x-powered-by': 'me', location: 'https://portal.acme.example/login'}, body: {error: 'no'}},
    ]) {
      const {examined, server} = await onCloud(() => reply);
      expect(outcome(examined)).toBe('unverified');
      expect(['intercepted', 'rate-limited'], `${status}`).toContain(codeOf(examined));
      expect(server.requests.every(({headers}) => headers.authorization === undefined)).toBe(true);
      expect(everything(examined)).not.toContain('https://NAME.atlassian.net');
      expect(everything(examined)).not.toMatch(/atlassian-jira\.log|server\.xml/);
    }
  });

  test.each([
    [
      'a block of Umbrella',
      {status: 303, headers: {location: 'https://block.opendns.com/main?url=x', server: 'openresty'}},
      /OpenDNS|Umbrella/,
    ],
    ['a captive portal', {status: 302, headers: {location: 'http://wifi.hotel.example/portail/?r=1'}}, /network/i],
    ['PAN-OS', page(503, 'Web Page Blocked'), /Web Page Blocked/],
    ['a proxy that failed', page(502, 'Proxy Error', {via: '1.1 webproxy.acme.example'}), /webproxy/],
    ['a law', page(451, 'Site restricted'), /Site restricted/],
  ] satisfies [string, Reply, RegExp][])('%s is named', async (_what, reply, name) => {
    const {examined} = await onCloud(() => reply);
    expect(codeOf(examined)).toBe('intercepted');
    expect(everything(examined)).toMatch(name);
    expect(everything(examined)).not.toMatch(/--watch|server\.xml|Enter https?:\/\/(?:block|wifi)/);
  });
});

describe('in front of a Data Center', () => {
  test.each([
    [
      'a challenge of a web firewall',
      {status: 202, headers: {'x-amzn-waf-action': 'challenge', server: 'awselb/2.0'}},
      'intercepted',
      /web firewall|AWS|Amazon/i,
    ],
    [
      'Imperva',
      page(
        200,
        'Loading',
        {'x-cdn': 'Imperva', 'x-iinfo': '9-123-0 0NNN RT(1 2)'},
        'Request unsuccessful. Incapsula incident ID: 877000430-12345',
      ),
      'intercepted',
      /877000430-12345/,
    ],
    [
      'Cloudflare without the origin',
      page(522, 'jira.acme.example | 522: Connection timed out', {
        server: 'cloudflare',
        'cf-ray': '8f00aa11bb22cc33-FRA',
      }),
      'site-unavailable',
      /8f00aa11bb22cc33-FRA/,
    ],
    [
      'a form that posts itself to an identity provider',
      page(
        200,
        'Working...',
        {server: 'nginx'},
        '<form method="POST" action="https://adfs.acme.example/adfs/ls/"><input name="SAMLRequest" value="PHNhbWw+"/></form><script>document.forms[0].submit()</script>',
      ),
      'sso-redirect',
      /adfs\.acme\.example|login/,
    ],
    ['another virtual host', page(421, 'Misdirected Request', {server: 'Apache'}), 'not-jira', /virtual host/],
    [
      'Akamai',
      page(
        403,
        'Access Denied',
        {server: 'AkamaiGHost'},
        'You don’t have permission. Reference #18.4f1e2d3c.1700000000.1a2b3c4d',
      ),
      'intercepted',
      /18\.4f1e2d3c\.1700000000\.1a2b3c4d/,
    ],
    [
      'F5',
      page(
        200,
        'Request Rejected',
        {},
        'The requested URL was rejected. Please consult with your administrator. Your support ID is: 1234567890123456789',
      ),
      'intercepted',
      /1234567890123456789/,
    ],
    [
      'Azure',
      page(503, 'Our services aren’t available right now', {'x-azure-ref': '20261125T000000Z-abc123'}),
      'site-unavailable',
      /20261125T000000Z-abc123/,
    ],
  ] satisfies [string, Reply, string, RegExp][])('%s', async (_what, reply, code, evidence) => {
    const {examined} = await onDataCenter(() => reply);
    expect(codeOf(examined)).toBe(code);
    expect(outcome(examined)).toBe('unverified');
    expect(everything(examined)).toMatch(evidence);
    expect(everything(examined)).not.toMatch(/atlassian-jira\.log/);
  });
});

describe('beside a pass', () => {
  test('permissions that answer 500 are a warning', async () => {
    const {examined} = await onDataCenter(asked =>
      asked.path.endsWith('/mypermissions')
        ? {status: 500, headers: marks, body: {errorMessages: ['boom']}}
        : undefined,
    );
    expect(examined.report.steps.find(({id}) => id === 'permissions')?.status).toBe('warning');
    expect(examined.report.warnings.length).toBeGreaterThan(0);
  });

  test('a missing scope of boards alone is named, with the one who can add it', async () => {
    const jira = cloudJira({token, accepts: 'gateway'});
    const {examined} = await onCloud(
      asked =>
        asked.path.includes('/ex/') && asked.path.includes('/agile/')
          ? {
              status: 401,
              headers: {'x-failure-category': 'FAILURE_CLIENT_SCOPE_CHECK', server: 'AtlassianEdge'},
              body: {code: 401, message: 'Unauthorized; scope does not match'},
            }
          : jira(asked, Object.create(null)),
      {accepts: 'gateway'},
      {connector: 'jira-feeds'},
    );
    expect(codeOf(examined)).toBeNull();
    expect(examined.report.warnings.map(({title}) => title).join('\n')).toContain('read:board-scope:jira-software');
  });

  test('Jira Software without a write permission passes with a warning that names it', async () => {
    const {examined} = await onCloud(asked => {
      if (!asked.path.endsWith('/mypermissions')) return undefined;
      const keys = (new URLSearchParams(asked.url.split('?')[1]).get('permissions') ?? '').split(',');
      const permissions = Object.fromEntries(keys.map(key => [key, {key, havePermission: key !== 'CREATE_ISSUES'}]));
      return {headers: {server: 'AtlassianEdge', 'x-arequestid': 'r'}, body: {permissions}};
    });
    expect(codeOf(examined)).toBeNull();
    const warning = examined.report.warnings.find(({code}) => code === 'permission-advisory');
    expect(warning?.title).toContain('CREATE_ISSUES');
  });

  test('a portal customer is said to be no Jira user', async () => {
    const {examined} = await onCloud(asked =>
      isMyself(asked.path) && asked.headers.authorization !== undefined
        ? {
            headers: {server: 'AtlassianEdge', 'x-arequestid': 'r', 'x-aaccountid': 'qm:1'},
            body: {
              accountId: 'qm:1',
              accountType: 'customer',
              displayName: 'Customer',
              active: true,
              emailAddress: 'you@acme.com',
            },
          }
        : undefined,
    );
    expect(codeOf(examined)).toBe('no-jira-access');
    expect(everything(examined)).toMatch(/portal/i);
  });
});
