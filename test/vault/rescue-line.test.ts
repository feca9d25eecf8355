/** The line docs/security.md gives for a day without this program, as it stands there, in a shell with jq and age. */
import {spawnSync} from 'node:child_process';
import {mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {spawn} from '@lydell/node-pty';
import {afterAll, expect, test} from 'vitest';
import {savedFrom} from '../../source/commands/saved/saved.ts';
import {openStore} from '../../source/store/store.ts';
import {seal} from '../../source/vault/seal.ts';
import {folder} from '../support/program.ts';
import {content, passphrase} from './content.ts';

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const place = folder();
afterAll(() => place.remove());

const document = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');
const line = /^jq -r .*\| age -d .*$/m.exec(document)?.[0];

test('is there', () => {
  expect(line).toContain('~/.config/jirakey/config.json');
});

test.skipIf(!(has('age') && has('jq')))(
  'prints the token (skipped without age and jq)',
  {timeout: 60_000},
  async () => {
    const directory = join(place.path, '.config', 'jirakey');
    mkdirSync(join(place.path, '.config'));
    const store = openStore(directory);
    for (const name of ['other', 'acme']) {
      const inside = content({name, token: `token-of-${name}`});
      await store.save(savedFrom(inside, await seal(inside, passphrase, {logN: 12}), null));
    }
    const shell = spawn('sh', ['-c', `${line}`], {
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
    expect(exitCode).toBe(0);
    expect(screen).toMatch(/token-of-acme\r?\n$/);
    expect(screen).not.toContain('token-of-other');
  },
);
