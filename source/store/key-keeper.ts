/**
 * The store's key in this run: opened once for a passphrase, however many seals there are; made where there is none;
 * and put into the file by the first save that needs it. Seals of the first format are brought under it on the way.
 */
import {givenUp, type SealedContent} from '../domain/credential.ts';
import {StoreFault} from '../domain/fault.ts';
import type {Secret} from '../domain/secret.ts';
import {isFirstFormat, openFirstFormat} from '../vault/first-format.ts';
import {normalisePassphrase} from '../vault/passphrase.ts';
import {seal} from '../vault/seal.ts';
import {SealFault} from '../vault/seal-fault.ts';
import {lockKey, makeStoreKey, type StoreKey, unlockKey, unlockKeyBy, workFactorOf} from '../vault/store-key.ts';
import {chooseWorkFactor} from '../vault/work-factor.ts';
import type {BackupChange} from './commit.ts';
import {notOurs, wholeStore, withFile, wrongPassphrase} from './seal-faults.ts';
import {type Contents, type KeyRing, sealsOf} from './store-document.ts';
import {type Unlocked, unlockedBy} from './unlocked.ts';

export type UnlockOptions = Readonly<{
  /** Told what takes its time, and when memory is short. */
  onNotice?: (sentence: string) => void;
  /**
   * When a passphrase that opens nothing gets a new key, which gives up what the old one sealed: where nothing is saved
   * but a draft, or always. Without it that is a fault. A store without a key gets one in any case.
   */
  newKey?: 'if-nothing-saved' | 'if-lost';
}>;

/** How the keeper reaches the file. */
export type KeeperPort = Readonly<{
  path: string;
  read: () => Promise<Contents>;
  change: (edit: (contents: Contents) => Contents | null, backup?: BackupChange) => Promise<void>;
}>;

/** A key that is open in this run. */
type Holder = Readonly<{
  key: StoreKey;
  ring: KeyRing;
  passphrase: Secret | null;
  /** Recipient of the key it takes the place of, whose seals are given up. */
  replaces: string | null;
}>;

/** The file has another key than the seal was made for. */
class OtherKey extends Error {}

export class KeyKeeper {
  readonly #port: KeeperPort;
  readonly #unlocked = new Map<string, Promise<Unlocked>>();
  readonly #holders = new Map<string, Holder>();
  readonly #made = new Map<string, Readonly<{content: SealedContent; recipient: string}>>();
  readonly #first = new Map<string, SealedContent>();
  readonly #moved = new Map<string, string>();

  constructor(port: KeeperPort) {
    this.#port = port;
  }

