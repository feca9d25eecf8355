/**
 * The timed unlock: the key of a store, until a time, in the kernel's keyring, else in a file in memory. The passphrase
 * itself is kept nowhere. One entry a store, so that forgetting is removing and none is ever read, changed and written back.
 */
import {constants, readFileSync} from 'node:fs';
import {type FileHandle, lstat, open, readdir, rm} from 'node:fs/promises';
import {uptime} from 'node:os';
import {join} from 'node:path';
import * as z from 'zod';
import {Secret} from '../domain/secret.ts';
import {replace} from '../store/durable-write.ts';
import type {StoreKey} from '../vault/store-key.ts';
import {kernelKeyring} from './kernel-keyring.ts';
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

/** One of the two places. Texts go in and come out; what they mean and how long they hold is decided here. */
type Place = Readonly<{
  /** @returns false where it refuses. @throws UsageFault where nothing else is left */
  keep(id: string, text: string, seconds: number): Promise<boolean>;
  find(id: string): Promise<string | null>;
  forget(id: string): Promise<void>;
  forgetAll(): Promise<number>;
}>;

/** @param env names XDG_RUNTIME_DIR, and the PATH that leads to keyctl */
export function openUnlockCache(env: Env, now: () => Date, machine: Omit<Clock, 'now'> = thisMachine): UnlockCache {
  const clock: Clock = {now, ...machine};
  const keyring = kernelKeyring(env);
  const places: readonly Place[] = [...(keyring === null ? [] : [keyring]), inFolder(env, clock)];
  const forget = async (id: string): Promise<void> => {
    for (const place of places) await place.forget(id);
  };
  return {
    prove: async () => {
      bootOf(clock);
      if (keyring === null || !(await keyring.isUsable())) await makeFolder(env);
    },
    keep: async (key, minutes) => {
      const entry = entryOf(key, minutes, clock);
      // An older entry in the other place must not outlive this one.
      await forget(key.id);
      for (const place of places) if (await place.keep(key.id, JSON.stringify(entry), minutes * 60)) break;
      return new Date(entry.until);
    },
    find: async wanted => {
      for (const place of places) {
        const text = await place.find(wanted);
        if (text === null) continue;
        const entry = entryIn(text);
        if (entry === null || entry.id !== wanted || !holds(entry, clock)) {
          await place.forget(wanted);
          continue;
        }
        const {id, recipient, secret, until} = entry;
        return {key: {id, recipient, secret: new Secret(secret)}, until: new Date(until)};
      }
      return null;
    },
    forget,
    forgetAll: async () => {
      let count = 0;
      for (const place of places) count += await place.forgetAll();
      return count;
    },
  };
}

function entryOf({id, recipient, secret}: StoreKey, minutes: number, clock: Clock): Entry {
  const [from, upFrom] = [clock.now().getTime(), clock.uptime()];
  const [until, upUntil] = [from + minutes * minuteMs, upFrom + minutes * 60];
  return {v: 2, id, recipient, secret: secret.reveal(), bootId: bootOf(clock), from, until, upFrom, upUntil};
}

function entryIn(text: string): Entry | null {
  try {
    return entrySchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** One file a store in the session's folder in memory. */
function inFolder(env: Env, clock: Clock): Place {
  return {
    keep: async (id, text) => {
      await replace(join(await makeFolder(env), fileOf(id)), text);
      return true;
    },
    find: async id => {
      const folder = await findFolder(env);
      if (folder === null) return null;
      return (await live(folder, clock)).find(entry => entry.id === id)?.text ?? null;
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
async function live(folder: string, clock: Clock): Promise<{id: string; text: string}[]> {
  const entries: {id: string; text: string}[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (await isBeingWritten(path, clock)) continue;
    const text = await readOwn(path);
    const entry = text === null ? null : entryIn(text);
    if (text !== null && entry !== null && name === fileOf(entry.id) && holds(entry, clock))
      entries.push({id: entry.id, text});
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
async function readOwn(path: string): Promise<string | null> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await handle.stat();
    const ours = stats.isFile() && stats.uid === process.geteuid?.() && (stats.mode & 0o777) === 0o600;
    if (!ours || stats.nlink !== 1 || stats.size > largest) return null;
    return await handle.readFile('utf8');
  } catch {
    return null;
  } finally {
    await handle?.close();
  }
}
