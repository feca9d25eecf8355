/**
 * Cleans what a paste, a file or a variable wrapped around a token: white space, invisible characters, quotes,
 * `Bearer `, `NAME=`, an `email:token` pair or its base64. A token whose checksum proves it is found in any text
 * (token-search.ts). What was taken off is said; the token itself never is.
 */
import {withoutInvisible} from './clean.ts';
import {legacyTokenIn, searchTokens} from './token-search.ts';
import {checksumOf, tokenKind, tokenLimit} from './token-shape.ts';

export type TidyToken = Readonly<{
  token: string;
  /** What was taken off, each a few words: "spaces", "“Bearer ” in front" … Never any part of the token. */
  removed: readonly string[];
  /** The user name, when a pair was pasted. */
  username: string | null;
}>;

/** Far beyond any wrapping of a token (base64 adds a third); longer text is no token and is left alone. */
const pasteLimit = 4 * tokenLimit;

type Draft = {text: string; readonly removed: Set<string>; username: string | null};

/**
 * @param raw what was pasted or read
 * @returns the token alone. Nothing is thrown: what is no token comes back as it is, and `tokenProblem` says why
 */
export function tidyToken(raw: string): TidyToken {
  if (raw.length > pasteLimit) return {token: raw, removed: [], username: null};
  const draft: Draft = {text: raw, removed: new Set(), username: null};
  removeInvisible(draft);
  const visible = draft.text;
  // Wrappings come in any order ("export T='Bearer …'"), so peel until nothing comes off. Each peel shortens the text.
  while (peels.some(peel => peel(draft))) {
    // The peel has done its work.
  }
  removeInnerSpace(draft);
  const peeled = {token: draft.text, removed: [...draft.removed], username: draft.username};
  return proven(draft.text) || tokenKind(draft.text) === 'legacy' ? peeled : (foundIn(visible) ?? peeled);
}

const proven = (token: string): boolean => checksumOf(token) === 'ok' || tokenKind(token) === 'data-center-pat';

/** The token that stands whole in a text of which the peels could not make one; several are nobody's choice to make. */
function foundIn(text: string): TidyToken | null {
  const {tokens, count, username, hidden} = searchTokens(text);
  const [token] = tokens;
  if (token === undefined) return legacyIn(text);
  if (tokens.length > 1) return null;
  const twice = count > 1 ? ['a second copy of it'] : [];
  return {token, removed: ['text around it', ...twice, ...hidden], username};
}

