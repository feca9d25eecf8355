import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {Secret} from '../../source/domain/secret.ts';
import {openStore, type Store} from '../../source/store/store.ts';
import {type Migration, parse, render} from '../../source/store/store-document.ts';
import {draft, faultOf, saved, temporaryFolder} from './samples.ts';

let place: ReturnType<typeof temporaryFolder>;
let store: Store;
beforeEach(() => {
  place = temporaryFolder();
  store = openStore(place.folder, {now: () => new Date('2026-11-23T09:45:00.500Z')});
});
afterEach(() => place.remove());

const whole = render({seq: 1, ring: null, credentials: [saved('one')], draft});
const files = (): string[] => readdirSync(place.folder).sort();
const write = (text: string | Buffer): void => writeFileSync(store.path, text, {mode: 0o600});

const damages: [string, string | Buffer][] = [
  ['nothing in it', ''],
  ['zeros in it', Buffer.alloc(4096)],
  ['its second half cut off', whole.slice(0, whole.length / 2)],
  ['two documents', whole + whole],
  ['a list', '[]'],
  ['a number', '7'],
  ['null', 'null'],
  ['no version', JSON.stringify({credentials: [], draft: null})],
  ['a version that is no number', whole.replace('"version": 2', '"version": "1"')],
  ['a version before the first', whole.replace('"version": 2', '"version": 0')],
  ['an unknown field', whole.replace('"version": 2', '"version": 2, "extra": 1')],
  ['an unknown field in a credential', whole.replace('"name": "one"', '"name": "one", "token": "x"')],
  ['a missing field', whole.replace(/"username": "you@acme.com",/, '')],
  ['a nameless credential', whole.replace('"name": "one"', '"name": ""')],
  [
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from(whole.slice(0, 60)), Buffer.from([0xff, 0xfe]), Buffer.from(whole.slice(60))]),
  ],
  ['a poisoned prototype', whole.replace('"version": 2', '"version": 2, "__proto__": {"x": 1}')],
];

describe.each(damages)('a file with %s', (_, text) => {
  test('is told as damaged by everything, and stays byte for byte', async () => {
    write(text);
    const before = readFileSync(store.path);
    const actions = [
      () => store.read(),
      () => store.save(saved('new')),
      () => store.saveDraft(draft),
      () => store.remove('one'),
      () => store.unlock(new Secret('whatever it may be')),
      () => store.restoreBackup(),
    ];
    for (const action of actions) expect((await faultOf(action())).code).toBe('store-damaged');
    expect(readFileSync(store.path).equals(before)).toBe(true);
    expect(files()).toEqual(['config.json']);
  });
});

test('the fault says why and whether there is a backup, and repeats nothing of the file', async () => {
  write('{"token": "ATATT3xFfGF0secret');
  const alone = await faultOf(store.read());
  expect(alone.problem).toMatchObject({
    path: store.path,
    reason: 'it is not JSON, or was cut off',
    backup: {state: 'absent'},
  });
  writeFileSync(`${store.path}.bak`, whole, {mode: 0o600});
  const rescued = await faultOf(store.save(saved('new')));
  expect(rescued.problem).toMatchObject({backup: {state: 'differs', path: `${store.path}.bak`, credentials: 1}});
  expect(rescued.message).toContain('holds 1 saved credential');
  expect(`${alone.message}${rescued.message}${JSON.stringify(rescued.problem)}`).not.toContain('ATATT3');
  writeFileSync(`${store.path}.bak`, 'no store either');
  expect(await faultOf(store.read())).toMatchObject({problem: {backup: {state: 'unusable'}}});
});

test('the backup takes the place of a damaged file, which is kept', async () => {
  await store.save(saved('one'));
  await store.save(saved('two'));
  write('damage');
  expect((await store.restoreBackup()).credentials).toEqual([saved('one')]);
  expect((await store.read()).credentials).toEqual([saved('one')]);
  expect(readFileSync(`${store.path}.damaged-20261123T094500Z`, 'utf8')).toBe('damage');
  write('damage again');
  await store.restoreBackup();
  expect(readFileSync(`${store.path}.damaged-20261123T094500Z`, 'utf8')).toBe('damage');
  expect(readFileSync(`${store.path}.damaged-20261123T094500Z-2`, 'utf8')).toBe('damage again');
  await store.save(saved('three'));
  expect((await store.read()).credentials.map(({name}) => name)).toEqual(['one', 'three']);
});

test('the backup takes the place of a missing file, and never that of a good one', async () => {
  writeFileSync(`${store.path}.bak`, whole, {mode: 0o600});
  expect((await store.restoreBackup()).credentials).toEqual([saved('one')]);
  await store.save(saved('two'));
  expect((await store.restoreBackup()).credentials.map(({name}) => name)).toEqual(['one', 'two']);
  expect(files()).toEqual(['config.json', 'config.json.bak']);
});

test('a damaged file can be moved aside for an empty store', async () => {
  expect(await store.setAside()).toBeNull();
  write('damage');
  const kept = await store.setAside();
  expect(kept).toBe(`${store.path}.damaged-20261123T094500Z`);
  expect(readFileSync(kept ?? '', 'utf8')).toBe('damage');
  expect(await store.read()).toMatchObject({credentials: [], draft: null});
  await store.save(saved('new'));
  expect(await store.setAside()).toBeNull();
  expect((await store.read()).credentials).toEqual([saved('new')]);
});

test('a newer file is left alone, whatever else is in it', async () => {
  const newer = JSON.stringify({version: 3, vaults: []});
  write(newer);
  for (const action of [
    () => store.read(),
    () => store.save(saved('a')),
    () => store.restoreBackup(),
    () => store.setAside(),
  ]) {
    const fault = await faultOf(action());
    expect(fault).toMatchObject({code: 'store-newer', problem: {version: 3, supported: 2}});
  }
  expect(readFileSync(store.path, 'utf8')).toBe(newer);
  expect((await store.check()).fault?.code).toBe('store-newer');
});

describe('an older document', () => {
  const migrations = new Map<number, Migration>([
    [-1, old => ({entries: old.items})],
    [0, old => ({credentials: old.entries})],
    [1, old => ({...old, seq: 0, id: null, recipient: null, identity: null, keys: [], draft: null})],
  ]);
  const text = JSON.stringify({version: -1, items: [saved('old')]});

  test('is brought up step by step', () => {
    expect(parse(text, 'x', migrations)).toEqual({
      contents: {seq: 0, ring: null, credentials: [saved('old')], draft: null},
      migratedFrom: -1,
    });
  });

  test('stays as it is until the first change, and is kept beside that', async () => {
    write(text);
    const older = openStore(place.folder, {now: () => new Date('2026-11-23T09:45:00.500Z'), migrations});
    expect((await older.read()).credentials).toEqual([saved('old')]);
    expect(readFileSync(store.path, 'utf8')).toBe(text);
    await older.save(saved('new'));
    expect((await store.read()).credentials.map(({name}) => name)).toEqual(['old', 'new']);
    expect(readFileSync(`${store.path}.v-1-20261123T094500Z`, 'utf8')).toBe(text);
  });
});

test('a check tells of damage and changes nothing', async () => {
  write('damage');
  const check = await store.check();
  expect(check).toMatchObject({exists: true, writable: true, private: true});
  expect(check.fault?.code).toBe('store-damaged');
  expect(files()).toEqual(['config.json']);
});
