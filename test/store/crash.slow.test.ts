/** A save that is killed anywhere leaves the old file or the new one, and the next save goes on. */
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {openStore} from '../../source/store/store.ts';
import {saved, temporaryFolder} from './samples.ts';
import {bundleWriter, has, start} from './writing.ts';

let place: ReturnType<typeof temporaryFolder>;
let writer = '';
beforeAll(async () => {
  place = temporaryFolder();
  writer = await bundleWriter(place.folder);
});
afterAll(() => place.remove());

const newest = async (directory: string): Promise<number> =>
  Math.max(-1, ...(await openStore(directory).read()).credentials.map(({seq}) => seq));

test('8 processes saving 50 times each lose nothing', {timeout: 120_000}, async () => {
  const directory = join(place.folder, 'crowd');
  const runs = Array.from({length: 8}, (_, at) => start(process.execPath, [writer, directory, `p${at}`, '50', '50']));
  for (const {finished} of runs) expect(await finished).toMatchObject({code: 0, last: 49, stderr: ''});
  const {credentials} = await openStore(directory).read();
  const expected = Array.from({length: 8}, (_, at) => Array.from({length: 50}, (_, seq) => `p${at}-${seq}`)).flat();
  expect(credentials.map(({name}) => name).sort()).toEqual(expected.sort());
  expect(readdirSync(directory).sort()).toEqual(['config.json', 'config.json.bak']);
});

/** Kills a saving process at a random moment, `rounds` times over one store; returns what was wrong. */
async function killing(directory: string, rounds: number): Promise<string[]> {
  const wrong: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const run = start(process.execPath, [writer, directory, 'k', '100000', '3']);
    await run.firstSave;
    setTimeout(() => run.child.kill('SIGKILL'), Math.random() * 12);
    const {last, signal, fault, stderr} = await run.finished;
    if (signal !== 'SIGKILL') wrong.push(`round ${round}: ended by itself: ${JSON.stringify(fault)} ${stderr}`);
    // What was reported done is there: this save's number, or that of one that was under way.
    const found = await newest(directory).catch((error: unknown) => `unreadable: ${String(error)}`);
    if (typeof found === 'string' || found < last) wrong.push(`round ${round}: reported ${last}, found ${found}`);
  }
  return wrong;
}

test('200 times killed at a random moment', {timeout: 240_000}, async () => {
  const lanes = Array.from({length: 4}, (_, at) => join(place.folder, `killed-${at}`));
  const wrong = await Promise.all(lanes.map(directory => killing(directory, 50)));
  expect(wrong.flat()).toEqual([]);
  for (const directory of lanes) {
    expect(await start(process.execPath, [writer, directory, 'k', '2', '3']).finished).toMatchObject({code: 0});
    expect(readdirSync(directory).sort()).toEqual(['config.json', 'config.json.bak']);
  }
});

// Tracing other processes is forbidden in many containers, so it is tried and not only looked for.
const canTrace = has('strace', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', '-e', 'inject=fsync:error=EIO', 'true');

/** One save with a fault injected into its system calls; one pool thread, so that `when` counts all of them. */
const traced = (directory: string, inject: string) =>
  start(
    'strace',
    ['-f', '-qq', '-o', '/dev/null', '-e', `inject=${inject}`, process.execPath, writer, directory, 't', '1', '1'],
    {
      env: {UV_THREADPOOL_SIZE: '1'},
    },
  ).finished;

/** A store with two saves behind it, so that there are a file and its backup. */
async function filled(name: string): Promise<string> {
  const directory = join(place.folder, name);
  const store = openStore(directory);
  for (const at of [0, 1]) await store.save(saved(`old-${at}`));
  return directory;
}

const namesIn = async (directory: string): Promise<string[]> =>
  (await openStore(directory).read()).credentials.map(({name}) => name);

describe.skipIf(!canTrace)('with faults injected by strace (skipped where it is missing or forbidden)', () => {
  test.each(['rename', 'link', 'fsync', 'unlink'].flatMap(call => [1, 2].map(when => [call, when] as const)))(
    'killed at %s number %i: old or new',
    {timeout: 60_000},
    async (call, when) => {
      const directory = await filled(`${call}-${when}`);
      expect((await traced(directory, `${call}:signal=KILL:when=${when}`)).code).not.toBe(0);
      const names = await namesIn(directory);
      expect(names.slice(0, 2)).toEqual(['old-0', 'old-1']);
      expect(await start(process.execPath, [writer, directory, 'next', '1', '1']).finished).toMatchObject({code: 0});
      expect(await namesIn(directory)).toEqual([...names, 'next-0']);
      expect(readdirSync(directory).sort()).toEqual(['config.json', 'config.json.bak']);
    },
  );

  test.each([
    ['fsync', 'EIO', 1],
    ['fsync', 'ENOSPC', 1],
    ['fsync', 'EDQUOT', 1],
    ['rename', 'EACCES', 1],
    ['rename', 'EACCES', 2],
    ['rename', 'EROFS', 2],
  ])(
    '%s answered with %s (number %i): the fault names it, the old file is whole',
    {timeout: 60_000},
    async (call, errno, when) => {
      const directory = await filled(`${call}-${errno}-${when}`);
      const {code, fault} = await traced(directory, `${call}:error=${errno}:when=${when}`);
      expect(code).toBe(10);
      // The first renaming makes the backup, and is told of it.
      const path = join(directory, call === 'rename' && when === 1 ? 'config.json.bak' : 'config.json');
      expect(fault).toMatchObject({code: 'store-unwritable', problem: {errno, path}});
      expect(await namesIn(directory)).toEqual(['old-0', 'old-1']);
      expect(readdirSync(directory).sort()).toEqual(['config.json', 'config.json.bak']);
    },
  );

  test('a folder that cannot be synced: the save is there, and the doubt is told', {timeout: 60_000}, async () => {
    const directory = await filled('folder-sync');
    const {fault} = await traced(directory, 'fsync:error=EIO:when=2');
    expect(fault).toMatchObject({code: 'store-unwritable', problem: {errno: 'EIO', saved: true}});
    expect(await namesIn(directory)).toEqual(['old-0', 'old-1', 't-0']);
  });

  test('a disk that takes writes and keeps nothing is noticed before the old file goes', {
    timeout: 60_000,
  }, async () => {
    const directory = await filled('lying-disk');
    const {fault} = await traced(directory, 'pwrite64:retval=1000');
    expect(fault).toMatchObject({code: 'store-unwritable', problem: {errno: 'EIO'}});
    expect(await namesIn(directory)).toEqual(['old-0', 'old-1']);
  });
});
