/** The one way to read what lies beside the store: a plain file of ours, bounded, never waited for. */
import {constants, type Stats} from 'node:fs';
import {lstat, open} from 'node:fs/promises';
import {errnoOf} from '../domain/errno.ts';
import {unsafe} from './store-location.ts';
import {isMissing} from './system-errors.ts';

export type OwnFile = Readonly<{bytes: Buffer; stats: Stats}>;

/**
 * @param largest bytes
 * @returns null where nothing has that name
 * @throws StoreFault store-unsafe for a pipe, device, folder, link, foreign or larger file; the system's errors
 */
export async function readOwnFile(path: string, largest: number): Promise<OwnFile | null> {
  try {
    // A pipe without O_NONBLOCK is waited for until somebody writes into it.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      const us = process.geteuid?.();
      if (!stats.isFile()) throw unsafe(path, stats, 'is not a plain file');
      if (us !== undefined && stats.uid !== us && stats.uid !== 0)
        throw unsafe(path, stats, 'belongs to somebody else');
      if (stats.size > largest) throw unsafe(path, stats, 'is far too large');
      return {bytes: await handle.readFile(), stats};
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isMissing(error)) return null;
    // A link (ELOOP), or a socket or device that nothing stands behind (ENXIO).
    if (['ELOOP', 'ENXIO'].includes(errnoOf(error) ?? '')) throw unsafe(path, await lstat(path), 'is not a plain file');
    throw error;
  }
}
