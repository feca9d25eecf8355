import {readFileSync, writeFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {Secret} from '../../source/domain/secret.ts';
import {unlock, unlockDraft} from '../../source/store/unlock.ts';
import {open, seal} from '../../source/vault/seal.ts';
import {bench, passphrase, unlocked} from './bench.ts';

const {token, jirakey, save, store, file} = bench();
const next = 'violet harbour mitten plankton';

function change(phrase = next) {
  writeFileSync(file('new'), `${phrase}\n`, {mode: 0o600});
  return jirakey(['passphrase', '--new-passphrase-file', file('new')], {env: unlocked});
}

describe('jirakey passphrase', () => {
  it('seals every credential and the draft anew; the old one opens nothing any more, not even in the backup', async () => {
    await save();
    const second = await save({name: 'other', token: `${token}x`});
    const content = await open(second.sealed, new Secret(passphrase));
    const sealed = await seal({...content, name: 'third'}, new Secret(passphrase), {logN: 10});
    const {connector, url, username, expiresAt} = content;
    const updatedAt = '2026-11-02T00:00:00.000Z';
    await store().saveDraft({connector, name: 'third', description: '', url, username, expiresAt, sealed, updatedAt});

    const {code, stdout} = await change();
    expect(code).toBe(0);
    expect(stdout).toMatch(/“acme”.*“other”/);
    const {credentials, draft} = await store().read();
    const tokens = await Promise.all(
      credentials.map(async saved => (await unlock(saved, new Secret(next), 'the store')).token),
    );
    expect(tokens).toEqual([token, `${token}x`]);
    if (draft === null) throw new Error('the draft is gone');
    expect((await unlockDraft(draft, new Secret(next), 'the store'))?.token).toBe(`${token}x`);
    for (const one of [...credentials, draft]) {
      await expect(open(one.sealed ?? '', new Secret(passphrase))).rejects.toMatchObject({
        problem: {code: 'does-not-open'},
      });
    }
    expect(readFileSync(`${store().path}.bak`, 'utf8')).not.toContain(sealed.split('\n')[3] ?? '?');
  });

  it('changes nothing when one credential does not open', async () => {
    await save();
    await save({name: 'other'}, 'sealed with something else');
    const before = readFileSync(store().path, 'utf8');
    expect((await change()).code).toBe(10);
    expect(readFileSync(store().path, 'utf8')).toBe(before);
  });

  it.each([
    ['short', /12 characters/],
    [passphrase, /is the old one/],
    ['acme.atlassian.net please', /site address/],
  ])('refuses %j', async (phrase, said) => {
    await save();
    const before = readFileSync(store().path, 'utf8');
    const {code, stderr} = await change(phrase);
    expect(code).toBe(2);
    expect(stderr).toMatch(said);
    expect(readFileSync(store().path, 'utf8')).toBe(before);
  });

  it('says what is missing where nothing can be asked, and that an empty store has none', async () => {
    expect((await jirakey(['passphrase'], {env: unlocked})).code).toBe(3);
    await save();
    const {code, stderr} = await jirakey(['passphrase'], {env: unlocked});
    expect(code).toBe(2);
    expect(stderr).toContain('--new-passphrase-file');
    expect((await jirakey(['passphrase'])).code).toBe(2);
  });
});
