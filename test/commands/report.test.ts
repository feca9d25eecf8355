import {existsSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {stepIds} from '../../source/domain/step.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {type Handler, type Served, serve} from '../support/lab/serve.ts';
import {bench, passphrase, unlocked, username} from './bench.ts';

const {token, jirakey, program, save, store, directory, file} = bench();
const servers: Served[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()));
});

async function jira(options: Parameters<typeof cloudJira>[0] = {}): Promise<Served> {
  return server(cloudJira({username, token, ...options}));
}

async function server(handler: Handler): Promise<Served> {
  const served = await serve(handler);
  servers.push(served);
  return served;
}

const failed = {outcome: 'failed', code: 'credentials-rejected', at: '2026-11-20T10:00:00.000Z'} as const;
const kept = () => join(directory(), 'last-tests.json');
const keptText = () => readFileSync(kept(), 'utf8');
const adHoc = (url: string, ...more: string[]): string[] => ['test', '--url', url, '--username', username, ...more];
const given = {env: {JIRA_API_TOKEN: token}};

/** Puts a text into the kept tests, as somebody who edits the file would. */
function plant(from: string | RegExp, to: string): void {
  const before = keptText();
  const after = before.replace(from, () => to);
  expect(after).not.toBe(before);
  writeFileSync(kept(), after, {mode: 0o600});
}

