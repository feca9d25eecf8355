/** The way to the site that is kept with a credential: given once, sealed, used by every command, shown without secrets. */
import {X509Certificate} from 'node:crypto';
import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {basic, cloudJira, syntheticToken} from '../support/jira.ts';
import {type Authority, makeAuthority} from '../support/lab/authority.ts';
import {type Proxied, startProxy} from '../support/lab/proxy.ts';
import {type Served, serve} from '../support/lab/serve.ts';
import {folder, run} from '../support/program.ts';

const token = syntheticToken();
const username = 'you@acme.com';
const host = 'jira.acme.example';
const login = {user: 'cron', password: 'p/w:d@+1'};
const loginText = `${login.user}:${encodeURIComponent(login.password)}`;

let place: ReturnType<typeof folder>;
let authority: Authority;
let jira: Served;
let proxy: Proxied;
beforeEach(async () => {
  place = folder();
  authority = await makeAuthority();
  jira = await serve(cloudJira({username, token}), {tls: await authority.issue({names: [host]})});
  // A name that only the proxy can resolve.
  proxy = await startProxy({login: `${login.user}:${login.password}`, to: jira.port});
  writeFileSync(at('ca.pem'), authority.pem);
  writeFileSync(at('token'), token, {mode: 0o600});
  writeFileSync(at('passphrase'), 'orbit velvet canyon ticket wagon', {mode: 0o600});
});
afterEach(async () => {
  await Promise.all([jira.close(), proxy.close()]);
  place.remove();
});

const at = (name: string): string => join(place.path, name);
const store = () => ['--store', at('store'), '--passphrase-file', at('passphrase')];
const proxyUrl = (): string => `http://${loginText}@127.0.0.1:${proxy.port}`;
const setup = (...more: string[]): string[] => [
  ...['setup', '--no-input', '--name', 'acme', '--url', `https://${host}`, '--username', username],
  ...['--token-file', at('token'), ...store(), ...more],
];
const child = `console.log(JSON.stringify(Object.fromEntries(Object.entries(process.env).filter(([name]) => /PROXY|_CA_|CERT|BUNDLE/i.test(name)))))`;
const exec = (...more: string[]): string[] => [
  'exec',
  'acme',
  ...store(),
  ...more,
  '--',
  process.execPath,
  '-e',
  child,
];

describe('the connection settings of a credential', () => {
  it('are given once, and hold for every command after, with the file gone and no variable set', async () => {
    const saved = await run(setup('--ca-file', at('ca.pem'), '--proxy', proxyUrl(), '--timeout', '20'));
    expect(saved, saved.stderr).toMatchObject({code: 0});
    rmSync(at('ca.pem'));
    const tested = await run(['test', 'acme', '--json', ...store()]);
    expect(JSON.parse(tested.stdout)).toMatchObject({outcome: 'passed'});
    // An option goes before them, the empty one leaves them out.
    const without = await run(['test', 'acme', '--json', '--ca-file', '', ...store()]);
    expect(JSON.parse(without.stdout), without.stdout).toMatchObject({failure: {code: 'certificate-untrusted'}});
    const another = syntheticToken();
    await run(['rotate', 'acme', '--no-input', '--token-command', `printf %s ${another}`, ...store()]);
    const brought = jira.requests.map(({headers}) => headers.authorization);
    expect(brought, 'a new token goes the same way').toContain(basic(username, another));
  });

  it('are shown with what a person compares, and never with the login', async () => {
    await run(setup('--ca-file', at('ca.pem'), '--proxy', proxyUrl()));
    const {fingerprint256} = new X509Certificate(authority.pem);
    const connection = {
      proxy: `http://127.0.0.1:${proxy.port}`,
      certificates: [expect.objectContaining({fingerprint256})],
      caOnly: false,
      addresses: [],
      timeoutSeconds: null,
    };
    const shown = await run(['show', 'acme', '--json', '--store', at('store')]);
    expect(JSON.parse(shown.stdout)).toMatchObject({connection});
    const listed = await run(['list', '--json', '--store', at('store')]);
    expect(JSON.parse(listed.stdout)).toMatchObject({credentials: [{connection}]});
    const text = await run(['show', 'acme', '--store', at('store')]);
    expect(text.stdout).toContain(fingerprint256);
    const everything = shown.stdout + listed.stdout + text.stdout + readFileSync(at('store/config.json'), 'utf8');
    for (const secret of [login.user, login.password, encodeURIComponent(login.password)]) {
      expect(everything).not.toContain(secret);
    }
  });

  it('are left out of what is saved where only variables name them, which is said, or kept by --keep-connection', async () => {
    const env = {HTTPS_PROXY: proxyUrl(), NODE_EXTRA_CA_CERTS: at('ca.pem')};
    const bare = await run(setup(), {env});
    expect(bare, bare.stderr).toMatchObject({code: 0});
    expect(bare.stderr).toContain('--keep-connection');
    const lost = await run(['test', 'acme', '--json', ...store()]);
    expect(JSON.parse(lost.stdout).outcome).toBe('unverified');

    rmSync(at('store'), {recursive: true});
    const kept = await run(setup('--keep-connection'), {env});
    expect(kept.stderr).not.toContain('--keep-connection');
    rmSync(at('ca.pem'));
    const tested = await run(['test', 'acme', '--json', ...store()]);
    expect(JSON.parse(tested.stdout).outcome).toBe('passed');
  });

  it('reach the program that exec runs, where its environment has none', async () => {
    await run(setup('--ca-file', at('ca.pem'), '--proxy', proxyUrl()));
    const {stdout} = await run(exec('--no-masking'));
    const given = JSON.parse(stdout);
    expect(given).toMatchObject({HTTPS_PROXY: proxyUrl(), NO_PROXY: expect.stringContaining('localhost')});
    expect(
      new Set([given.SSL_CERT_FILE, given.NODE_EXTRA_CA_CERTS, given.REQUESTS_CA_BUNDLE, given.CURL_CA_BUNDLE]).size,
    ).toBe(1);
    expect(existsSync(given.SSL_CERT_FILE), 'gone at the end').toBe(false);

    const curl = [
      'exec',
      'acme',
      ...store(),
      '--',
      'sh',
      '-c',
      'curl -sS -u "$JIRA_USERNAME:$JIRA_API_TOKEN" "$JIRA_URL/rest/api/2/myself"',
    ];
    const asked = await run(curl);
    expect(asked.stdout, asked.stderr).toContain('accountId');

    const own = {https_proxy: 'http://127.0.0.1:9', REQUESTS_CA_BUNDLE: '/dev/null'};
    const mixed = JSON.parse((await run(exec('--no-masking'), {env: own})).stdout);
    expect(mixed).toMatchObject(own);
    expect(mixed).not.toHaveProperty('HTTPS_PROXY');
    expect(mixed).toHaveProperty('CURL_CA_BUNDLE');
    expect(JSON.parse((await run(exec('--no-connection'))).stdout)).toEqual({});
  });

  it('do not show a proxy’s password in the output of that program', async () => {
    await run(setup('--ca-file', at('ca.pem'), '--proxy', proxyUrl()));
    const {stdout} = await run(exec());
    expect(stdout).toContain('127.0.0.1');
    expect(stdout).not.toContain(encodeURIComponent(login.password));
  });
});
