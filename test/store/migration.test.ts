/** Stores of the first format, as the program of that time wrote them: opened, brought to the second, used. */
import {copyFileSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {givenUp} from '../../source/domain/credential.ts';
import type {Secret} from '../../source/domain/secret.ts';
import {openStore, type Store} from '../../source/store/store.ts';
import {isFirstFormat} from '../../source/vault/first-format.ts';
import {firstFormatDocument, firstFormatSeal, opened, saveSealed} from '../support/sealed-store.ts';
import {content, otherPassphrase, passphrase} from '../vault/content.ts';
import {faultOf, saved, temporaryFolder} from './samples.ts';

let place: ReturnType<typeof temporaryFolder>;
let store: Store;
beforeEach(() => {
  place = temporaryFolder();
  store = openStore(place.folder, {now: () => new Date('2026-11-23T09:45:00.500Z')});
});
afterEach(() => place.remove());

const fixture = (name: string): void => {
  copyFileSync(new URL(`version-1/${name}.json`, import.meta.url), store.path);
};
const files = (): string[] => readdirSync(place.folder).sort();
const original = 'config.json.v1-20261123T094500Z';
const document = () => JSON.parse(readFileSync(store.path, 'utf8'));

const stateOf = async (work: Promise<unknown>): Promise<string> => {
  const {problem} = await faultOf(work);
  return problem.code === 'passphrase-wrong' ? problem.state : problem.code;
};

describe('a store under one passphrase', () => {
  test('is migrated by its first unlock, the original kept until the next save has gone well', async () => {
    fixture('one-passphrase');
    const before = readFileSync(store.path);
    const {credentials, draft} = await store.read();
    expect(readFileSync(store.path).equals(before)).toBe(true);
    const unlocked = await store.unlock(passphrase);
    // What was read before goes on working: its seals were exchanged, not what is in them.
    for (const one of credentials) expect(await unlocked.open(one)).toMatchObject({v: 2, name: one.name, seq: one.seq});
    expect(draft && (await unlocked.openDraft(draft))).toMatchObject({name: 'half'});
    expect(document()).toMatchObject({version: 2, seq: 1});
    expect(document().credentials.map((one: {sealed: string}) => isFirstFormat(one.sealed))).toEqual([false, false]);
    expect(files()).toEqual(['config.json', 'config.json.bak', original]);
    const [acme, beta] = (await store.read()).credentials;
    if (acme === undefined || beta === undefined) throw new Error('lost');
    expect((await opened(store, acme, passphrase)).token).toContain('synthetic');
    expect((await opened(store, beta, passphrase)).token).toContain('imaginary');
    await store.save(
      {...acme, sealed: credentials[0]?.sealed ?? ''},
      {replace: true, sealedStill: credentials[0]?.sealed ?? ''},
    );
    await saveSealed(store, content({name: 'new'}), passphrase);
    await saveSealed(store, content({name: 'newer'}), passphrase);
    expect(document().credentials.some((one: {sealed: string}) => isFirstFormat(one.sealed))).toBe(false);
    expect(files()).toEqual(['config.json', 'config.json.bak']);
  }, 60_000);

  test('stays as it is for a wrong passphrase', async () => {
    writeFirst([['acme', passphrase]]);
    await writing;
    const before = readFileSync(store.path);
    expect(await stateOf(store.unlock(otherPassphrase))).toBe('does-not-open');
    expect(readFileSync(store.path).equals(before)).toBe(true);
    expect(files()).toEqual(['config.json']);
  });

  test('loses its original with the next save', async () => {
    writeFirst([['acme', passphrase]]);
    await writing;
    await store.unlock(passphrase);
    expect(files()).toContain(original);
    await saveSealed(store, content({name: 'new'}), passphrase);
    expect(files()).toEqual(['config.json', 'config.json.bak']);
  });

  test('that was edited is migrated, and its edit refused as ever', async () => {
    writeFirst([['acme', passphrase]]);
    await writing;
    writeFileSync(store.path, readFileSync(store.path, 'utf8').replace('acme.atlassian.net', 'evil.atlassian.net'));
    const [acme] = (await store.read()).credentials;
    if (acme === undefined) throw new Error('lost');
    expect(await stateOf(store.unlock(passphrase).then(unlocked => unlocked.open(acme)))).toBe('store-changed');
    const [after] = (await store.read()).credentials;
    expect(after && (await stateOf(opened(store, after, passphrase)))).toBe('store-changed');
  });
});

let writing: Promise<void>;
function writeFirst(seals: readonly (readonly [string, Secret])[]): void {
  writing = (async () => {
    const credentials = [];
    for (const [name, phrase] of seals) {
      const {v: _, token: __, ...copies} = content({name});
      credentials.push({...copies, lastTest: null, sealed: await firstFormatSeal(content({name}), phrase)});
    }
    writeFileSync(store.path, firstFormatDocument(credentials), {mode: 0o600});
  })();
}

describe('a store of several passphrases', () => {
  test('gets the key of the first that opens something; what it does not open is said, and can be brought under it', async () => {
    writeFirst([
      ['acme', passphrase],
      ['beta', otherPassphrase],
    ]);
    await writing;
    const unlocked = await store.unlock(passphrase);
    const [acme, beta] = (await store.read()).credentials;
    if (acme === undefined || beta === undefined || unlocked.key === null) throw new Error('lost');
    expect((await unlocked.open(acme)).name).toBe('acme');
    expect(await stateOf(unlocked.open(beta))).toBe('opens-others');
    // Its own passphrase still opens it, and nothing else.
    expect((await opened(store, beta, otherPassphrase)).name).toBe('beta');
    expect(await stateOf(opened(store, acme, otherPassphrase))).toBe('does-not-open');
    await store.adopt(beta.sealed, otherPassphrase, unlocked.key);
    expect((await unlocked.open(beta)).name).toBe('beta');
    expect(document().credentials.some((one: {sealed: string}) => isFirstFormat(one.sealed))).toBe(false);
  });
});

describe('the key', () => {
  test('is made by the first save, one for all, and goes with the last seal', async () => {
    await saveSealed(store, content({name: 'one'}), passphrase);
    const {id, identity} = document();
    await saveSealed(openStore(place.folder), content({name: 'two'}), passphrase);
    expect(document()).toMatchObject({id, identity});
    await store.remove('one');
    await store.remove('two');
    expect(document()).toMatchObject({id: null, recipient: null, identity: null, keys: []});
  });

  test('of whoever saves first is everybody’s: three that begin at once are all saved', async () => {
    const stores = ['one', 'two', 'three'].map(name => ({name, mine: openStore(place.folder)}));
    await Promise.all(stores.map(({name, mine}) => saveSealed(mine, content({name}), passphrase)));
    const {credentials} = await store.read();
    expect(credentials.map(({name}) => name).sort()).toEqual(['one', 'three', 'two']);
    for (const one of credentials) expect((await opened(store, one, passphrase)).name).toBe(one.name);
  });

  test('is not replaced by who has another passphrase', async () => {
    const [mine, theirs] = [openStore(place.folder), openStore(place.folder)];
    const unlocked = await theirs.unlock(otherPassphrase);
    const sealed = await unlocked.seal(content({name: 'two'}));
    await saveSealed(mine, content({name: 'one'}), passphrase);
    expect(await stateOf(theirs.save(saved('two', {sealed})))).toBe('does-not-open');
    expect((await store.read()).credentials.map(({name}) => name)).toEqual(['one']);
  });

  test('that is lost is replaced only where that is said; the other seals are given up', async () => {
    for (const name of ['one', 'two']) await saveSealed(store, content({name}), passphrase);
    const again = openStore(place.folder);
    expect(await stateOf(again.unlock(otherPassphrase))).toBe('does-not-open');
    expect(await stateOf(again.unlock(otherPassphrase, {newKey: 'if-nothing-saved'}))).toBe('does-not-open');
    const unlocked = await again.unlock(otherPassphrase, {newKey: 'if-lost'});
    const [one] = (await store.read()).credentials;
    if (one === undefined) throw new Error('lost');
    await again.save({...one, sealed: await unlocked.seal(content({name: 'one'}))}, {replace: true});
    const [first, second] = (await store.read()).credentials;
    expect(second?.sealed).toBe(givenUp);
    expect(first && (await opened(store, first, otherPassphrase)).name).toBe('one');
    expect(second && (await stateOf(opened(store, second, otherPassphrase)))).toBe('given-up');
  });

  test('is changed with the passphrase, in one write, and the backup knows the old one no more', async () => {
    for (const name of ['one', 'two']) await saveSealed(store, content({name}), passphrase);
    const before = document();
    const unlocked = await store.unlock(passphrase);
    await store.changeKey(unlocked, {passphrase: otherPassphrase, newKey: true});
    expect(document().seq).toBe(before.seq + 1);
    expect(document().recipient).not.toBe(before.recipient);
    expect(readFileSync(`${store.path}.bak`, 'utf8')).toBe(readFileSync(store.path, 'utf8'));
    expect(await stateOf(openStore(place.folder).unlock(passphrase))).toBe('does-not-open');
    for (const one of (await store.read()).credentials) {
      expect(await opened(store, one, otherPassphrase)).toEqual(content({name: one.name}));
    }
    expect(await stateOf(store.changeKey(unlocked, {passphrase, newKey: true}))).toBe('store-busy');
  });
});
