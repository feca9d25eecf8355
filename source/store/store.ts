/**
 * The file of saved credentials. Every change reads the file again under a lock and replaces it whole; a file that
 * cannot be read is never written over.
 */
import {join} from 'node:path';
import {clean} from '../domain/clean.ts';
import {type CommandLine, plainLine} from '../domain/command-line.ts';
import {type Draft, draftSchema, type LastTest, type SavedCredential} from '../domain/credential.ts';
import {StoreFault, UsageFault} from '../domain/fault.ts';
import {sameName} from '../domain/name.ts';
import type {Secret} from '../domain/secret.ts';
import {isFirstFormat} from '../vault/first-format.ts';
import type {StoreKey} from '../vault/store-key.ts';
import {type BackupChange, commit, type Guard, withLock} from './commit.ts';
import {keepAside, stamp} from './durable-write.ts';
import {changeKey, type KeyChange} from './key-change.ts';
import {KeyKeeper, type UnlockOptions} from './key-keeper.ts';
import {foreignHome} from './ownership.ts';
import {readDocument} from './read.ts';
import {type Repaired, type RepairOptions, repair} from './repair.ts';
import {missingNotice, moveAside, restore, savedInBackup, withBackup} from './rescue.ts';
import {withFile} from './seal-faults.ts';
import {forgetOriginals, originalOf} from './sibling-files.ts';
import {checkStore, type StoreCheck} from './store-check.ts';
import {type Contents, type Migrations, type Parsed, sealsOf} from './store-document.ts';
import {fileName, inspect} from './store-location.ts';
import {asFault} from './system-errors.ts';
import type {Unlocked} from './unlocked.ts';

export type {KeyChange} from './key-change.ts';
export type {Repaired} from './repair.ts';
export type {StoreCheck} from './store-check.ts';
export type {Contents, FurtherKey, KeyRing} from './store-document.ts';
export {storeDirectory} from './store-location.ts';
export type {Unlocked} from './unlocked.ts';

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
  /** Remembers tests beside the seals, by name. A credential that was removed meanwhile is no error. */
  recordTests(results: ReadonlyMap<string, LastTest>): Promise<void>;
  /**
   * Opens the store's key, once in a run for each passphrase. An empty store gets a key, which the first save keeps.
   * @throws StoreFault passphrase-wrong, store-changed, store-damaged, memory-too-small
   */
  unlock(passphrase: Secret, options?: UnlockOptions): Promise<Unlocked>;
  /** With the key itself; null where the store has another one by now. */
  unlockWith(key: StoreKey): Promise<Unlocked | null>;
  /** With the secret of an age identity that was made a further key. @throws StoreFault passphrase-wrong */
  unlockBy(secret: Secret): Promise<Unlocked>;
  /** Brings a seal that is under a passphrase of its own under the store's key. @throws StoreFault passphrase-wrong */
  adopt(sealed: string, passphrase: Secret, key: StoreKey): Promise<void>;
  /**
   * Changes what opens the store, in one write; the backup opens in no other way, either.
   * @throws StoreFault store-busy where the ways to open it have changed since `unlocked` was
   */
  changeKey(unlocked: Unlocked, change: KeyChange): Promise<void>;
  /** A key that was opened at a lower work factor than today's is locked anew; null where none was. */
  raiseWorkFactor(logN?: number): Promise<Readonly<{from: number; to: number}> | null>;
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
  /** Command lines for whoever has to do something: of this store, as the run was given it. */
  commandLine?: CommandLine;
  /** Told what is odd on the way: before the first change, whose store this is; on reading, that a file is missing. */
  onNotice?: (sentence: string) => void;
}>;

