/** Whatever has one of our names and is no plain file of ours is reported; nothing waits for it, nothing crashes. */
import {execFileSync} from 'node:child_process';
import {mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {StoreFault} from '../../source/domain/fault.ts';
import {openStore} from '../../source/store/store.ts';
import {saved, temporaryFolder} from './samples.ts';

let place: ReturnType<typeof temporaryFolder>;
let directory = '';
beforeEach(async () => {
  place = temporaryFolder();
  directory = join(place.folder, 'store');
  await openStore(directory).save(saved('one'));
  await openStore(directory).save(saved('two'));
});
afterEach(() => place.remove());

const kinds: Readonly<Record<string, (path: string) => void>> = {
  'a pipe': path => execFileSync('mkfifo', [path]),
  'a folder': path => mkdirSync(path),
  'a link to a device': path => symlinkSync('/dev/zero', path),
  'a link to nothing': path => symlinkSync('/nowhere/at/all', path),
  'a huge file': path => {
    writeFileSync(path, '', {mode: 0o600});
    truncateSync(path, 2 ** 34);
  },
};
const names = [
  'config.json',
  'config.json.lock',
  'config.json.bak',
  'config.json.tmp-1-aaaaaaaaaaaa',
  'config.json.bak.tmp-1-aaaaaaaaaaaa',
  'config.json.lock.0123456789abcdef',
];

/** Only a fault is an answer, besides success; whatever else is thrown would be told as a bug. */
async function answered(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'done';
  } catch (error) {
    if (error instanceof StoreFault) return error.code;
    throw error;
  }
}

describe.each(Object.entries(kinds))('%s', (_, make) => {
  test.each(names)('in place of %s is answered by everything', async name => {
    const path = join(directory, name);
    const others = join(directory, 'config.json');
    for (const missing of [false, true]) {
      rmSync(path, {recursive: true, force: true});
      if (missing && name !== 'config.json') rmSync(others, {force: true});
      make(path);
      const store = openStore(directory, {waitMs: 50});
      const known = ['done', 'store-unsafe', 'store-damaged', 'store-unwritable', 'store-busy'];
      expect(known).toContain(await answered(() => store.read()));
      expect(known).toContain(await answered(() => store.check()));
      expect(known).toContain(await answered(() => store.save(saved('three'), {replace: true})));
      expect(known).toContain(await answered(() => store.repair(async () => true)));
    }
  });
});
