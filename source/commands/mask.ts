/**
 * Takes a token out of a stream of output, in every form programs print one: as it is, in a URL, in base64 alone or as
 * part of something longer (`user:token` of a Basic header), wherever chunks and base64's line ends cut it.
 */
import {Transform} from 'node:stream';

export const masked = '***';

/** Parts shorter than this are no use to anybody, and would hit ordinary text. Characters. */
const leastPart = 8;

const urlSafe = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');

/**
 * The base64 characters that depend on the secret alone, for each of the three ways it can lie on base64's grid of
 * three bytes. What stands before and after it does not change them.
 */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].map(shift => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret, 'utf8')]);
    const first = Math.ceil((shift * 8) / 6);
    const last = Math.floor((bytes.length * 8) / 6);
    return bytes.toString('base64').slice(first, last);
  });
}

/** Every form of a secret that is looked for, longest first. */
export function formsOf(secret: string): readonly string[] {
  const encoded = encodeURIComponent(secret);
  const lower = encoded.replace(/%[0-9A-F]{2}/g, code => code.toLowerCase());
  const packed = base64Forms(secret);
  const all = [secret, encoded, lower, ...packed, ...packed.map(urlSafe), ...packed.map(encodeURIComponent)];
  return [...new Set(all)]
    .filter(form => form.length >= Math.min(leastPart, secret.length) && form !== '')
    .sort((a, b) => b.length - a.length);
}

/** A form as a pattern that lets line ends in: `base64` breaks its output after 76 characters. */
const pattern = (form: string): string =>
  [...form].map(character => character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('(?:\\r?\\n)?');

const withoutLineEnds = (text: string): string => text.replace(/[\r\n]/g, '');

/** Finds and takes out; keeps back what may be the beginning of a form. Works on bytes as Latin-1, so nothing else changes. */
export class Mask {
  readonly #forms: readonly string[];
  readonly #all: RegExp;
  /** Longest text that can be the beginning of a form, line ends included. */
  readonly #reach: number;
  #held = '';

  constructor(secrets: readonly string[]) {
    this.#forms = [...new Set(secrets.flatMap(formsOf))].map(form => Buffer.from(form, 'utf8').toString('latin1'));
    this.#all = new RegExp(this.#forms.map(pattern).join('|') || '(?!)', 'g');
    this.#reach = 3 * Math.max(0, ...this.#forms.map(form => form.length));
  }

  push(chunk: string): string {
    const text = (this.#held + chunk).replace(this.#all, masked);
    const start = this.#beginning(text);
    this.#held = text.slice(start);
    return text.slice(0, start);
  }

  /** What was kept back; a beginning that is long enough to be worth something is taken out as well. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return withoutLineEnds(rest).length >= leastPart ? masked : rest;
  }

  /** Where the longest end of the text starts that some form begins with; its length when there is none. */
  #beginning(text: string): number {
    for (let start = Math.max(0, text.length - this.#reach); start < text.length; start += 1) {
      const first = text[start];
      if (first === '\r' || first === '\n') continue;
      const tail = withoutLineEnds(text.slice(start));
      if (this.#forms.some(form => form.length > tail.length && form.startsWith(tail))) return start;
    }
    return text.length;
  }
}

/** The same as a stream. */
export function maskStream(secrets: readonly string[]): Transform {
  const mask = new Mask(secrets);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, Buffer.from(mask.push(chunk.toString('latin1')), 'latin1'));
    },
    flush(done) {
      done(null, Buffer.from(mask.end(), 'latin1'));
    },
  });
}
