/** Armored age files: made for one recipient, opened by one identity, with the package's errors told apart. */
import {armor, Decrypter, Encrypter, type Identity, type Recipient, type Stanza} from 'age-encryption';
import {MalformedStanza} from './scrypt-stanza.ts';
import {SealFault} from './seal-fault.ts';

/** An armored age file that only who has the recipient's identity opens. */
export async function encrypt(document: Uint8Array, recipient: Recipient | string): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(document));
}

/**
 * What a passphrase's identity opens.
 * @throws SealFault does-not-open: a changed salt or sealed key cannot be told from a wrong passphrase; malformed
 */
export async function decryptByPassphrase(sealed: string, identity: Identity): Promise<Uint8Array> {
  const file = unarmored(sealed);
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
    if (error instanceof MalformedStanza) throw malformed(error.message);
    throw reasonFor(unwrapped);
  }
}

function reasonFor(unwrapped: 'not-tried' | 'refused' | 'done'): SealFault {
  if (unwrapped === 'refused') return new SealFault({code: 'does-not-open'});
  return malformed(unwrapped === 'done' ? changedAfterwards : 'it is not sealed with a passphrase');
}

const changedAfterwards = 'it was changed after it was sealed';

/**
 * What a secret key opens.
 * @param secret AGE-SECRET-KEY-…
 * @param kinds of the one stanza the file must have
 * @throws SealFault not-ours: sealed to somebody else, or its header was changed; malformed
 */
export async function decryptBySecret(
  sealed: string,
  secret: string,
  kinds: readonly string[] = ['X25519'],
): Promise<Uint8Array> {
  const file = unarmored(sealed);
  const decrypter = new Decrypter();
  decrypter.addIdentity({unwrapFileKey: (stanzas: Stanza[]) => requireSole(stanzas, kinds)});
  decrypter.addIdentity(secret);
  try {
    await decrypter.decryptHeader(file);
  } catch (error) {
    if (error instanceof MalformedStanza) throw malformed(error.message);
    throw new SealFault({code: 'not-ours'});
  }
  try {
    return await decrypter.decrypt(file);
  } catch {
    throw malformed(changedAfterwards);
  }
}

/** A second recipient would be a second reader. Opens nothing itself. @throws MalformedStanza */
function requireSole(stanzas: readonly Stanza[], kinds: readonly string[]): null {
  if (stanzas.length === 1 && kinds.includes(stanzas[0]?.args[0] ?? '')) return null;
  throw new MalformedStanza('it is not sealed to one key');
}

export function unarmored(sealed: string): Uint8Array {
  try {
    return armor.decode(sealed);
  } catch {
    throw malformed('it is not an age file');
  }
}

/** The words of the first stanza in its header; null where it has none. */
export function firstStanza(sealed: string): readonly string[] | null {
  try {
    const stanza = /^-> ([^\n]*)$/m.exec(Buffer.from(armor.decode(sealed)).toString('latin1'));
    return stanza?.[1]?.split(' ') ?? null;
  } catch {
    return null;
  }
}

/** @param reason ours: it repeats nothing of the file */
export const malformed = (reason: string): SealFault => new SealFault({code: 'malformed', reason});
