/**
 * A text reduced to its letters and digits, each with the place it came from. Escapes (percent codes, JSON, entities, C)
 * are undone, terminal sequences left out; so is everything that stands between the characters of a secret when a program
 * folds, indents, quotes, colours or frames it. Pure.
 */

const drop = 0;
const keep = 1;
const mayEscape = 2;
const zero = 0x30;
const escapeCode = 0x1b;
const isBigEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;
const percent = 0x25;
const ampersand = 0x26;
const backslash = 0x5c;
const isHex = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
const digit = (hex: number): number => (hex <= 0x39 ? hex - 0x30 : (hex | 0x20) - 0x57);
/** No escape is longer; a terminal's title or link may be. */
const longestSequence = 512;

const kinds = Uint8Array.from({length: 256}, (_, code) => {
  if (code === escapeCode || '%\\&0'.includes(String.fromCharCode(code))) return mayEscape;
  return /[A-Za-z0-9]/.test(String.fromCharCode(code)) ? keep : drop;
});

/** ECMA-48 sequences; strings for the terminal (OSC, DCS, APC, PM) up to their end. */
const terminal =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|[()*+][0-9A-Z]|[ -/]*[0-Z\\^-~])/y;
const written =
  /\\u([0-9A-Fa-f]{4})|\\u\{([0-9A-Fa-f]{1,6})\}|\\x([0-9A-Fa-f]{2})|\\([0-3][0-7]{2})|&#[xX]([0-9A-Fa-f]{1,6});?|&#([0-9]{1,7});?|&([a-z]{2,6});|(?<![A-Za-z0-9])0x([0-9A-Fa-f]{2})(?![A-Za-z0-9])/y;

/** The number of a code point in the notation that matched; 0 for a named entity, all of which are signs. */
function pointOf(groups: readonly (string | undefined)[]): number {
  const [, json, braces, c, octal, entity, decimal, , number] = groups;
  const hex = json ?? braces ?? c ?? entity ?? number;
  if (hex !== undefined) return Number.parseInt(hex, 16);
  if (octal !== undefined) return Number.parseInt(octal, 8);
  return decimal === undefined ? 0 : Number(decimal);
}

const isKept = (code: number, wide: boolean): boolean =>
  code < 128 ? kinds[code] === keep || code === zero : wide && code > 128;

export class BareText {
  /** Character codes, and the text's indices of each one's first unit and of the unit behind its last. */
  codes = new Uint16Array(0);
  from = new Uint32Array(0);
  to = new Uint32Array(0);
  length = 0;
  #bytes = Buffer.alloc(0);
  #units = new Uint16Array(0);

  /** @param wide whether characters beyond ASCII count: where some secret has them */
  constructor(readonly wide: boolean) {}

  read(text: string): void {
    if (this.codes.length < text.length) {
      this.codes = new Uint16Array(text.length * 2);
      this.from = new Uint32Array(text.length * 2);
      this.to = new Uint32Array(text.length * 2);
    }
    const {codes, from, to, wide} = this;
    const {length} = text;
    const units = this.#unitsOf(text);
    let count = 0;
    let at = 0;
    // Every byte of what a program prints comes through here: the two common cases first.
    while (at < length) {
      const code = units[at] ?? 0;
      const kind = code < 128 ? kinds[code] : wide ? keep : drop;
      let end = at + 1;
      let value = code;
      if (kind === mayEscape && (code !== zero || units[end] === 0x78)) {
        [end, value] = this.#signAt(text, at, code);
        if (!isKept(value, wide)) value = 0;
      } else if (kind === drop) value = 0;
      if (value !== 0) {
        codes[count] = value;
        from[count] = at;
        to[count] = end;
        count += 1;
      }
      at = end;
    }
    this.length = count;
  }

  /** The text's UTF-16 units as numbers: a string in pieces is several times slower to read one by one. */
  #unitsOf(text: string): Uint16Array {
    if (this.#units.length < text.length) {
      this.#bytes = Buffer.alloc(text.length * 4);
      this.#units = new Uint16Array(this.#bytes.buffer, this.#bytes.byteOffset, text.length * 2);
    }
    this.#bytes.write(text, 'utf16le');
    if (isBigEndian) this.#bytes.subarray(0, text.length * 2).swap16();
    return this.#units;
  }

  /** A sign by itself, or the escape that begins with it: where it ends and what it stands for. */
  #signAt(text: string, at: number, code: number): readonly [end: number, code: number] {
    const found = this.#mayBegin(text, code, at + 1) ? this.#sequenceAt(text, at) : null;
    return found ?? [at + 1, code];
  }

  /** Whether what follows a sign may make an escape of it; a look at one character spares the search for most. */
  #mayBegin(text: string, code: number, next: number): boolean {
    const follows = text.charCodeAt(next);
    if (code === zero) return follows === 0x78;
    if (code === percent) return isHex(follows);
    if (code === backslash) return follows === 0x75 || follows === 0x78 || (follows >= zero && follows <= 0x33);
    return code !== ampersand || follows === 0x23 || (follows >= 0x61 && follows <= 0x7a);
  }

  #sequenceAt(text: string, at: number): readonly [end: number, code: number] | null {
    const code = text.charCodeAt(at);
    if (code === percent) {
      const [high, low] = [text.charCodeAt(at + 1), text.charCodeAt(at + 2)];
      return isHex(high) && isHex(low) ? [at + 3, digit(high) * 16 + digit(low)] : null;
    }
    const pattern = code === escapeCode ? terminal : written;
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null || found[0].length > longestSequence) return null;
    return [at + found[0].length, pattern === terminal ? 0 : pointOf(found)];
  }

  string(from: number, to = this.length): string {
    return String.fromCharCode(...this.codes.subarray(from, to));
  }
}

/** The same of a secret, as text. */
export function bareOf(text: string, wide: boolean): string {
  const bare = new BareText(wide);
  bare.read(text);
  return Array.from(bare.codes.subarray(0, bare.length), code => String.fromCharCode(code)).join('');
}
