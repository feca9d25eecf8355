/**
 * The register of all failures: each code a network can bring about is brought about over real sockets and is then the
 * one code named; each other code names the test that proves it. A code without a line here does not compile.
 */
import {existsSync, readFileSync} from 'node:fs';
import type {Socket} from 'node:net';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {Reach} from '../../source/connection/reach.ts';
import {catalogue} from '../../source/diagnosis/catalogue/index.ts';
import {precedence} from '../../source/diagnosis/catalogue/precedence.ts';
import {type FailureCode, failureCodes} from '../../source/diagnosis/codes.ts';
import {exitCodeOf} from '../../source/diagnosis/diagnose.ts';
import type {Target} from '../../source/diagnosis/examination.ts';
import {cloudJira, dataCenterJira, type Routes, syntheticPat, syntheticToken} from '../support/jira.ts';
import {type Issued, makeAuthority, selfSigned} from '../support/lab/authority.ts';
import {startBlackHole} from '../support/lab/black-hole.ts';
import {startProxy} from '../support/lab/proxy.ts';
import {closedPort, type Handler, type Reply, serve, serveRaw} from '../support/lab/serve.ts';
import {tapped} from '../support/lab/wire.ts';
import {atlassianAt, bench, codeOf, type Examined, reach, run, target, using} from './lab.ts';

const token = syntheticToken();
const pat = syntheticPat();
const site = 'https://acme.atlassian.net';
const day = 86_400_000;
const from = (days: number): Date => new Date(Date.now() + days * day);
const date = (days: number): string => from(days).toISOString().slice(0, 10);
const edge = {server: 'AtlassianEdge', 'atl-traceid': '0a'};
const jira = {'x-arequestid': 'a'};
const html = {'content-type': 'text/html'};

/** An examination over sockets. `socket: 'warning'`: the test passes and warns of the code. */
type Sockets = Readonly<{sockets: 'failure' | 'warning'; meet: () => Promise<Examined>}>;
/** Not a network's doing, or none that sockets of this process can play: who proves it, and why there. */
type Elsewhere = Readonly<{why: string; proof: string}>;

const failure = (meet: () => Promise<Examined>): Sockets => ({sockets: 'failure', meet});
const warning = (meet: () => Promise<Examined>): Sockets => ({sockets: 'warning', meet});
const elsewhere = (why: string, proof: string): Elsewhere => ({why, proof});

type Changes = Partial<Target> & {through?: Partial<Reach>};

/** A Cloud site by its own name, which is this handler. */
async function cloud(handler: Handler, {through, ...changes}: Changes = {}): Promise<Examined> {
  const server = await using(serve(handler, {tls: (await bench()).issued}));
  return run(target(site, token, changes), await reach({resolve: atlassianAt(server.port), ...through}));
}

/** A site of one's own on this machine, which is this handler. */
async function own(handler: Handler, {through, ...changes}: Changes = {}): Promise<Examined> {
  const server = await using(serve(handler, {tls: (await bench()).issued}));
  return run(target(server.url, changes.token?.reveal() ?? token, changes), await reach(through));
}

const always =
  (reply: Reply): Handler =>
  () =>
    reply;
/** What the sign-in is answered; everything else is healthy. */
const signedIn = (reply: Reply): Handler => {
  const routes: Routes = {
    '/rest/api/2/myself': asked => (asked.headers.authorization === undefined ? {status: 401, headers: jira} : reply),
  };
  return cloudJira({token, routes});
};
const secure = (tls: () => Promise<Issued>) => async (): Promise<Examined> => {
  const server = await using(serve(always({}), {tls: await tls()}));
  return run(target(server.url, token), await reach());
};
const issued = (options: {notBefore?: Date; notAfter?: Date; names?: readonly string[]}) => async () =>
  (await bench()).authority.issue({names: ['localhost'], ...options});
const wire =
  (script: (socket: Socket) => unknown, changes: Partial<Reach> = {}) =>
  async (): Promise<Examined> => {
    const server = await using(serveRaw(socket => void script(socket)));
    return run(target(server.url, token), await reach(changes));
  };
