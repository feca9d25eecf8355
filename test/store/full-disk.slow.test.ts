/** Disks that are full, limited or read-only: the fault says which, and the old file stays whole. */
import {spawnSync} from 'node:child_process';
import {chmodSync, chownSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {openStore} from '../../source/store/store.ts';
import {faultOf, saved, temporaryFolder} from './samples.ts';
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
    expect(fault).toMatchObject({code: 'store-unwritable', facts: {errno: 'EFBIG'}});
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

describe.skipIf(!isRoot)('a small file system (skipped where none can be mounted)', () => {
  test('that is full is said to be, and can be used again when there is room', {timeout: 60_000}, async context => {
    const directory = mountSmall('small');
    if (directory === null) return context.skip('mount is forbidden here');
    const {code, fault, last} = await start(process.execPath, [writer, directory, 'n', '1000', '1000', '450']).finished;
    expect(code).toBe(10);
    expect(fault).toMatchObject({code: 'store-unwritable', facts: {errno: 'ENOSPC', reason: 'the disk is full'}});
    await expectWhole(directory, last);
    const store = openStore(directory);
    // Nothing but an empty list fits between the old file and its backup now; that one makes room for the rest.
    await store.replaceAll({credentials: [], draft: null}, await store.read());
    await store.save(saved('again'));
    expect((await store.read()).credentials.map(({name}) => name)).toEqual(['again']);
  });

  test('that is read-only is said to be', async context => {
    const directory = mountSmall('fixed');
    if (directory === null) return context.skip('mount is forbidden here');
    const store = openStore(directory);
    await store.save(saved('one'));
    expect(spawnSync('mount', ['-o', 'remount,ro', directory]).status).toBe(0);
    expect(await faultOf(store.save(saved('two')))).toMatchObject({code: 'store-unwritable', facts: {errno: 'EROFS'}});
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
    expect(refused).toMatchObject({code: 10, last: -1, fault: {code: 'store-unwritable', facts: {errno: 'EACCES'}}});
    expect(readFileSync(join(directory, 'config.json'), 'utf8')).toBe(before);
    chmodSync(directory, 0o700);
    chmodSync(home, 0o500);
    const below = await run(join(home, 'new'));
    expect(below.fault).toMatchObject({code: 'store-unwritable', facts: {errno: 'EACCES'}});
  });
});
