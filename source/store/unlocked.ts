/** What an open store can do: open its seals, and make new ones. */
import type {Draft, SavedCredential, SealedContent} from '../domain/credential.ts';
import {givenUp} from '../domain/credential.ts';
import {isFirstFormat} from '../vault/first-format.ts';
import {open, seal} from '../vault/seal.ts';
import type {StoreKey} from '../vault/store-key.ts';
import {requireSame, requireSameDraft} from './clear-copies.ts';
import {credentialNamed, type SealedThing, theDraft, wholeStore, withFile, wrongPassphrase} from './seal-faults.ts';

export type Unlocked = Readonly<{
  /** Null where the passphrase opens none but seals of their own, of the first format. */
  key: StoreKey | null;
  /**
   * The sealed truth of a saved credential. Build requests from this and from nothing else.
   * @throws StoreFault store-changed when a clear copy differs or another key sealed it; passphrase-wrong, store-damaged
   */
  open(saved: SavedCredential): Promise<SealedContent>;
  /** The sealed part of a draft, or null when its token was not given yet. @throws as `open` */
  openDraft(draft: Draft): Promise<SealedContent | null>;
  /** A seal alone, with nothing beside it to hold it against. @throws as `open` */
  openSeal(sealed: string): Promise<SealedContent>;
  /** A new seal for this store. */
  seal(content: SealedContent): Promise<string>;
}>;

export type SealMemory = Readonly<{
  /** What seals of the first format hold that were opened in this run, by their text. */
  first: Map<string, SealedContent>;
  /** Seals that have taken the place of others in this run. */
  moved: Map<string, string>;
  /** Tries a seal of the first format once more, alone. Null where it does not open. */
  openFirst: (sealed: string) => Promise<SealedContent | null>;
  noteMade: (sealed: string, content: SealedContent) => void;
}>;

/** @param file the store's, named in the faults */
export function unlockedBy(key: StoreKey | null, file: string, memory: SealMemory): Unlocked {
  const content = async (given: string, thing: SealedThing): Promise<SealedContent> => {
    const sealed = memory.moved.get(given) ?? given;
    const known = memory.first.get(sealed);
    if (known !== undefined) return known;
    if (sealed === givenUp) throw await wrongPassphrase(file, thing, 'given-up');
    if (isFirstFormat(sealed)) {
      const opened = await withFile(() => memory.openFirst(sealed), file, thing);
      if (opened !== null) return opened;
      throw await wrongPassphrase(file, thing, key === null ? 'does-not-open' : 'opens-others');
    }
    if (key === null) throw await wrongPassphrase(file, wholeStore, 'does-not-open');
    return withFile(() => open(sealed, key), file, thing);
  };
  return {
    key,
    open: async saved => {
      const opened = await content(saved.sealed, credentialNamed(saved.name));
      await requireSame(saved, opened, file);
      return opened;
    },
    openDraft: async draft => {
      if (draft.sealed === null) return null;
      const opened = await content(draft.sealed, theDraft);
      await requireSameDraft(draft, opened, file);
      return opened;
    },
    openSeal: sealed => content(sealed, wholeStore),
    seal: async next => {
      if (key === null) throw await wrongPassphrase(file, wholeStore, 'does-not-open');
      const sealed = await withFile(() => seal(next, key), file, credentialNamed(next.name));
      memory.noteMade(sealed, next);
      return sealed;
    },
  };
}
