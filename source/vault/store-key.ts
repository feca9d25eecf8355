/**
 * The key of a store: an age identity (X25519). Credentials are sealed to its recipient; the identity itself lies in the
 * store as age files, one for each way to open it: under the passphrase, and under further keys.
 */
import {randomBytes} from 'node:crypto';
import {generateX25519Identity, type Identity, identityToRecipient} from 'age-encryption';
import {Secret} from '../domain/secret.ts';
import {decryptByPassphrase, decryptBySecret, encrypt, firstStanza, malformed} from './age-file.ts';
import {keyIdentity, readArguments, scryptIdentity, scryptRecipient, type WrapKey} from './scrypt-stanza.ts';
import {chooseWorkFactor, greatestWorkFactor} from './work-factor.ts';

export type StoreKey = Readonly<{
  /** Of the store it was made for: 32 hex digits. */
  id: string;
  /** age1…, which anybody may seal to. */
  recipient: string;
  /** AGE-SECRET-KEY-1… */
  secret: Secret;
}>;

export type LockOptions = Readonly<{
  /** Work factor to use instead of the one this machine's memory allows. */
  logN?: number;
  /** Told a sentence for the user when memory is short and the work factor therefore lower. */
  onNotice?: (sentence: string) => void;
}>;

export async function makeStoreKey(): Promise<StoreKey> {
  return keyOf(randomBytes(16).toString('hex'), await generateX25519Identity());
}

/** The key of that secret. @throws SealFault malformed */
export async function keyOf(id: string, secret: string): Promise<StoreKey> {
  try {
    return {id, recipient: await identityToRecipient(secret), secret: new Secret(secret)};
  } catch {
    throw malformed('the key in it is not an age identity');
  }
}

/**
 * The key under a passphrase, as an armored age file. One scrypt: that it opens is proven with what that has given.
 * @throws SealFault memory-too-small
 */
export async function lockKey(key: StoreKey, passphrase: Secret, options: LockOptions = {}): Promise<string> {
  const {logN, notice} =
    options.logN === undefined ? chooseWorkFactor() : {logN: checkedFactor(options.logN), notice: null};
  if (notice !== null) options.onNotice?.(notice);
  const derived: WrapKey[] = [];
  const locked = await encrypt(
    textOf(key),
    scryptRecipient(passphrase, logN, one => derived.push(one)),
  );
  const [kept] = derived;
  if (kept === undefined || !sameKey(await opened(locked, keyIdentity(kept)), key)) {
    throw new Error('the new seal does not hold what was sealed');
  }
  return locked;
}

/** @throws SealFault does-not-open, malformed, memory-too-small */
export const unlockKey = (locked: string, passphrase: Secret): Promise<StoreKey> =>
  opened(locked, scryptIdentity(passphrase));

async function opened(locked: string, identity: Identity): Promise<StoreKey> {
  return keyFrom(await decryptByPassphrase(locked, identity));
}

/** The key under another age recipient. @throws SealFault malformed where that is none */
export async function lockKeyTo(key: StoreKey, recipient: string): Promise<string> {
  try {
    return await encrypt(textOf(key), recipient);
  } catch {
    throw malformed('that is not an age recipient');
  }
}

/** The stanzas an age identity opens: the usual one, and the hybrid one against quantum computers. */
const identityStanzas = ['X25519', 'mlkem768x25519'];

/** @param secret AGE-SECRET-KEY-… @throws SealFault not-ours where that does not open it; malformed */
export const unlockKeyBy = async (locked: string, secret: Secret): Promise<StoreKey> =>
  keyFrom(await decryptBySecret(locked, secret.reveal(), identityStanzas));

/** Work factor of a file under a passphrase as its header says, or null where it says none. */
export function workFactorOf(locked: string): number | null {
  const stanza = firstStanza(locked);
  if (stanza?.[0] !== 'scrypt') return null;
  try {
    return readArguments(stanza).logN;
  } catch {
    return null;
  }
}

/** As age-keygen writes it, so that `age -d -i` takes it. */
const textOf = ({id, recipient, secret}: StoreKey): Uint8Array =>
  Buffer.from(`# jirakey store ${id}\n# public key: ${recipient}\n${secret.reveal()}\n`);

async function keyFrom(text: Uint8Array): Promise<StoreKey> {
  const [, id, secret] =
    /^# jirakey store ([0-9a-f]{32})\n# public key: age1[0-9a-z]+\n(AGE-SECRET-KEY-1[0-9A-Z]+)\n$/.exec(
      Buffer.from(text).toString('latin1'),
    ) ?? [];
  if (id === undefined || secret === undefined) throw malformed('what is sealed is not the key of a store');
  return keyOf(id, secret);
}

export const sameKey = (one: StoreKey, other: StoreKey): boolean =>
  one.id === other.id && one.secret.reveal() === other.secret.reveal();

function checkedFactor(logN: number): number {
  if (!Number.isInteger(logN) || logN < 1 || logN > greatestWorkFactor) throw new RangeError(`work factor ${logN}`);
  return logN;
}

/** An age identity file: comments, and one secret key. @throws SealFault malformed */
export function secretIn(identityFile: string): Secret {
  const lines = identityFile.split(/\r?\n/).map(line => line.trim());
  const secrets = lines.filter(line => line !== '' && !line.startsWith('#'));
  const [secret] = secrets;
  if (secret === undefined || secrets.length > 1 || !/^AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+$/.test(secret)) {
    throw malformed('it holds no age identity, or more than one');
  }
  return new Secret(secret);
}
