import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readdirSync, readFileSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {acquire} from '../../source/store/lock.ts';
import {openStore} from '../../source/store/store.ts';
import {faultOf, saved, temporaryFolder} from './samples.ts';

let place: ReturnType<typeof temporaryFolder>;
let path = '';
beforeEach(() => {
  place = temporaryFolder();
  path = join(place.folder, 'lock');
});
afterEach(() => place.remove());

const hasProc = existsSync('/proc/self/stat');
const proc = (name: string): string => readFileSync(`/proc/${name}`, 'utf8');
const files = (): string[] => readdirSync(place.folder);

/** The owner a living or dead process of this machine would have written. */
async function ownerOf(pid: number, started: string | null): Promise<Record<string, unknown>> {
  const lock = await acquire(path, 0);
  const mine = JSON.parse(readFileSync(path, 'utf8'));
  await lock.release();
  return {...mine, id: 'feedfacefeedface', pid, started};
}

const plant = (owner: unknown): void => writeFileSync(path, typeof owner === 'string' ? owner : JSON.stringify(owner));
const ago = (seconds: number): void => utimesSync(path, Date.now() / 1000 - seconds, Date.now() / 1000 - seconds);

test('a free lock is taken, names its owner, and is gone after its release', async () => {
  const lock = await acquire(path, 0);
  expect(JSON.parse(readFileSync(path, 'utf8')).pid).toBe(process.pid);
  expect(await lock.held()).toBe(true);
  await lock.release();
  expect(await lock.held()).toBe(false);
  expect(files()).toEqual([]);
});

test('a held lock is not taken: after the wait the fault names the holder', async () => {
  const lock = await acquire(path, 0);
  const fault = await faultOf(acquire(path, 50));
  expect(fault).toMatchObject({code: 'store-busy', problem: {path, holder: {pid: process.pid}}});
  expect(await lock.held()).toBe(true);
  await lock.release();
  await (await acquire(path, 0)).release();
  expect(files()).toEqual([]);
});

test('a waiting process gets the lock when it is released', async () => {
  const lock = await acquire(path, 0);
  const waiting = acquire(path, 20_000);
  await lock.release();
  const second = await waiting;
  expect(await second.held()).toBe(true);
  expect(await lock.held()).toBe(false);
  await lock.release();
  expect(await second.held()).toBe(true);
  await second.release();
});

describe.skipIf(!hasProc)('the lock of a dead owner', () => {
  test('is taken over', async () => {
    const {pid} = spawnSync(process.execPath, ['--version']);
    plant(await ownerOf(pid, '1'));
    const lock = await acquire(path, 0);
    expect(await lock.held()).toBe(true);
    await lock.release();
    expect(files()).toEqual([]);
  });

  test('is known although another process has its number by now', async () => {
    plant(await ownerOf(process.pid, '1'));
    await (await acquire(path, 0)).release();
    expect(files()).toEqual([]);
  });

  test('is taken over by one of many at a time', async () => {
    for (let round = 0; round < 20; round++) {
      plant(await ownerOf(process.pid, '1'));
      let inside = 0;
      let most = 0;
      const enter = async (): Promise<void> => {
        const lock = await acquire(path, 20_000);
        inside++;
        most = Math.max(most, inside);
        expect(await lock.held()).toBe(true);
        inside--;
        await lock.release();
      };
      await Promise.all(Array.from({length: 8}, enter));
      expect(most).toBe(1);
    }
    expect(files()).toEqual([]);
  });

  test('is taken over although another takeover was killed half way', async () => {
    const dead = await ownerOf(process.pid, '1');
    plant(dead);
    writeFileSync(`${path}.${dead.id}`, JSON.stringify({...dead, id: 'decafbaddecafbad'}));
    await (await acquire(path, 0)).release();
    expect(files()).toEqual([]);
  });
});

test('a living owner’s lock is kept, however old', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {stdio: ['pipe', 'ignore', 'ignore']});
  try {
    await once(child, 'spawn');
    const started = hasProc ? (proc(`${child.pid}/stat`).split(') ').at(-1)?.split(' ')[19] ?? null) : null;
    plant(await ownerOf(child.pid ?? 0, started));
    if (hasProc) ago(3600);
    expect(await faultOf(acquire(path, 30))).toMatchObject({problem: {holder: {pid: child.pid}}});
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

test.each([
  ['of another machine or container', {id: 'feedfacefeedface', pid: 1, started: '1', boot: 'other', space: null}],
  ['that is half written', '{"id": "feed'],
])('a lock %s is kept while it is fresh and taken over when it is old', async (_, owner) => {
  plant(owner);
  expect((await faultOf(acquire(path, 30))).code).toBe('store-busy');
  ago(121);
  await (await acquire(path, 0)).release();
  expect(files()).toEqual([]);
});

test('a store that is being saved is busy after the wait, and still readable', async () => {
  const store = openStore(place.folder, {waitMs: 30});
  await store.save(saved('one'));
  const lock = await acquire(`${store.path}.lock`, 0);
  expect((await faultOf(store.save(saved('two')))).code).toBe('store-busy');
  expect((await store.read()).credentials).toHaveLength(1);
  await lock.release();
  await store.save(saved('two'));
});
