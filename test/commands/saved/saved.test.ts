/** setup --no-input, list, show, remove, explain and practice, run in a world of in-memory streams. */
import {existsSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {main} from '../../../source/commands/main.ts';
import {failureCodes} from '../../../source/diagnosis/codes.ts';
import {practiceFaults} from '../../../source/practice/scenarios.ts';
import {openStore} from '../../../source/store/store.ts';
import {cloudJira, syntheticToken} from '../../support/jira.ts';
import {type Served, serve} from '../../support/lab/serve.ts';
import {folder} from '../../support/program.ts';
import {type FakeOptions, fakeWorld} from '../../support/world.ts';

const token = syntheticToken();
const username = 'you@acme.com';
const passphrase = 'violet harbour mitten plankton';

let place: ReturnType<typeof folder>;
let jira: Served;
beforeEach(async () => {
  place = folder();
  jira = await serve(cloudJira({username, token}));
});
afterEach(async () => {
  place.remove();
  await jira.close();
});

async function jirakey(argv: readonly string[], options: FakeOptions = {}) {
  const env = {JIRAKEY_STORE: join(place.path, 'store'), XDG_STATE_HOME: join(place.path, 'state'), ...options.env};
  const fake = fakeWorld({...options, env});
  const code = await main(argv, fake.world);
  return {code, stdout: fake.stdout(), stderr: fake.stderr()};
}

const secrets = {env: {JIRA_API_TOKEN: token, JIRAKEY_PASSPHRASE: passphrase}};
const setup = (...more: string[]): string[] => [
  'setup',
  '--no-input',
  '--name',
  'acme',
  '--username',
  username,
  ...more,
];
const here = (...more: string[]): string[] => setup('--url', jira.url, ...more);
const saved = async () => (await openStore(join(place.path, 'store')).read()).credentials;

describe('setup --no-input', () => {
  it('tests, saves, and shows the tile; the token is nowhere in clear', async () => {
    const {code, stdout, stderr} = await jirakey(
      here('--description', 'for reports', '--expires', '2099-01-31'),
      secrets,
    );
    expect(code).toBe(0);
    expect(stdout).toContain('acme');
    expect(stderr).toContain('jirakey test acme');
    const [credential] = await saved();
    expect(credential).toMatchObject({
      name: 'acme',
      description: 'for reports',
      connector: 'jira-software',
      url: jira.url,
      username,
      expiresAt: '2099-01-31',
      lastTest: {outcome: 'passed', code: null},
    });
    const file = readFileSync(join(place.path, 'store', 'config.json'), 'utf8');
    expect(file + stdout + stderr).not.toContain(token.slice(0, 16));
    expect(statSync(join(place.path, 'store', 'config.json')).mode & 0o777).toBe(0o600);
  });

  it('what was saved can be tested with its passphrase, and another credential wants the same one', async () => {
    await jirakey(here(), secrets);
    expect((await jirakey(['test', 'acme'], secrets)).code).toBe(0);
    const argv = ['setup', '--no-input', '--name', 'two', '--url', jira.url, '--username', username];
    const other = await jirakey(argv, {env: {...secrets.env, JIRAKEY_PASSPHRASE: 'quite another sentence here'}});
    expect(other.code).toBe(10);
    expect(other.stderr).toMatch(/passphrase/i);
    expect(await saved()).toHaveLength(1);
  });

  it('saves nothing when the test fails: exit 4, the report', async () => {
    const {code, stdout, stderr} = await jirakey(here('--json'), {
      env: {...secrets.env, JIRA_API_TOKEN: syntheticToken()},
    });
    expect(code).toBe(4);
    expect(JSON.parse(stdout).failure.code).toBe('credentials-rejected');
    expect(stderr).toContain('Nothing was saved');
    expect(await saved()).toEqual([]);
  });

  it('--save-untested saves without sending anything', async () => {
    const {code} = await jirakey(here('--save-untested'), secrets);
    expect(code).toBe(0);
    expect(jira.requests).toEqual([]);
    expect((await saved())[0]?.lastTest).toMatchObject({outcome: 'untested', code: null});
    expect((await jirakey(['list'])).stdout).toContain('untested');
  });

  it('names everything missing at once', async () => {
    const {code, stderr} = await jirakey(['setup', '--no-input']);
    expect(code).toBe(2);
    for (const name of ['--name', '--url', '--username', '--token-stdin', '--passphrase-stdin'])
      expect(stderr).toContain(name);
  });

  it('without a terminal the assistant says how to do without: exit 2', async () => {
    for (const argv of [[], ['setup']]) {
      const {code, stdout, stderr} = await jirakey(argv);
      expect({code, stdout}).toEqual({code: 2, stdout: ''});
      expect(stderr).toContain('--no-input');
    }
  });

  it.each([
    [['--url', 'ftp://x'], 2, /url-invalid/],
    [['--url', 'http://jira.acme.example'], 2, /url-insecure/],
    [['--url', 'https://acme.atlassian.net', '--expires', '2020-01-01'], 2, /--expires/],
    [['--url', 'https://acme.atlassian.net', '--description', 'a\nb'], 2, /Description/],
  ])('%j is refused with its reason', async (more, exit, said) => {
    const {code, stdout, stderr} = await jirakey(setup(...more), secrets);
    expect(code).toBe(exit);
    expect(stdout + stderr).toMatch(said);
    expect(await saved()).toEqual([]);
  });

  it('refuses a name that is taken, and a passphrase that is short or holds the site', async () => {
    await jirakey(here('--save-untested'), secrets);
    const again = await jirakey(here('--save-untested'), secrets);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('acme');
    place.remove();
    for (const weak of ['tiny-one', 'localhost you@acme.com', 'Password1234']) {
      const refused = await jirakey(here('--save-untested'), {env: {...secrets.env, JIRAKEY_PASSPHRASE: weak}});
      expect(refused.code).toBe(2);
      expect(refused.stderr).not.toContain(weak);
    }
  });
});

describe('list, show, remove', () => {
  it('list: empty, then a tile for each, and as JSON without secrets', async () => {
    expect(await jirakey(['list'])).toMatchObject({code: 0, stdout: ''});
    expect(JSON.parse((await jirakey(['list', '--json'])).stdout)).toEqual({schemaVersion: 1, credentials: []});
    await jirakey(here('--expires', '2099-01-31'), secrets);
    expect((await jirakey(['list'])).stdout).toMatch(
      /acme[\s\S]*localhost[\s\S]*you@acme\.com[\s\S]*expires in \d+ days[\s\S]*passed/,
    );
    const [listed] = JSON.parse((await jirakey(['list', '--json'])).stdout).credentials;
    const shown = JSON.parse((await jirakey(['show', 'acme', '--json'])).stdout);
    expect(Object.keys(listed)).toEqual([
      'name',
      'description',
      'connector',
      'url',
      'username',
      'route',
      'connection',
      'expiresAt',
      'lastTest',
    ]);
    expect(Object.keys(listed.lastTest)).toEqual(['outcome', 'code', 'at']);
    expect(shown).toEqual(listed);
  });

  it('list fits a narrow page and speaks ASCII where Unicode is missing', async () => {
    await jirakey(here(), secrets);
    const {stdout} = await jirakey(['list'], {env: {LANG: 'C'}});
    expect(stdout).toMatch(/^[\u0000-\u007f]+$/);
  });

  it('show: every field by its label, the token never', async () => {
    await jirakey(here(), secrets);
    const {stdout} = await jirakey(['show', 'acme']);
    for (const label of ['Credential Name', 'Credential Description', 'JIRA Software URL', 'Username', 'API Token']) {
      expect(stdout).toContain(label);
    }
    expect(stdout).not.toContain('ATATT3');
    expect((await jirakey(['show', 'nobody'])).code).toBe(3);
  });

  it('remove: wants a yes, then removes', async () => {
    await jirakey(here(), secrets);
    expect((await jirakey(['remove', 'nobody', '--yes'])).code).toBe(3);
    const asked = await jirakey(['remove', 'acme']);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain('--yes');
    expect(await saved()).toHaveLength(1);
    expect(await jirakey(['remove', 'acme', '--yes'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('acme'),
    });
    expect(await saved()).toEqual([]);
  });

  it.each([
    ['https://acme.atlassian.net', 'https://id.atlassian.com/'],
    ['https://acme.atlassian-us-gov-mod.net', 'https://id.atlassian-us-gov-mod.com/'],
    ['https://jira.acme.example', null],
    ['https://atlassian.net.acme.example', null],
    ['https://jira.acme.example/atlassian.net', null],
  ])('remove: of %s it names the page of its own cloud, and no other', async (url, page) => {
    await jirakey(setup('--url', url, '--save-untested'), secrets);
    const {code, stderr} = await jirakey(['remove', 'acme', '--yes']);
    expect(code).toBe(0);
    expect(stderr).toContain(page ?? 'revoked in Jira.');
    if (page === null) expect(stderr).not.toContain('https://id.');
  });

  it('a damaged store is told with its checklist: exit 10', async () => {
    await jirakey(here(), secrets);
    const {writeFileSync} = await import('node:fs');
    writeFileSync(join(place.path, 'store', 'config.json'), '{"version":1');
    for (const argv of [['list'], ['show', 'acme'], ['remove', 'acme', '--yes']]) {
      const {code, stdout, stderr} = await jirakey(argv);
      expect({code, stdout}).toEqual({code: 10, stdout: ''});
      expect(stderr).toMatch(/store-damaged[\s\S]*Troubleshooting checklist/);
    }
  });
});

describe('explain', () => {
  it('lists every code', async () => {
    const {code, stdout} = await jirakey(['explain']);
    expect(code).toBe(0);
    for (const failure of failureCodes) expect(stdout).toMatch(new RegExp(`^${failure} `, 'm'));
    expect(JSON.parse((await jirakey(['explain', '--json'])).stdout).codes).toHaveLength(failureCodes.length);
  });

  it.each(failureCodes)('%s: a page with a checklist', async failure => {
    const {code, stdout} = await jirakey(['explain', failure]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Troubleshooting checklist\n1\. /);
    const page = JSON.parse((await jirakey(['explain', failure, '--json'])).stdout);
    expect(page).toMatchObject({schemaVersion: 1, code: failure});
    expect(page.checklist.length).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ['401', ['credentials-rejected', 'token-expired', 'password-used'], ['rate-limited', 'dns-not-found']],
    ['407', ['proxy-authentication-required'], ['proxy-unreachable']],
    ['429', ['rate-limited'], ['credentials-rejected']],
    ['7', ['connection-refused', 'proxy-refused'], ['dns-not-found']],
    ['10', ['passphrase-wrong', 'store-damaged'], ['credential-unknown']],
    ['3', ['credential-unknown'], ['store-damaged']],
    ['130', [], ['store-damaged']],
    ['0', [], ['token-expires']],
  ])('%s, an HTTP answer or an exit status, leads to its codes', async (number, among, not) => {
    const {code, stdout} = await jirakey(['explain', number]);
    expect(code).toBe(0);
    for (const each of among) expect(stdout).toMatch(new RegExp(`^${each} `, 'm'));
    for (const each of not) expect(stdout).not.toMatch(new RegExp(`^${each} `, 'm'));
    const {codes} = JSON.parse((await jirakey(['explain', number, '--json'])).stdout);
    expect(codes.map(({code: each}: {code: string}) => each)).toEqual(expect.arrayContaining(among));
  });

  it('a number that means nothing here: exit 2', async () => {
    expect((await jirakey(['explain', '999'])).code).toBe(2);
    expect((await jirakey(['explain', '99'])).code).toBe(2);
  });

  it('path is the file of the store, nothing else', async () => {
    const path = join(place.path, 'store', 'config.json');
    expect(await jirakey(['path'])).toEqual({code: 0, stdout: `${path}\n`, stderr: ''});
    expect(JSON.parse((await jirakey(['path', '--json'])).stdout)).toEqual({schemaVersion: 1, path});
    expect((await jirakey(['path', '--store', '/elsewhere'])).stdout).toBe('/elsewhere/config.json\n');
  });

  it('suggests for a mistyped code: exit 2', async () => {
    const {code, stderr} = await jirakey(['explain', 'dns-not-fuond']);
    expect(code).toBe(2);
    expect(stderr).toContain('dns-not-found');
  });
});

describe('practice', () => {
  it('lists what it can play', async () => {
    const {code, stdout} = await jirakey(['practice', '--list']);
    expect(code).toBe(0);
    for (const fault of practiceFaults) expect(stdout).toContain(fault);
    const {faults} = JSON.parse((await jirakey(['practice', '--list', '--json'])).stdout);
    expect(faults.map(({code: name}: {code: string}) => name)).toEqual(practiceFaults);
  });

  it('without a terminal runs the test: healthy passes, a fault is found; the real store is not touched', async () => {
    expect((await jirakey(['practice'])).code).toBe(0);
    const {code, stdout} = await jirakey(['practice', '--fault', 'token-scope-missing', '--json']);
    expect(code).toBe(5);
    expect(JSON.parse(stdout).failure.code).toBe('token-scope-missing');
    expect(existsSync(join(place.path, 'store'))).toBe(false);
  });

  it('refuses what no server can play, with the reason', async () => {
    const {code, stderr} = await jirakey(['practice', '--fault', 'dns-not-found']);
    expect(code).toBe(2);
    expect(stderr).toContain('cannot play dns-not-found');
  });

  it('--serve serves it for other programs until it is stopped', async () => {
    const env = {JIRAKEY_STORE: join(place.path, 'store')};
    const server = fakeWorld({env});
    const served = main(['practice', '--serve', '--json'], server.world);
    await expect.poll(() => server.stdout(), {timeout: 20_000}).toContain('"caFile"');
    const facts = JSON.parse(server.stdout());
    const argv = ['test', '--url', facts.url, '--username', facts.username, '--ca-file', facts.caFile, '--json'];
    const tested = await jirakey(argv, {env: {JIRA_API_TOKEN: facts.token}});
    expect(tested.code).toBe(0);
    expect(facts.caFile).toMatch(/practice-ca\.pem$/);
    server.interrupt(15);
    expect(await served).toBe(143);
  });
});
