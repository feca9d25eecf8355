/**
 * The file of saved credentials. Every change reads the file again under a lock and replaces it whole; a file that
 * cannot be read is never written over.
 */
import {join} from 'node:path';
import {clean} from '../domain/clean.ts';
import {type Draft, draftSchema, type LastTest, type SavedCredential} from '../domain/credential.ts';
import {StoreFault, UsageFault} from '../domain/fault.ts';
import {sameName} from '../domain/name.ts';
import {commit, type Guard, withLock} from './commit.ts';
import {keepAside, stamp} from './durable-write.ts';
import {foreignHome} from './ownership.ts';
import {readDocument} from './read.ts';
import {type Repaired, type RepairOptions, repair} from './repair.ts';
import {missingNotice, moveAside, restore, savedInBackup, withBackup} from './rescue.ts';
import {checkStore, type StoreCheck} from './store-check.ts';
import type {Contents, Migrations, Parsed} from './store-document.ts';
import {fileName, inspect} from './store-location.ts';
import {asFault} from './system-errors.ts';

export type {Repaired} from './repair.ts';
export type {StoreCheck} from './store-check.ts';
export type {Contents} from './store-document.ts';
export {storeDirectory} from './store-location.ts';

export type SaveOptions = Readonly<{
  /** A credential of that name is replaced; without it the name must be free. */
  replace?: boolean;
  /** Name of the credential this one takes the place of: a rename in one step. It may be the same name. */
  renamedFrom?: string;
  /** The seal the credential to be replaced must still have; for work that began a while ago. */
  sealedStill?: string;
}>;

/** All methods throw StoreFault where the store cannot be used. */
export type Store = Readonly<{
  /** The store's file. It need not exist yet. */
  path: string;
  directory: string;
  /** What can be said of the store without changing it. Never throws a StoreFault: it is part of the answer. */
  check(): Promise<StoreCheck>;
  /** Empty where there is no file yet. */
  read(): Promise<Contents>;
  /** @throws UsageFault when the name is taken, ignoring case; StoreFault store-busy when it is not `sealedStill` */
  save(credential: SavedCredential, options?: SaveOptions): Promise<void>;
  /** False when there is no credential of that name. The backup forgets it, too. */
  remove(name: string): Promise<boolean>;
  /** Remembers a test beside the seal. A credential that was removed meanwhile is no error. */
  recordTest(name: string, lastTest: LastTest): Promise<void>;
  /**
   * All seals at once, for a new passphrase, the draft's included. The backup opens with the new one only.
   * @param before what `read` gave when the work began. @throws StoreFault store-busy when a seal has changed since
   */
  replaceAll(next: Contents, before: Contents): Promise<void>;
  /**
   * Puts another seal of the same content in a seal's place, the draft's included; the backup keeps no older one.
   * False when no credential has that seal any more.
   */
  reseal(before: string, after: string): Promise<boolean>;
  saveDraft(draft: Draft): Promise<void>;
  clearDraft(): Promise<void>;
  /** Keeps the file as it is now under a name of its own, `.<label>-<time>`, and returns where. */
  keepCopy(label: string): Promise<string>;
  /** Puts the backup in place of a damaged or missing file; the damaged one is kept beside it. */
  restoreBackup(): Promise<Contents>;
  /** Moves a damaged file out of the way, which leaves an empty store; returns where it lies, null if none is damaged. */
  setAside(): Promise<string | null>;
  /** How many credentials the backup of a missing file holds; null where there is none, or the file is there. */
  missingWithBackup(): Promise<number | null>;
  /** Sentences on whose store this is, when it may not be the one that is meant: under sudo, or in a foreign home. */
  foreign(): Promise<readonly string[]>;
  /** Repairs what is safe to repair, asks before the rest, and tells what it did and what it left. Never a StoreFault. */
  repair(consent: RepairOptions['consent']): Promise<readonly Repaired[]>;
}>;

export type StoreOptions = Readonly<{
  now?: () => Date;
  /** Longest wait for another jirakey that is saving, in milliseconds. */
  waitMs?: number;
  /** How documents of older versions are read, instead of the usual ways. */
  migrations?: Migrations;
  /** Tells who runs this, and for whom (SUDO_UID). */
  env?: Readonly<Record<string, string | undefined>>;
  /** Told what is odd on the way: before the first change, whose store this is; on reading, that a file is missing. */
  onNotice?: (sentence: string) => void;
}>;

