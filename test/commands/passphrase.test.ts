import {readFileSync, writeFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {Secret} from '../../source/domain/secret.ts';
import {unlockKey} from '../../source/vault/store-key.ts';
import {firstFormatSeal, opened, openedDraft} from '../support/sealed-store.ts';
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
    const content = await opened(store(), second, passphrase);
    const sealed = await (await store().unlock(new Secret(passphrase))).seal({...content, name: 'third'});
    const {connector, url, username, connection, expiresAt} = content;
    const updatedAt = '2026-11-02T00:00:00.000Z';
    const answers = {connector, name: 'third', description: '', url, username, connection, expiresAt};
    await store().saveDraft({...answers, sealed, updatedAt});

    const {code, stdout} = await change();
    expect(code).toBe(0);
    expect(stdout).toMatch(/“acme”.*“other”/);
    const {credentials, draft} = await store().read();
    const tokens = await Promise.all(credentials.map(async saved => (await opened(store(), saved, next)).token));
    expect(tokens).toEqual([token, `${token}x`]);
    if (draft === null) throw new Error('the draft is gone');
    expect((await openedDraft(store(), draft, next))?.token).toBe(`${token}x`);
    for (const path of [store().path, `${store().path}.bak`]) {
      const {identity} = JSON.parse(readFileSync(path, 'utf8'));
      await expect(unlockKey(identity, new Secret(passphrase))).rejects.toMatchObject({
        problem: {code: 'does-not-open'},
      });
    }
    expect(readFileSync(`${store().path}.bak`, 'utf8')).not.toContain(sealed.split('\n')[3] ?? '?');
  });

  it('changes nothing when one credential does not open', async () => {
    await save();
    const other = await save({name: 'other'});
    const sealed = await firstFormatSeal(await opened(store(), other, passphrase), 'sealed with something else');
    await store().save({...other, sealed}, {replace: true});
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