  /** @throws StoreFault passphrase-wrong, store-changed, store-damaged, memory-too-small */
  unlock(passphrase: Secret, options: UnlockOptions = {}): Promise<Unlocked> {
    const word = normalisePassphrase(passphrase.reveal());
    const known = this.#unlocked.get(word);
    if (known !== undefined) return known;
    const unlocking = withFile(() => this.#unlock(passphrase, options), this.#port.path);
    this.#unlocked.set(word, unlocking);
    unlocking.catch(() => this.#unlocked.delete(word));
    return unlocking;
  }

  /** With the key itself, as it was kept; null where the store has another one by now. */
  async unlockWith(key: StoreKey): Promise<Unlocked | null> {
    const {ring} = await this.#port.read();
    return ring?.recipient === key.recipient && ring.id === key.id
      ? this.#hold({key, ring, passphrase: null, replaces: null})
      : null;
  }

  /** With a further key: the secret of an age identity. @throws StoreFault passphrase-wrong where it opens none */
  async unlockBy(secret: Secret): Promise<Unlocked> {
    const {path, read} = this.#port;
    const {ring} = await read();
    for (const {kind, sealed} of ring?.keys ?? []) {
      if (kind !== 'age') continue;
      const key = await withFile(() => orNull(() => unlockKeyBy(sealed, secret)), path);
      if (ring !== null && key !== null) return this.#ours(key, ring, null);
    }
    throw await wrongPassphrase(path, wholeStore, 'does-not-open');
  }

  async #unlock(passphrase: Secret, options: UnlockOptions): Promise<Unlocked> {
    for (let tries = 1; ; tries++) {
      const contents = await this.#port.read();
      const {ring} = contents;
      const key = ring === null ? null : await this.#opened(ring, passphrase);
      if (ring !== null && key !== null) return this.#ours(key, ring, passphrase);
      const first = await this.#openFirst(contents, passphrase, options);
      // The store has a key, and the passphrase opens none but some older seals: those, and nothing else.
      if (ring !== null && first.size > 0) return this.#unlockedBy(null, passphrase);
      if (first.size === 0) await this.#requireNew(contents, options);
      const holder = await this.#newKey(passphrase, ring, options);
      const unlocked = this.#hold(holder);
      if (first.size === 0 || (await this.#migrate(first, holder)) || tries === 3) return unlocked;
    }
  }

  /** The key under the passphrase, or under a further one; null where it opens none of them. */
  async #opened({identity, keys}: KeyRing, passphrase: Secret): Promise<StoreKey | null> {
    const further = keys.filter(({kind}) => kind === 'passphrase').map(({sealed}) => sealed);
    for (const locked of identity === null ? further : [identity, ...further]) {
      const key = await orNull(() => unlockKey(locked, passphrase));
      if (key !== null) return key;
    }
    return null;
  }

  /** @throws StoreFault store-changed where a file opened that holds another store's key */
  async #ours(key: StoreKey, ring: KeyRing, passphrase: Secret | null): Promise<Unlocked> {
    if (key.id !== ring.id || key.recipient !== ring.recipient) throw await notOurs(this.#port.path, wholeStore);
    return this.#hold({key, ring, passphrase, replaces: null});
  }

  /** @throws StoreFault passphrase-wrong or store-changed where a new key would give up what must not be */
  async #requireNew(contents: Contents, {newKey}: UnlockOptions): Promise<void> {
    const seals = sealsOf(contents);
    const empty = contents.ring === null && seals.length === 0;
    const allowed = newKey === 'if-lost' || (newKey === 'if-nothing-saved' && contents.credentials.length === 0);
    if (empty || allowed) return;
    const keyGone = contents.ring === null && !seals.some(isFirstFormat);
    throw keyGone
      ? await notOurs(this.#port.path, wholeStore)
      : await wrongPassphrase(this.#port.path, wholeStore, 'does-not-open');
  }

  async #newKey(passphrase: Secret, replaced: KeyRing | null, options: UnlockOptions): Promise<Holder> {
    const key = await makeStoreKey();
    const {onNotice} = options;
    const identity = await lockKey(key, passphrase, onNotice === undefined ? {} : {onNotice});
    const ring = {id: key.id, recipient: key.recipient, identity, keys: []};
    return {key, ring, passphrase, replaces: replaced?.recipient ?? null};
  }

  #hold(holder: Holder): Unlocked {
    this.#holders.set(holder.key.recipient, holder);
    return this.#unlockedBy(holder.key, holder.passphrase);
  }

  #unlockedBy(key: StoreKey | null, passphrase: Secret | null): Unlocked {
    return unlockedBy(key, this.#port.path, {
      first: this.#first,
      moved: this.#moved,
      openFirst: async sealed => (passphrase === null ? null : this.#openOneFirst(sealed, passphrase, key)),
      noteMade: (sealed, content) => {
        if (key !== null) this.#made.set(sealed, {content, recipient: key.recipient});
      },
    });
  }

  // Seals of the first format.