/** Only in a text that goes on around the word: a secret of one piece is whatever its owner says it is. */
function legacyIn(text: string): TidyToken | null {
  const token = /[^\u0021-\u007e]|[<>{}"'`,;:=]/.test(text.trim()) ? legacyTokenIn(text) : null;
  return token === null ? null : {token, removed: ['text around it'], username: null};
}

/** Terminal paste markers (ESC[200~ … ESC[201~), with or without the ESC that another program may have eaten. */
const pasteMarkers = /\u001b?\[20[01]~/g;
/** Colours and other control sequences (CSI of ECMA-48), as `grep --color` and prompts write them. */
const colours = /\u001b\[[\d;:?]*[ -/]*[@-~]/g;
const controls = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]+/g;

function removeInvisible(draft: Draft): void {
  replaceBy(draft, draft.text.replace(pasteMarkers, ''), 'paste markers');
  replaceBy(draft, draft.text.replace(colours, ''), 'colours');
  replaceBy(draft, withoutInvisible(draft.text), 'invisible characters');
  replaceBy(draft, draft.text.replace(controls, ''), 'control characters');
}

function replaceBy(draft: Draft, text: string, what: string): void {
  if (text !== draft.text) draft.removed.add(what);
  draft.text = text;
}

/** A peel takes one wrapping off and says whether it did. */
type Peel = (draft: Draft) => boolean;

const peels: readonly Peel[] = [peelSpace, peelQuotes, peelScheme, peelName, peelPair, peelBase64, peelPunctuation];

function peelSpace(draft: Draft): boolean {
  const text = draft.text.trim();
  if (text === draft.text) return false;
  const start = draft.text.indexOf(text);
  noteSpace(draft, draft.text.slice(0, start) + draft.text.slice(start + text.length));
  draft.text = text;
  return true;
}

function noteSpace(draft: Draft, space: string): void {
  if (/[\n\v\f\r\u2028\u2029]/.test(space)) draft.removed.add('line ends');
  if (/[^\n\v\f\r\u2028\u2029]/.test(space)) draft.removed.add('spaces');
}

function removeInnerSpace(draft: Draft): void {
  const space = draft.text.replace(/\S+/g, '');
  if (space === '') return;
  noteSpace(draft, space);
  draft.text = draft.text.replace(/\s+/g, '');
}

const quotes = new Set(['"', "'", '`', '´', '“', '”', '„', '‘', '’', '‚', '«', '»', '‹', '›', '<', '>']);

function peelQuotes(draft: Draft): boolean {
  return peelEnds(draft, quotes, 'quotes');
}

/** Leftovers of JSON, YAML or a sentence. A password may well end in one, so only where a token's shape comes out. */
const punctuation = new Set([',', ';', '.', '(', ')', '[', ']', '{', '}', '\\', '|', '*']);

function peelPunctuation(draft: Draft): boolean {
  const trial: Draft = {...draft, removed: new Set()};
  if (!peelEnds(trial, punctuation, 'punctuation')) return false;
  const inside = new Set([...quotes, ' ']);
  peelEnds(trial, inside, 'quotes');
  if (tokenKind(trial.text) === 'unknown' && !/^["']?\w+["']?\s*:/.test(trial.text)) return false;
  draft.text = trial.text;
  for (const what of trial.removed) draft.removed.add(what);
  return true;
}

function peelEnds(draft: Draft, characters: ReadonlySet<string>, what: string): boolean {
  const {text} = draft;
  let start = 0;
  let end = text.length;
  while (start < end && characters.has(text.charAt(start))) start += 1;
  while (end > start && characters.has(text.charAt(end - 1))) end -= 1;
  if (start === 0 && end === text.length) return false;
  draft.text = text.slice(start, end);
  draft.removed.add(what);
  return true;
}

/** The scheme of an Authorization header, and curl's options in front of it. */
function peelScheme(draft: Draft): boolean {
  const option = /^(?:-u|--user|-H|--header)[\s=]+/.exec(draft.text);
  if (option) return take(draft, option[0], 'a curl option in front');
  const scheme = /^(bearer|basic)(?:\s*:\s*|\s+|(?=AT[ACS]TT))/i.exec(draft.text);
  if (!scheme) return false;
  return take(draft, scheme[0], `“${scheme[1]?.toLowerCase() === 'basic' ? 'Basic' : 'Bearer'} ” in front`);
}

function take(draft: Draft, prefix: string, what: string): boolean {
  draft.text = draft.text.slice(prefix.length);
  draft.removed.add(what);
  return true;
}

const tokenWord = /token|key|pass|secret|pat$|auth|credential|jira|atlassian|pwd/i;

/** `JIRA_API_TOKEN=`, `export T=`, `$env:T = `, `"token": `, `Authorization: `. */
function peelName(draft: Draft): boolean {
  if (tokenKind(draft.text) !== 'unknown') return false;
  const match =
    /^(?:(?:export|set|setx|declare|let|const|var)\s+|\$env:|\$)?["']?([A-Za-z_][\w.-]{0,63})["']?\s{0,8}([=:])\s{0,8}(?=[^=\s])/.exec(
      draft.text,
    );
  const name = match?.[1];
  if (!match || name === undefined) return false;
  const rest = draft.text.slice(match[0].length);
  // "=" ends a base64 text and stands inside Atlassian's own tokens, ":" parts a user name from its token: a name that
  // speaks of a secret is believed, any other only with "=" and something long enough behind it.
  if (!tokenWord.test(name) && (match[2] === ':' || rest.length < 16)) return false;
  const shown = /^[A-Z][A-Z_]{2,39}$/.test(name) && tokenWord.test(name) ? `“${name}${match[2]}”` : 'a name';
  return take(draft, match[0], `${shown} in front`);
}

/** `you@acme.com:token`, or `login:token` where a token's shape follows. */
function peelPair(draft: Draft): boolean {
  const colon = draft.text.indexOf(':');
  if (colon < 1 || colon > 254) return false;
  const user = draft.text.slice(0, colon).trim();
  const rest = draft.text.slice(colon + 1).trim();
  if (rest === '' || rest.startsWith('//') || /[\s"'<>=]/.test(user)) return false;
  // A dot in the domain: a password may hold an "@" and a ":" too, and must not be taken apart.
  const email = /^[^@]+@[^@]+\.[^@.]+$/.test(user);
  if (!email && tokenKind(rest) === 'unknown') return false;
  draft.username = user;
  draft.text = rest;
  draft.removed.add(email ? 'your e-mail in front' : 'your username in front');
  return true;
}

/** Base64 of a pair, as it stands behind `Basic `; `base64` wraps its output, so white space may stand inside. */
function peelBase64(draft: Draft): boolean {
  if (tokenKind(draft.text) !== 'unknown') return false;
  const packed = draft.text.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/');
  if (packed.length < 12 || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return false;
  const decoded = decode(packed);
  // Random bytes are hardly ever all printable: this is what tells a packed pair from a token made of letters.
  if (decoded === null || !/^[\u0020-\u007e]+:[\u0020-\u007e]+\s*$/.test(decoded)) return false;
  const behind = draft.removed.has('“Basic ” in front');
  const trial: Draft = {text: decoded.trim(), removed: new Set(), username: null};
  if (!peelPair(trial) && !(behind && splitPair(trial))) return false;
  draft.text = trial.text;
  draft.username = trial.username;
  draft.removed.add('base64 around it');
  for (const what of trial.removed) draft.removed.add(what);
  return true;
}

function splitPair(draft: Draft): boolean {
  const colon = draft.text.indexOf(':');
  if (colon < 1) return false;
  draft.username = draft.text.slice(0, colon);
  draft.text = draft.text.slice(colon + 1);
  draft.removed.add('your username in front');
  return true;
}

function decode(packed: string): string | null {
  try {
    return atob(packed);
  } catch {
    return null;
  }
}
