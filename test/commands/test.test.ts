import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {main} from '../../source/commands/main.ts';
import type {Report} from '../../source/diagnosis/test-report.ts';
import {noConnectionSettings} from '../../source/domain/connection-settings.ts';
import type {SavedCredential, SealedContent} from '../../source/domain/credential.ts';
import {stepIds} from '../../source/domain/step.ts';
import {openStore} from '../../source/store/store.ts';
import {cloudJira, dataCenterJira, type JiraOptions, syntheticPat, syntheticToken} from '../support/jira.ts';
import {type Handler, type Served, serve} from '../support/lab/serve.ts';
import {folder} from '../support/program.ts';
import {saveSealed} from '../support/sealed-store.ts';
import {type FakeOptions, fakeWorld} from '../support/world.ts';

const token = syntheticToken();
const username = 'you@acme.com';
const passphrase = 'one two three four five';

let place: ReturnType<typeof folder>;
const servers: Served[] = [];
beforeEach(() => {
  place = folder();
});
afterEach(async () => {
  place.remove();
  await Promise.all(servers.splice(0).map(server => server.close()));
});

async function jira(options: JiraOptions = {}): Promise<Served> {
  return server(cloudJira({username, token, ...options}));
}

async function server(handler: Handler): Promise<Served> {
  const served = await serve(handler);
  servers.push(served);
  return served;
}

async function jirakey(argv: readonly string[], options: FakeOptions = {}) {
  const fake = fakeWorld({
    ...options,
    env: {JIRAKEY_STORE: join(place.path, 'store'), PATH: process.env.PATH, ...options.env},
  });
  const code = await main(argv, fake.world);
  return {code, stdout: fake.stdout(), stderr: fake.stderr(), json: (): Report => JSON.parse(fake.stdout())};
}

const adHoc = (url: string, ...more: string[]): string[] => ['test', '--url', url, '--username', username, ...more];
const given = {env: {JIRA_API_TOKEN: token}};

const store = () => openStore(join(place.path, 'store'));

/** A seal at a low work factor: the tests are about what commands do with it. */
async function save(url: string, change: Partial<SealedContent> = {}): Promise<SavedCredential> {
  const content: SealedContent = {
    v: 2,
    name: 'acme',
    description: '',
    connector: 'jira-software',
    url,
    username,
    scheme: 'basic',
    route: 'site',
    cloudId: null,
    accountKind: null,
    connection: noConnectionSettings,
    token,
    expiresAt: null,
    sealedAt: '2026-11-01T00:00:00.000Z',
    seq: 1,
    ...change,
  };
  return saveSealed(store(), content, passphrase);
}

const unlocked = {env: {JIRAKEY_PASSPHRASE: passphrase}};

function edit(change: (credential: Record<string, unknown>) => void): void {
  const path = store().path;
  const document = JSON.parse(readFileSync(path, 'utf8'));
  change(document.credentials[0]);
  writeFileSync(path, JSON.stringify(document));
}

