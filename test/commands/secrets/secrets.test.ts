import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {contextOf} from '../../../source/commands/context.ts';
import type {Options} from '../../../source/commands/line/options.ts';
import {checkSources, hasSource, readPassphrase, readToken} from '../../../source/commands/secrets/secrets.ts';
import {UserFault} from '../../../source/domain/fault.ts';
import {syntheticToken} from '../../support/jira.ts';
import {folder} from '../../support/program.ts';
import {type FakeOptions, fakeWorld} from '../../support/world.ts';

let place: ReturnType<typeof folder>;
beforeEach(() => {
  place = folder();
});
afterEach(() => place.remove());

const file = (name: string, text: string, mode = 0o600): string => {
  const path = join(place.path, name);
  writeFileSync(path, text, {mode});
  return path;
};

async function token(options: Options, world: FakeOptions = {}) {
  const fake = fakeWorld(world);
  const given = await readToken(contextOf({command: 'test', args: [], rest: [], options}, fake.world));
  return {token: given?.token.reveal() ?? null, username: given?.username ?? null, said: fake.stderr()};
}

async function passphrase(options: Options, world: FakeOptions = {}) {
  const fake = fakeWorld(world);
  const given = await readPassphrase(contextOf({command: 'test', args: [], rest: [], options}, fake.world));
  return {passphrase: given?.reveal() ?? null, said: fake.stderr()};
}

async function fault(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof UserFault) return [error.message, ...error.hints].join('\n');
    throw error;
  }
  throw new Error('nothing was refused');
}

const good = syntheticToken();

describe('sources of the token', () => {
  it('stdin, file, command, descriptor, credentials folder, environment: the same token', async () => {
    const path = file('t', `${good}\n`);
    file('jirakey.token', `${good}\n`);
    expect((await token({'token-stdin': true}, {stdin: `${good}\n`})).token).toBe(good);
    expect((await token({'token-file': path})).token).toBe(good);
    expect((await token({'token-command': `cat '${path}'`}, {env: {PATH: process.env.PATH}})).token).toBe(good);
    expect((await token({'token-fd': '0'}, {stdin: good})).token).toBe(good);
    expect((await token({}, {env: {CREDENTIALS_DIRECTORY: place.path}})).token).toBe(good);
    expect((await token({}, {env: {JIRA_API_TOKEN: good}})).token).toBe(good);
    expect((await token({})).token).toBeNull();
  });

  it('an option goes before the credentials folder, that before the environment', async () => {
    const env = {CREDENTIALS_DIRECTORY: place.path, JIRA_API_TOKEN: 'from-environment'};
    expect((await token({}, {env})).token).toBe('from-environment');
    file('jirakey.token', 'from-folder');
    expect((await token({}, {env})).token).toBe('from-folder');
    expect((await token({'token-file': file('t', 'from-file')}, {env})).token).toBe('from-file');
  });

  it('warns once about the environment, names the variable, shows nothing of the value', async () => {
    const {said} = await token({}, {env: {JIRA_API_TOKEN: good}});
    expect(said.match(/JIRA_API_TOKEN/g)).toHaveLength(1);
    expect(said).not.toContain(good.slice(0, 12));
  });

  it.each([
    ['line ends', 'AAAA\r\nBBBB\n', 'AAAABBBB', null],
    ['spaces', '  AAAA BBBB ', 'AAAABBBB', null],
    ['zero-width characters', '\u200bAAAA\ufeffBBBB', 'AAAABBBB', null],
    ['quotes', '“AAAABBBB”', 'AAAABBBB', null],
    ['Bearer', 'Bearer AAAABBBB', 'AAAABBBB', null],
    ['a name', 'JIRA_API_TOKEN=AAAABBBB', 'AAAABBBB', null],
    ['the e-mail', `you@acme.com:${good}`, good, 'you@acme.com'],
    ['base64 of the pair', Buffer.from(`you@acme.com:${good}`).toString('base64'), good, 'you@acme.com'],
  ])('cleans %s and says so', async (_, text, clean, username) => {
    const read = await token({'token-stdin': true}, {stdin: text});
    expect(read).toMatchObject({token: clean, username});
    expect(read.said).toMatch(/^API Token cleaned: .+ removed\.$/m);
    expect(read.said).not.toContain(clean);
  });

  it('says nothing about a token that needed nothing', async () => {
    expect((await token({'token-stdin': true}, {stdin: good})).said).toBe('');
  });

  it.each([
    ['', /empty/],
    ['\n', /empty/],
    ['tökén', /character/],
    ['x'.repeat(5000), /4096/],
    ['x'.repeat(70_000), /64 KiB/],
  ])('refuses %j', async (stdin, said) => {
    expect(await fault(() => token({'token-stdin': true}, {stdin}))).toMatch(said);
  });

  it('notices a file that others may read', async () => {
    const path = file('t', good, 0o644);
    expect((await token({'token-file': path})).said).toContain(`chmod 600 ${path}`);
    expect((await token({'token-file': path, quiet: true})).said).toBe('');
    expect((await token({'token-file': file('p', good)})).said).toBe('');
  });

  it.each([
    [{'token-file': '/nonexistent/t'}, /no such file/],
    [{'token-file': '/'}, /folder|EISDIR/],
    [{'token-fd': '1'}, /3 or higher/],
    [{'token-fd': 'x'}, /3 or higher/],
    [{'token-fd': '987'}, /EBADF/],
    [{'token-command': 'exit 3'}, /status 3/],
    [{'token-command': 'echo x; kill -9 $$'}, /SIGKILL/],
  ] as const)('%j is an error with a reason', async (options, said) => {
    expect(await fault(() => token(options, {env: {PATH: process.env.PATH}}))).toMatch(said);
  });

  it('passes on what the command says on stderr', async () => {
    const read = await token({'token-command': 'echo unlock me >&2; echo abcdefgh'}, {env: {PATH: process.env.PATH}});
    expect(read.token).toBe('abcdefgh');
    expect(read.said).toContain('unlock me');
  });
});