  async #openFirst(contents: Contents, passphrase: Secret, {onNotice}: UnlockOptions) {
    const seals = sealsOf(contents).filter(isFirstFormat);
    const opened = new Map<string, SealedContent>();
    if (seals.length > 3) {
      onNotice?.(`Opening ${seals.length} seals of the store’s first format, one after another. This is needed once.`);
    }
    for (const sealed of seals) {
      const content = await orNull(() => openFirstFormat(sealed, passphrase));
      if (content === null) continue;
      opened.set(sealed, content);
      this.#first.set(sealed, content);
    }
    return opened;
  }

  /** One that was left under a passphrase of its own, tried with the store's. */
  async #openOneFirst(sealed: string, passphrase: Secret, key: StoreKey | null): Promise<SealedContent | null> {
    const content = await orNull(() => openFirstFormat(sealed, passphrase));
    if (content === null) return null;
    this.#first.set(sealed, content);
    const holder = key === null ? undefined : this.#holders.get(key.recipient);
    if (holder !== undefined) await this.#migrate(new Map([[sealed, content]]), holder);
    return content;
  }

  /**
   * Brings what was opened under the key. A store that cannot be written goes on from memory.
   * @returns false where another jirakey was faster
   */
  async #migrate(opened: ReadonlyMap<string, SealedContent>, {key, ring}: Holder): Promise<boolean> {
    const next = new Map<string, string>();
    for (const [sealed, content] of opened) next.set(sealed, await seal(content, key));
    const swapped = <Holder extends {sealed: string | null}>(holder: Holder): Holder => ({
      ...holder,
      sealed: next.get(holder.sealed ?? '') ?? holder.sealed,
    });
    try {
      await this.#port.change(contents => {
        if (contents.ring !== null && contents.ring.recipient !== ring.recipient) throw new OtherKey();
        const {credentials, draft} = contents;
        return {
          ...contents,
          ring: contents.ring ?? ring,
          credentials: credentials.map(swapped),
          draft: draft && swapped(draft),
        };
      });
    } catch (error) {
      if (error instanceof OtherKey) return false;
      if (error instanceof StoreFault && ['store-unwritable', 'store-busy'].includes(error.code)) return true;
      throw error;
    }
    for (const [before, after] of next) this.#moved.set(before, after);
    return true;
  }

  /** Brings a seal that is under a passphrase of its own under the store's key. @throws StoreFault passphrase-wrong */
  async adopt(sealed: string, passphrase: Secret, key: StoreKey): Promise<void> {
    const {path} = this.#port;
    const content = await withFile(() => openFirstFormat(sealed, passphrase), path);
    const holder = this.#holders.get(key.recipient);
    if (holder !== undefined) await this.#migrate(new Map([[sealed, content]]), holder);
  }

  // Saving.

  /** The seal that has taken this one's place in this run, or itself. */
  latest(sealed: string): string {
    return this.#moved.get(sealed) ?? sealed;
  }

  /**
   * Saves what holds a new seal. Where another jirakey has given the store its key meanwhile, it is sealed anew to that
   * one, which the same passphrase must open.
   * @param save given the seal, and what puts its key into the contents to be written
   */
  async saving(
    sealed: string,
    save: (sealed: string, withKey: (contents: Contents) => Contents) => Promise<void>,
  ): Promise<void> {
    let current = sealed;
    for (let tries = 1; ; tries++) {
      try {
        return await save(current, contents => this.#withKey(contents, current));
      } catch (error) {
        if (!(error instanceof OtherKey)) throw error;
        if (tries === 3) throw new StoreFault({code: 'store-busy', path: this.#port.path, holder: null});
        current = await this.#sealedAnew(current);
        this.#moved.set(sealed, current);
      }
    }
  }

  async #sealedAnew(sealed: string): Promise<string> {
    const made = this.#made.get(sealed);
    const passphrase = this.#holders.get(made?.recipient ?? '')?.passphrase ?? null;
    if (made === undefined || passphrase === null) {
      throw new StoreFault({code: 'store-busy', path: this.#port.path, holder: null});
    }
    this.#unlocked.delete(normalisePassphrase(passphrase.reveal()));
    return (await this.unlock(passphrase)).seal(made.content);
  }

  /** @throws OtherKey */
  #withKey(contents: Contents, sealed: string): Contents {
    const made = this.#made.get(sealed);
    const {ring} = contents;
    if (made === undefined || made.recipient === ring?.recipient) return contents;
    const holder = this.#holders.get(made.recipient);
    if (holder === undefined) throw new OtherKey();
    if (ring === null) return {...contents, ring: holder.ring};
    if (holder.replaces !== ring.recipient) throw new OtherKey();
    const kept = (one: string | null): boolean => one === sealed || (one !== null && isFirstFormat(one));
    return {
      ...contents,
      ring: holder.ring,
      credentials: contents.credentials.map(saved => (kept(saved.sealed) ? saved : {...saved, sealed: givenUp})),
      draft:
        contents.draft === null || kept(contents.draft.sealed) ? contents.draft : {...contents.draft, sealed: null},
    };
  }

  /**
   * A key that was opened at a lower work factor is locked anew at today's, under the same passphrase.
   * @param logN work factor to lock with instead of the highest the memory allows
   * @returns the factors before and after, null where there was nothing to do
   */
  async raise(logN?: number): Promise<Readonly<{from: number; to: number}> | null> {
    for (const {key, ring, passphrase} of this.#holders.values()) {
      const {identity} = ring;
      const from = identity === null ? null : workFactorOf(identity);
      const to = logN ?? chooseWorkFactor().logN;
      if (identity === null || passphrase === null || from === null || to <= from) continue;
      // The passphrase may be that of a further key.
      if ((await orNull(() => unlockKey(identity, passphrase))) === null) continue;
      const locked = await lockKey(key, passphrase, {logN: to});
      let found = false;
      await this.#port.change(contents => {
        found = contents.ring?.identity === identity;
        return found && contents.ring !== null ? {...contents, ring: {...contents.ring, identity: locked}} : null;
      }, 'renew');
      if (found) return {from, to};
    }
    return null;
  }
}

/** Null for what does not open. */
async function orNull<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SealFault && ['does-not-open', 'not-ours'].includes(error.problem.code)) return null;
    throw error;
  }
}
