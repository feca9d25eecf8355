/** A lock whose holder is stopped, killed, or will not let go, in processes of their own. */
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {openStore} from '../../source/store/store.ts';
import {faultOf, saved, temporaryFolder} from './samples.ts';
import {bundle, bundleWriter, start} from './writing.ts';

let place: ReturnType<typeof temporaryFolder>;
let [holder, writer] = ['', ''];
beforeAll(async () => {
  place = temporaryFolder();
  [holder, writer] = [await bundle(place.folder, 'holder'), await bundleWriter(place.folder)];
});
afterAll(() => place.remove());

const namesIn = async (directory: string): Promise<string[]> =>
  (await openStore(directory).read()).credentials.map(({name}) => name);

async function holding(directory: string): Promise<{child: ChildProcess; gone: Promise<unknown>}> {
  const child = spawn(process.execPath, [holder, directory], {stdio: ['pipe', 'pipe', 'inherit']});
  const gone = once(child, 'close');
  await once(child.stdout, 'data');
  return {child, gone};
}

const stateOf = (pid = 0): string => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] ?? '?';

test.skipIf(!existsSync('/proc/self/stat'))(
  'a stopped holder keeps its lock: busy after the wait, never a steal',
  {timeout: 60_000},
  async () => {
    const directory = join(place.folder, 'stopped');
    await openStore(directory).save(saved('old'));
    const {child, gone} = await holding(directory);
    try {
      child.kill('SIGSTOP');
      await expect.poll(() => stateOf(child.pid)).toBe('T');
      const fault = await faultOf(openStore(directory, {waitMs: 300}).save(saved('new')));
      expect(fault).toMatchObject({code: 'store-busy', problem: {holder: {pid: child.pid}}});
      const repaired = await openStore(directory).repair(async () => true);
      expect(repaired).toMatchObject([
        {id: 'leftovers', state: 'left', text: expect.stringContaining(String(child.pid))},
      ]);
      expect(await namesIn(directory)).toEqual(['old']);
      // Woken up it still holds the lock, and lets go in order.
      const waiting = openStore(directory, {waitMs: 30_000}).save(saved('new'));
      child.kill('SIGCONT');
      child.stdin?.end();
      await Promise.all([waiting, gone]);
      expect(child.exitCode).toBe(0);
      expect(await namesIn(directory)).toEqual(['old', 'new']);
    } finally {
      child.kill('SIGKILL');
    }
  },
);

test('a killed holder’s lock is taken over at once, by one of many', {timeout: 60_000}, async () => {
  const directory = join(place.folder, 'killed');
  await openStore(directory).save(saved('old'));
  const {child, gone} = await holding(directory);
  const runs = Array.from({length: 4}, (_, at) => start(process.execPath, [writer, directory, `p${at}`, '10', '10']));
  child.kill('SIGKILL');
  await gone;
  for (const {finished} of runs) expect(await finished).toMatchObject({code: 0, last: 9, stderr: ''});
  expect(await namesIn(directory)).toHaveLength(41);
  expect(readdirSync(directory).sort()).toEqual(['config.json', 'config.json.bak']);
});