describe('a test without saving', () => {
  it('passes: exit 0, exactly the document on stdout', async () => {
    const {url} = await jira();
    const {code, json, stdout} = await jirakey(adHoc(url, '--json'), given);
    expect(code).toBe(0);
    const report = json();
    expect(report.outcome).toBe('passed');
    expect(report.failure).toBeNull();
    expect(report.credential).toEqual({name: null, connector: 'jira-software', url, username});
    expect(report.steps.map(({id}) => id)).toEqual([...stepIds]);
    expect(Object.keys(report)).toEqual([
      'schemaVersion',
      'outcome',
      'credential',
      'route',
      'site',
      'account',
      'steps',
      'failure',
      'warnings',
    ]);
    expect(stdout).not.toContain(token.slice(0, 20));
  });

  it('as text: the steps and the verdict, no control characters', async () => {
    const {url} = await jira();
    const {code, stdout} = await jirakey(adHoc(url), given);
    expect(code).toBe(0);
    for (const id of stepIds) expect(stdout).toMatch(new RegExp(`^\\S+ +${id}\\b`, 'm'));
    expect(stdout).toContain('Connection test');
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('rejected: exit 4, the code, the checklist', async () => {
    const {url} = await jira({accepts: 'nowhere'});
    const {code, stdout} = await jirakey(adHoc(url), given);
    expect(code).toBe(4);
    expect(stdout).toContain('Troubleshooting checklist');
    const {json} = await jirakey(adHoc(url, '--json'), given);
    expect(json()).toMatchObject({outcome: 'failed', failure: {code: 'credentials-rejected', step: 'sign-in'}});
  });

  it('takes the connector and the username from where they are given', async () => {
    const {url} = await jira();
    const {json} = await jirakey(['test', '--url', url, '--token-stdin', '--connector', 'jira-feeds', '--json'], {
      stdin: `${username}:${token}\n`,
    });
    expect(json()).toMatchObject({outcome: 'passed', credential: {connector: 'jira-feeds', username}});
  });

  it.each([
    ['https://', 'url-invalid', 2, 'site'],
    ['ftp://acme.atlassian.net', 'url-invalid', 2, 'site'],
    ['http://jira.acme.example', 'url-insecure', 2, 'site'],
  ])('%s is %s, with the document, before the token is read', async (url, failure, exit, step) => {
    const {code, json} = await jirakey(adHoc(url, '--json', '--token-file', '/nonexistent'));
    expect(code).toBe(exit);
    const report = json();
    expect(report).toMatchObject({outcome: 'unverified', failure: {code: failure, step}});
    expect(report.steps.map(({id, status}) => [id, status])).toEqual(
      stepIds.map(id => [id, id === step ? 'failed' : 'skipped']),
    );
  });

  it.each([
    ['you', token, 'username-not-email'],
    [username, `ATCTT3xFfGN0${'x'.repeat(150)}`, 'token-wrong-kind'],
  ])('%s with such a token is refused for Cloud before anything is sent', async (name, secret, failure) => {
    const argv = [
      'test',
      '--url',
      'https://acme.atlassian.net',
      '--username',
      name,
      '--json',
      '--resolve',
      'acme.atlassian.net:443:127.0.0.1',
    ];
    const {code, json} = await jirakey(argv, {env: {JIRA_API_TOKEN: secret}});
    expect(code).toBe(4);
    expect(json()).toMatchObject({failure: {code: failure, step: 'sign-in'}});
  });

  it('names everything missing at once', async () => {
    const {code, stderr} = await jirakey(['test', '--username', username]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--url/);
    expect(stderr).toMatch(/--token-stdin/);
    const other = await jirakey(['test', '--url', 'https://acme.atlassian.net', '--json']);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/--username[\s\S]*--token-stdin/);
    expect(other.json()).toMatchObject({usage: {message: expect.stringContaining('needs more input')}});
  });

  it.each([
    [['test', 'acme', '--url', 'x'], /one or the other/],
    [['test', 'acme', '--token-stdin'], /has its own token/],
    [['test', '--all', 'acme'], /--all/],
    [['test', '--all', '--watch'], /--watch/],
    [['test', '--timeout', '0'], /1 to 600/],
    [['test', '--timeout', '601'], /1 to 600/],
    [['test', '--watch', '0'], /whole seconds/],
    [['test', '--resolve', 'a:b'], /HOST:PORT:ADDRESS/],
    [['test', '--ca-file', '/nonexistent'], /no such file/],
    [['test', '--proxy', 'socks5://u:geheim@p'], /--proxy/],
    [adHoc('x', '--token-stdin', '--token-fd', '3'), /one source/],
  ])('%j is a usage error', async (argv, said) => {
    const {code, stdout, stderr} = await jirakey(argv);
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain('geheim');
  });

  it('ends with 128 plus the number when a signal interrupts it', async () => {
    const fake = fakeWorld(given);
    const {url} = await server(() => {
      fake.interrupt(15);
      return undefined;
    });
    expect(await main(adHoc(url), fake.world)).toBe(143);
    expect(fake.stdout()).toBe('');
  });
});

describe('a test of a saved credential', () => {
  it('passes, and remembers that', async () => {
    const {url} = await jira();
    await save(url);
    const {code, json} = await jirakey(['test', 'ACME', '--json'], unlocked);
    expect(code).toBe(0);
    expect(json()).toMatchObject({outcome: 'passed', credential: {name: 'acme', url}});
    expect((await store().read()).credentials[0]?.lastTest).toMatchObject({outcome: 'passed', code: null});
  });

  it('needs no name where there is only one', async () => {
    const {url} = await jira();
    await save(url);
    expect((await jirakey(['test', '--json'], unlocked)).json().outcome).toBe('passed');
  });

  it('fails, and remembers the code', async () => {
    const {url} = await jira({accepts: 'nowhere'});
    await save(url);
    expect((await jirakey(['test', 'acme'], unlocked)).code).toBe(4);
    expect((await store().read()).credentials[0]?.lastTest).toMatchObject({
      outcome: 'failed',
      code: 'credentials-rejected',
    });
  });

  it('says first what is another than when it last passed', async () => {
    const {url} = await jira();
    await save(url);
    expect((await jirakey(['test', 'acme'], unlocked)).code).toBe(0);
    const {json} = await jirakey(['test', 'acme', '--json', '--proxy', 'http://127.0.0.1:1'], unlocked);
    expect(json().failure?.evidence[0]).toMatch(
      /^It last passed .* by other settings: then without a proxy; now through the proxy http:\/\/127\.0\.0\.1:1/,
    );
  });

  it('does not take the token of the environment', async () => {
    const {url} = await jira();
    await save(url);
    const {json} = await jirakey(['test', 'acme', '--json'], {env: {...unlocked.env, JIRA_API_TOKEN: 'another'}});
    expect(json().outcome).toBe('passed');
  });

  it('seals the scheme that turned out to work', async () => {
    const pat = syntheticPat();
    const {url} = await server(dataCenterJira({username: 'you', token: pat, scheme: 'bearer'}));
    await save(url, {username: 'you', token: pat});
    expect((await jirakey(['test', 'acme'], unlocked)).code).toBe(0);
    const [saved] = (await store().read()).credentials;
    expect(saved).toMatchObject({scheme: 'bearer', expiresAt: '2030-01-02', seq: 2, lastTest: {outcome: 'passed'}});
    // The clear copies fit the new seal, which the same passphrase opens.
    expect((await jirakey(['test', 'acme', '--json'], unlocked)).json()).toMatchObject({
      outcome: 'passed',
      warnings: [],
    });
  });

  it.each([
    ['passphrase-wrong', {JIRAKEY_PASSPHRASE: 'something else'}, () => {}],
    ['store-changed', unlocked.env, () => edit(credential => Object.assign(credential, {url: 'http://127.0.0.1:9'}))],
    ['store-changed', unlocked.env, () => edit(credential => Object.assign(credential, {username: 'me@acme.com'}))],
    ['store-damaged', unlocked.env, () => edit(credential => Object.assign(credential, {sealed: 'nonsense'}))],
    ['store-damaged', unlocked.env, () => writeFileSync(store().path, '{')],
    ['store-newer', unlocked.env, () => writeFileSync(store().path, '{"version":3,"credentials":[],"draft":null}')],
  ] as const)(
    '%s: exit 10, the document, all steps skipped, nothing sent, nothing remembered',
    async (failure, env, harm) => {
      const {url, requests} = await jira();
      await save(url);
      harm();
      const {code, json} = await jirakey(['test', 'acme', '--json'], {env});
      expect(code).toBe(10);
      const report = json();
      expect(report).toMatchObject({outcome: 'unverified', credential: {name: 'acme'}, failure: {code: failure}});
      expect(report.steps.every(({status}) => status === 'skipped')).toBe(true);
      expect(requests).toEqual([]);
      expect(readFileSync(store().path, 'utf8')).not.toContain('"outcome"');
    },
  );

  it('exit 3 for a name that is not there, with what is', async () => {
    const {url} = await jira();
    await save(url);
    const {code, stderr} = await jirakey(['test', 'akme'], unlocked);
    expect(code).toBe(3);
    expect(stderr).toMatch(/“akme”[\s\S]*Saved under a similar name: “acme”/);
  });

  it('exit 3 when nothing is saved; 2 when there are several and none is named', async () => {
    expect((await jirakey(['test'])).code).toBe(3);
    const {url} = await jira();
    await save(url);
    await save(url, {name: 'other'});
    const {code, stderr} = await jirakey(['test'], unlocked);
    expect(code).toBe(2);
    expect(stderr).toMatch(/acme, other/);
  });

  it('exit 2 without a passphrase and without a terminal', async () => {
    const {url} = await jira();
    await save(url);
    const {code, stderr} = await jirakey(['test', 'acme']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--passphrase-stdin/);
  });
});

describe('--all and --watch', () => {
  it('tests every one; the exit code is the mostSevere', async () => {
    const healthy = await jira();
    const refusing = await jira({accepts: 'nowhere'});
    await save(healthy.url);
    await save(refusing.url, {name: 'other'});
    const {code, stdout} = await jirakey(['test', '--all', '--json'], unlocked);
    expect(code).toBe(4);
    expect(JSON.parse(stdout).tests.map((report: Report) => [report.credential.name, report.outcome])).toEqual([
      ['acme', 'passed'],
      ['other', 'failed'],
    ]);
  });

  it('tests again until it passes', async () => {
    const healthy = cloudJira({username, token});
    let tries = 0;
    const {url} = await server((asked, response) => {
      if (asked.path === '/rest/api/2/serverInfo') tries += 1;
      return tries > 1 ? healthy(asked, response) : {status: 503, headers: {server: 'AtlassianEdge'}, body: 'down'};
    });
    const {code, json, stderr} = await jirakey(adHoc(url, '--watch', '1', '--json'), given);
    expect(code).toBe(0);
    expect(json().outcome).toBe('passed');
    expect(stderr).toMatch(/Not yet: .*Again in 1 s/);
  });

  it('does not go on where each try prolongs a lock', async () => {
    const healthy = cloudJira({username, token});
    const {url, requests} = await server((asked, response) =>
      asked.path === '/rest/api/2/myself'
        ? {
            status: 403,
            headers: {'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=http://x', 'x-arequestid': '1'},
            body: '',
          }
        : healthy(asked, response),
    );
    const {code, stderr} = await jirakey(adHoc(url, '--watch', '1'), given);
    expect(code).toBe(4);
    expect(stderr).toMatch(/watching ends here/);
    expect(requests.filter(({headers}) => headers.authorization !== undefined)).toHaveLength(1);
  });
});
