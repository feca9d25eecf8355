/**
 * age's passphrase stanza, `-> scrypt SALT LOGN`, on node:crypto's asynchronous scrypt. age-encryption's own passphrase
 * functions compute scrypt in JavaScript and hold the event loop for more than a second; here spinners keep turning.
 * Format: https://age-encryption.org/v1, "The scrypt recipient type".
 */
import {createCipheriv, createDecipheriv, randomBytes, scrypt} from 'node:crypto';
import {promisify} from 'node:util';
import {type Identity, type Recipient, Stanza} from 'age-encryption';
import {Secret} from '../domain/secret.ts';
import {normalisePassphrase} from './passphrase.ts';
import {greatestWorkFactor, memoryFor, requireMemory, tooSmall} from './work-factor.ts';

type Parameters = Readonly<{N: number; r: number; p: number; maxmem: number}>;
const scryptOf = promisify<string, Uint8Array, number, Parameters, Buffer>(scrypt);
const label = Buffer.from('age-encryption.org/v1/scrypt');
const saltLength = 16;
const tagLength = 16;
// A file key is 16 bytes; sealed, its tag comes with it.
const bodyLength = 32;
const keyLength = 32;
// Every derived key wraps one file key only, so the format fixes the nonce at zero.
const nonce = Buffer.alloc(12);

/** What scrypt made of a passphrase for one seal: `salt` (base64 without padding) and `logN` name that seal. */
export type WrapKey = Readonly<{salt: string; logN: number /** 32 bytes in base64. */; key: Secret}>;

/** The stanza is not what the format allows. The message is ours: it repeats nothing of the file. */
export class MalformedStanza extends Error {
  override readonly name = 'MalformedStanza';
}

/** The derivation under way: two at a time would take twice the memory that was looked for. */
let turn: Promise<unknown> = Promise.resolve();

/** @throws SealFault memory-too-small, before it starts where that can be known, else when the memory is refused */
function derive(passphrase: string, salt: Uint8Array, length: number, parameters: Parameters): Promise<Buffer> {
  const logN = Math.log2(parameters.N);
  const mine = turn.then(async () => {
    requireMemory(logN);
    try {
      return await scryptOf(passphrase, salt, length, parameters);
    } catch {
      // The parameters are sound, so what is left is an allocation that failed.
      throw tooSmall(logN);
    }
  });
  turn = mine.catch(() => {});
  return mine;
}

async function wrappingKey(passphrase: Secret, salt: Uint8Array, logN: number): Promise<Buffer> {
  const options = {N: 2 ** logN, r: 8, p: 1, maxmem: memoryFor(logN) + 32 * 1024 * 1024};
  return derive(normalisePassphrase(passphrase.reveal()), Buffer.concat([label, salt]), keyLength, options);
}

const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/**
 * Seals file keys with a passphrase.
 * @param logN base-2 logarithm of the work factor
 * @param keep given the derived key, with which the new file can be opened without deriving it again
 */
export function scryptRecipient(passphrase: Secret, logN: number, keep: (key: WrapKey) => void = () => {}): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const salt = randomBytes(saltLength);
      const key = await wrappingKey(passphrase, salt, logN);
      const cipher = createCipheriv('chacha20-poly1305', key, nonce, {authTagLength: tagLength});
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
      keep({salt: unpadded(salt), logN, key: new Secret(key.toString('base64'))});
      key.fill(0);
      return [new Stanza(['scrypt', unpadded(salt), String(logN)], new Uint8Array(body))];
    },
  };
}

/**
 * Opens file keys with a passphrase. `null` means "not mine", for a stanza of another kind and for one that this
 * passphrase does not open.
 * @throws MalformedStanza, SealFault memory-too-small
 */
export function scryptIdentity(passphrase: Secret): Identity {
  return {
    async unwrapFileKey(stanzas) {
      const stanza = soleStanza(stanzas);
      if (stanza === null) return null;
      const {salt, logN, body} = stanza;
      requireMemory(logN);
      const key = await wrappingKey(passphrase, salt, logN);
      try {
        return unwrap(body, key);
      } finally {
        key.fill(0);
      }
    },
  };
}

/**
 * Opens file keys with a key that a passphrase gave before. It fits the one seal whose salt it was derived with; `null`
 * for every other. There is no recipient of this kind: a second file key under the same key and nonce would undo both.
 * @throws MalformedStanza
 */
export function keyIdentity({salt, logN, key}: WrapKey): Identity {
  return {
    unwrapFileKey(stanzas) {
      const stanza = soleStanza(stanzas);
      if (stanza === null || unpadded(stanza.salt) !== salt || stanza.logN !== logN) return null;
      const bytes = Buffer.from(key.reveal(), 'base64');
      try {
        return bytes.length === keyLength ? unwrap(stanza.body, bytes) : null;
      } finally {
        bytes.fill(0);
      }
    },
  };
}

/** The passphrase stanza of a header, every rule of the format checked; null where there is none. */
function soleStanza(stanzas: readonly Stanza[]): {salt: Buffer; logN: number; body: Uint8Array} | null {
  const stanza = stanzas.find(({args}) => args[0] === 'scrypt');
  if (stanza === undefined) return null;
  // A second recipient would let somebody who does not know the passphrase have made the file.
  if (stanzas.length !== 1) throw new MalformedStanza('a passphrase stanza must be the only one');
  const {salt, logN} = readArguments(stanza.args);
  if (stanza.body.length !== bodyLength) throw new MalformedStanza('the sealed key has a wrong length');
  return {salt, logN, body: stanza.body};
}

/** Salt and work factor of a scrypt stanza's arguments, every rule of the format checked. */
export function readArguments(args: readonly string[]): {salt: Buffer; logN: number} {
  const [, encodedSalt, encodedLogN] = args;
  if (args.length !== 3 || encodedSalt === undefined || encodedLogN === undefined) {
    throw new MalformedStanza('a passphrase stanza has three arguments');
  }
  // No sign, no leading zero, no zero: one number has one spelling.
  if (!/^[1-9][0-9]*$/.test(encodedLogN)) throw new MalformedStanza('the work factor is not a number');
  const logN = Number(encodedLogN);
  if (logN > greatestWorkFactor) throw new MalformedStanza(`the work factor is above ${greatestWorkFactor}`);
  const salt = Buffer.from(encodedSalt, 'base64');
  // Buffer decodes leniently; encoding again shows padding, foreign characters and stray bits.
  if (salt.length !== saltLength || unpadded(salt) !== encodedSalt)
    throw new MalformedStanza('the salt is not 16 bytes');
  return {salt, logN};
}

function unwrap(body: Uint8Array, key: Buffer): Uint8Array | null {
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, {authTagLength: tagLength});
  decipher.setAuthTag(body.subarray(bodyLength - tagLength));
  try {
    return new Uint8Array(Buffer.concat([decipher.update(body.subarray(0, bodyLength - tagLength)), decipher.final()]));
  } catch {
    return null;
  }
}
