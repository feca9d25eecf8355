/**
 * Seals of the store's first format, each a file under the passphrase itself. They are opened for ever and made no more:
 * what opens is sealed anew to the store's key.
 */
import * as z from 'zod';
import {noConnectionSettings} from '../domain/connection-settings.ts';
import {type SealedContent, sealedContentSchema} from '../domain/credential.ts';
import type {Secret} from '../domain/secret.ts';
import {decryptByPassphrase, malformed} from './age-file.ts';
import {scryptIdentity} from './scrypt-stanza.ts';

const firstContentSchema = z.strictObject({
  ...sealedContentSchema.omit({accountKind: true, connection: true}).shape,
  v: z.literal(1),
});
export type FirstContent = z.infer<typeof firstContentSchema>;

/** Whether a seal is a file under a passphrase. Asked of every seal at every save, so only its first line is read. */
export function isFirstFormat(sealed: string): boolean {
  const [, line] = /^\s*-----BEGIN AGE ENCRYPTED FILE-----\r?\n([A-Za-z0-9+/]+)/.exec(sealed) ?? [];
  return Buffer.from(line ?? '', 'base64')
    .toString('latin1')
    .startsWith('age-encryption.org/v1\n-> scrypt ');
}

/** What it holds, as a content of today. @throws SealFault does-not-open, malformed, memory-too-small */
export async function openFirstFormat(sealed: string, passphrase: Secret): Promise<SealedContent> {
  const document = await decryptByPassphrase(sealed, scryptIdentity(passphrase));
  const result = firstContentSchema.safeParse(parsed(document));
  if (!result.success) throw malformed('what is sealed is not a credential');
  return sealedContentSchema.parse({...result.data, v: 2, ...newInSecondFormat});
}

/** What the first format had no room for. */
export const newInSecondFormat = {accountKind: null, connection: noConnectionSettings} as const;

function parsed(document: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(document));
  } catch {
    return null;
  }
}
