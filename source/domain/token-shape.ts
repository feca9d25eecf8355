/**
 * Kinds of token by their shape, and the checksum some of them carry.
 *
 * Atlassian documents neither. Both were read off published samples and off what secret scanners check (the checksum:
 * DataDog/dd-sensitive-data-scanner, atlassian_token_checksum.rs), so they say what looks odd, never what a token is worth.
 */
import crc32 from 'crc-32';

export type TokenKind =
  | 'atlassian-user'
  | 'atlassian-service-account'
  | 'organisation-admin-key'
  | 'bitbucket'
  | 'jwt'
  | 'legacy'
  | 'data-center-pat'
  | 'unknown';

/** Longest token accepted, in UTF-16 units. The longest known Atlassian kind has 192; a JWT may have a few thousand. */
export const tokenLimit = 4096;

const kindByPrefix: readonly (readonly [prefix: string, kind: TokenKind])[] = [
  ['ATATT', 'atlassian-user'],
  ['ATSTT', 'atlassian-service-account'],
  ['ATCTT', 'organisation-admin-key'],
  ['ATBB', 'bitbucket'],
  ['BBDC-', 'bitbucket'],
];

/** What a token is, by its shape alone. Text longer than a token can be is `unknown`. */
export function tokenKind(token: string): TokenKind {
  if (token.length > tokenLimit) return 'unknown';
  for (const [prefix, kind] of kindByPrefix) if (token.startsWith(prefix)) return kind;
  if (/^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return 'jwt';
  if (isPersonalAccessToken(token)) return 'data-center-pat';
  if (/^[A-Za-z0-9]{24}$/.test(token)) return 'legacy';
  return 'unknown';
}

/** A Data Center token is base64 of "digits:20 random bytes"; the digits make its first letter M, N or O. */
function isPersonalAccessToken(token: string): boolean {
  return /^[MNO][A-Za-z0-9+/]{43}$/.test(token) && /^\d+:/.test(atob(token));
}

/** The tail of Atlassian's own tokens: "=" and the CRC32 (IEEE) of everything before, the "=" included, in hex. */
export const checksumTail = /=[0-9A-F]{8}$/;

/** The eight characters that belong behind `body`, which ends in "=". */
export function tokenChecksum(body: string): string {
  return (crc32.str(body) >>> 0).toString(16).toUpperCase().padStart(8, '0');
}

/** `none` where the kind carries no checksum that we know of. */
export function checksumOf(token: string): 'ok' | 'bad' | 'none' {
  const kind = tokenKind(token);
  if (checksumTail.test(token) && tokenChecksum(token.slice(0, -8)) === token.slice(-8)) return 'ok';
  // Every user token seen ends in a checksum, so one without it is cut off. Of the siblings fewer samples are known:
  // only a long one with an "=" in it, as all those samples have, is held to it.
  if (kind === 'atlassian-user') return 'bad';
  const sibling = kind === 'atlassian-service-account' || kind === 'organisation-admin-key';
  if (sibling && token.length > 100 && token.includes('=')) return 'bad';
  return startsDamaged(token, kind) ? 'bad' : 'none';
}

/** Long and with the tail of an Atlassian token, but without its beginning: the first characters were lost or changed. */
function startsDamaged(token: string, kind: TokenKind): boolean {
  return kind === 'unknown' && token.length <= tokenLimit && /^[\w-]{60,}=[0-9A-F]{8}$/.test(token);
}
