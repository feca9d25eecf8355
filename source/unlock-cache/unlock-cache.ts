/**
 * The timed unlock: the key of a store, until a time. The passphrase itself is kept nowhere. One file a store, so that
 * forgetting is removing and no file is ever read, changed and written back.
 */
import {constants, readFileSync} from 'node:fs';
import {type FileHandle, lstat, open, readdir, rm} from 'node:fs/promises';
import {uptime} from 'node:os';
import {join} from 'node:path';
import * as z from 'zod';
import {Secret} from '../domain/secret.ts';
import {replace} from '../store/durable-write.ts';
import type {StoreKey} from '../vault/store-key.ts';
import {type Env, findFolder, findOwnFolder, makeFolder, refused} from './unlock-cache-location.ts';

/** What tells time here. The wall clock can be set back, so what has run since the machine started counts as well. */
export type Clock = Readonly<{
  now: () => Date;
  /** Seconds since the machine started. */
  uptime: () => number;
  /** Another one after every start of the machine; null where the system has none. */
  bootId: () => string | null;
}>;

const minuteMs = 60_000;
const largest = 4096;

const entrySchema = z.strictObject({
  v: z.literal(2),
  id: z.string().regex(/^[0-9a-f]{32}$/),
  recipient: z.string(),
  secret: z.string(),
  bootId: z.string().min(1),
  /** Milliseconds since 1970, and seconds since the machine started: both spans must hold. */
  from: z.number(),
  until: z.number(),
  upFrom: z.number(),
  upUntil: z.number(),
});
type Entry = z.infer<typeof entrySchema>;

export type RememberedKey = Readonly<{key: StoreKey; until: Date}>;

export type UnlockCache = Readonly<{
  /** Says beforehand whether it could be kept. @throws UsageFault with the reason */
  prove(): Promise<void>;
  /** @returns when it ends. @throws UsageFault */
  keep(key: StoreKey, minutes: number): Promise<Date>;
  /** The key of a store and when it ends; null when none is remembered. What has ended is removed on the way. */
  find(id: string): Promise<RememberedKey | null>;
  /** Forgets the key of a store. */
  forget(id: string): Promise<void>;
  /** Forgets everything. @returns how many keys there were */
  forgetAll(): Promise<number>;
}>;

/** @param env names XDG_RUNTIME_DIR */
export function openUnlockCache(env: Env, now: () => Date, machine: Omit<Clock, 'now'> = thisMachine): UnlockCache {
  const clock: Clock = {now, ...machine};
  return {
    prove: async () => {
      await makeFolder(env);
      bootOf(clock);
    },
    keep: async ({id, recipient, secret}, minutes) => {
      const folder = await makeFolder(env);
      const [from, upFrom] = [clock.now().getTime(), clock.uptime()];
      const entry: Entry = {
        v: 2,
        id,
        recipient,
        secret: secret.reveal(),
        bootId: bootOf(clock),
        from,
        until: from + minutes * minuteMs,
        upFrom,
        upUntil: upFrom + minutes * 60,
      };
      await replace(join(folder, fileOf(id)), JSON.stringify(entry));
      return new Date(entry.until);
    },
    find: async wanted => {
      const folder = await findFolder(env);
      if (folder === null) return null;
      const found = (await live(folder, clock)).find(({id}) => id === wanted);
      if (found === undefined) return null;
      const {id, recipient, secret, until} = found;
      return {key: {id, recipient, secret: new Secret(secret)}, until: new Date(until)};
    },
    forget: async id => {
      const folder = await findOwnFolder(env);
      if (folder !== null) await rm(join(folder, fileOf(id)), {force: true});
    },
    forgetAll: async () => {
      const folder = await findOwnFolder(env);
      if (folder === null) return 0;
      const names = await readdir(folder);
      await Promise.all(names.map(name => rm(join(folder, name), {force: true, recursive: true})));
      return names.filter(name => name.endsWith(suffix)).length;
    },
  };
}

const thisMachine: Omit<Clock, 'now'> = {
  uptime,
  bootId: () => {
    try {
      return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    } catch {
      return null;
    }
  },
};

const suffix = '.key';
const fileOf = (id: string): string => `${id}${suffix}`;

function bootOf({bootId}: Clock): string {
  const id = bootId();
  if (id === null || id === '') throw refused('this system does not tell one start of the machine from the next');
  return id;
}

/** What still holds. Everything else that lies there is removed on the way. */
async function live(folder: string, clock: Clock): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (await isBeingWritten(path, clock)) continue;
    const entry = await readEntry(path);
    if (entry !== null && name === fileOf(entry.id) && holds(entry, clock)) entries.push(entry);
    else await rm(path, {force: true, recursive: true});
  }
  return entries;
}

/** Another jirakey may be writing just now; what one left that was killed has lain there for a while. */
async function isBeingWritten(path: string, clock: Clock): Promise<boolean> {
  if (!path.includes('.tmp-')) return false;
  try {
    return Math.abs(clock.now().getTime() - (await lstat(path)).mtimeMs) < minuteMs;
  } catch {
    return true;
  }
}

/** A clock that was set back does not lengthen it, and neither does a machine that slept or started again. */
function holds({bootId, from, until, upFrom, upUntil}: Entry, clock: Clock): boolean {
  const [now, up] = [clock.now().getTime(), clock.uptime()];
  return bootId === clock.bootId() && from <= now && now < until && upFrom <= up && up < upUntil;
}

/** Null for whatever this program would not have written: another owner or mode, a link, other content. */
async function readEntry(path: string): Promise<Entry | null> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await handle.stat();
    const ours = stats.isFile() && stats.uid === process.geteuid?.() && (stats.mode & 0o777) === 0o600;
    if (!ours || stats.nlink !== 1 || stats.size > largest) return null;
    return entrySchema.safeParse(JSON.parse(await handle.readFile('utf8'))).data ?? null;
  } catch {
    return null;
  } finally {
    await handle?.close();
  }
}
