/**
 * One writer at a time, by a lock file that names its owner.
 *
 * The file comes into being whole (a link to a file written before), so a reader never sees half an owner. A dead
 * owner's lock is removed only under a lock of its own, named after the dead one's id, and only while that id is still
 * there; so of several processes that find it dead none can remove the lock that another has just taken.
 */
import {randomBytes} from 'node:crypto';
import {link, open, readFile, readlink, unlink} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import * as z from 'zod';
import {errnoOf} from '../domain/errno.ts';
import {StoreFault} from '../domain/fault.ts';
import {readOwnFile} from './own-file.ts';
import {isMissing} from './system-errors.ts';

const ownerSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  pid: z.int().positive(),
  /** Start time of the process in ticks since boot; a process id alone may belong to another process by now. */
  started: z.string().nullable(),
  /** This boot of this machine, and the process id namespace: only within both does a process id mean anything. */
  boot: z.string().nullable(),
  space: z.string().nullable(),
});
type Owner = z.infer<typeof ownerSchema>;

export type Lock = Readonly<{
  /** Whether the lock is still this process's own; to be asked right before the step that cannot be taken back. */
  held(): Promise<boolean>;
  release(): Promise<void>;
}>;

// How long, in milliseconds, an owner that cannot be judged may keep a lock. A save takes milliseconds.
const longestHold = 120_000;
// An owner takes about 200 bytes.
const largestLock = 4096;
// File systems without hard links (FAT, some network shares).
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Takes the lock at `path`.
 * @param waitMs longest wait in milliseconds for another owner
 * @throws StoreFault store-busy; the system's error where the folder cannot be written
 */
export async function acquire(path: string, waitMs: number): Promise<Lock> {
  const owner = await thisProcess();
  held.add(owner.id);
  try {
    await take(path, owner, performance.now() + waitMs);
  } catch (error) {
    held.delete(owner.id);
    throw error;
  }
  return {
    held: async () => (await read(path))?.id === owner.id,
    release: async () => {
      held.delete(owner.id);
      try {
        if ((await read(path))?.id === owner.id) await unlinkIfThere(path);
      } catch (error) {
        // What was done under the lock is done; a lock that could not be removed is nobody's from now on.
        if (errnoOf(error) === null) throw error;
      }
    },
  };
}

/** Ids of the locks this process holds. One that names this process and is not among them was left behind. */
const held = new Set<string>();

export type LockFound = Readonly<{
  /** The process that took it; null where the file does not say. */
  pid: number | null;
  /** Its owner is gone: the next save, or `doctor --fix`, removes it. */
  stale: boolean;
}>;

/** The lock at `path` as it lies there, for whoever only wants to tell of it; null when there is none. */
export async function lookAtLock(path: string): Promise<LockFound | null> {
  const holder = await read(path);
  return holder === null ? null : {pid: holder.owner?.pid ?? null, stale: await isDead(holder)};
}

async function take(path: string, owner: Owner, deadline: number): Promise<void> {
  for (;;) {
    const holder = await read(path);
    if (holder === null) {
      if (await create(path, owner)) return;
      continue;
    }
    if (await isDead(holder)) {
      await removeDead(path, holder.id, deadline);
      continue;
    }
    if (performance.now() >= deadline) throw busy(path, holder);
    await sleep(2 + Math.random() * 18);
  }
}

/** Removes a dead owner's lock, unless somebody else has done so by then. */
async function removeDead(path: string, id: string, deadline: number): Promise<void> {
  const guard = `${path}.${id}`;
  const owner = await thisProcess();
  held.add(owner.id);
  try {
    await take(guard, owner, deadline);
    if ((await read(path))?.id === id) await unlinkIfThere(path);
  } finally {
    held.delete(owner.id);
    if ((await read(guard))?.id === owner.id) await unlinkIfThere(guard);
  }
}

/** True when the lock is now this owner's, false when it exists already. */
async function create(path: string, owner: Owner): Promise<boolean> {
  const candidate = `${path}-${owner.id}`;
  await writeOwner(candidate, owner);
  try {
    await link(candidate, path);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST' || errno === 'ENOENT') return false;
    if (errno === null || !noLinks.has(errno)) throw error;
    return createUnlinked(path, owner);
  } finally {
    await unlinkIfThere(candidate);
  }
}

async function createUnlinked(path: string, owner: Owner): Promise<boolean> {
  try {
    await writeOwner(path, owner);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function writeOwner(path: string, owner: Owner): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(owner));
  } catch (error) {
    await unlinkIfThere(path);
    throw error;
  } finally {
    await handle.close();
  }
}

type Holder = Readonly<{id: string; owner: Owner | null; ageMs: number}>;

/** Who holds the lock and since when; null when nobody does. */
async function read(path: string): Promise<Holder | null> {
  try {
    const file = await readOwnFile(path, largestLock);
    if (file === null) return null;
    const {bytes, stats: status} = file;
    const owner = ownerSchema.safeParse(parsed(bytes.toString('utf8')));
    const ageMs = Date.now() - status.mtimeMs;
    // Half a lock (only where links are missing) is told from the next one by the file it lies in.
    const id = owner.success ? owner.data.id : `${status.ino}-${Math.round(status.mtimeMs)}`;
    return {id, owner: owner.success ? owner.data : null, ageMs};
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function isDead({owner, ageMs}: Holder): Promise<boolean> {
  const here = await identity();
  const comparable =
    owner?.started != null && here.boot !== null && owner.boot === here.boot && owner.space === here.space;
  if (!comparable) return ageMs > longestHold;
  if (owner.pid === process.pid && owner.started === (await startOf(process.pid))) return !held.has(owner.id);
  const started = await startOf(owner.pid);
  return started === null ? !isForeign(owner.pid) : started !== owner.started;
}

/** Whether another user's process has this id: /proc may be mounted so that it hides those. */
function isForeign(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

type Identity = Readonly<{boot: string | null; space: string | null}>;
let known: Identity | null = null;

async function identity(): Promise<Identity> {
  known ??= {
    boot: await textOrNull(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    space: await textOrNull(readlink('/proc/self/ns/pid')),
  };
  return known;
}

async function thisProcess(): Promise<Owner> {
  const id = randomBytes(8).toString('hex');
  return {id, pid: process.pid, started: await startOf(process.pid), ...(await identity())};
}

/** Start time of a living process in ticks since boot; null when there is none, or nothing tells. */
async function startOf(pid: number): Promise<string | null> {
  const status = await textOrNull(readFile(`/proc/${pid}/stat`, 'utf8'));
  if (status === null) return null;
  // proc(5): the command, in parentheses, may itself hold blanks; state is the 3rd field, the start time the 22nd.
  const [state, ...rest] = status.slice(status.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? null : (rest[18] ?? null);
}

async function textOrNull(text: Promise<string>): Promise<string | null> {
  try {
    return (await text).trim();
  } catch {
    return null;
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function busy(path: string, {owner, ageMs}: Holder): StoreFault {
  const seconds = Math.max(0, Math.round(ageMs / 1000));
  return new StoreFault({code: 'store-busy', path, holder: {pid: owner?.pid ?? null, seconds}});
}
