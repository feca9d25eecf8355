/** What can be told about a token without asking anybody: what it is by its shape, and whether it survived the paste. */
import type {Deployment} from './credential.ts';
import {tidyToken} from './tidy-token.ts';
import {checksumOf, checksumTail, type TokenKind, tokenKind, tokenLimit} from './token-shape.ts';

export type TokenLint = Readonly<{
  kind: TokenKind;
  /** Length in UTF-16 units. */
  length: number;
  /** `none` where the kind carries no checksum that we know of. */
  checksum: 'ok' | 'bad' | 'none';
  /** One short line for the screen. Never contains any part of the token. */
  verdict: string;
  problem: null | Readonly<{code: 'token-damaged' | 'token-wrong-kind'; reason: string}>;
}>;

/** All published samples of a user token have this length; Atlassian says that the length varies. */
const usualUserLength = 192;

const shapeNotes: Readonly<Record<TokenKind, string>> = {
  'atlassian-user': 'an Atlassian API token',
  'atlassian-service-account': 'a service account’s token',
  'organisation-admin-key': 'an organisation’s admin key',
  bitbucket: 'a Bitbucket token',
  jwt: 'a JSON Web Token',
  legacy: 'the shape of a token made before 2022, all of which should have expired',
  'data-center-pat': 'the shape of a Data Center personal access token',
  unknown: 'no shape we know, so there is nothing to check before it is tried',
};

/**
 * Judges a tidied token offline.
 * @param token as `tidyToken` returned it
 * @param deployment what the site is, null while nobody knows; a Data Center token is wrong for Cloud only
 */
export function lintToken(token: string, deployment: Deployment | null = null): TokenLint {
  const kind = tokenKind(token);
  const {length} = token;
  const checksum = checksumOf(token);
  const wrong = wrongKind(kind, deployment);
  if (wrong !== null) {
    const verdict = `${length} characters, ${shapeNotes[kind]}: not for this site`;
    return {kind, length, checksum, verdict, problem: {code: 'token-wrong-kind', reason: wrong}};
  }
  if (checksum === 'bad') {
    const reason = damage(token, kind);
    const verdict = `${length} characters, ${looksLike(token, kind)}`;
    return {kind, length, checksum, verdict, problem: {code: 'token-damaged', reason}};
  }
  return {kind, length, checksum, verdict: goodVerdict(kind, length, checksum, deployment), problem: null};
}

function goodVerdict(
  kind: TokenKind,
  length: number,
  checksum: TokenLint['checksum'],
  deployment: Deployment | null,
): string {
  const count = `${length} ${length === 1 ? 'character' : 'characters'}`;
  const cloudOnly = kind === 'atlassian-user' || kind === 'atlassian-service-account';
  const doubt =
    cloudOnly && deployment === 'data-center' ? ', but made for Atlassian Cloud, and this is Data Center' : '';
  if (checksum === 'ok') return `${count}, checksum OK${doubt}`;
  return `${count}, ${shapeNotes[kind]}${doubt}`;
}

function wrongKind(kind: TokenKind, deployment: Deployment | null): string | null {
  switch (kind) {
    case 'organisation-admin-key':
      return 'This is an organisation’s admin key or a Bitbucket access token (both begin ATCTT); Jira takes neither. Create an API token for the account instead.';
    case 'bitbucket':
      return 'This is a Bitbucket token; Jira does not take it. Create an Atlassian API token instead.';
    case 'jwt':
      return 'This is a JSON Web Token (eyJ…), as apps and sign-in sessions use; Jira’s API wants an API token.';
    case 'data-center-pat':
      return deployment === 'cloud'
        ? 'This has the shape of a Data Center personal access token, and the site is Jira Cloud. Create an Atlassian API token instead.'
        : null;
    default:
      return null;
  }
}

/** Where a second token starts inside the text, or -1. */
function secondStart(token: string): number {
  return token.indexOf('ATATT3', 1);
}

function looksLike(token: string, kind: TokenKind): string {
  if (secondStart(token) > 0) return 'looks pasted twice';
  if (kind === 'unknown') return 'looks damaged at its beginning';
  if (!checksumTail.test(token) || token.length < usualUserLength - 1) return 'looks cut off: checksum does not match';
  return 'looks damaged: checksum does not match';
}

function damage(token: string, kind: TokenKind): string {
  const again = 'Copy it again with the Copy button where it was created, and paste it once.';
  if (secondStart(token) > 0) return `A second token starts inside this one. ${again}`;
  if (kind === 'unknown')
    return `It ends like an Atlassian token but does not begin like one: its first characters were lost or changed. ${again}`;
  if (!checksumTail.test(token))
    return `It begins like an Atlassian token, but the checksum at its end is missing: the end was cut off or changed. ${again}`;
  return `The checksum in its last 8 characters does not fit the rest: a character was lost, doubled or changed. ${again}`;
}

/**
 * Why a tidied token cannot be sent at all, as a sentence; null when it can.
 * A header value is ASCII here: Jira's tokens are, and anything else is a slip of the paste.
 */
export function tokenProblem(token: string): string | null {
  if (token === '') return 'The token is empty. Paste the API token.';
  if (token.length > tokenLimit) {
    // What is far too long was perhaps cut on its way here: then its length says nothing.
    const count = token.length < 2 * tokenLimit ? token.length : `${2 * tokenLimit} or more`;
    return `This has ${count} characters; no token is longer than ${tokenLimit}. Paste the API token alone.`;
  }
  if (/[\u0000-\u001f\u007f-\u009f]/.test(token))
    return 'There is a control character in the token. Copy it again and paste it alone.';
  if (/[^\u0020-\u007e]/.test(token))
    return 'There is a character in the token that no token has (a letter with an accent, a long dash, an ellipsis …). Copy it again from where it was created.';
  return null;
}

/**
 * Whether a text typed into another field is, or contains, a token: in those fields it would be shown and stored
 * readable.
 */
export function looksLikeToken(text: string): boolean {
  if (/AT[ACS]TT3/.test(text)) return true;
  const {token, username} = tidyToken(text);
  const kind = tokenKind(token);
  // Twenty-four letters may be a name of somebody or of a machine; a token has capitals and digits in it too.
  if (kind === 'legacy' && username === null) return /[A-Z]/.test(token) && /[a-z]/.test(token) && /\d/.test(token);
  return kind !== 'unknown';
}