/** @param directory folder of the store; it is made, private, by the first save */
export function openStore(directory: string, options: StoreOptions = {}): Store {
  const path = join(directory, fileName);
  const now = options.now ?? (() => new Date());
  const waitMs = options.waitMs ?? 10_000;
  const env = options.env ?? {};
  const line = options.commandLine ?? plainLine;
  let told = options.onNotice === undefined;

  const locked = <Result>(work: (file: string, guard: Guard) => Promise<Result>): Promise<Result> =>
    withFaults(path, 'write', () => withLock(directory, waitMs, work));

  // Before the folder is made: afterwards it belongs to whoever this runs as.
  const tellWhose = async (): Promise<void> => {
    if (told) return;
    told = true;
    for (const sentence of await foreignHome(directory, env)) options.onNotice?.(sentence);
  };

  const change = async (edit: Edit, backup: BackupChange = 'turn'): Promise<void> => {
    await tellWhose();
    return locked(async (file, guard) => {
      const {contents, migratedFrom} = await readable(file, options.migrations);
      const edited = edit(contents);
      if (edited === null) return;
      const next = withoutIdleKey({...edited, seq: contents.seq + 1});
      if (migratedFrom !== null) await keepAside(file, `${originalOf(file, migratedFrom)}${stamp(now())}`);
      await commit(file, next, guard, backup);
      if (migratedFrom === null && !sealsOf(contents).some(isFirstFormat)) await forgetOriginals(file);
    });
  };

  // What only changes something that is there looks first: finding nothing must not make a folder or need the lock.
  const changeIf = async (
    present: (contents: Contents) => boolean,
    edit: Edit,
    backup?: BackupChange,
  ): Promise<void> => {
    if (present(await read())) await change(edit, backup);
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
      if (saved !== null) options.onNotice?.(missingNotice(file, saved, line));
      return (await readable(file, options.migrations)).contents;
    });

  const keeper = new KeyKeeper({path, read, change});

  return {
    path,
    directory,
    check: () => checkStore(directory, env, line),
    read,
    save: (credential, saveOptions = {}) =>
      keeper.saving(keeper.latest(credential.sealed), (sealed, withKey) => {
        const {sealedStill} = saveOptions;
        const latest = sealedStill === undefined ? {} : {sealedStill: keeper.latest(sealedStill)};
        return change(contents =>
          withKey(withSaved(contents, {...credential, sealed}, {...saveOptions, ...latest}, path)),
        );
      }),
    remove: async name => {
      let found = false;
      const edit: Edit = contents => {
        found = has(contents, name);
        return found ? without(contents, name) : null;
      };
      await changeIf(contents => has(contents, name), edit, 'renew');
      return found;
    },
    recordTests: results =>
      changeIf(
        contents => [...results.keys()].some(name => has(contents, name)),
        contents => withTests(contents, results),
        'keep',
      ),
    unlock: (passphrase, unlockOptions) => keeper.unlock(passphrase, unlockOptions),
    unlockWith: key => keeper.unlockWith(key),
    unlockBy: secret => keeper.unlockBy(secret),
    adopt: (sealed, passphrase, key) => keeper.adopt(sealed, passphrase, key),
    changeKey: (unlocked, next) => changeKey(unlocked, next, {path, read, change}),
    raiseWorkFactor: logN => withFile(() => keeper.raise(logN), path),
    saveDraft: async draft => {
      const whole = draftSchema.parse(draft);
      const keep = (sealed: string | null, withKey = (contents: Contents) => contents): Promise<void> =>
        change(contents => withKey({...contents, draft: {...whole, sealed}}));
      await (whole.sealed === null ? keep(null) : keeper.saving(keeper.latest(whole.sealed), keep));
    },
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
    repair: consent => repair(directory, {now, waitMs: Math.min(waitMs, 2000), env, consent, commandLine: line}),
  };
}

/** A key without a seal protects nothing: the next credential gets one of its own. */
const withoutIdleKey = (contents: Contents): Contents =>
  contents.ring !== null && sealsOf(contents).length === 0 ? {...contents, ring: null} : contents;

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
const withTests = (contents: Contents, results: ReadonlyMap<string, LastTest>): Contents => ({
  ...contents,
  credentials: contents.credentials.map(saved => {
    const [, lastTest] = [...results].find(([name]) => sameName(name, saved.name)) ?? [];
    return lastTest === undefined ? saved : {...saved, lastTest};
  }),
});
