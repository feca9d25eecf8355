/** One change of the store's file: under the lock, in a private folder, with a backup of what was there. */
import {chmod, mkdir, realpath, rm, stat} from 'node:fs/promises';
import {dirname} from 'node:path';
import {errnoOf} from '../domain/errno.ts';
import {StoreFault} from '../domain/fault.ts';
import {keepAs, keepAside, replace, stamp, sweep, syncFolder} from './durable-write.ts';
import {acquire} from './lock.ts';
import {type Contents, render} from './store-document.ts';
import {inspect} from './store-location.ts';
import {asFault, isMissing} from './system-errors.ts';

/** Throws when the lock is lost: another process took this one for dead and may have written since. */
export type Guard = () => Promise<void>;

export const backupOf = (file: string): string => `${file}.bak`;
export const lockOf = (file: string): string => `${file}.lock`;

/**
 * Runs `work` as the only writer of the store in `directory`, which is made, private, when it is missing.
 * @param waitMs longest wait for another writer, in milliseconds
 * @throws StoreFault store-unsafe, store-busy; the system's errors
 */
export async function withLock<Result>(
  directory: string,
  waitMs: number,
  work: (file: string, guard: Guard) => Promise<Result>,
): Promise<Result> {
  await inspect(directory);
  await makePrivate(directory);
  const {file} = await inspect(directory);
  const lock = await acquire(lockOf(file), waitMs);
  try {
    await sweep(file);
    return await work(file, async () => {
      if (await lock.held()) return;
      throw new StoreFault({code: 'store-busy', path: file, holder: null});
    });
  } finally {
    await lock.release();
  }
}

/**
 * What becomes of the backup: `turn` makes it what the file was; `keep` leaves it, for changes nobody wants undone;
 * `renew` makes it what the file is now, for it must not keep what is gone: a removed credential, an old key.
 */
export type BackupChange = 'turn' | 'keep' | 'renew';

/** Makes `contents` the store's file. */
export async function commit(
  file: string,
  contents: Contents,
  guard: Guard,
  backup: BackupChange = 'turn',
): Promise<void> {
  const text = render(contents);
  await replace(file, text, async () => {
    if (backup === 'turn') await backUp(file);
    await guard();
  });
  if (backup === 'renew') await renewBackup(file, text);
}

async function backUp(file: string): Promise<void> {
  const backup = backupOf(file);
  try {
    await keepAs(file, backup);
    await chmod(backup, 0o600);
  } catch (error) {
    if (isMissing(error)) return spare(backup);
    // Without a backup nothing is written; told of the file itself it would be looked for in the wrong place.
    throw asFault(error, backup, 'write');
  }
}

/** The first save where the file is missing: its backup may be all that is left, and the second would replace it. */
async function spare(backup: string): Promise<void> {
  try {
    if ((await stat(backup)).size > 0) await keepAside(backup, `${backup}-${stamp(new Date())}`);
  } catch (error) {
    if (!isMissing(error)) throw asFault(error, backup, 'write');
  }
}

async function renewBackup(file: string, text: string): Promise<void> {
  try {
    await replace(backupOf(file), text);
  } catch {
    // The change itself is done. No backup is better than one that still holds what was to be forgotten.
    await rm(backupOf(file), {force: true});
  }
}

/** Makes the folder, 0700, or takes away what others may do in it. What its owner may not do stays forbidden, too. */
export async function makePrivate(directory: string): Promise<void> {
  const made = await mkdir(directory, {recursive: true, mode: 0o700});
  if (made !== undefined) await syncFolder(dirname(made));
  const {mode} = await stat(directory);
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  try {
    await chmod(await realpath(directory), mode & 0o700);
  } catch (error) {
    // Root's folder, lent to us. Whether it can be written shows in a moment.
    if (errnoOf(error) !== 'EPERM') throw error;
  }
}
