/** Both ways with the `age` program, where the machine has it: it asks its passphrase on a terminal only. */
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {spawn} from '@lydell/node-pty';
import {afterAll, describe, expect, test} from 'vitest';
import {Secret} from '../../source/domain/secret.ts';
import {openFirstFormat} from '../../source/vault/first-format.ts';
import {open, seal} from '../../source/vault/seal.ts';
import {lockKey, makeStoreKey, unlockKey} from '../../source/vault/store-key.ts';
import {firstFormatSeal} from '../support/sealed-store.ts';
import {content, passphrase} from './content.ts';

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
  test('opens our seal by our key, which is under the passphrase, as JSON', {timeout: 60_000}, async () => {
    const key = await makeStoreKey();
    const [identity, sealedFile, out] = ['ours.key', 'ours.age', 'ours.json'].map(name => join(folder, name));
    if (identity === undefined || sealedFile === undefined || out === undefined) throw new Error('no names');
    writeFileSync(identity, await lockKey(key, passphrase, {logN: 12}));
    writeFileSync(sealedFile, await seal(content(), key));
    const refused = await age(['-d', '-i', identity, '-o', out, sealedFile], 'something else entirely');
    expect(refused.code).not.toBe(0);
    const {code, screen} = await age(['-d', '-i', identity, '-o', out, sealedFile], passphrase.reveal());
    expect({code, screen}).toMatchObject({code: 0});
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject(content());
  });

  test('opens a seal of the first format, as JSON', {timeout: 60_000}, async () => {
    const [sealedFile, out] = [join(folder, 'first.age'), join(folder, 'first.json')];
    writeFileSync(sealedFile, await firstFormatSeal(content(), passphrase, 12));
    const {code, screen} = await age(['-d', '-o', out, sealedFile], passphrase.reveal());
    expect({code, screen}).toMatchObject({code: 0});
    expect(await openFirstFormat(readFileSync(sealedFile, 'utf8'), passphrase)).toEqual(content());
  });

  test('locks our key as we open it', {timeout: 60_000}, async () => {
    const key = await makeStoreKey();
    const [plain, locked] = [join(folder, 'theirs.txt'), join(folder, 'theirs.age')];
    writeFileSync(plain, `# jirakey store ${key.id}\n# public key: ${key.recipient}\n${key.secret.reveal()}\n`);
    const {code, screen} = await age(['-p', '-a', '-o', locked, plain], passphrase.reveal());
    expect({code, screen}).toMatchObject({code: 0});
    const text = readFileSync(locked, 'utf8');
    const opened = await unlockKey(text, passphrase);
    expect(await open(await seal(content(), key), opened)).toEqual(content());
    await expect(unlockKey(text, new Secret('something else entirely'))).rejects.toMatchObject({
      problem: {code: 'does-not-open'},
    });
  });
});
