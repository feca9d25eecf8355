/**
 * Takes a token out of a stream of output, in every form programs print one: as it is, in a URL, in base64 alone or as
 * part of something longer (`user:token` of a Basic header), wherever chunks and base64's line ends cut it.
 */
import {Transform} from 'node:stream';
import {formsOf, leastPart} from '../domain/secret-forms.ts';

export const masked = '***';

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
