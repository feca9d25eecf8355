/** Takes secrets out of a stream of output, wherever its chunks cut them: the matcher's runs, with what may become one kept back. */
import {Transform} from 'node:stream';
import type {BareText} from '../../domain/bare-text.ts';
import {latin} from '../../domain/secret-forms.ts';
import {SecretMatcher} from '../../domain/secret-matcher.ts';

export const masked = '***';

/** So much of what may become a run is shown at once, so that keys come back as they are typed … */
const instant = 3;
/** … and so much when nothing more came for a while: it may be a prompt. Every token of a kind begins alike. */
const loose = 7;
/** The end of a program is the end of patience: a piece of this length is worth something. */
const worthy = 8;
/** Between two characters of one secret nobody puts more. */
const mostHeld = 16 * 1024;
/** The beginning of an escape or of a terminal sequence. */
const unfinished =
  /(?:\u001b(?:\[[0-?]*[ -/]*|[\]PX^_][^\u0007\u001b]{0,500}\u001b?|[()*+])?|%[0-9A-Fa-f]?|\\(?:u\{?[0-9A-Fa-f]{0,6}|x[0-9A-Fa-f]?|[0-3][0-7]?)?|&(?:#[xX]?[0-9A-Fa-f]{0,7}|[a-z]{0,6})?|(?<![A-Za-z0-9])0(?:x[0-9A-Fa-f]{0,2})?)$/;
/** No beginning is longer. */
const longestUnfinished = 600;

/** The index up to which a text holds no half of an escape. */
function wholeTo(text: string): number {
  const from = Math.max(0, text.length - longestUnfinished);
  const cut = text.slice(from).search(unfinished);
  return cut < 0 ? text.length : from + cut;
}

/** A text, up to where it can be read, and up to where it has been dealt with. */
type Progress = Readonly<{text: string; whole: number; done: number}>;

/** Works on bytes as Latin-1, so nothing else changes. */
export class Mask {
  readonly #matcher: SecretMatcher;
  /** What may become a run or go on with one, and how much of it is out already, as it is or masked. */
  #held = '';
  #shown = 0;
  /** A run that was masked goes on. */
  #open = false;

  constructor(secrets: readonly string[]) {
    this.#matcher = new SecretMatcher(secrets);
  }

  push(chunk: string): string {
    const text = this.#held + chunk;
    // Half an escape would be read as characters of its own, and end a run that goes on behind it.
    const whole = wholeTo(text);
    const bare = this.#matcher.read(whole < text.length ? text.slice(0, whole) : text);
    const {from, to, length} = bare;
    const runs = this.#matcher.runs();
    let done = this.#shown;
    let out = '';
    for (const run of runs) {
      const start = from[run.from] ?? 0;
      // What was masked before and goes on needs no second mark.
      const goesOn = this.#open && run.from === 0;
      if (!goesOn) out += text.slice(done, Math.max(done, start)) + masked;
      done = Math.max(done, to[run.to - 1] ?? 0);
    }
    const last = runs.at(-1);
    this.#open = last?.open === true;
    const begins = this.#open
      ? length - this.#matcher.longest
      : Math.max(last?.to ?? 0, this.#matcher.tail(this.#matcher.longest - 1));
    return out + this.#keep({text, whole, done}, bare, Math.max(0, begins));
  }

  /** Keeps the text from the bare character `begins` on; shows what is before it, and the little that may be shown of it. */
  #keep({text, whole, done}: Progress, {from, length}: BareText, begins: number): string {
    const start = Math.min(begins < length ? (from[begins] ?? whole) : whole, whole);
    if (text.length - start > mostHeld) {
      this.#held = '';
      this.#shown = 0;
      this.#open = false;
      return text.slice(done);
    }
    const little = length - begins + text.length - whole <= instant;
    const shownTo = this.#open ? done : Math.max(done, little ? text.length : start);
    this.#held = text.slice(start);
    this.#shown = Math.max(0, shownTo - start);
    return text.slice(done, Math.max(done, shownTo));
  }

  /** Shows a few characters of what is kept back. */
  relax(): string {
    // Signs of the secret itself, such as padding, may stand behind a run that goes on; others are no part of it.
    if (this.#open && /^\s*[=+/_.~!-]/.test(this.#held.slice(this.#shown))) return '';
    const {to, length} = this.#matcher.read(this.#held);
    const end = this.#open || length <= loose ? this.#held.length : (to[loose - 1] ?? 0);
    const shown = this.#held.slice(this.#shown, end);
    this.#shown = Math.max(this.#shown, end);
    return shown;
  }

  get holds(): boolean {
    return this.#shown < this.#held.length;
  }

  /** What was kept back; a piece that is long enough to be worth something is taken out as well. */
  end(): string {
    const {length} = this.#matcher.read(this.#held);
    const rest = this.#held.slice(this.#shown);
    const text = !this.#open && length >= worthy && rest !== '' ? masked : rest;
    this.#held = '';
    this.#shown = 0;
    this.#open = false;
    return text;
  }
}

/** Long enough for the rest of a token that was written in pieces, short enough for somebody who waits for a prompt. */
const patienceMs = 100;

/** The same as a stream. */
export function maskStream(secrets: readonly string[]): Transform {
  const mask = new Mask(secrets.map(latin));
  let waiting: NodeJS.Timeout | undefined;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      clearTimeout(waiting);
      const text = mask.push(chunk.toString('latin1'));
      if (mask.holds) waiting = setTimeout(() => this.push(Buffer.from(mask.relax(), 'latin1')), patienceMs).unref();
      done(null, Buffer.from(text, 'latin1'));
    },
    flush(done) {
      clearTimeout(waiting);
      done(null, Buffer.from(mask.end(), 'latin1'));
    },
    destroy(error, done) {
      clearTimeout(waiting);
      done(error);
    },
  });
}
