/**
 * Whose draft it is. There is one draft a store, and an assistant that runs keeps a lock of its own on it for as long as
 * it lives: a second one leaves it alone. What a dead one left is anybody's to go on with.
 */
import {dirname, join} from 'node:path';
import {StoreFault} from '../domain/fault.ts';
import {makePrivate} from './commit.ts';
import {acquire, type Lock, lookAtLock} from './lock.ts';
import {inspect} from './store-location.ts';

/** Another assistant that runs; its process id is null where the lock does not say. */
export type DraftHolder = Readonly<{pid: number | null}>;

export type DraftClaim = Readonly<{
  /** Whose draft it was when it was claimed; null: it is free, or this process's. */
  holder: DraftHolder | null;
  /** To be called before each change. @throws StoreFault store-busy when somebody else has it; the system's errors */
  hold: () => Promise<void>;
  release: () => Promise<void>;
}>;

/**
 * Claims the draft of the store in `directory`. Where there is no store yet, none is made before something is kept.
 * @throws StoreFault where the store's place is unsafe
 */
export async function claimDraft(directory: string): Promise<DraftClaim> {
  const {file, folderMode} = await inspect(directory);
  const path = join(dirname(file), 'draft.lock');
  let lock: Lock | null = null;
  const hold = async (): Promise<void> => {
    if (lock !== null) return;
    await makePrivate(directory);
    lock = await acquire(path, 0);
  };
  return {
    holder: folderMode === null ? null : await tryToHold(path, hold),
    hold,
    release: async () => {
      await lock?.release();
      lock = null;
    },
  };
}

async function tryToHold(path: string, hold: () => Promise<void>): Promise<DraftHolder | null> {
  try {
    await hold();
    return null;
  } catch (error) {
    // A folder that cannot be written is told where something is to be kept in it.
    const busy = error instanceof StoreFault && error.code === 'store-busy';
    return busy ? {pid: (await lookAtLock(path))?.pid ?? null} : null;
  }
}
