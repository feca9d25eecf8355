/** The line docs/security.md gives for a day without this program, as it stands there, in a shell with jq and age. */
import {spawnSync} from 'node:child_process';
import {chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {spawn} from '@lydell/node-pty';
import {afterAll, afterEach, beforeEach, describe, expect, test} from 'vitest';
import {openStore} from '../../source/store/store.ts';
import {folder, run} from '../support/program.ts';
import {saveSealed} from '../support/sealed-store.ts';
import {content, passphrase} from './content.ts';

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const place = folder();
afterAll(() => place.remove());

const document = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');
const line = /^age -d -i .*$/m.exec(document)?.[0];

test('is there', () => {
  expect(line).toContain('~/.config/jirakey/config.json');
});

/** Runs the line in a shell whose home is the test's folder, and types the passphrase. */
async function rescued(): Promise<Readonly<{exitCode: number; screen: string}>> {
  const shell = spawn('bash', ['-c', `${line}`], {
    cols: 200,
    rows: 40,
    env: {PATH: process.env.PATH ?? '', HOME: place.path},
  });
  let screen = '';
  let answered = false;
  shell.onData(data => {
    screen += data;
    if (answered || !/passphrase[^\n]*: /i.test(screen)) return;
    answered = true;
    shell.write(`${passphrase.reveal()}\r`);
  });
  const {exitCode} = await new Promise<{exitCode: number}>(resolve => shell.onExit(resolve));
  return {exitCode, screen};
}

describe.skipIf(!(has('age') && has('jq')))('prints the token (skipped without age and jq)', {timeout: 60_000}, () => {
  const directory = join(place.path, '.config', 'jirakey');
  const file = join(directory, 'config.json');
  beforeEach(() => mkdirSync(directory, {recursive: true, mode: 0o700}));
  afterEach(() => rmSync(directory, {recursive: true}));

  test('of a store made by this program', async () => {
    const store = openStore(directory);
    for (const name of ['other', 'acme']) {
      const inside = content({name, token: `token-of-${name}`});
      await saveSealed(store, inside, passphrase);
    }
    const {exitCode, screen} = await rescued();
    expect(exitCode).toBe(0);
    expect(screen).toMatch(/token-of-acme\r?\n$/);
    expect(screen).not.toContain('token-of-other');
  });

  test('of a store of the first format, once a command has opened it', async () => {
    copyFileSync(new URL('../store/version-1/one-passphrase.json', import.meta.url), file);
    chmodSync(file, 0o600);
    writeFileSync(join(place.path, 'passphrase'), passphrase.reveal(), {mode: 0o600});
    writeFileSync(join(place.path, 'token'), content().token, {mode: 0o600});
    const env = {HOME: place.path, XDG_CONFIG_HOME: join(place.path, '.config')};
    const opens = ['--passphrase-file', join(place.path, 'passphrase')];
    const given = await run(['token', 'acme', ...opens], {env});
    expect(given).toMatchObject({code: 0, stdout: expect.stringContaining('synthetic')});
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({version: 2});
    expect((await run(['doctor'], {env})).stdout.replaceAll(/\s/g, '')).toMatch(/olderformatiskeptin\S+\.v1-\d/);
    const {exitCode, screen} = await rescued();
    expect(exitCode).toBe(0);
    expect(screen.replaceAll(/\s/g, '')).toContain(given.stdout.trim());
    const more = ['--name', 'new', '--url', 'https://acme.atlassian.net', '--username', 'you@acme.com'];
    const token = ['--token-file', join(place.path, 'token')];
    const setup = await run(['setup', '--no-input', '--save-untested', ...more, ...token, ...opens], {env});
    expect(setup).toMatchObject({code: 0});
    expect((await run(['doctor'], {env})).stdout).not.toContain('older format');
    expect((await run(['token', 'new', ...opens], {env})).stdout.trim()).toBe(content().token);
  });
});
