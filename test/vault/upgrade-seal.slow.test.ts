/** A key that was locked where memory was short is locked anew by whichever command opens it, and by none that does not. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {main} from '../../source/commands/main.ts';
import type {SealedContent} from '../../source/domain/credential.ts';
import {savedFrom} from '../../source/domain/credential.ts';
import {acquire} from '../../source/store/lock.ts';
import {openStore, type Store} from '../../source/store/store.ts';
import {seal} from '../../source/vault/seal.ts';
import {lockKey, makeStoreKey, workFactorOf} from '../../source/vault/store-key.ts';
import {shippedProgram} from '../support/build.ts';
import {folder, run} from '../support/program.ts';
import {opened} from '../support/sealed-store.ts';
import {fakeWorld} from '../support/world.ts';
import {content, otherPassphrase, passphrase} from './content.ts';

let place: ReturnType<typeof folder>;
let store: Store;
let sealed: SealedContent;
beforeEach(async () => {
  place = folder();
  store = openStore(join(place.path, 'store'));
  sealed = content({name: 'acme', expiresAt: null});
  await save(6);
  writeFileSync(join(place.path, 'phrase'), passphrase.reveal(), {mode: 0o600});
  writeFileSync(join(place.path, 'wrong'), otherPassphrase.reveal(), {mode: 0o600});
});
afterEach(() => place.remove());

const key = await makeStoreKey();
/** A store whose key is locked at a work factor of its own. */
const save = async (logN: number): Promise<void> => {
  const credential = savedFrom(sealed, await seal(sealed, key), null);
  const {id, recipient} = key;
  const ring = {id, recipient, identity: await lockKey(key, passphrase, {logN}), keys: []};
  mkdirSync(store.directory, {recursive: true, mode: 0o700});
  writeFileSync(store.path, JSON.stringify({version: 2, seq: 1, ...ring, credentials: [credential], draft: null}), {
    mode: 0o600,
  });
};
const factor = async (): Promise<number | null> => workFactorOf((await store.read()).ring?.identity ?? '');
const at = (name: string): string => join(place.path, name);
const unlock = ['--passphrase-file'];

/** In this process, where seals are raised to factor 8. */
async function jirakey(...argv: string[]): Promise<{code: number; stderr: string}> {
  const fake = fakeWorld({env: {JIRAKEY_STORE: store.directory, PATH: process.env.PATH}});
  const code = await main(argv, {...fake.world, workFactor: 8});
  return {code, stderr: fake.stderr()};
}

describe('a key of a lower work factor', {timeout: 60_000}, () => {
  test('is made anew by the program after an unlock, at factor 18, and says so', async () => {
    await save(16);
    const shipped = {program: shippedProgram, env: {JIRAKEY_STORE: store.directory}};
    const ended = await run(['token', 'acme', ...unlock, at('phrase')], shipped);
    expect(ended).toMatchObject({code: 0, stdout: `${sealed.token}\n`});
    expect(ended.stderr).toContain('Guessing the passphrase of this store');
    expect(ended.stderr).toContain('4 times as much (work factor 18, it was 16)');
    expect(await factor()).toBe(18);
    const [one] = (await store.read()).credentials;
    expect(one && (await opened(store, one, passphrase))).toEqual(sealed);
    // The backup would be the cheaper one to search.
    const backup = JSON.parse(readFileSync(`${store.path}.bak`, 'utf8'));
    expect(workFactorOf(backup.identity)).toBe(18);
    const again = await run(['token', 'acme', ...unlock, at('phrase')], shipped);
    expect(again.stderr).toBe('');
  });

  test.each([
    [['exec', 'acme', ...unlock, 'P', '--', 'true']],
    [['export', 'acme', '--format', 'env', ...unlock, 'P']],
    [['report', 'acme', ...unlock, 'P']],
    [['test', 'acme', '--timeout', '2', '--resolve', 'acme.atlassian.net:443:127.0.0.1', ...unlock, 'P']],
  ])('also by %j', async argv => {
    await jirakey(...argv.map(word => (word === 'P' ? at('phrase') : word)));
    expect(await factor()).toBe(8);
  });

  test('stays for a wrong passphrase, an edited store, and commands that open nothing', async () => {
    expect((await jirakey('token', 'acme', ...unlock, at('wrong'))).code).toBe(10);
    expect((await jirakey('list')).code).toBe(0);
    const text = readFileSync(store.path, 'utf8');
    writeFileSync(store.path, text.replace('you@acme.com', 'them@acme.com'));
    expect((await jirakey('token', 'acme', ...unlock, at('phrase'))).code).toBe(10);
    expect(await factor()).toBe(6);
  });

  test('stays, without a failure, where another process keeps the lock', async () => {
    const lock = await acquire(`${store.path}.lock`, 0);
    const argv = ['token', 'acme', ...unlock, at('phrase')];
    const ended = await run(argv, {env: {JIRAKEY_STORE: store.directory}});
    expect(ended).toMatchObject({code: 0, stdout: `${sealed.token}\n`, stderr: ''});
    expect(await factor()).toBe(6);
    await lock.release();
  });
});
