/**
 * Finds runs of secrets in text: twelve or more consecutive characters of any form of one, wherever it begins and
 * however it is escaped, folded, indented, coloured or framed. All that shows, stores or passes text on asks here. Pure.
 */
import {BareText, bareOf} from './bare-text.ts';
import {base64Forms, formsOf} from './secret-forms.ts';

/** So many characters of a secret in a row must not leave. */
export const leastRun = 12;
/** Windows of this length are looked up; a run is never shorter. */
const gram = 4;
/** With fewer letters and digits, a run would also stand in ordinary text. */
const leastBare = 8;
const buckets = 1 << 18;

/** Indices into the bare text, and whether the form goes on behind it. */
export type Run = Readonly<{from: number; to: number; open: boolean}>;

const hash = (a: number, b: number, c: number, d: number): number =>
  (Math.imul(a * 31 + b, 0x9e3779b1) ^ Math.imul(c * 31 + d, 0x85ebca6b)) >>> 14;

/** What is left of a short secret without its signs may stand in any text. */
const isWord = (bare: string): boolean =>
  bare.length < gram || (bare.length < leastRun && !/[^a-z]/.test(bare.slice(1)));

/** How many letters and digits twelve characters of a form have at least. @param read the form, as read */
function leastOf(form: string, {from, to, length}: BareText): number {
  let least = Math.min(leastRun, length);
  let first = 0;
  let behind = 0;
  for (let at = 0; at + leastRun <= form.length; at += 1) {
    while (first < length && (from[first] ?? 0) < at) first += 1;
    while (behind < length && (to[behind] ?? 0) <= at + leastRun) behind += 1;
    least = Math.min(least, Math.max(leastBare, behind - first));
  }
  return Math.min(least, length);
}

export class SecretMatcher {
  /** All forms after one another, a zero before, between and behind them. */
  readonly #forms: Uint16Array;
  readonly #text: string;
  /** For each place in them, the length of the shortest run of its form. */
  readonly #least: Uint8Array;
  readonly #filter = new Uint8Array(buckets);
  readonly #places = new Map<number, number[]>();
  readonly #step: number;
  /** Secrets with hardly a letter or digit, or with letters only that are too few: looked for as they are. */
  readonly #literal: readonly string[];
  readonly #bare: BareText;
  /** What may be shown though a secret holds it. */
  readonly #allowed: readonly string[];
  /** No run needs more characters to be one. */
  readonly longest: number;

  /** @param allowed a run that is no more than a part of one of these is none: the name of an account, an address */
  constructor(secrets: readonly string[], allowed: readonly string[] = []) {
    const wide = secrets.some(secret => /[^\0-\u007f]/.test(secret));
    this.#bare = new BareText(wide);
    this.#allowed = allowed.map(text => bareOf(text, wide));
    const forms = new Map<string, number>();
    const literal = secrets.filter(secret => isWord(bareOf(secret, wide)));
    for (const form of secrets.filter(secret => !literal.includes(secret)).flatMap(formsOf)) {
      const read = this.read(form);
      if (read.length < gram) continue;
      const bare = read.string(0);
      forms.set(bare, Math.min(forms.get(bare) ?? leastRun, leastOf(form, read)));
    }
    this.#literal = literal
      .filter(secret => secret.length >= gram)
      .flatMap(secret => [...new Set([secret, encodeURIComponent(secret), ...base64Forms(secret)])]);
    this.#text = `\0${[...forms.keys()].join('\0')}\0`;
    this.#forms = Uint16Array.from(this.#text, one => one.charCodeAt(0));
    this.#least = new Uint8Array(this.#forms.length);
    this.longest = Math.max(0, ...forms.values());
    this.#step = Math.min(leastRun, ...forms.values()) - gram + 1;
    let at = 1;
    for (const [form, least] of forms) {
      this.#index(at, form.length, least);
      at += form.length + 1;
    }
  }

  #index(start: number, length: number, least: number): void {
    this.#least.fill(least, start, start + length);
    for (let at = start; at + gram <= start + length; at += 1) {
      const key = this.#keyAt(this.#forms, at);
      this.#filter[key] = 1;
      const places = this.#places.get(key);
      if (places === undefined) this.#places.set(key, [at]);
      else places.push(at);
    }
  }

  #keyAt(codes: Uint16Array, at: number): number {
    return hash(codes[at] ?? 0, codes[at + 1] ?? 0, codes[at + 2] ?? 0, codes[at + 3] ?? 0);
  }

  /** Reads a text; what it is reduced to stays valid until the next one. */
  read(text: string): BareText {
    this.#bare.read(text);
    return this.#bare;
  }

  /** The runs in what was read last, in order, those that overlap as one. */
  runs(): Run[] {
    const {codes, length} = this.#bare;
    const found: Run[] = [];
    if (this.#places.size === 0) return found;
    for (let at = 0; at + gram <= length; ) {
      const run = this.#filter[this.#keyAt(codes, at)] === 1 ? this.#runAt(at) : null;
      if (run === null || this.#isAllowed(run)) {
        at += this.#step;
        continue;
      }
      const last = found.at(-1);
      if (last !== undefined && run.from < last.to) found[found.length - 1] = joined(last, run);
      else found.push(run);
      // A run of another form may begin in this one; it is found by the first window that could still be within it.
      at = Math.max(at + this.#step, run.to - this.#step - gram + 2);
    }
    return found;
  }

  #isAllowed({from, to}: Run): boolean {
    if (this.#allowed.length === 0) return false;
    const text = this.#bare.string(from, to);
    return this.#allowed.some(one => one.includes(text));
  }

  /** The longest stretch around four characters that stands in some form; null when it is too short. */
  #runAt(at: number): Run | null {
    const {codes, length} = this.#bare;
    const forms = this.#forms;
    let run: Run | null = null;
    for (const place of this.#places.get(this.#keyAt(codes, at)) ?? []) {
      let to = 0;
      while (at + to < length && forms[place + to] === codes[at + to]) to += 1;
      if (to < gram) continue;
      let back = 0;
      while (back < at && forms[place - back - 1] === codes[at - back - 1]) back += 1;
      if (back + to < (this.#least[place] ?? leastRun)) continue;
      const one = {from: at - back, to: at + to, open: at + to === length && forms[place + to] !== 0};
      run = run === null ? one : joined(run, one);
    }
    return run;
  }

  /** Where the longest end of what was read last begins that stands in some form, looking at no more than `most` characters. */
  tail(most: number): number {
    const {length} = this.#bare;
    for (let size = Math.min(most, length); size > 0; size -= 1) {
      if (this.#text.includes(this.#bare.string(length - size))) return length - size;
    }
    return length;
  }

  finds(text: string): boolean {
    this.read(text);
    return this.runs().length > 0 || this.#literal.some(one => text.includes(one));
  }

  redact(text: string, mark = '***'): string {
    const {from, to} = this.read(text);
    let out = '';
    let done = 0;
    for (const run of this.runs()) {
      out += text.slice(done, from[run.from]) + mark;
      done = to[run.to - 1] ?? text.length;
    }
    return this.#literal.reduce((left, one) => left.replaceAll(one, mark), out + text.slice(done));
  }
}

const joined = (one: Run, other: Run): Run => ({
  from: Math.min(one.from, other.from),
  to: Math.max(one.to, other.to),
  open: (one.to >= other.to && one.open) || (other.to >= one.to && other.open),
});
