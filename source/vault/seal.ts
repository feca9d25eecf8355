/** Seals a credential's secret part as an armored age file with a passphrase, and opens it again. */
import {armor, Decrypter, Encrypter, type Identity} from 'age-encryption';
import {type SealedContent, sealedContentSchema} from '../domain/credential.ts';
import type {Secret} from '../domain/secret.ts';
import {MalformedStanza, readArguments, scryptIdentity, scryptRecipient} from './scrypt-stanza.ts';
import {SealFault} from './seal-fault.ts';
import {chooseWorkFactor, greatestWorkFactor} from './work-factor.ts';

export type SealOptions = Readonly<{
  signal?: AbortSignal;
  /** Work factor to use instead of the one this machine's memory allows. */
  logN?: number;
  /** Told a sentence for the user when memory is short and the work factor therefore lower. */
  onNotice?: (sentence: string) => void;
}>;

// Every document is filled up to whole blocks: the length of a token or a description is nobody's business. One block
// holds every usual credential, so all seals look alike.
const blockSize = 4096;
const blank = 0x20;
const newline = 0x0a;

/**
 * An armored age file that only the passphrase opens. It has been opened once before it is returned.
 * @throws SealFault memory-too-small; the signal's reason when it is aborted
 */
export async function seal(content: SealedContent, passphrase: Secret, options: SealOptions = {}): Promise<string> {
  const {signal, onNotice} = options;
  const {logN, notice} =
    options.logN === undefined ? chooseWorkFactor() : {logN: checkedFactor(options.logN), notice: null};
  if (notice !== null) onNotice?.(notice);
  signal?.throwIfAborted();
  const document = padded(sealedContentSchema.parse(content));
  const encrypter = new Encrypter();
  encrypter.addRecipient(scryptRecipient(passphrase, logN));
  const sealed = armor.encode(await encrypter.encrypt(document));
  signal?.throwIfAborted();
  const opened = await open(sealed, passphrase, signal === undefined ? {} : {signal});
  if (JSON.stringify(opened) !== JSON.stringify(sealedContentSchema.parse(content))) {
    throw new Error('the new seal does not hold what was sealed');
  }
  return sealed;
}

/**
 * What `seal` put in.
 * @throws SealFault; the signal's reason when it is aborted
 */
export async function open(
  sealed: string,
  passphrase: Secret,
  options: Readonly<{signal?: AbortSignal}> = {},
): Promise<SealedContent> {
  return openBy(sealed, scryptIdentity(passphrase), options);
}

/** As `open`, by whatever opens its header. */
export async function openBy(
  sealed: string,
  identity: Identity,
  options: Readonly<{signal?: AbortSignal}> = {},
): Promise<SealedContent> {
  options.signal?.throwIfAborted();
  const document = await decrypt(unarmored(sealed), identity);
  options.signal?.throwIfAborted();
  const result = sealedContentSchema.safeParse(parsed(document));
  if (!result.success) throw damaged('what is sealed is not a credential');
  return result.data;
}

/** Work factor of a sealed file as its header says, or null where it says none. For sealing anew at today's factor. */
export const workFactorOf = (sealed: string): number | null => headerOf(sealed)?.logN ?? null;

/** Salt of a sealed file, base64 without padding, or null where its header says none. No two seals have the same. */
export const saltOf = (sealed: string): string | null =>
  headerOf(sealed)?.salt.toString('base64').replace(/=+$/, '') ?? null;

function headerOf(sealed: string): {salt: Buffer; logN: number} | null {
  try {
    const stanza = /^-> (scrypt [^\n]*)$/m.exec(Buffer.from(armor.decode(sealed)).toString('latin1'));
    return stanza?.[1] === undefined ? null : readArguments(stanza[1].split(' '));
  } catch {
    return null;
  }
}

function checkedFactor(logN: number): number {
  if (!Number.isInteger(logN) || logN < 1 || logN > greatestWorkFactor) throw new RangeError(`work factor ${logN}`);
  return logN;
}

/** JSON in trailing blanks: `age -d` prints it as it is, and JSON readers skip what follows. */
function padded(content: SealedContent): Uint8Array {
  const json = Buffer.from(JSON.stringify(content, null, 2));
  const document = new Uint8Array(Math.ceil((json.length + 1) / blockSize) * blockSize).fill(blank);
  document.set(json);
  document[document.length - 1] = newline;
  return document;
}

function unarmored(sealed: string): Uint8Array {
  try {
    return armor.decode(sealed);
  } catch {
    throw damaged('it is not an age file');
  }
}

async function decrypt(file: Uint8Array, identity: Identity): Promise<Uint8Array> {
  // The package's errors have no codes and some repeat text of the file, so what happened is kept by our own identity.
  let unwrapped: 'not-tried' | 'refused' | 'done' = 'not-tried';
  const watched: Identity = {
    async unwrapFileKey(stanzas) {
      const fileKey = await identity.unwrapFileKey(stanzas);
      if (fileKey !== null) unwrapped = 'done';
      else if (stanzas.some(({args}) => args[0] === 'scrypt')) unwrapped = 'refused';
      return fileKey;
    },
  };
  const decrypter = new Decrypter();
  decrypter.addIdentity(watched);
  try {
    return await decrypter.decrypt(file);
  } catch (error) {
    if (error instanceof SealFault) throw error;
    if (error instanceof MalformedStanza) throw damaged(error.message);
    throw reasonFor(unwrapped);
  }
}

function reasonFor(unwrapped: 'not-tried' | 'refused' | 'done'): SealFault {
  // A changed salt or sealed key cannot be told from a wrong passphrase: both just do not open.
  if (unwrapped === 'refused') return new SealFault({code: 'does-not-open'});
  return damaged(unwrapped === 'done' ? 'it was changed after it was sealed' : 'it is not sealed with a passphrase');
}

function parsed(document: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(document));
  } catch {
    return null;
  }
}

const damaged = (reason: string): SealFault => new SealFault({code: 'malformed', reason});
