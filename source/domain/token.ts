/** What can be said about a token without asking anybody: what it is by its shape, and whether it survived the paste. */
import type {Deployment} from './credential.ts';
import {tidyToken} from './tidy-token.ts';
import {checksumOf, checksumTail, otherAppOf, type TokenKind, tokenKind} from './token-shape.ts';

export type TokenLint = Readonly<{
  kind: TokenKind;
  /** Length in UTF-16 units. */
  length: number;
  /** `none` where the kind carries no checksum that we know of. */
  checksum: 'ok' | 'bad' | 'none';
  /** One short line for the screen. Never contains any part of the token. */
  verdict: string;
  problem: null | Readonly<{code: 'token-damaged' | 'token-wrong-kind'; reason: string}>;
  /** What it looks like instead of a token, where the site would refuse such a thing: worth a question before it is sent. */
  doubt: null | Readonly<{kind: DoubtKind; reason: string}>;
}>;

/** All published samples of a user token have this length; Atlassian says that the length varies. */
const usualUserLength = 192;

const shapeNotes: Readonly<Record<TokenKind, string>> = {
  'atlassian-user': 'an Atlassian API token',
  'atlassian-service-account': 'a service account’s token',
  'organisation-admin-key': 'an organisation’s admin key',
  bitbucket: 'a Bitbucket token',
  trello: 'a Trello key or token',
  'oauth-client-secret': 'an OAuth client secret',
  jwt: 'an OAuth access token',
  'other-app': 'another product’s token',
  legacy: 'the shape of a token made before 2022, all of which should have expired',
  'data-center-pat': 'the shape of a Data Center personal access token',
  unknown: 'no known shape, so it can only be tried',
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
  const common = {kind, length, checksum, doubt: null};
  const wrong = wrongKind(token, kind, deployment);
  if (wrong !== null) {
    const verdict = `${counted(length)}, ${shapeNotes[kind]}: not for this site`;
    return {...common, verdict, problem: {code: 'token-wrong-kind', reason: wrong}};
  }
  if (checksum === 'bad') {
    const verdict = `${counted(length)}, ${looksLike(token, kind)}`;
    return {...common, verdict, problem: {code: 'token-damaged', reason: damage(token, kind)}};
  }
  const doubt = kind === 'unknown' && deployment === 'cloud' ? doubtAbout(token) : null;
  return {...common, verdict: goodVerdict(kind, length, checksum, deployment), problem: null, doubt};
}

const counted = (length: number): string => `${length} ${length === 1 ? 'character' : 'characters'}`;

function goodVerdict(
  kind: TokenKind,
  length: number,
  checksum: TokenLint['checksum'],
  deployment: Deployment | null,
): string {
  const cloudOnly = kind === 'atlassian-user' || kind === 'atlassian-service-account';
  const doubt =
    cloudOnly && deployment === 'data-center' ? ', but made for Atlassian Cloud, and this is Data Center' : '';
  if (checksum === 'ok') return `${counted(length)}, checksum OK${doubt}`;
  return `${counted(length)}, ${shapeNotes[kind]}${doubt}`;
}

export type DoubtKind = 'date' | 'e-mail' | 'password';

const noToken = 'Jira Cloud accepts only API tokens: 192 characters in all samples so far, beginning with ATATT3.';

/** Something no token of Atlassian's looks like, for a site that takes nothing else. */
function doubtAbout(token: string): TokenLint['doubt'] {
  if (/^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}$/.test(token))
    return {kind: 'date', reason: `This looks like a date, perhaps the expiry date. ${noToken}`};
  if (/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(token))
    return {
      kind: 'e-mail',
      reason: `This looks like an e-mail address, which belongs in the Username field. ${noToken}`,
    };
  return {
    kind: 'password',
    reason: `This does not look like an Atlassian token, and a password is refused. ${noToken}`,
  };
}

function wrongKind(token: string, kind: TokenKind, deployment: Deployment | null): string | null {
  const inJira = 'a personal access token in Jira';
  const instead = deployment === 'data-center' ? inJira : 'an Atlassian API token';
  switch (kind) {
    case 'organisation-admin-key':
      return `This is an organisation’s admin key or a Bitbucket access token (both begin with ATCTT), and Jira accepts neither. Create ${instead}.`;
    case 'bitbucket':
      return `This is a Bitbucket token, which Jira does not accept. Create ${instead}.`;
    case 'trello':
      return deployment === 'data-center' && !token.startsWith('ATTA')
        ? null
        : `This is a Trello key or token, which Jira does not accept. Create ${instead}.`;
    case 'oauth-client-secret':
      return `This is the client secret of an OAuth app. A program exchanges it, together with the client ID, for access tokens; Jira itself does not accept it. Create ${instead}.`;
    case 'jwt':
      return `This is an OAuth access token (eyJ…). One works for about an hour and then has to be fetched anew, so it is not worth saving. Create ${instead === inJira || deployment === 'cloud' ? instead : `${instead} for Jira Cloud, or ${inJira} for Data Center`}, which lasts.`;
    case 'other-app':
      return `This is a token of ${otherAppOf(token) ?? 'another product'}, which Jira does not accept. Create ${instead}.`;
    case 'data-center-pat':
      return deployment === 'cloud'
        ? 'This is a personal access token of Jira Data Center, and this site is Jira Cloud. Create an Atlassian API token instead.'
        : null;
    case 'atlassian-user':
    case 'atlassian-service-account':
    case 'legacy':
    case 'unknown':
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
  if (secondStart(token) > 0) return `A second token begins inside this one. ${again}`;
  if (kind === 'unknown')
    return `It ends like an Atlassian token but does not begin like one: its first characters were lost or changed. ${again}`;
  if (!checksumTail.test(token))
    return `It begins like an Atlassian token, but the checksum at its end is missing: the end was cut off or changed. ${again}`;
  return `The checksum in its last 8 characters does not fit the rest: a character was lost, doubled or changed. ${again}`;
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
  // 32 hexadecimal digits are a Trello key, and many other things besides.
  return kind !== 'unknown' && !(kind === 'trello' && !token.startsWith('ATTA'));
}