describe('jirakey report of a saved credential', () => {
  it('tells the whole last test: what ran, the way, eight steps with evidence, verdict, checklist; not who signs in', async () => {
    const {url} = await jira({accepts: 'nowhere'});
    await save({url, expiresAt: '2099-01-31'});
    expect((await jirakey(['test', 'acme'], {env: unlocked})).code).toBe(4);
    const {code, stdout} = await jirakey(['report', 'acme'], {env: unlocked});
    expect(code).toBe(0);
    expect(stdout).toMatch(/Program\s+jirakey 0\.0\.0-test, Node v\d+/);
    expect(stdout).toMatch(/Tested\s+\d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(stdout).toMatch(/Site\s+http:\/\/localhost:\d+ \(Jira Cloud/);
    expect(stdout).toMatch(/Sent as\s+Basic, to the site/);
    expect(stdout).toMatch(/Token\s+expires in \d+ days \(2099-01-31\)/);
    expect(stdout).toMatch(/Proxy\s+none, connected directly/);
    expect(stdout).toMatch(/CAs\s+Node's bundled list/);
    for (const id of stepIds) expect(stdout).toMatch(new RegExp(`^\\S+ +${id}\\b`, 'm'));
    expect(stdout).toMatch(/^. site +\d+ ms {2}\S/m);
    expect(stdout).toMatch(/Code credentials-rejected, (proven|likely)/);
    expect(stdout).toContain('Atl-TraceId');
    expect(stdout).toContain('Troubleshooting checklist');
    expect(stdout).not.toContain(username);
    expect(stdout).toContain('y…@acme.com');
    expect(stdout).not.toContain(token.slice(0, 12));
    expect(stdout).toMatch(/Self-check: .*token and the passphrase/);
  });

  it('counts the tests that end alike, and remembers when it last passed', async () => {
    let refuses = false;
    const [good, bad] = [cloudJira({username, token}), cloudJira({username, token, accepts: 'nowhere'})];
    const {url} = await server((asked, response) => (refuses ? bad : good)(asked, response));
    await save({url});
    const at = (iso: string) => ({env: unlocked, now: () => new Date(iso)});
    await jirakey(['test', 'acme'], at('2026-11-20T09:00:00Z'));
    refuses = true;
    for (const hour of ['10', '11', '12']) await jirakey(['test', 'acme'], at(`2026-11-20T${hour}:00:00Z`));
    const {stdout} = await jirakey(['report', 'acme'], at('2026-11-20T13:00:00Z'));
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'Tested 2026-11-20 12:00 UTC; the 3rd test in a row that ends so, the first 2026-11-20 10:00 UTC; last passed 2026-11-20 09:00 UTC',
    );
  });

  it('falls back to the result where the steps were not kept, or were kept of an older test', async () => {
    const {url} = await jira();
    await save({url});
    await jirakey(['test', 'acme'], {env: unlocked, now: () => new Date('2026-11-19T10:00:00Z')});
    await store().recordTests(new Map([['acme', failed]]));
    const {code, stdout} = await jirakey(['report', 'acme'], {env: unlocked});
    expect(code).toBe(0);
    expect(stdout).toContain('credentials-rejected');
    expect(stdout).toContain('Troubleshooting checklist');
    expect(stdout).toContain('2026-11-20 10:00 UTC');
    expect(stdout).toContain('Its steps were not kept');
    expect(stdout).not.toContain(username);
  });

  it('takes the newest of all when none is named, what was not saved included', async () => {
    const {url} = await jira();
    await save({url});
    await save({url, name: 'other'});
    const at = (iso: string) => ({env: unlocked, now: () => new Date(iso)});
    await jirakey(['test', 'other'], at('2026-11-20T10:00:00Z'));
    await jirakey(['test', 'acme'], at('2026-11-20T09:00:00Z'));
    expect(JSON.parse((await jirakey(['report', '--json'])).stdout)).toMatchObject({name: 'other'});
    await jirakey(adHoc(url), {...given, now: () => new Date('2026-11-20T11:00:00Z')});
    const document = JSON.parse((await jirakey(['report', '--json'])).stdout);
    expect(document).toMatchObject({name: null, at: '2026-11-20T11:00:00.000Z', test: {outcome: 'passed'}});
    expect(document.test.steps).toHaveLength(8);
    expect(document.test.credential.username).toBe('y…@acme.com');
  });

  it('exits 3 where nothing was tested', async () => {
    expect((await jirakey(['report'])).code).toBe(3);
  });
});

describe('what was not saved', () => {
  it('a test on values given, and a setup that failed, are kept too', async () => {
    const {url} = await jira({accepts: 'nowhere'});
    await jirakey(adHoc(url), given);
    expect((await jirakey(['report'])).stdout).toContain('Code credentials-rejected');
    const setup = [
      'setup',
      '--no-input',
      '--name',
      'new',
      '--url',
      url,
      '--username',
      username,
      '--connector',
      'jira-feeds',
    ];
    expect((await jirakey(setup, {env: {...given.env, JIRAKEY_PASSPHRASE: passphrase}})).code).toBe(4);
    expect(existsSync(store().path)).toBe(false);
    const {stdout} = await jirakey(['report']);
    expect(stdout).toMatch(/For\s+Jira Feeds/);
    expect(stdout).toContain('“new”');
  });

  it('nothing is kept of what was refused before anything was sent', async () => {
    await jirakey(adHoc('https://'), given);
    expect(existsSync(kept())).toBe(false);
  });
});

describe('the file of the last tests', () => {
  it('is private, and holds neither token nor passphrase', async () => {
    const {url} = await jira();
    await save({url});
    await jirakey(['test', 'acme'], {env: unlocked});
    expect(statSync(kept()).mode & 0o777).toBe(0o600);
    expect(statSync(directory()).mode & 0o777).toBe(0o700);
    for (const secret of [
      token.slice(0, 16),
      passphrase,
      Buffer.from(`${username}:${token}`).toString('base64').slice(24, 60),
    ])
      expect(keptText()).not.toContain(secret);
  });

  it('is not written where the site repeats the token in its answer', async () => {
    const {url} = await server(asked =>
      asked.path === '/rest/api/2/serverInfo'
        ? {status: 200, headers: {}, body: `<html><title>${token}</title></html>`}
        : {status: 404, headers: {}, body: ''},
    );
    await jirakey(adHoc(url), given);
    expect(existsSync(kept()) ? keptText() : '').not.toContain(token.slice(0, 16));
  });

  it('forgets a credential that is removed, and carries one that is renamed', async () => {
    const {url} = await jira();
    await save({url});
    await save({url, name: 'other'});
    await jirakey(['test', '--all'], {env: unlocked});
    expect(keptText()).toContain('"of":"acme"');
    await jirakey(['remove', 'acme', '--yes']);
    expect(keptText()).not.toContain('"of":"acme"');
    await jirakey(['remove', 'other', '--yes']);
    expect(existsSync(kept())).toBe(false);
  });

  it.each([
    ['is garbage', () => writeFileSync(kept(), '{"version":1,"tests":[{"of":')],
    ['is of another version', () => writeFileSync(kept(), '{"version":2,"tests":[]}')],
    ['is a folder', () => mkdirSync(kept())],
    ['is a link', () => symlinkSync(file('elsewhere'), kept())],
    ['is huge', () => writeFileSync(kept(), `"${'x'.repeat(3_000_000)}"`)],
  ])('costs no test its result when it %s', async (_, harm) => {
    const {url} = await jira();
    await save({url});
    harm();
    expect((await jirakey(['test', 'acme'], {env: unlocked})).code).toBe(0);
    expect((await jirakey(['report', 'acme'])).code).toBe(0);
    expect(existsSync(file('elsewhere'))).toBe(false);
    expect((await jirakey(['remove', 'acme', '--yes'])).code).toBe(0);
    if (lstatSync(kept(), {throwIfNoEntry: false})?.isFile()) expect(statSync(kept()).size).toBeLessThan(600_000);
  });

  it('costs no test its result where the folder cannot be made', async () => {
    const {url} = await jira();
    writeFileSync(file('store'), 'a file where the folder should be');
    expect((await jirakey(adHoc(url), given)).code).toBe(0);
  });

  it('brings no escape sequence to the terminal when it was edited', async () => {
    const {url} = await jira({accepts: 'nowhere'});
    await save({url});
    await jirakey(['test', 'acme'], {env: unlocked});
    plant(/"detail":"/, '"detail":"\\u001b]0;owned\\u0007\\u001b[31m');
    const {stdout} = await jirakey(['report', 'acme']);
    expect(stdout).toMatch(/^. dns /m);
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('the self-check', () => {
  const encodings: readonly (readonly [string, (secret: string) => string])[] = [
    ['as it is', secret => secret],
    ['base64 of the pair', secret => Buffer.from(`${username}:${secret}`).toString('base64')],
    ['base64, shifted by one', secret => Buffer.from(`x${secret}`).toString('base64')],
    ['base64, shifted by two', secret => Buffer.from(`xy${secret}`).toString('base64')],
    ['URL-encoded', secret => encodeURIComponent(secret)],
    ['hex', secret => Buffer.from(secret).toString('hex')],
  ];

  it.each([
    ...encodings.flatMap(([name, form]) => [
      [`the token ${name}`, form(token)],
      [`the passphrase ${name}`, form(passphrase)],
    ]),
    ['sixteen characters of the token', token.slice(60, 76)],
    ['an Authorization header', `Authorization: Basic ${Buffer.from('someone:0123456789abc').toString('base64')}`],
  ])('refuses a report that holds %s: exit 1, a sentence on stderr, nothing on stdout', async (_, planted) => {
    const {url} = await jira({accepts: 'nowhere'});
    await save({url});
    await jirakey(['test', 'acme'], {env: unlocked});
    plant(/"detail":"/, `"detail":"saw ${planted} `);
    for (const argv of [
      ['report', 'acme'],
      ['report', 'acme', '--json'],
      ['report', 'acme', '--for', 'org-admin'],
    ]) {
      // What stands in a step is no part of a message, unless it passed.
      const {code, stdout, stderr} = await jirakey(argv, {env: unlocked});
      expect({argv, code, stdout}).toEqual({argv, code: 1, stdout: ''});
      expect(stderr).toMatch(/not handed out: it holds .*Nothing was printed/);
      expect(stderr).not.toContain(planted);
    }
  });

  it('finds what is shaped like a token without knowing one', async () => {
    const {url} = await jira({accepts: 'nowhere'});
    await save({url});
    await jirakey(['test', 'acme'], {env: unlocked});
    plant(/"detail":"/, `"detail":"${syntheticToken()} `);
    expect(await jirakey(['report', 'acme'])).toMatchObject({code: 1, stdout: ''});
  });

  it('by the built program as well: a sentence, not a crash', async () => {
    const {url} = await jira({accepts: 'nowhere'});
    await save({url});
    await jirakey(['test', 'acme'], {env: unlocked});
    plant(/"detail":"/, `"detail":"${token.slice(100, 130)} `);
    const ended = await program(['report', 'acme'], {env: unlocked});
    expect(ended).toMatchObject({code: 1, stdout: ''});
    expect(ended.stderr).toContain('Nothing was printed');
    expect(ended.stderr).not.toContain('jirakey itself failed');
  });
});

describe('report --for', () => {
  it('writes the message to that admin, account and all, and says on stderr that it was searched', async () => {
    const {url} = await jira({accepts: 'nowhere'});
    await save({url});
    await jirakey(['test', 'acme'], {env: unlocked});
    const {code, stdout, stderr} = await jirakey(['report', 'acme', '--for', 'org-admin'], {env: unlocked});
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Subject: /);
    expect(stdout).toContain(username);
    expect(stdout).toContain('What we ask of you');
    expect(stderr).toContain('Self-check');
    const document = JSON.parse((await jirakey(['report', 'acme', '--for', 'org-admin', '--json'])).stdout);
    expect(document).toMatchObject({for: 'org-admin', name: 'acme'});
  });

  it('says when there is nothing to ask: exit 3', async () => {
    const {url} = await jira();
    await save({url});
    await jirakey(['test', 'acme'], {env: unlocked});
    const {code, stdout, stderr} = await jirakey(['report', '--for', 'network-admin']);
    expect({code, stdout}).toEqual({code: 3, stdout: ''});
    expect(stderr).toContain('passed');
  });

  it('wants more than a result to write a message from: exit 3', async () => {
    await save();
    await store().recordTests(new Map([['acme', failed]]));
    const {code, stderr} = await jirakey(['report', '--for', 'org-admin']);
    expect(code).toBe(3);
    expect(stderr).toContain('jirakey test acme');
  });

  it('--copy gives it to the terminal as well, and only to one', async () => {
    const {url} = await jira({accepts: 'nowhere'});
    await save({url});
    await jirakey(['test', 'acme'], {env: unlocked});
    const argv = ['report', 'acme', '--for', 'org-admin', '--copy'];
    const piped = await jirakey(argv);
    expect(piped.stdout).not.toContain('\u001b');
    expect(piped.stderr).toContain('There is no terminal');
    const {stdout, stderr} = await jirakey(argv, {terminal: true, env: {TERM: 'xterm-256color'}});
    const copied = /\u001b\]52;c;([\w+/=]+)\u0007/.exec(stdout)?.[1] ?? '';
    expect(Buffer.from(copied, 'base64').toString()).toMatch(/^Subject: [\s\S]*Thank you!/);
    expect(stdout).toContain('Thank you!');
    expect(stderr).toContain('Not every terminal takes it');
    expect((await jirakey([...argv, '--json'])).code).toBe(2);
    expect((await jirakey(['report', '--for', 'boss'])).code).toBe(2);
  });
});
