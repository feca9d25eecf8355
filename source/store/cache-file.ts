/**
 * A small file beside the store that may be lost without harm: private, replaced whole, bounded. It lies in the store's
 * own folder also where the store's file is a link into another one, which may be shared with other machines.
 */
import {constants} from 'node:fs';
import {open, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {errnoOf} from '../domain/errno.ts';
import {withLock} from './commit.ts';
import {replace, sweep} from './durable-write.ts';
import {inspect} from './store-location.ts';
import {isMissing} from './system-errors.ts';

export type CacheFile = Readonly<{
  path: string;
  /** Its text; null where there is none, or none of ours: too large, a link, or written by somebody else. */
  read(): Promise<string | null>;
  /**
   * Reads it, and replaces it by what `edit` makes of it; null removes it.
   * @throws StoreFault where the store's folder is unsafe or busy; the system's errors
   */
  change(edit: (text: string | null) => string | null): Promise<void>;
}>;

/**
 * @param name of the file in the store's folder
 * @param options.largest bytes; a larger file is not read
 * @param options.waitMs longest wait for another jirakey that is saving, in milliseconds
 */
export function cacheFile(
  directory: string,
  name: string,
  options: Readonly<{largest: number; waitMs?: number}>,
): CacheFile {
  const path = join(directory, name);
  const read = async (): Promise<string | null> => {
    await inspect(directory);
    return readOwn(path, options.largest);
  };
  return {
    path,
    read,
    change: edit =>
      withLock(directory, options.waitMs ?? 2000, async (_file, guard) => {
        await sweep(path);
        const before = await readOwn(path, options.largest);
        const next = edit(before);
        if (next === before) return;
        if (next === null) await rm(path, {force: true});
        else await replace(path, next, guard);
      }),
  };
}

async function readOwn(path: string, largest: number): Promise<string | null> {
  try {
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      const us = process.geteuid?.();
      const foreign = us !== undefined && (stats.uid !== us || (stats.mode & 0o022) !== 0);
      return !stats.isFile() || foreign || stats.size > largest ? null : await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isMissing(error)) return null;
    // A link (ELOOP) is none of ours.
    if (errnoOf(error) === 'ELOOP') return null;
    throw error;
  }
}
