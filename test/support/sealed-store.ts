/** Sealed credentials in a store, and what lies in them. */
import {armor, Encrypter} from 'age-encryption';
import {
  type Draft,
  type LastTest,
  type SavedCredential,
  type SealedContent,
  savedFrom,
} from '../../source/domain/credential.ts';
import {Secret} from '../../source/domain/secret.ts';
import {openStore, type SaveOptions, type Store} from '../../source/store/store.ts';
import {decryptBySecret, encrypt} from '../../source/vault/age-file.ts';
import {scryptRecipient} from '../../source/vault/scrypt-stanza.ts';
import {seal} from '../../source/vault/seal.ts';
import {keyOf, type StoreKey} from '../../source/vault/store-key.ts';

const secret = (passphrase: string | Secret): Secret =>
  typeof passphrase === 'string' ? new Secret(passphrase) : passphrase;

/** Seals and saves; the store gets its key with the first one. */
export async function saveSealed(
  store: Store,
  content: SealedContent,
  passphrase: string | Secret,
  options: SaveOptions & {lastTest?: LastTest} = {},
): Promise<SavedCredential> {
  const unlocked = await store.unlock(secret(passphrase));
  const {lastTest = null, ...saveOptions} = options;
  const saved = savedFrom(content, await unlocked.seal(content), lastTest);
  await store.save(saved, saveOptions);
  return saved;
}

/** As another process would open it. */
export const opened = async (
  {directory}: Pick<Store, 'directory'>,
  saved: SavedCredential,
  passphrase: string | Secret,
): Promise<SealedContent> => (await openStore(directory).unlock(secret(passphrase))).open(saved);

export const openedDraft = async (
  {directory}: Pick<Store, 'directory'>,
  draft: Draft,
  passphrase: string | Secret,
): Promise<SealedContent | null> => (await openStore(directory).unlock(secret(passphrase))).openDraft(draft);

/**
 * What anybody can make who has read the file: a seal to its recipient, with a MAC of another key.
 * @param forger the store's recipient and id, with a secret of their own
 */
export async function forgedSeal(content: SealedContent, forger: StoreKey): Promise<string> {
  const own = await keyOf(forger.id, forger.secret.reveal());
  const document = await decryptBySecret(await seal(content, own), own.secret.reveal());
  return encrypt(document, forger.recipient);
}

/** A seal as the store's first format had it: a file under the passphrase itself. */
export async function firstFormatSeal(
  {accountKind: _, connection: __, ...content}: SealedContent,
  passphrase: string | Secret,
  logN = 10,
): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(scryptRecipient(secret(passphrase), logN));
  return armor.encode(await encrypter.encrypt(JSON.stringify({...content, v: 1}, null, 2)));
}

/** The document of a store of the first format. */
export const firstFormatDocument = (credentials: readonly SavedCredential[], draft: Draft | null = null): string =>
  JSON.stringify(
    {
      version: 1,
      credentials: credentials.map(({accountKind: _, connection: __, ...saved}) => saved),
      draft: draft === null ? null : {...draft, connection: undefined},
    },
    null,
    2,
  );
