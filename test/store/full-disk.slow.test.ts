/** Disks that are full, limited or read-only: the fault says which, and the old file stays whole. */
import {spawnSync} from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {openStore} from '../../source/store/store.ts';
import {draft, faultOf, saved, temporaryFolder} from './samples.ts';
import {bundleWriter, has, start} from './writing.ts';

let place: ReturnType<typeof temporaryFolder>;
let writer = '';
beforeAll(async () => {
  place = temporaryFolder();
  writer = await bundleWriter(place.folder);
});
afterAll(() => place.remove());

const isRoot = process.geteuid?.() === 0;

/** What the last reported save left: one credential more than its number, every one of them readable. */
async function expectWhole(directory: string, last: number): Promise<void> {
  expect(last).toBeGreaterThanOrEqual(0);
  expect((await openStore(directory).read()).credentials).toHaveLength(last + 1);
  expect(readdirSync(directory).filter(name => name.includes('tmp') || name.includes('lock'))).toEqual([]);
}

describe.skipIf(!has('bash', '-c', 'ulimit -f 8'))('a limit on file sizes (skipped without bash)', () => {
  test('ends saving with its name, not with a signal', {timeout: 60_000}, async () => {
    const directory = join(place.folder, 'limited');
    const script = 'ulimit -f 8; exec "$0" "$@"';
    const run = start('bash', ['-c', script, process.execPath, writer, directory, 'n', '100', '100', '450']);
    const {code, signal, fault, last} = await run.finished;
    expect({code, signal}).toEqual({code: 10, signal: null});
    expect(fault).toMatchObject({code: 'store-unwritable', problem: {errno: 'EFBIG'}});
    expect(fault?.message).toContain('ulimit -f');
    await expectWhole(directory, last);
  });
});

const mounts: string[] = [];
function mountSmall(name: string): string | null {
  const directory = join(place.folder, name);
  mkdirSync(directory, {mode: 0o700});
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'tmpfs', directory]).status === 0;
  if (mounted) mounts.push(directory);
  return mounted ? directory : null;
}
afterAll(() => {
  for (const directory of mounts) spawnSync('umount', [directory]);
});

/** Fills the file system but for so many pages of 4096 bytes. */
function leavePages(directory: string, pages: number): void {
  const filler = openSync(join(directory, 'filler'), 'w', 0o600);
  const page = Buffer.alloc(4096);
  let written = 0;
  try {
    for (;;) written += writeSync(filler, page);
  } catch {
    ftruncateSync(filler, Math.max(0, written - pages * page.length));
  } finally {
    closeSync(filler);
  }
}

describe.skipIf(!isRoot)('a small file system (skipped where none can be mounted)', () => {
  test('that is full is said to be, and can be used again when there is room', {timeout: 60_000}, async context => {
    const directory = mountSmall('small');
    if (directory === null) return context.skip('mount is forbidden here');
    const {code, fault, last} = await start(process.execPath, [writer, directory, 'n', '1000', '1000', '450']).finished;
    expect(code).toBe(10);
    expect(fault).toMatchObject({code: 'store-unwritable', problem: {errno: 'ENOSPC', reason: 'the disk is full'}});
    await expectWhole(directory, last);
    const store = openStore(directory);
    // Nothing but an empty list fits between the old file and its backup now; that one makes room for the rest.
    for (const {name} of (await store.read()).credentials) await store.remove(name);
    await store.save(saved('again'));
    expect((await store.read()).credentials.map(({name}) => name)).toEqual(['again']);
  });

  test('with one free page loses nothing, of a credential or of a draft', {timeout: 60_000}, async context => {
    const directory = mountSmall('page');
    if (directory === null) return context.skip('mount is forbidden here');
    const store = openStore(directory);
    // Larger than a page, so that a write that stops at one is seen.
    const before = {credentials: ['one', 'two'].map(name => saved(name, {description: 'x'.repeat(4500)})), draft: null};
    for (const credential of before.credentials) await store.save(credential);
    leavePages(directory, 1);
    const actions = [
      () => store.save(saved('three')),
      () => store.saveDraft({...draft, description: 'y'.repeat(2000)}),
      () => store.recordTests(new Map([['one', {outcome: 'passed', code: null, at: '2026-11-23T10:00:00.000Z'}]])),
    ];
    for (const action of actions) {
      const fault = await faultOf(action());
      expect(fault).toMatchObject({code: 'store-unwritable', problem: {errno: 'ENOSPC', reason: 'the disk is full'}});
      expect(await store.read()).toMatchObject(before);
      expect(readdirSync(directory).sort()).toEqual(['config.json', 'config.json.bak', 'filler']);
    }
    expect(await store.check()).toMatchObject({writable: false, fault: {problem: {errno: 'ENOSPC'}}});
    rmSync(join(directory, 'filler'));
    await store.saveDraft(draft);
    expect(await store.read()).toMatchObject({...before, draft});
  });

  test('without any room at all can still be read, and takes no lock it cannot write', {
    timeout: 60_000,
  }, async context => {
    const directory = mountSmall('brim');
    if (directory === null) return context.skip('mount is forbidden here');
    const store = openStore(directory);
    await store.save(saved('one'));
    leavePages(directory, 0);
    expect(await faultOf(store.save(saved('two')))).toMatchObject({problem: {errno: 'ENOSPC'}});
    expect((await store.read()).credentials).toEqual([saved('one')]);
    expect(readdirSync(directory).sort()).toEqual(['config.json', 'filler']);
  });

  test('that is read-only is said to be', async context => {
    const directory = mountSmall('fixed');
    if (directory === null) return context.skip('mount is forbidden here');
    const store = openStore(directory);
    await store.save(saved('one'));
    expect(spawnSync('mount', ['-o', 'remount,ro', directory]).status).toBe(0);
    expect(await faultOf(store.save(saved('two')))).toMatchObject({
      code: 'store-unwritable',
      problem: {errno: 'EROFS'},
    });
    expect(await store.check()).toMatchObject({exists: true, writable: false, fault: {code: 'store-unwritable'}});
    expect((await store.read()).credentials).toEqual([saved('one')]);
  });
});

