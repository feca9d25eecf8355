import {linkSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {UsageFault} from '../../source/domain/fault.ts';
import {openStore, type Store} from '../../source/store/store.ts';
import {draft, faultOf, saved, temporaryFolder} from './samples.ts';

let place: ReturnType<typeof temporaryFolder>;
let directory = '';
let store: Store;
beforeEach(() => {
  place = temporaryFolder();
  directory = join(place.folder, 'deep', 'store');
  store = openStore(directory, {now: () => new Date('2026-11-23T09:45:00.500Z')});
});
afterEach(() => place.remove());

const names = async (): Promise<string[]> => (await store.read()).credentials.map(({name}) => name);
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const backup = (): string => readFileSync(`${store.path}.bak`, 'utf8');
const test9 = {outcome: 'failed', code: 'site-not-found', at: '2026-11-23T10:00:00.000Z'} as const;

describe('what is saved', () => {
  test('an empty store reads as one, and makes nothing', async () => {
    expect(await store.read()).toMatchObject({credentials: [], draft: null});
    expect(await store.remove('nobody')).toBe(false);
    await store.recordTests(new Map([['nobody', test9]]));
    await store.clearDraft();
    expect(readdirSync(place.folder)).toEqual([]);
  });

  test('comes back as it was, in order, from another store object', async () => {
    const [one, two] = [saved('Zürich'), saved('Aachen', {lastTest: test9, cloudId: 'c', expiresAt: '2027-01-31'})];
    await store.save(one);
    await store.save(two);
    await store.saveDraft(draft);
    expect(await openStore(directory).read()).toMatchObject({credentials: [one, two], draft});
  });

  test('is a private, readable file of a known shape in a private folder', async () => {
    await store.save(saved('one'));
    expect([mode(directory), mode(store.path)]).toEqual(['700', '600']);
    const text = readFileSync(store.path, 'utf8');
    expect(JSON.parse(text)).toEqual({
      version: 2,
      seq: 1,
      ...{id: null, recipient: null, identity: null, keys: []},
      credentials: [saved('one')],
      draft: null,
    });
    expect(text).toContain('\n  "credentials"');
    expect(readdirSync(directory)).toEqual(['config.json']);
  });

  test('is private whatever the umask', async () => {
    const before = process.umask(0);
    try {
      await store.save(saved('one'));
      await store.save(saved('two'));
    } finally {
      process.umask(before);
    }
    expect([mode(directory), mode(store.path), mode(`${store.path}.bak`)]).toEqual(['700', '600', '600']);
  });
});

describe('names', () => {
  test('are taken ignoring case and the way accents are composed', async () => {
    await store.save(saved('Caf\u00e9'));
    const again = store.save(saved('CAFE\u0301'));
    await expect(again).rejects.toBeInstanceOf(UsageFault);
    await expect(again).rejects.toThrow('“Caf\u00e9” is saved already');
    expect(await names()).toEqual(['Caf\u00e9']);
  });

  test('find a credential ignoring case', async () => {
    await store.save(saved('Reports'));
    await store.recordTests(new Map([['REPORTS', test9]]));
    expect((await store.read()).credentials).toEqual([saved('Reports', {lastTest: test9})]);
    expect(await store.remove('reports')).toBe(true);
    expect(await names()).toEqual([]);
  });

  test('are replaced in their place when that is meant', async () => {
    for (const name of ['a', 'b', 'c']) await store.save(saved(name));
    await store.save(saved('B', {seq: 2}), {replace: true});
    expect(await names()).toEqual(['a', 'B', 'c']);
    await store.save(saved('d'), {replace: true});
    expect(await names()).toEqual(['a', 'B', 'c', 'd']);
  });

  test('are changed in one step', async () => {
    for (const name of ['a', 'b', 'c']) await store.save(saved(name));
    await store.save(saved('new', {seq: 2}), {renamedFrom: 'B'});
    expect(await names()).toEqual(['a', 'new', 'c']);
    await store.save(saved('NEW', {seq: 3}), {renamedFrom: 'new'});
    expect(await names()).toEqual(['a', 'NEW', 'c']);
    await expect(store.save(saved('c'), {renamedFrom: 'a'})).rejects.toBeInstanceOf(UsageFault);
    await store.save(saved('c', {seq: 9}), {renamedFrom: 'a', replace: true});
    expect((await store.read()).credentials.map(({name, seq}) => [name, seq])).toEqual([
      ['c', 9],
      ['NEW', 3],
    ]);
  });
});

test('a test is remembered beside the seal and changes nothing else', async () => {
  const [one, two] = [saved('one', {sealed: 'seal of one'}), saved('two')];
  await store.save(one);
  await store.save(two);
  await store.recordTests(new Map([['one', test9]]));
  expect((await store.read()).credentials).toEqual([{...one, lastTest: test9}, two]);
});

test('a draft is kept beside the credentials and goes alone', async () => {
  await store.save(saved('one'));
  await store.saveDraft(draft);
  await store.saveDraft({...draft, name: 'Almost done'});
  expect((await store.read()).draft?.name).toBe('Almost done');
  await store.clearDraft();
  expect(await store.read()).toMatchObject({credentials: [saved('one')], draft: null});
});

describe('the backup', () => {
  test('is what was there before the last change', async () => {
    await store.save(saved('one'));
    const first = readFileSync(store.path, 'utf8');
    await store.save(saved('two'));
    expect(backup()).toBe(first);
    const second = readFileSync(store.path, 'utf8');
    await store.save(saved('three'));
    expect(backup()).toBe(second);
    expect(statSync(`${store.path}.bak`).ino).not.toBe(statSync(store.path).ino);
  });

  test('forgets a removed credential', async () => {
    await store.save(saved('one', {sealed: 'old seal'}));
    await store.save(saved('two'));
    await store.remove('one');
    expect(backup()).not.toContain('"one"');
    expect(backup()).toBe(readFileSync(store.path, 'utf8'));
  });

  test('is not turned over by the dates of tests', async () => {
    await store.save(saved('one'));
    await store.save(saved('two'));
    const before = backup();
    await store.recordTests(new Map([['one', test9]]));
    await store.recordTests(new Map([['two', test9]]));
    expect(backup()).toBe(before);
  });

  test('may be the same file already, after a crash in between', async () => {
    await store.save(saved('one'));
    linkSync(store.path, `${store.path}.bak`);
    await store.save(saved('two'));
    expect(await names()).toEqual(['one', 'two']);
    expect(readdirSync(directory).sort()).toEqual(['config.json', 'config.json.bak']);
  });
});

test('what a killed writer left is gone after the next save', async () => {
  await store.save(saved('one'));
  const stale = ['.tmp-1-aa', '.bak.tmp-1-aa', '.lock-0123456789abcdef', '.lock.0123456789abcdef'];
  for (const suffix of stale) writeFileSync(`${store.path}${suffix}`, 'x');
  writeFileSync(join(directory, 'notes.txt'), 'mine');
  await store.save(saved('two'));
  expect(readdirSync(directory).sort()).toEqual(['config.json', 'config.json.bak', 'notes.txt']);
});

test('saves that run at the same time in one process all count', async () => {
  await Promise.all(Array.from({length: 12}, (_, at) => store.save(saved(`n${at}`))));
  expect((await names()).sort()).toEqual(Array.from({length: 12}, (_, at) => `n${at}`).sort());
});

test('what could not be read again is not written', async () => {
  await store.save(saved('one'));
  const before = readFileSync(store.path, 'utf8');
  await expect(store.save(saved('two', {expiresAt: 'tomorrow'}))).rejects.toThrow();
  expect(readFileSync(store.path, 'utf8')).toBe(before);
  expect(readdirSync(directory)).toEqual(['config.json']);
});

test('a folder in the file’s place is refused', async () => {
  await openStore(join(directory, 'config.json')).save(saved('one'));
  expect((await faultOf(store.read())).code).toBe('store-unsafe');
});
