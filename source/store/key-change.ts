/** Changes of what opens the store: another passphrase, further keys, a new key for all seals. Each is one write. */
import {givenUp} from '../domain/credential.ts';
import {StoreFault} from '../domain/fault.ts';
import type {Secret} from '../domain/secret.ts';
import {isFirstFormat} from '../vault/first-format.ts';
import {seal} from '../vault/seal.ts';
import {lockKey, lockKeyTo, makeStoreKey, type StoreKey} from '../vault/store-key.ts';
import type {KeeperPort} from './key-keeper.ts';
import {withFile} from './seal-faults.ts';
import type {Contents, FurtherKey, KeyRing} from './store-document.ts';
import type {Unlocked} from './unlocked.ts';

export type KeyChange = Readonly<{
  /** The passphrase from now on; null for none; without it the old one stays. */
  passphrase?: Secret | null;
  /** The further keys from now on; without it the old ones stay. */
  keys?: readonly FurtherKey[];
  /**
   * A new key, to which everything is sealed anew: old copies of the file do not open what is sealed from then on. Takes
   * the passphrase, and leaves no further key under a passphrase, which is not at hand.
   */
  newKey?: boolean;
  onNotice?: (sentence: string) => void;
}>;

/** @throws StoreFault store-busy; as `Unlocked.open` where everything is sealed anew */
export async function changeKey(unlocked: Unlocked, change: KeyChange, port: KeeperPort): Promise<void> {
  const before = await port.read();
  const {key} = unlocked;
  const busy = (): StoreFault => new StoreFault({code: 'store-busy', path: port.path, holder: null});
  if (key === null || before.ring?.recipient !== key.recipient) throw busy();
  const next = await withFile(
    () => (change.newKey === true ? underNewKey(before, unlocked, change) : underSameKey(before, key, change)),
    port.path,
  );
  const seen = state(before);
  await port.change(contents => {
    if (state(contents) !== seen) throw busy();
    return {...contents, ...next};
  }, 'renew');
}

/** What must not have changed between reading and writing. Test dates may. */
const state = ({ring, credentials, draft}: Contents): string =>
  JSON.stringify([ring, credentials.map(({lastTest: _, ...rest}) => rest), draft]);

type Next = Pick<Contents, 'ring'> & Partial<Pick<Contents, 'credentials' | 'draft'>>;

async function underSameKey({ring}: Contents, key: StoreKey, change: KeyChange): Promise<Next> {
  if (ring === null) return {ring};
  const {passphrase} = change;
  const identity = passphrase === undefined ? ring.identity : await locked(key, passphrase, change);
  return {ring: {...ring, identity, keys: [...(change.keys ?? ring.keys)]}};
}

const locked = async (key: StoreKey, passphrase: Secret | null, {onNotice}: KeyChange): Promise<string | null> =>
  passphrase === null ? null : lockKey(key, passphrase, onNotice === undefined ? {} : {onNotice});

async function underNewKey(contents: Contents, unlocked: Unlocked, change: KeyChange): Promise<Next> {
  const key = await makeStoreKey();
  const anew = async (sealed: string, content: () => ReturnType<Unlocked['openSeal']>): Promise<string> =>
    sealed === givenUp || isFirstFormat(sealed) ? sealed : seal(await content(), key);
  const credentials = [];
  for (const saved of contents.credentials) {
    credentials.push({...saved, sealed: await anew(saved.sealed, () => unlocked.open(saved))});
  }
  const {draft} = contents;
  const draftContent = draft?.sealed && !isFirstFormat(draft.sealed) ? await unlocked.openDraft(draft) : null;
  const sealedDraft = draftContent === null ? (draft?.sealed ?? null) : await seal(draftContent, key);
  const identity = await locked(key, change.passphrase ?? null, change);
  const keys: FurtherKey[] = [];
  for (const one of change.keys ?? contents.ring?.keys ?? []) {
    if (one.recipient !== null) keys.push({...one, sealed: await lockKeyTo(key, one.recipient)});
  }
  const ring: KeyRing = {id: key.id, recipient: key.recipient, identity, keys};
  return {ring, credentials, draft: draft === null ? null : {...draft, sealed: sealedDraft}};
}
