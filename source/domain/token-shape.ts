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
  | 'trello'
  | 'oauth-client-secret'
  | 'jwt'
  | 'other-app'
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
  ['ATOA', 'oauth-client-secret'],
];

/** Prefixes that other companies document for their own tokens, so that leaked ones are found. */
const otherApps: readonly (readonly [prefix: RegExp, app: string])[] = [
  [/^(?:gh[pousr]_|github_pat_)\w{20,}$/, 'GitHub'],
  [/^gl(?:pat|dt|ft|rt|cbt|ptt|soat|agent)-[\w.-]{20,}$/, 'GitLab'],
  [/^(?:xox[abeoprs]-|xapp-)[\w-]{10,}$/, 'Slack'],
  [/^(?:AKIA|ASIA)[A-Z0-9]{16}$/, 'AWS'],
  [/^AIza[\w-]{35}$|^ya29\.[\w-]{20,}$/, 'Google'],
  [/^sk-ant-[\w-]{20,}$/, 'Anthropic'],
  [/^sk-(?:proj-)?[\w-]{20,}$/, 'OpenAI'],
  [/^npm_[A-Za-z0-9]{36}$/, 'npm'],
  [/^pypi-[\w-]{20,}$/, 'PyPI'],
  [/^(?:dckr_pat_|dckr_oat_)[\w-]{20,}$/, 'Docker'],
  [/^hf_[A-Za-z0-9]{20,}$/, 'Hugging Face'],
  [/^(?:hvs|hvb|hvr)\.[\w-]{20,}$/, 'HashiCorp Vault'],
  [/^(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}$/, 'Stripe'],
  [/^lin_(?:api|oauth)_[A-Za-z0-9]{20,}$/, 'Linear'],
  [/^ntn_[A-Za-z0-9]{20,}$/, 'Notion'],
  [/^dapi[0-9a-f]{32}/, 'Databricks'],
  [/^SG\.[\w-]{16,}\.[\w-]{16,}$/, 'SendGrid'],
];

/** Whose token it is, where it is recognised as one of another product; null otherwise. */
export function otherAppOf(token: string): string | null {
  if (token.length > tokenLimit) return null;
  return otherApps.find(([prefix]) => prefix.test(token))?.[1] ?? null;
}

/** What a token is, by its shape alone. Text longer than a token can be is `unknown`. */
export function tokenKind(token: string): TokenKind {
  if (token.length > tokenLimit) return 'unknown';
  for (const [prefix, kind] of kindByPrefix) if (token.startsWith(prefix)) return kind;
  if (/^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return 'jwt';
  if (isPersonalAccessToken(token)) return 'data-center-pat';
  if (/^[A-Za-z0-9]{24}$/.test(token)) return 'legacy';
  // A Trello key is 32 hexadecimal digits; so may a password be, which is why a Data Center is not told that it is one.
  if (/^(?:ATTA[0-9a-f]{32,}|[0-9a-f]{32})$/.test(token)) return 'trello';
  return otherAppOf(token) === null ? 'unknown' : 'other-app';
}

/**
 * Whether a secret looks made by a machine: long, without spaces, letters of both cases and digits. People do not choose
 * such passwords, so it may be a token of a kind we do not know.
 */
export const madeByMachine = (secret: string): boolean =>
  /^[\w+/=.~-]{24,}$/.test(secret) && /[a-z]/.test(secret) && /[A-Z]/.test(secret) && /\d/.test(secret);

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
