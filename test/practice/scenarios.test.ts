/** What each scenario shows on the wire, and that mending cures it at the same address with the same trust. */
import {X509Certificate} from 'node:crypto';
import {afterEach, describe, expect, test} from 'vitest';
import type {FailureCode} from '../../source/diagnosis/codes.ts';
import {type Practice, startPractice} from '../../source/practice/practice.ts';
import {practiceFaults} from '../../source/practice/scenarios.ts';
import {ask, askInClear, certificateOf, codeOf, type Got, throughProxy} from './client.ts';

let practice: Practice | null = null;
afterEach(async () => {
  await practice?.stop();
  practice = null;
});

const start = async (fault: FailureCode): Promise<Practice> => {
  practice = await startPractice({fault});
  return practice;
};

/** How the healthy Jira of each scenario is signed in to. */
const signIn = (at: Practice): Promise<Got> =>
  ask(at, {as: at.fault === 'pat-needs-bearer' ? 'practice-bearer' : 'practice'});

const clientCode: readonly (readonly [FailureCode, string | RegExp])[] = [
  ['connection-refused', 'ECONNREFUSED'],
  ['connection-reset', 'ECONNRESET'],
  ['certificate-untrusted', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ['certificate-chain-incomplete', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['certificate-expired', 'CERT_HAS_EXPIRED'],
  ['certificate-not-yet-valid', 'CERT_NOT_YET_VALID'],
  ['clock-wrong', 'CERT_NOT_YET_VALID'],
  ['certificate-wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['tls-handshake-failed', /^ERR_SSL_\w*ALERT\w*|^EPROTO$/],
  ['tls-not-spoken', /^EPROTO$|WRONG_VERSION_NUMBER|PACKET_LENGTH/],
  ['client-certificate-required', /CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE/],
  ['answer-unreadable', 'ECONNRESET'],
];

describe('faults before an answer', () => {
  test.each(clientCode)('%s: a client sees %s, and after mending an answer', async (fault, code) => {
    const at = await start(fault);
    const {port, url} = at;
    const seen = await codeOf(signIn(at));
    if (typeof code === 'string') expect(seen).toBe(code);
    else expect(seen).toMatch(code);
    await at.mend();
    expect((await signIn(at)).status).toBe(200);
    expect([at.port, at.url]).toEqual([port, url]);
  });

  test('the clock of clock-wrong is told in clear and fits its certificate, until it is mended', async () => {
    const at = await start('clock-wrong');
    const {headers, status} = await askInClear(`http://127.0.0.1:${at.port}/`);
    expect(status).toBe(400);
    const told = Date.parse(headers.date ?? '');
    const certificate = await certificateOf(at);
    expect(told).toBeGreaterThan(Date.parse(certificate.valid_from));
    expect(told).toBeLessThan(Date.parse(certificate.valid_to));
    expect(Date.now()).toBeLessThan(Date.parse(certificate.valid_from));
    await at.mend();
    const mended = Date.parse((await signIn(at)).headers.date ?? '');
    expect(Math.abs(mended - Date.now())).toBeLessThan(86_400_000);
  });

  test('the clock of certificate-not-yet-valid is right', async () => {
    const at = await start('certificate-not-yet-valid');
    const {headers} = await askInClear(`http://127.0.0.1:${at.port}/`);
    expect(Math.abs(Date.parse(headers.date ?? '') - Date.now())).toBeLessThan(86_400_000);
  });

  test('the missing issuer can be fetched where the leaf says, and completes the chain', async () => {
    const at = await start('certificate-chain-incomplete');
    const leaf = await certificateOf(at);
    const issuerUrl = leaf.infoAccess?.['CA Issuers - URI']?.[0] ?? '';
    const fetched = await askInClear(issuerUrl.replace('localhost', '127.0.0.1'));
    const issuer = new X509Certificate(fetched.body);
    expect(issuer.subject).toContain('Practice Intermediate CA');
    expect(new X509Certificate(leaf.raw).verify(issuer.publicKey)).toBe(true);
    expect(issuer.verify(new X509Certificate(at.caPem).publicKey)).toBe(true);
    expect((await ask(at, {ca: `${at.caPem}\n${issuer.toString()}`, as: 'practice'})).status).toBe(200);
  });

  test('the inspecting firewall gives itself away by its name', async () => {
    const at = await start('certificate-untrusted');
    expect((await certificateOf(at)).issuer.CN).toBe('Practice Corporate TLS Inspection CA');
  });

  test('the neighbour’s certificate lists its own names', async () => {
    const at = await start('certificate-wrong-host');
    expect((await certificateOf(at)).subjectaltname).toBe('DNS:wiki.acme.com, DNS:*.intranet.acme.com');
  });
});

describe('proxies', () => {
  test.each([
    ['proxy-authentication-required', 407],
    ['proxy-refused', 403],
  ] as const)('%s answers CONNECT with %i, and after mending lets through', async (fault, status) => {
    const at = await start(fault);
    const target = `localhost:${at.port}`;
    const refused = await throughProxy(at.proxy ?? '', target);
    expect(refused.status).toBe(status);
    expect(refused.headers.server).toBe('PracticeProxy/1.0');
    if (status === 407) expect(refused.headers['proxy-authenticate']).toContain('Basic');
    await at.mend();
    expect((await throughProxy(at.proxy ?? '', target)).status).toBe(200);
  });

  test('proxy-unreachable refuses, and after mending lets through', async () => {
    const at = await start('proxy-unreachable');
    expect(await codeOf(throughProxy(at.proxy ?? '', 'localhost:443'))).toBe('ECONNREFUSED');
    await at.mend();
    expect((await throughProxy(at.proxy ?? '', `localhost:${at.port}`)).status).toBe(200);
  });

  test('the proxy leads to the practice Jira only, whatever is asked for', async () => {
    const at = await start('proxy-refused');
    await at.mend();
    const own = (await certificateOf(at)).fingerprint256;
    const {certificate} = await throughProxy(at.proxy ?? '', 'elsewhere.example:443');
    expect(certificate?.fingerprint256).toBe(own);
  });
});

type Shown = Readonly<{
  fault: FailureCode;
  status: number;
  path?: string;
  headers?: Readonly<Record<string, string | RegExp>>;
  absent?: readonly string[];
  text?: RegExp;
}>;

const notJira = ['x-arequestid', 'x-ausername', 'x-aaccountid', 'atl-traceid'];
const notSignedIn = ['x-aaccountid', 'x-ratelimit-limit'];

const shown: readonly Shown[] = [
  {
    fault: 'site-not-found',
    status: 404,
    headers: {server: 'AtlassianEdge', 'atl-missing-tcs': 'true', 'content-type': /html/},
    absent: ['x-arequestid'],
    text: /<title>Atlassian Cloud Notifications - Page Unavailable/,
  },
  {fault: 'site-moved', status: 301, headers: {location: /^https:\/\/acme-new\.atlassian\.net\/rest/}},
  {
    fault: 'sso-redirect',
    status: 302,
    headers: {location: /^https:\/\/sso\.acme\.com\/login\?SAMLRequest=/},
    absent: notJira,
  },
  {fault: 'redirect-loop', status: 302, headers: {location: /^https:\/\/localhost:\d+\/rest\/api\/2\/myself$/}},
  {fault: 'wrong-path', status: 404, absent: notJira, text: /^default backend - 404$/},
  {fault: 'not-jira', status: 200, headers: {server: /^nginx/}, absent: notJira, text: /Welcome to nginx/},
  {fault: 'intercepted', status: 403, headers: {server: /AcmeWebFilter/}, absent: notJira, text: /Web Page Blocked/},
  {
    fault: 'site-unavailable',
    status: 503,
    headers: {server: 'AtlassianEdge'},
    absent: ['x-arequestid'],
    text: /maintenance/,
  },
  {
    fault: 'rate-limited',
    status: 429,
    headers: {'retry-after': '30', 'ratelimit-reason': 'jira-burst-based', 'x-arequestid': /./},
  },
  {fault: 'server-error', status: 500, headers: {'atl-traceid': /^[0-9a-f]{32}$/}},
  {fault: 'unknown-answer', status: 409, headers: {'x-arequestid': /./}},
  {
    fault: 'credentials-rejected',
    status: 401,
    headers: {'x-seraph-loginreason': 'AUTHENTICATED_FAILED', 'x-arequestid': /./, 'www-authenticate': /^OAuth realm=/},
    absent: notSignedIn,
    text: /^Client must be authenticated to access this resource\.$/,
  },
  {fault: 'token-expired', status: 401, headers: {'x-seraph-loginreason': 'AUTHENTICATED_FAILED'}},
  {fault: 'token-needs-gateway', status: 401, headers: {'x-seraph-loginreason': 'AUTHENTICATED_FAILED'}},
  {fault: 'token-scope-missing', status: 401, headers: {'x-seraph-loginreason': 'AUTHENTICATED_FAILED'}},
  {fault: 'password-used', status: 401, text: /^Basic authentication with passwords is deprecated/},
  {
    fault: 'captcha-required',
    status: 403,
    headers: {
      'x-authentication-denied-reason': /^CAPTCHA_CHALLENGE; login-url=https:\/\/localhost:\d+\/login\.jsp$/,
      'x-seraph-loginreason': 'AUTHENTICATION_DENIED',
    },
  },
  {
    fault: 'basic-auth-disabled',
    status: 403,
    headers: {'x-arequestid': /./},
    text: /Basic Authentication has been disabled/,
  },
  {fault: 'bearer-on-cloud', status: 403, text: /Failed to parse Connect Session Auth Token/},
  {fault: 'pat-needs-bearer', status: 401, headers: {'x-seraph-loginreason': 'AUTHENTICATED_FAILED'}},
  {
    fault: 'ip-not-allowed',
    status: 403,
    text: /The IP address has been rejected because it is not on the allowed list/,
  },
  {fault: 'api-access-blocked', status: 403, text: /blocked/},
  {fault: 'signed-in-as-nobody', status: 200, headers: {'x-ausername': 'anonymous', 'x-seraph-loginreason': 'OUT'}},
  {
    fault: 'sign-in-unclear',
    status: 403,
    headers: {server: 'AtlassianEdge'},
    absent: ['x-arequestid', 'x-seraph-loginreason'],
  },
  {fault: 'account-inactive', status: 200, text: /"active":false/},
  {fault: 'account-differs', status: 200, headers: {'x-aaccountid': /./}, text: /new\.name@acme\.com/},
  {fault: 'no-jira-access', status: 403, headers: {'x-aaccountid': /./, 'x-arequestid': /./}},
  {
    fault: 'permission-missing',
    path: '/rest/api/2/mypermissions?permissions=BROWSE_PROJECTS',
    status: 200,
    text: /"havePermission":false/,
  },
  {
    fault: 'permission-advisory',
    path: '/rest/api/2/mypermissions?permissions=VIEW_DEV_TOOLS',
    status: 200,
    text: /"havePermission":false/,
  },
  {fault: 'feed-unavailable', path: '/rest/agile/1.0/board', status: 403, headers: {'x-aaccountid': /./}},
];

describe('faults in the answer', () => {
  test.each(shown)('$fault answers $status as documented, and after mending signs in', async row => {
    const at = await start(row.fault);
    const got = await ask(at, {as: 'practice', ...(row.path === undefined ? {} : {path: row.path})});
    expect(got.status).toBe(row.status);
    for (const [name, value] of Object.entries(row.headers ?? {})) {
      if (typeof value === 'string') expect(got.headers[name]).toBe(value);
      else expect(got.headers[name]).toMatch(value);
    }
    for (const name of row.absent ?? []) expect(got.headers).not.toHaveProperty(name);
    if (row.text !== undefined) expect(got.text).toMatch(row.text);
    await at.mend();
    const mended = await signIn(at);
    expect(mended.status).toBe(200);
    expect(mended.json).toMatchObject({active: true});
    if (at.deployment === 'cloud') expect(mended.json).toMatchObject({emailAddress: at.username});
    if (row.path !== undefined) expect((await ask(at, {as: 'practice', path: row.path})).text).not.toBe(got.text);
  });

  test('the gateway takes the token with scopes, and refuses the one whose scopes do not match', async () => {
    const asked = {as: 'practice', headers: {Host: 'api.atlassian.com'}} as const;
    const needs = await start('token-needs-gateway');
    const {cloudId} = (await ask(needs, {path: '/_edge/tenant_info'})).json as {cloudId: string};
    const path = `/ex/jira/${cloudId}/rest/api/2/myself`;
    expect((await ask(needs, {...asked, path})).status).toBe(200);
    await needs.stop();
    const lacks = await start('token-scope-missing');
    const got = await ask(lacks, {...asked, path});
    expect([got.status, got.headers['x-failure-category']]).toEqual([401, 'FAILURE_CLIENT_SCOPE_CHECK']);
    expect(got.json).toEqual({code: 401, message: 'Unauthorized; scope does not match'});
  });

  test('the expiry date is past where the story says so', async () => {
    for (const fault of ['token-expired', 'token-expires'] as const) {
      const at = await startPractice({fault});
      await at.stop();
      expect(Date.parse(at.expiresAt)).toBeLessThan(Date.now());
    }
  });

  test('answer-timed-out takes the request, gives no byte of an answer, and hints at a short timeout', async () => {
    const at = await start('answer-timed-out');
    expect(at.timeoutMs).not.toBeNull();
    const waiting = codeOf(ask(at, {as: 'practice'}));
    // Another question overtakes the one that waits.
    expect((await askInClear(`http://127.0.0.1:${at.port}/`)).status).toBe(400);
    await at.stop();
    expect(await waiting).toBe('ECONNRESET');
  });

  test('answer-timed-out answers once it is mended', async () => {
    const at = await start('answer-timed-out');
    await at.mend();
    expect((await signIn(at)).status).toBe(200);
  });
});

test('every scenario is shown above', () => {
  const covered = new Set<FailureCode>([
    ...clientCode.map(([fault]) => fault),
    ...shown.map(({fault}) => fault),
    'proxy-unreachable',
    'proxy-authentication-required',
    'proxy-refused',
    'token-expires',
    'answer-timed-out',
  ]);
  expect(practiceFaults.filter(fault => !covered.has(fault))).toEqual([]);
});
