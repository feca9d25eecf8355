/** Opening a seal and keeping what opened it, so that it can be opened again for a while without the passphrase. */
import type {SealedContent} from '../domain/credential.ts';
import type {Secret} from '../domain/secret.ts';
import {keyIdentity, scryptIdentity, type WrapKey} from './scrypt-stanza.ts';
import {openBy} from './seal.ts';

export type {WrapKey} from './scrypt-stanza.ts';

/**
 * What `seal` put in, and the key the passphrase gave for this seal.
 * @throws as `open`
 */
export async function openKeeping(
  sealed: string,
  passphrase: Secret,
): Promise<Readonly<{content: SealedContent; key: WrapKey}>> {
  let kept: WrapKey | null = null;
  const content = await openBy(
    sealed,
    scryptIdentity(passphrase, key => {
      kept = key;
    }),
  );
  if (kept === null) throw new Error('a seal was opened without a key');
  return {content, key: kept};
}

/** As `open`, with a kept key. A key of another seal does not open. */
export const openWithKey = (sealed: string, key: WrapKey): Promise<SealedContent> => openBy(sealed, keyIdentity(key));
