/**
 * Takes a token out of a stream of output, in every form programs print one: as it is, in a URL, in JSON, in hex, in
 * base64 alone or as part of something longer (`user:token` of a Basic header), wherever chunks, line ends and colours
 * cut it.
 */
import {Transform} from 'node:stream';
import {formsOf, leastPart} from '../../domain/secret-forms.ts';

export const masked = '***';

/**
 * What may stand between two characters of a form: line ends (`base64` breaks its output after 76 characters); what
 * programs write where a line of the screen is full (readline a blank and a return, less a blank and a backspace, vim the
 * last character again and a new place for the cursor); sequences for colours and the cursor (ECMA-48).
 */
const gap = /[\r\n]+| [\r\b]|(?<=([!-~]))\1(?=\u001b\[\d+;1?H)|\u001b(?:\[[0-?]*[ -/]*[@-~]|[()][0-9A-B])/g;
/** The same, and what may become one with what comes next. */
const gapSoFar = new RegExp(
  `${gap.source}| $|(?<=([!-~]))\\2(?=(?:\\u001b(?:\\[[\\d;]*)?)?$)|\\u001b(?:\\[[0-?]*[ -/]*)?$`,
  'g',
);

/** A text without its gaps; `at[i]` is where character `i` stood. */
function bared(text: string, between = gap): {bare: string; at: Uint32Array} {
  const at = new Uint32Array(text.length + 1);
  let bare = '';
  let from = 0;
  const take = (to: number): void => {
    for (let place = from; place < to; place += 1) at[bare.length + place - from] = place;
    bare += text.slice(from, to);
  };
  for (const found of text.matchAll(between)) {
    take(found.index);
    from = found.index + found[0].length;
  }
  take(text.length);
  at[bare.length] = text.length;
  return {bare, at};
}

/** From the first to behind the last character of a form. */
type Range = Readonly<{from: number; to: number}>;

/** Finds and takes out; keeps back what may be the beginning of a form. Works on bytes as Latin-1, so nothing else changes. */
export class Mask {
  readonly #forms: readonly string[];
  readonly #firsts: ReadonlySet<string>;
  readonly #longest: number;
  /** So much of a beginning may be shown: every token of a kind begins alike, and a prompt may end like it. */
  readonly #loose: number;
  /** What may be the beginning of a form, and how much of it was shown all the same. */
  #held = '';
  #shown = 0;

  constructor(secrets: readonly string[]) {
    this.#forms = [...new Set(secrets.flatMap(formsOf))].map(form => Buffer.from(form, 'utf8').toString('latin1'));
    this.#firsts = new Set(this.#forms.map(form => form.slice(0, 1)));
    this.#longest = Math.max(0, ...this.#forms.map(form => form.length));
    this.#loose = Math.min(leastPart - 1, Math.floor(Math.min(...secrets.map(({length}) => length)) / 4));
  }

  push(chunk: string): string {
    const text = this.#held + chunk;
    const {bare, at} = bared(text);
    const ranges = this.#ranges(bare);
    let done = this.#shown;
    let out = '';
    for (const {from, to} of ranges) {
      out += text.slice(done, Math.max(done, at[from] ?? 0)) + masked;
      done = (at[to - 1] ?? 0) + 1;
    }
    const start = this.#beginning(text, ranges.length === 0 ? 0 : done);
    this.#held = text.slice(start);
    this.#shown = Math.max(0, done - start);
    return out + text.slice(done, Math.max(done, start));
  }

  /** Shows a few characters of what is kept back, where nothing more has come for a while: it may be a prompt. */
  relax(): string {
    const {bare, at} = bared(this.#held, gapSoFar);
    const to = bare.length <= this.#loose ? this.#held.length : Math.max(this.#shown, at[this.#loose] ?? 0);
    const shown = this.#held.slice(this.#shown, to);
    this.#shown = to;
    return shown;
  }

  get holds(): boolean {
    return this.#shown < this.#held.length;
  }

  /** What was kept back; a beginning that is long enough to be worth something is taken out as well. */
  end(): string {
    const rest = this.#bareLength() >= leastPart ? masked : this.#held.slice(this.#shown);
    this.#held = '';
    this.#shown = 0;
    return rest;
  }

  #bareLength(): number {
    return bared(this.#held, gapSoFar).bare.length;
  }

  /** Where forms stand, those that overlap as one. */
  #ranges(bare: string): Range[] {
    const found: Range[] = [];
    for (const form of this.#forms) {
      for (let from = bare.indexOf(form); from >= 0; from = bare.indexOf(form, from + form.length)) {
        found.push({from, to: from + form.length});
      }
    }
    const ranges: Range[] = [];
    for (const each of found.sort((a, b) => a.from - b.from || b.to - a.to)) {
      const last = ranges.at(-1);
      if (last === undefined || each.from >= last.to) ranges.push(each);
      else if (each.to > last.to) ranges[ranges.length - 1] = {from: last.from, to: each.to};
    }
    return ranges;
  }

  /** Where the longest end of the text starts that some form begins with; its length when there is none. */
  #beginning(text: string, after: number): number {
    // Gaps are short beside what they part, but for the one at a screen's line end.
    const from = Math.max(after, text.length - 3 * this.#longest);
    const {bare, at} = bared(text.slice(from), gapSoFar);
    for (let start = Math.max(0, bare.length - this.#longest + 1); start < bare.length; start += 1) {
      if (!this.#firsts.has(bare[start] ?? '')) continue;
      const tail = bare.slice(start);
      if (this.#forms.some(form => form.length > tail.length && form.startsWith(tail))) return from + (at[start] ?? 0);
    }
    return text.length;
  }
}

/** Long enough for the rest of a token that was written in pieces, short enough for somebody who waits for a prompt. */
const patienceMs = 100;

/** The same as a stream. */
export function maskStream(secrets: readonly string[]): Transform {
  const mask = new Mask(secrets);
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