describe('sources of the passphrase', () => {
  it.each([
    ['correct horse\n', 'correct horse'],
    ['correct horse\r\n', 'correct horse'],
    ['correct horse\n\n', 'correct horse\n'],
    [' “correct” horse ', ' “correct” horse '],
    ['Bearer of news', 'Bearer of news'],
  ])('loses one line end and nothing else: %j', async (stdin, kept) => {
    expect((await passphrase({'passphrase-stdin': true}, {stdin})).passphrase).toBe(kept);
    expect((await passphrase({'passphrase-file': file('p', stdin)})).passphrase).toBe(kept);
  });

  it('comes from the credentials folder and the environment as well', async () => {
    mkdirSync(join(place.path, 'c'));
    file('c/jirakey.passphrase', 'from folder\n');
    const env = {CREDENTIALS_DIRECTORY: join(place.path, 'c'), JIRAKEY_PASSPHRASE: 'from environment'};
    expect((await passphrase({}, {env})).passphrase).toBe('from folder');
    const read = await passphrase({}, {env: {...env, CREDENTIALS_DIRECTORY: '/nonexistent'}});
    expect(read.passphrase).toBe('from environment');
    expect(read.said.match(/JIRAKEY_PASSPHRASE/g)).toHaveLength(1);
  });

  it('is not empty', async () => {
    expect(await fault(() => passphrase({'passphrase-stdin': true}, {stdin: '\n'}))).toMatch(/empty/);
  });
});

describe('two sources at once', () => {
  it.each([
    [{'token-stdin': true, 'token-file': 'f'}, /--token-stdin and --token-file/],
    [{'token-fd': '3', 'token-command': 'c'}, /--token-fd and --token-command/],
    [{'passphrase-stdin': true, 'passphrase-fd': '3'}, /--passphrase-stdin and --passphrase-fd/],
    [{'token-stdin': true, 'passphrase-stdin': true}, /stdin can be the source of one secret only/],
    [{'token-fd': '0', 'passphrase-stdin': true}, /stdin can be the source of one secret only/],
  ] as const)('%j is an error before anything is read', async (options, said) => {
    expect(await fault(() => checkSources(options))).toMatch(said);
  });

  it('one of each is none', () => {
    expect(() => checkSources({'token-stdin': true, 'passphrase-file': 'p'})).not.toThrow();
  });

  it('knows whether there is a source without reading it', () => {
    expect(hasSource('token', {'token-file': '/nonexistent'}, {})).toBe(true);
    expect(hasSource('token', {}, {JIRA_API_TOKEN: ''})).toBe(false);
    expect(hasSource('passphrase', {}, {JIRAKEY_PASSPHRASE: 'x'})).toBe(true);
  });
});