describe('a folder without the right to write', () => {
  // Root may write everywhere: there the writer runs as nobody.
  const uid = isRoot ? 65_534 : undefined;
  const run = (directory: string) =>
    start(process.execPath, [writer, directory, 'n', '2', '2'], uid === undefined ? {} : {uid}).finished;

  test('refuses the save, and keeps what is there', {timeout: 60_000}, async () => {
    const home = join(place.folder, 'home');
    const directory = join(home, 'store');
    mkdirSync(directory, {recursive: true, mode: 0o700});
    if (uid !== undefined) for (const path of [home, directory]) chownSync(path, uid, uid);
    expect(await run(directory)).toMatchObject({code: 0, last: 1});
    const before = readFileSync(join(directory, 'config.json'), 'utf8');
    chmodSync(directory, 0o500);
    const refused = await run(directory);
    expect(refused).toMatchObject({code: 10, last: -1, fault: {code: 'store-unwritable', problem: {errno: 'EACCES'}}});
    expect(readFileSync(join(directory, 'config.json'), 'utf8')).toBe(before);
    chmodSync(directory, 0o700);
    chmodSync(home, 0o500);
    const below = await run(join(home, 'new'));
    expect(below.fault).toMatchObject({code: 'store-unwritable', problem: {errno: 'EACCES'}});
  });
});

test('a backup that cannot be written stops the save, and is named', async () => {
  const directory = join(place.folder, 'no-backup');
  const store = openStore(directory);
  await store.save(saved('one'));
  mkdirSync(join(directory, 'config.json.bak', 'full'), {recursive: true});
  const fault = await faultOf(store.save(saved('two')));
  expect(fault).toMatchObject({code: 'store-unwritable', problem: {path: `${store.path}.bak`}});
  expect((await store.read()).credentials).toEqual([saved('one')]);
  expect(readdirSync(directory).sort()).toEqual(['config.json', 'config.json.bak']);
});

test('the backup of a file that is gone outlives the saves that follow', async () => {
  const directory = join(place.folder, 'gone');
  const store = openStore(directory);
  for (const name of ['one', 'two', 'three']) await store.save(saved(name));
  rmSync(store.path);
  const notices: string[] = [];
  const after = openStore(directory, {onNotice: sentence => notices.push(sentence)});
  expect((await after.read()).credentials).toEqual([]);
  expect(notices).toEqual([expect.stringMatching(/is missing; its backup holds 2 saved credentials.*doctor --fix/)]);
  await after.save(saved('new'));
  await after.save(saved('newer'));
  const kept = readdirSync(directory).find(name => /^config\.json\.bak-\d{8}T\d{6}Z$/.test(name));
  expect(readFileSync(join(directory, kept ?? ''), 'utf8')).toContain('"two"');
});