const proxied = (options: Parameters<typeof startProxy>[0]) => async (): Promise<Examined> => {
  const proxy = await using(startProxy(options));
  return run(target(site, token), await reach({proxy: proxy.url}));
};

const island = 'needs a network without it, which the built program is given in a namespace of its own';
const store = 'the file is at fault, no network';

const register: Readonly<Record<FailureCode, Sockets | Elsewhere>> = {
  'url-invalid': elsewhere('nothing is sent to what is no address', 'test/domain/site.test.ts'),
  'url-insecure': failure(async () =>
    run(
      target('http://localhost:8080', token),
      await reach({resolve: [{host: 'localhost', port: 8080, address: '192.0.2.1'}]}),
    ),
  ),
  'url-lookalike': warning(async () => {
    const host = 'acme.atlasian.net';
    const server = await using(
      serve(cloudJira({token}), {tls: await (await bench()).authority.issue({names: [host]})}),
    );
    const resolve = [{host, port: 443, address: '127.0.0.1', toPort: server.port}];
    return run(target(`https://${host}`, token), await reach({resolve}));
  }),
  'username-not-email': failure(() => own(cloudJira({token}), {username: 'you'})),
  'token-damaged': warning(async () => {
    const damaged = `${token.slice(0, 40)}${token[40] === 'a' ? 'b' : 'a'}${token.slice(41)}`;
    const server = await using(serve(cloudJira({token: damaged})));
    return run(target(server.url, damaged), await reach());
  }),
  'token-wrong-kind': failure(async () => {
    const server = await using(serve(cloudJira({token})));
    return run(target(server.url, syntheticToken('ATCTT3xFfGN0')), await reach());
  }),
  'token-expired': failure(() => cloud(cloudJira({token, accepts: 'nowhere'}), {expiresAt: date(-30)})),
  'token-expires': warning(() => cloud(cloudJira({token}), {expiresAt: date(-2)})),

  'dns-not-found': elsewhere(island, 'test/connection/networks.test.ts'),
  'dns-unavailable': elsewhere(island, 'test/connection/networks.test.ts'),
  'connection-refused': failure(async () =>
    run(target(`https://127.0.0.1:${await closedPort()}`, token), await reach()),
  ),
  'connection-timed-out': failure(async () => {
    const hole = await using(startBlackHole());
    return run(target(`https://127.0.0.1:${hole.port}`, token), await reach({connectTimeoutMs: 300}));
  }),
  // Linux has no way for TCP to a multicast address: nothing leaves this machine.
  'network-unreachable': failure(async () => run(target('https://224.0.0.1', token), await reach())),
  'connection-reset': failure(wire(socket => socket.once('data', () => socket.resetAndDestroy()))),

  'proxy-unreachable': failure(async () =>
    run(target(site, token), await reach({proxy: `http://localhost:${await closedPort()}`})),
  ),
  'proxy-authentication-required': failure(proxied({login: 'me:secret'})),
  'proxy-refused': failure(proxied({refuse: {status: 403, reason: 'Forbidden'}})),

  'certificate-untrusted': failure(secure(() => selfSigned(['localhost']))),
  'certificate-chain-incomplete': failure(
    secure(async () => {
      const between = await makeAuthority('Lab Issuing CA');
      return between.issue({names: ['localhost'], issuerUrl: 'http://ca.acme.example/issuing.crt'});
    }),
  ),
  'certificate-expired': failure(secure(issued({notBefore: from(-30), notAfter: from(-3)}))),
  'certificate-not-yet-valid': failure(secure(issued({notBefore: from(3), notAfter: from(30)}))),
  'clock-wrong': failure(async () => {
    const certificate = await issued({notBefore: from(-300), notAfter: from(-200)})();
    const told = `HTTP/1.1 400 Bad Request\r\nDate: ${from(-250).toUTCString()}\r\nContent-Length: 0\r\n\r\n`;
    const server = await using(tapped(certificate, told));
    return run(target(server.url, token), await reach());
  }),
  'certificate-wrong-host': failure(secure(issued({names: ['wiki.acme.example']}))),
  'tls-handshake-failed': failure(async () => {
    const old = {minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0'} as const;
    const server = await using(serve(always({}), {tls: {...(await bench()).issued, ...old}}));
    return run(target(server.url, token), await reach());
  }),
  'tls-not-spoken': failure(wire(socket => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))),
  'client-certificate-required': failure(async () => {
    const wants = {requestCert: true, rejectUnauthorized: true};
    const server = await using(serve(always({}), {tls: {...(await bench()).issued, ...wants}}));
    return run(target(server.url, token), await reach());
  }),

  'site-not-found': failure(() =>
    cloud(always({status: 404, headers: {...edge, 'atl-missing-tcs': 'true'}, body: ''})),
  ),
  'site-moved': failure(() =>
    cloud(always({status: 301, headers: {...edge, location: 'https://acme-neu.atlassian.net/'}})),
  ),
  'sso-redirect': failure(() =>
    own(always({status: 302, headers: {location: 'https://idp.acme.example/saml2?SAMLRequest=x'}})),
  ),
  'wrong-path': failure(() => own(always({status: 404, body: 'default backend - 404'}))),
  'not-jira': failure(() => own(always({body: {bonjour: 'le monde'}}))),
  intercepted: failure(() =>
    own(always({status: 403, headers: {...html, server: 'Zscaler/6.2'}, body: '<title>Bloqueado</title>'})),
  ),
  'site-unavailable': failure(() => own(always({status: 503, body: ''}))),
  'rate-limited': failure(() => cloud(always({status: 429, headers: {...edge, 'retry-after': '30'}, body: ''}))),
  'server-error': failure(() => cloud(always({status: 500, headers: {...edge, ...jira}, body: ''}))),
  'answer-timed-out': failure(async () => {
    const server = await using(serve(() => undefined));
    return run(target(server.url, token), await reach({timeoutMs: 500}));
  }),
  'answer-unreadable': failure(() => own(always({headers: {'content-type': 'application/json'}, body: '{"version":'}))),
  'redirect-loop': failure(() => own(asked => ({status: 302, headers: {location: asked.url}}))),
  'unknown-answer': failure(() => own(always({status: 418, body: ''}))),

  'credentials-rejected': failure(() => cloud(cloudJira({token, accepts: 'nowhere'}))),
  'token-scope-missing': failure(() => {
    const site = cloudJira({token, accepts: 'nowhere'});
    return cloud((asked, response) =>
      asked.path.startsWith('/ex/')
        ? {status: 401, headers: {'x-failure-category': 'FAILURE_CLIENT_SCOPE_CHECK'}, body: {code: 401, message: 'x'}}
        : site(asked, response),
    );
  }),
  'token-needs-gateway': warning(() => cloud(cloudJira({token, accepts: 'gateway'}))),
  'password-used': failure(() =>
    cloud(signedIn({status: 401, headers: jira, body: 'Basic authentication with passwords is deprecated.'}), {
      tokenKind: 'unknown',
    }),
  ),
  'captcha-required': failure(() =>
    cloud(signedIn({status: 403, headers: {...jira, 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE'}, body: ''})),
  ),
  'basic-auth-disabled': failure(() =>
    own(
      signedIn({
        status: 403,
        headers: jira,
        body: {message: 'Basic Authentication has been disabled on this instance.'},
      }),
    ),
  ),
  'bearer-on-cloud': failure(() =>
    cloud(signedIn({status: 403, headers: jira, body: {error: 'Failed to parse Connect Session Auth Token'}}), {
      scheme: 'bearer',
    }),
  ),
  'pat-needs-bearer': warning(async () => {
    const server = await using(serve(dataCenterJira({token: pat, scheme: 'bearer'})));
    return run(target(server.url, pat, {username: 'you'}), await reach());
  }),
  'ip-not-allowed': failure(() =>
    cloud(
      signedIn({
        status: 403,
        headers: jira,
        body: {errorMessages: ['The IP address has been rejected because it is not on the allowed list.'], errors: {}},
      }),
    ),
  ),
  'api-access-blocked': failure(() =>
    cloud(signedIn({status: 403, headers: jira, body: {errorMessages: ['Your admin has blocked API token access.']}})),
  ),
  'signed-in-as-nobody': failure(() => cloud(signedIn({headers: {...jira, 'x-ausername': 'anonymous'}, body: {}}))),
  'sign-in-unclear': failure(() => cloud(signedIn({status: 403, headers: edge, body: 'nein'}))),

  'account-inactive': failure(() => cloud(cloudJira({token, active: false}))),
  'account-differs': warning(() => cloud(cloudJira({token, email: 'else@acme.com'}))),
  'no-jira-access': failure(() =>
    cloud(signedIn({status: 403, headers: jira, body: {message: 'Current user not permitted to use Jira'}})),
  ),
  'permission-missing': failure(() => cloud(lacking('BROWSE_PROJECTS'))),
  'permission-advisory': warning(() => cloud(lacking('CREATE_ISSUES'))),
  'feed-unavailable': warning(() => {
    const healthy = cloudJira({token});
    const handler: Handler = (asked, response) =>
      asked.path.endsWith('/users/search') ? {status: 403, headers: jira, body: {}} : healthy(asked, response);
    return cloud(handler, {connector: 'jira-feeds'});
  }),

  'token-unusable': elsewhere('nothing is sent', 'test/diagnosis/offline.test.ts'),
  'credential-unknown': elsewhere('nothing is sent', 'test/diagnosis/offline.test.ts'),
  'passphrase-wrong': elsewhere(store, 'test/store/unlock.test.ts'),
  'store-changed': elsewhere(store, 'test/store/unlock.test.ts'),
  'store-damaged': elsewhere(store, 'test/store/damage.test.ts'),
  'store-newer': elsewhere(store, 'test/store/damage.test.ts'),
  'store-unsafe': elsewhere(store, 'test/store/store-location.test.ts'),
  'store-unwritable': elsewhere(store, 'test/store/store-location.test.ts'),
  'store-busy': elsewhere(store, 'test/store/lock.test.ts'),
  'memory-too-small': elsewhere('the machine is at fault, no network', 'test/vault/work-factor.test.ts'),
};

function lacking(permission: string): Handler {
  const healthy = cloudJira({token});
  return (asked, response) =>
    asked.path.endsWith('/mypermissions') && asked.url.includes(permission)
      ? {headers: jira, body: {permissions: {[permission]: {key: permission, havePermission: false}}}}
      : healthy(asked, response);
}

/** The code is named, and no other. */
async function met(code: FailureCode, {sockets, meet}: Sockets): Promise<void> {
  const examined = await meet();
  const {report} = examined;
  const named = {failure: codeOf(examined), warnings: report.warnings.map(each => each.code)};
  const wanted = sockets === 'failure' ? {failure: code, warnings: []} : {failure: null, warnings: [code]};
  expect(named, JSON.stringify(report.failure)).toEqual(wanted);
  expect(exitCodeOf(report)).toBe(sockets === 'failure' ? catalogue[code].exit : 0);
  if (report.failure === null) return;
  expect(catalogue[code].steps).toContain(report.failure.step);
  // What is found before anything is sent needs no evidence of a network.
  if (precedence.some(each => each === code)) expect(report.failure.evidence.length).toBeGreaterThan(0);
}

describe('every code', () => {
  test.each(failureCodes)('%s', async code => {
    const row = register[code];
    if ('sockets' in row) return met(code, row);
    const path = join(import.meta.dirname, '../..', row.proof);
    expect(existsSync(path) && readFileSync(path, 'utf8').includes(code), `${row.proof}: ${row.why}`).toBe(true);
  });
});

test('no code a network can bring about is left to a test without sockets', () => {
  const without = failureCodes.filter(code => 'why' in register[code]);
  const local = failureCodes.filter(code => catalogue[code].steps.length === 0);
  expect(without.filter(code => !local.includes(code))).toEqual([
    'url-invalid',
    'token-unusable',
    'dns-not-found',
    'dns-unavailable',
  ]);
});
