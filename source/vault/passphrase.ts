/** Passphrases: one spelling, a generated one as the usual answer, and an honest rating of a typed one. */
import {randomInt} from 'node:crypto';
import {wordlist} from '@scure/bip39/wordlists/english.js';

export type Rating = Readonly<{
  ok: boolean;
  score: 0 | 1 | 2 | 3 | 4;
  sentence: string;
  /** Found within a day, or unusable: nobody who could be warned would choose it, so scripts may not. */
  refused: boolean;
}>;

/** Fewest characters of a passphrase somebody types. */
export const leastPassphraseLength = 12;

// Average guesses a second of one 960 GB/s graphics card against scrypt at work factor 18: the memory bandwidth bounds it.
const guessesPerSecond = 2800;
const day = 86_400;
// A shorter piece of a site or name turns up in honest words too ("de", "com").
const leastPiece = 4;
// Parts of addresses that say nothing about whose they are.
const commonPieces = new Set(['http', 'https', 'jira', 'atlassian', 'cloud', 'gmail', 'mail', 'local', 'localhost']);

/** One spelling (Unicode NFC) of the same characters, whatever keyboard or terminal composed them. */
export const normalisePassphrase = (text: string): string => text.normalize('NFC');

/**
 * Random words with hyphens between them; each is one of 2048 (the BIP-39 English list), so six are 66 bits.
 * The list is made for typing and reading aloud: no two words begin with the same four letters.
 */
export function generatePassphrase(words = 6): string {
  return Array.from({length: words}, () => wordlist[randomInt(wordlist.length)]).join('-');
}

/**
 * How well a typed passphrase would hold against somebody who has the file.
 * @param context what an attacker tries first: site address, username, token; none of it may be part of the passphrase
 */
export async function ratePassphrase(text: string, context: readonly string[]): Promise<Rating> {
  const passphrase = normalisePassphrase(text);
  const length = [...passphrase].length;
  if (length < leastPassphraseLength) {
    return {
      ok: false,
      refused: true,
      score: 0,
      sentence: `Too short: ${length} of at least ${leastPassphraseLength} characters.`,
    };
  }
  if (/\p{Cc}/u.test(passphrase)) {
    // Neither our own prompt nor age's can be given a NUL, a line end or an escape.
    return {
      ok: false,
      refused: true,
      score: 0,
      sentence: 'It holds a control character, which cannot be typed at a prompt.',
    };
  }
  const piece = contained(passphrase, context);
  if (piece !== null) {
    return {
      ok: false,
      refused: true,
      score: 0,
      sentence: `It contains ${piece}, which an attacker tries first. Leave that out.`,
    };
  }
  const {guesses, score} = await estimate(passphrase, context);
  const time = duration(guesses / guessesPerSecond);
  if (score < 4)
    return {
      ok: false,
      refused: score === 0 || guesses / guessesPerSecond < day,
      score,
      sentence: `Weak: one graphics card finds it in ${time}. Add words, or take the generated one.`,
    };
  return {ok: true, refused: false, score, sentence: `Strong: one graphics card needs ${time} to find it.`};
}

async function estimate(
  passphrase: string,
  context: readonly string[],
): Promise<{guesses: number; score: Rating['score']}> {
  // Loaded when the first passphrase is typed, not at every start.
  const {adjacencyGraphs, dictionary, ZxcvbnFactory} = await import('./cracking-model.ts');
  const dictionaries = {...dictionary, words: [...wordlist]};
  const {guesses, score} = new ZxcvbnFactory({dictionary: dictionaries, graphs: adjacencyGraphs}).check(passphrase, [
    ...context,
  ]);
  return {guesses, score};
}

/** What of the context stands in the passphrase, in words that repeat nothing of it; null when nothing does. */
function contained(passphrase: string, context: readonly string[]): string | null {
  const folded = fold(passphrase);
  for (const entry of context) {
    const whole = fold(entry);
    const kind = kindOf(whole);
    if (whole.length < leastPiece) continue;
    if (folded.includes(whole) || (kind === 'the token' && whole.includes(folded))) return kind;
    if (kind !== 'the token' && pieces(whole).some(piece => folded.includes(piece))) return `part of ${kind}`;
  }
  return null;
}

function kindOf(entry: string): string {
  if (/^https?:/.test(entry)) return 'the site address';
  return entry.length > 40 && !entry.includes('@') ? 'the token' : 'the username';
}

const pieces = (entry: string): string[] =>
  entry.split(/[^\p{L}\p{N}]+/u).filter(piece => piece.length >= leastPiece && !commonPieces.has(piece));

const fold = (text: string): string => normalisePassphrase(text).toLowerCase();

function duration(seconds: number): string {
  const units = [
    ['year', 31_557_600],
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  const century = 100 * 31_557_600;
  if (seconds >= century) return 'more than a century';
  const unit = units.find(([, size]) => seconds >= size);
  if (unit === undefined) return 'less than a minute';
  const count = Math.floor(seconds / unit[1]);
  return `about ${count} ${unit[0]}${count === 1 ? '' : 's'}`;
}
