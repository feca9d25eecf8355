/** Both ways with the `age` program, where the machine has it: it asks its passphrase on a terminal only. */
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {spawn} from '@lydell/node-pty';
import {afterAll, describe, expect, test} from 'vitest';
import {Secret} from '../../source/domain/secret.ts';
import {open, seal} from '../../source/vault/seal.ts';
import {content, passphrase, quick} from './content.ts';

const found = spawnSync('age', ['--version']).error === undefined;
const folder = mkdtempSync(join(tmpdir(), 'age-program-'));
afterAll(() => rmSync(folder, {recursive: true}));

/** Runs age in a terminal and types the passphrase at each prompt for one; resolves with its exit code and screen. */
function age(args: string[], typed: string): Promise<{code: number; screen: string}> {
  return new Promise(resolve => {
    const terminal = spawn('age', args, {cols: 200, rows: 40, env: {PATH: process.env.PATH ?? ''}});
    let screen = '';
    let answered = 0;
    terminal.onData(data => {
      screen += data;
      const prompts = screen.match(/passphrase[^\n]*: /gi)?.length ?? 0;
      for (; answered < prompts; answered++) terminal.write(`${typed}\r`);
    });
    terminal.onExit(({exitCode}) => resolve({code: exitCode, screen}));
  });
}

describe.skipIf(!found)('the age program (skipped where it is not installed)', () => {
  test('opens our seal, as JSON', {timeout: 60_000}, async () => {
    const [sealedFile, out] = [join(folder, 'ours.age'), join(folder, 'ours.json')];
    writeFileSync(sealedFile, await seal(content(), passphrase, {logN: 12}));
    const {code, screen} = await age(['-d', '-o', out, sealedFile], passphrase.reveal());
    expect({code, screen}).toMatchObject({code: 0});
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(content());
  });

  test('refuses our seal with another passphrase', {timeout: 60_000}, async () => {
    const sealedFile = join(folder, 'refused.age');
    writeFileSync(sealedFile, await seal(content(), passphrase, quick));
    const {code} = await age(['-d', '-o', join(folder, 'refused.json'), sealedFile], 'something else entirely');
    expect(code).not.toBe(0);
  });

  test('makes what we open', {timeout: 60_000}, async () => {
    const [plain, sealedFile] = [join(folder, 'theirs.json'), join(folder, 'theirs.age')];
    writeFileSync(plain, JSON.stringify(content()));
    const {code, screen} = await age(['-p', '-a', '-o', sealedFile, plain], passphrase.reveal());
    expect({code, screen}).toMatchObject({code: 0});
    const text = readFileSync(sealedFile, 'utf8');
    expect(await open(text, passphrase)).toEqual(content());
    await expect(open(text, new Secret('something else entirely'))).rejects.toMatchObject({
      problem: {code: 'does-not-open'},
    });
  });
});
