/** `jirakey key`: further ways to open the store, used in place of the passphrase, and taken away again. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {generateX25519Identity, identityToRecipient} from 'age-encryption';
import {beforeEach, describe, expect, it} from 'vitest';
import {bench, passphrase, unlocked} from './bench.ts';

const {token, jirakey, save, store, file} = bench();
const another = 'violet harbour mitten plankton';
let identity = '';
let recipient = '';
beforeEach(async () => {
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
  writeFileSync(file('identity'), `# created: today\n# public key: ${recipient}\n${identity}\n`, {mode: 0o600});
  writeFileSync(file('another'), another, {mode: 0o600});
});

const addIdentity = () => jirakey(['key', 'add', 'backup', '--recipient', recipient], {env: unlocked});
const byIdentity = () => jirakey(['token', 'acme', '--identity-file', file('identity')]);

describe('jirakey key', () => {
  it('adds an age recipient, whose identity opens every credential from then on', async () => {
    await save();
    await save({name: 'other'});
    expect((await byIdentity()).code).toBe(10);
    expect(await addIdentity()).toMatchObject({code: 0});
    expect(await byIdentity()).toMatchObject({code: 0, stdout: `${token}\n`});
    expect((await jirakey(['token', 'other', '--identity-file', file('identity')])).stdout).toBe(`${token}\n`);
    expect((await jirakey(['token', 'acme'], {env: unlocked})).stdout).toBe(`${token}\n`);
    expect(readFileSync(store().path, 'utf8')).not.toContain(identity);
  });

  it('opens by the credential of a service, with no passphrase in any file', async () => {
    await save();
    await addIdentity();
    mkdirSync(file('credentials'), {mode: 0o700});
    writeFileSync(join(file('credentials'), 'jirakey.identity'), `${identity}\n`, {mode: 0o600});
    const env = {CREDENTIALS_DIRECTORY: file('credentials')};
    expect(await jirakey(['token', 'acme'], {env})).toMatchObject({code: 0, stdout: `${token}\n`});
  });

  it('adds another passphrase; both open the store', async () => {
    await save();
    const argv = ['key', 'add', 'team', '--new-passphrase-file', file('another')];
    expect(await jirakey(argv, {env: unlocked})).toMatchObject({code: 0});
    for (const JIRAKEY_PASSPHRASE of [passphrase, another]) {
      expect((await jirakey(['token', 'acme'], {env: {JIRAKEY_PASSPHRASE}})).stdout).toBe(`${token}\n`);
    }
  });

  it('lists what opens the store, without unlocking it', async () => {
    expect(JSON.parse((await jirakey(['key', 'list', '--json'])).stdout).keys).toEqual([]);
    await save();
    await addIdentity();
    const {keys} = JSON.parse((await jirakey(['key', 'list', '--json'])).stdout);
    expect(keys).toMatchObject([
      {name: 'passphrase', kind: 'passphrase', recipient: null},
      {name: 'backup', kind: 'age', recipient},
    ]);
    expect((await jirakey(['key', 'list'])).stdout).toContain(recipient);
  });

  it.each([[[]], [['--new-key']]])('removes one, which then opens nothing (%j)', async more => {
    await save();
    await addIdentity();
    const before = (await store().read()).ring;
    const removed = await jirakey(['key', 'remove', 'backup', ...more], {env: unlocked});
    expect(removed).toMatchObject({code: 0});
    expect((await byIdentity()).code).toBe(10);
    expect((await jirakey(['token', 'acme'], {env: unlocked})).stdout).toBe(`${token}\n`);
    expect((await store().read()).ring?.recipient === before?.recipient).toBe(more.length === 0);
    expect(removed.stderr.includes('still opens old copies')).toBe(more.length === 0);
  });

  it('refuses what is no key', async () => {
    await save();
    const refused: readonly (readonly [number, readonly string[]])[] = [
      [2, ['add', 'x', '--recipient', 'age1nothing']],
      [2, ['add', 'passphrase', '--recipient', recipient]],
      [2, ['add']],
      [2, ['list', 'x']],
      [2, ['turn']],
      [3, ['remove', 'x']],
    ];
    const before = readFileSync(store().path, 'utf8');
    for (const [code, argv] of refused) {
      expect([argv, (await jirakey(['key', ...argv], {env: unlocked})).code]).toEqual([argv, code]);
    }
    const both = ['token', 'acme', '--identity-file', file('identity'), '--passphrase-file', file('another')];
    expect((await jirakey(both)).code).toBe(2);
    expect((await jirakey(['token', 'acme', '--identity-file', file('another')])).code).toBe(2);
    expect(readFileSync(store().path, 'utf8')).toBe(before);
  });
});