/** @param directory folder of the store; it is made, private, by the first save */
export function openStore(directory: string, options: StoreOptions = {}): Store {
  const path = join(directory, fileName);
  const now = options.now ?? (() => new Date());
  const waitMs = options.waitMs ?? 10_000;
  const env = options.env ?? {};
  let told = options.onNotice === undefined;

  const locked = <Result>(work: (file: string, guard: Guard) => Promise<Result>): Promise<Result> =>
    withFaults(path, 'write', () => withLock(directory, waitMs, work));

  // Before the folder is made: afterwards it belongs to whoever this runs as.
  const tellWhose = async (): Promise<void> => {
    if (told) return;
    told = true;
    for (const sentence of await foreignHome(directory, env)) options.onNotice?.(sentence);
  };

  const change = async (edit: Edit, forget = false): Promise<void> => {
    await tellWhose();
    return locked(async (file, guard) => {
      const {contents, migratedFrom} = await readable(file, options.migrations);
      const next = edit(contents);
      if (next === null) return;
      if (migratedFrom !== null) await keepAside(file, `${file}.v${migratedFrom}-${stamp(now())}`);
      await commit(file, next, guard, forget);
    });
  };

  // What only changes something that is there looks first: finding nothing must not make a folder or need the lock.
  const changeIf = async (present: (contents: Contents) => boolean, edit: Edit, forget = false): Promise<void> => {
    if (present(await read())) await change(edit, forget);
  };

  const missingWithBackup = async (): Promise<number | null> => {
    const {file, fileMode} = await inspect(directory);
    const saved = fileMode === null ? await savedInBackup(file) : null;
    return saved === 0 ? null : saved;
  };

  const read = (): Promise<Contents> =>
    withFaults(path, 'read', async () => {
      const {file, fileMode} = await inspect(directory);
      const saved = fileMode === null && options.onNotice !== undefined ? await missingWithBackup() : null;
      if (saved !== null) options.onNotice?.(missingNotice(file, saved));
      return (await readable(file, options.migrations)).contents;
    });

  return {
    path,
    directory,
    check: () => checkStore(directory, env),
    read,
    save: (credential, saveOptions = {}) => change(contents => withSaved(contents, credential, saveOptions, path)),
    remove: async name => {
      let found = false;
      const edit: Edit = contents => {
        found = has(contents, name);
        return found ? without(contents, name) : null;
      };
      await changeIf(contents => has(contents, name), edit, true);
      return found;
    },
    recordTest: (name, lastTest) =>
      changeIf(
        contents => has(contents, name),
        contents => withTest(contents, name, lastTest),
      ),
    replaceAll: (next, before) =>
      change(contents => {
        if (sealsOf(contents) !== sealsOf(before)) {
          throw new StoreFault({code: 'store-busy', path, holder: null});
        }
        return next;
      }, true),
    reseal: async (before, after) => {
      let found = false;
      const swapped = <Holder extends {sealed: string | null}>(holder: Holder): Holder => {
        if (holder.sealed !== before) return holder;
        found = true;
        return {...holder, sealed: after};
      };
      const edit: Edit = ({credentials, draft}) => {
        const next = {credentials: credentials.map(swapped), draft: draft && swapped(draft)};
        return found ? next : null;
      };
      await change(edit, true);
      return found;
    },
    saveDraft: draft => change(contents => ({...contents, draft: draftSchema.parse(draft)})),
    clearDraft: () =>
      changeIf(
        contents => contents.draft !== null,
        contents => ({...contents, draft: null}),
      ),
    keepCopy: label => locked(file => keepAside(file, `${file}.${label}-${stamp(now())}`)),
    restoreBackup: () => locked((file, guard) => restore(file, guard, now())),
    setAside: () => locked((file, guard) => moveAside(file, guard, now())),
    missingWithBackup: () => withFaults(path, 'read', missingWithBackup),
    foreign: () => foreignHome(directory, env),
    repair: consent => repair(directory, {now, waitMs: Math.min(waitMs, 2000), env, consent}),
  };
}

const sealsOf = ({credentials, draft}: Contents): string =>
  JSON.stringify([...credentials, draft].map(one => one?.sealed ?? null));

/** The next contents, or null when there is nothing to write. */
type Edit = (contents: Contents) => Contents | null;

async function withFaults<Result>(path: string, doing: 'read' | 'write', work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw asFault(error, path, doing);
  }
}

async function readable(file: string, migrations?: Migrations): Promise<Parsed> {
  try {
    return await readDocument(file, migrations);
  } catch (error) {
    throw error instanceof StoreFault ? await withBackup(error, file) : error;
  }
}

const indexOf = ({credentials}: Contents, wanted: string): number =>
  credentials.findIndex(({name}) => sameName(name, wanted));
const has = (contents: Contents, name: string): boolean => indexOf(contents, name) !== -1;

function withSaved(contents: Contents, saved: SavedCredential, options: SaveOptions, path: string): Contents {
  const {credentials} = contents;
  const taken = indexOf(contents, saved.name);
  const origin = options.renamedFrom === undefined ? -1 : indexOf(contents, options.renamedFrom);
  if (taken !== -1 && taken !== origin && options.replace !== true) {
    throw new UsageFault(`a credential named “${clean(credentials[taken]?.name, 80)}” is saved already.`, [
      'Choose another name, or edit that one.',
    ]);
  }
  const at = origin === -1 ? taken : origin;
  if (options.sealedStill !== undefined && credentials[at]?.sealed !== options.sealedStill) {
    throw new StoreFault({code: 'store-busy', path, holder: null});
  }
  if (at === -1) return {...contents, credentials: [...credentials, saved]};
  const others = credentials.map((old, index) => (index === at ? saved : old));
  return {...contents, credentials: others.filter((_, index) => index === at || index !== taken)};
}

const without = (contents: Contents, name: string): Contents => ({
  ...contents,
  credentials: contents.credentials.filter(saved => !sameName(saved.name, name)),
});

/** Touches nothing but the result: the seal and its copies stay as they are. */
const withTest = (contents: Contents, name: string, lastTest: LastTest): Contents => ({
  ...contents,
  credentials: contents.credentials.map(saved => (sameName(saved.name, name) ? {...saved, lastTest} : saved)),
});
