/**
 * Looks for the one whole token inside whatever was pasted: prompts, curl commands, JSON, netrc lines, mail, base64.
 * A checksum that fits proves a token wherever it stands, so nothing has to be known about the text around it.
 */
import {tokenChecksum, tokenKind} from './token-shape.ts';

export type FoundTokens = Readonly<{
  /** Each different token once. */
  tokens: readonly string[];
  /** How often they stand there altogether. */
  count: number;
  /** The only e-mail address beside them, or null. */
  username: string | null;
  /** What hid them, in the words of `TidyToken.removed`. */
  hidden: readonly string[];
}>;

/** Body and checksum of Atlassian's own tokens (token-shape.ts), glued to whatever stands in front. */
const sealedRun = /[\w-]{40,}=[0-9A-F]{8}/g;
const tokenStart = /(?=AT[ACS]TT3)/g;
/** More starts than this in one run are an attack on our patience, not a paste. */
const startLimit = 16;

/** A word that may be a Data Center token: 44 characters of base64, alone or behind a "=". */
const personalWord = /(?<![A-Za-z0-9+/_-])[MNO][A-Za-z0-9+/]{43}(?![A-Za-z0-9+/=_-])/g;
/** A word that may be a token of before 2023: 24 letters and digits, which only a machine mixes so. */
const legacyWord =
  /(?<![\w+/.%-])(?=[A-Za-z0-9]*[A-Z])(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{24}(?![\w+/=%-])/g;

function tokensIn(text: string): string[] {
  const sealed = [...text.matchAll(sealedRun)].flatMap(([run]) => {
    const starts = [...run.matchAll(tokenStart)].slice(-startLimit).map(({index}) => run.slice(index));
    return starts.find(isWhole) ?? [];
  });
  const personal = [...text.matchAll(personalWord)].map(([word]) => word);
  return [...sealed, ...personal.filter(word => tokenKind(word) === 'data-center-pat')];
}

const isWhole = (token: string): boolean => tokenChecksum(token.slice(0, -8)) === token.slice(-8);

/** "=" as URLs, JSON, HTML, mail (quoted-printable) and property files write it. */
const writtenEquals = /%3d|\\u003d|&#61;|&#x3d;|&equals;|=3D|\\=/gi;
/** The two signs of base64 that an address encodes. */
const writtenSigns: Readonly<Record<string, string>> = {'%2b': '+', '%2f': '/'};
/** What mail programs, differences and listings put in front of each line. */
const lineFronts = /^[ \t]*(?:[>|+]+|\d+[ \t]*[|:])[ \t]?/gm;
/** Long enough for a Data Center token, which is the shortest that is looked for. */
const packedRun = /[A-Za-z0-9+/_-]{58,}={0,2}/g;
/** More of them are an attack on our patience, not a paste. */
const packedLimit = 64;
const email = /[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g;

/** Text inside base64; PowerShell packs UTF-16, whose zero bytes go. */
function unpacked(run: string): string {
  try {
    return atob(run.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')).replaceAll('\0', '');
  } catch {
    return '';
  }
}

type View = Readonly<{text: string; beside: string; hidden: readonly string[]}>;

/** The text as it is, then as other programs may have written it. The first view that shows a token decides. */
function* viewsOf(raw: string): Generator<View> {
  yield {text: raw, beside: raw, hidden: []};
  const decoded = raw.replace(writtenEquals, '=').replace(/%2[bf]/gi, sign => writtenSigns[sign.toLowerCase()] ?? sign);
  if (decoded !== raw) yield {text: decoded, beside: raw, hidden: ['escape codes']};
  const joined = decoded.replace(/\\?\s+/g, '');
  if (joined !== decoded) yield {text: joined, beside: raw, hidden: ['spaces or line ends inside it']};
  // Quoted-printable breaks long lines by "=" at their end (RFC 2045, 6.7).
  const mailed = raw.replace(/=\r?\n/g, '').replace(writtenEquals, '=');
  if (mailed !== decoded) yield {text: mailed, beside: raw, hidden: ['escape codes']};
  const unfronted = decoded.replace(lineFronts, '').replace(/\s+/g, '');
  if (unfronted !== joined) yield {text: unfronted, beside: raw, hidden: ['marks in front of its lines']};
  for (const text of new Set([decoded, joined])) {
    for (const [run] of [...text.matchAll(packedRun)].slice(0, packedLimit)) {
      const inside = unpacked(run);
      yield {text: inside, beside: inside, hidden: ['base64 around it']};
    }
  }
}

/**
 * The one word with the shape of a token of before 2023. Nothing proves such a word, so it counts only where the text as
 * a whole can be no token.
 */
export function legacyTokenIn(text: string): string | null {
  const found = new Set(Array.from(text.matchAll(legacyWord), ([word]) => word));
  return found.size === 1 ? ([...found][0] ?? null) : null;
}

/** @param raw without invisible and control characters, and bounded by the caller: the work grows with its length */
export function searchTokens(raw: string): FoundTokens {
  for (const {text, beside, hidden} of viewsOf(raw)) {
    const found = tokensIn(text);
    if (found.length === 0) continue;
    const tokens = [...new Set(found)];
    const rest = tokens.reduce((left, token) => left.replaceAll(token, ' '), beside);
    const emails = [...new Set(Array.from(rest.matchAll(email), ([address]) => address))];
    return {tokens, count: found.length, username: emails.length === 1 ? (emails[0] ?? null) : null, hidden};
  }
  return {tokens: [], count: 0, username: null, hidden: []};
}
