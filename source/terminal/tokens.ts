// Cuts what a terminal sends into single keys, runs of text, and whole pastes. Pure: the clock is key-stream.ts.

/** One thing the user did. `text` of a key is what Ink's own parser expects: one sequence, one control, or printable text. */
export type Token = Readonly<{type: 'key'; text: string} | {type: 'paste'; text: string} | {type: 'interrupt'}>;

/**
 * What the tokeniser waits for, each with a patience of its own:
 * - `escape`: whether an ESC is the Escape key or the head of a sequence
 * - `sequence`: the rest of a sequence that has begun
 * - `paste`: the end of a paste
 * - `verdict`: whether a Ctrl-C inside a paste was pasted (the end still comes) or pressed (it does not)
 */
export type Waiting = 'escape' | 'sequence' | 'paste' | 'verdict' | null;

export const pasteStart = '\u001b[200~';
export const pasteEnd = '\u001b[201~';

const esc = '\u001b';
const controlC = '\u0003';
/**
 * The Escape key, spelled so (kitty's way) that Ink's parser knows at once it is whole. After a bare ESC it waits 20 ms
 * and would make Alt-b of an Escape and a b.
 */
export const escapeKey = '\u001b[27u';
/** A paste keeps this many UTF-16 units; what follows up to its end is dropped. */
const longestPaste = 65_536;
/** A terminal's answer (OSC, DCS) longer than this is none. */
const longestAnswer = 4096;

/** What may follow an ESC that came alone: a key, the report of a focus or a cursor, an answer about a colour, a paste. */
const lateTail = /^(?:\[(?:[?>]?\d*(?:;\d+)*[A-DFHIORZcnuy~]|200~[\s\S]*)|\]\d+;[^\u0007\u001b]*(?:\u0007|\u001b\\)?)$/;

/**
 * Several lines in one read, one of them longer than anybody types ahead: pasted into a terminal without brackets. Its
 * line ends are no keys; as such they would accept the first piece of a token.
 */
const isPasteWithoutBrackets = (text: string): boolean =>
  /[^\r\n](?:\r\n?|\n)+[^\r\n]/.test(text) &&
  !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u009b]/.test(text) &&
  text.split(/[\r\n]+/).some(line => line.length >= longestLineTypedAhead);

/** UTF-16 units; a person types 15 characters a second at best. */
const longestLineTypedAhead = 32;

export class Tokeniser {
  #buffer = '';
  #inPaste = false;
  /** The last token was Return: a following line feed belongs to it. */
  #afterReturn = false;
  /** An ESC was given out as the Escape key; a lonely tail of a sequence may still follow it. */
  #afterEscape = false;
  /** The newest chunk of an unended paste was a Return by itself: pressed, not pasted, if the end is lost. */
  #returnAlone = false;

  /** @param text decoded input, cut anywhere */
  push(text: string): Token[] {
    const late = this.#afterEscape && lateTail.test(text);
    this.#afterEscape = false;
    this.#returnAlone = this.#inPaste && text === '\r';
    if (this.waiting === null && isPasteWithoutBrackets(text))
      return [{type: 'paste', text: text.slice(0, longestPaste)}];
    this.#buffer += late ? esc + text : text;
    return this.#cut(false);
  }

  get waiting(): Waiting {
    if (this.#inPaste) return this.#buffer.includes(controlC) ? 'verdict' : 'paste';
    if (this.#buffer === '') return null;
    return this.#buffer === esc ? 'escape' : 'sequence';
  }

  /** Nothing more came in time: gives out what was waited for as what it is now known to be. */
  settle(): Token[] {
    switch (this.waiting) {
      case 'escape':
        this.#buffer = '';
        this.#afterEscape = true;
        return [{type: 'key', text: escapeKey}];
      case 'paste':
        return this.#endPaste(this.#buffer, '', this.#returnAlone);
      case 'verdict':
        return this.#interrupted();
      case 'sequence':
        return this.#cut(true);
      case null:
        return [];
    }
  }

  /** Whether a paste has begun and not ended. */
  get pasting(): boolean {
    return this.#inPaste;
  }

  #cut(final: boolean): Token[] {
    const tokens: Token[] = [];
    while (this.#buffer !== '') {
      const next = this.#inPaste ? this.#cutPaste() : this.#cutOne(final);
      if (next === null) break;
      tokens.push(...next);
    }
    return tokens;
  }

  #cutPaste(): Token[] | null {
    const end = this.#buffer.indexOf(pasteEnd);
    const again = this.#buffer.indexOf(pasteStart);
    if (again !== -1 && (end === -1 || again < end)) {
      const tokens = this.#endPaste(this.#buffer.slice(0, again), this.#buffer.slice(again + pasteStart.length));
      this.#inPaste = true;
      return tokens;
    }
    if (end !== -1) return this.#endPaste(this.#buffer.slice(0, end), this.#buffer.slice(end + pasteEnd.length));
    // Twice pressed is never pasted by accident: no waiting any more.
    if (this.#buffer.split(controlC).length > 2) return this.#interrupted();
    // The tail stays: the end marker may be cut in two.
    if (this.#buffer.length > longestPaste + 64) {
      this.#buffer = this.#buffer.slice(0, longestPaste) + this.#buffer.slice(-16);
    }
    return null;
  }

  #endPaste(content: string, rest: string, pressedReturn = false): Token[] {
    this.#inPaste = false;
    this.#returnAlone = false;
    this.#buffer = rest;
    const text = (pressedReturn ? content.slice(0, -1) : content).slice(0, longestPaste);
    const tokens: Token[] = text === '' ? [] : [{type: 'paste', text}];
    return pressedReturn ? [...tokens, {type: 'key', text: '\r'}] : tokens;
  }

  #interrupted(): Token[] {
    this.#inPaste = false;
    this.#buffer = this.#buffer.slice(this.#buffer.lastIndexOf(controlC) + 1);
    return [{type: 'interrupt'}];
  }

  /** One token from the head of the buffer; null when more has to come first. */
  #cutOne(final: boolean): Token[] | null {
    const first = this.#buffer[0] ?? '';
    if (first === esc || first === '\u009b') return this.#cutSequence(final);
    const afterReturn = this.#afterReturn;
    this.#afterReturn = false;
    if (first >= ' ' && first !== '\u007f') {
      const run = /^[^\u0000-\u001f\u007f\u009b]+/.exec(this.#buffer)?.[0] ?? first;
      return this.#take(run.length, [{type: 'key', text: run}]);
    }
    if (first === controlC) return this.#take(1, [{type: 'interrupt'}]);
    if (first === '\u0000') return this.#take(1, []);
    if (first === '\n') return this.#take(1, afterReturn ? [] : [{type: 'key', text: '\r'}]);
    this.#afterReturn = first === '\r';
    return this.#take(1, [{type: 'key', text: first}]);
  }

  #cutSequence(final: boolean): Token[] | null {
    // Ctrl-C is never part of a sequence; whatever stood before it is lost.
    const interrupt = this.#buffer.indexOf(controlC);
    const sequence = sequenceAt(this.#buffer);
    if (interrupt !== -1 && (sequence === null || sequence.length > interrupt)) {
      return this.#take(interrupt + 1, [{type: 'interrupt'}]);
    }
    this.#afterReturn = false;
    if (sequence === null) return final ? this.#take(this.#buffer.length, []) : null;
    if (sequence === pasteStart) {
      this.#inPaste = true;
      return this.#take(sequence.length, []);
    }
    return this.#take(sequence.length, keyOf(sequence));
  }

  #take(length: number, tokens: Token[]): Token[] {
    this.#buffer = this.#buffer.slice(length);
    return tokens;
  }
}

/** The sequence a text beginning with ESC (or the 8-bit CSI) begins with; null when it is not yet whole. */
function sequenceAt(buffer: string): string | null {
  if (buffer === esc) return null;
  const text = buffer;
  const csi = /^(?:\u001b\[|\u009b)(?:\[[A-E]?|[0-?]*[ -/]*([@-~])?)/.exec(text);
  if (csi) return wholeCsi(text, csi[0]);
  if (text.startsWith(`${esc}O`))
    return /^\u001bO[\d;]*(?:[@-~]|[^\d;])/.exec(text)?.[0].replace(/[^ -~\u001b]$/, '') ?? null;
  if (/^\u001b[\]PX^_]/.test(text)) {
    const answer = /^\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)/.exec(text)?.[0];
    return answer ?? (text.length > longestAnswer ? text : null);
  }
  // ESC before another ESC or a control is the Escape key; before a character, or Backspace, it is Alt.
  const code = text.codePointAt(1) ?? 0;
  if (code < 0x20 || (code >= 0x80 && code < 0xa0)) return esc;
  return text.slice(0, code > 0xffff ? 3 : 2);
}

function wholeCsi(text: string, head: string): string | null {
  const complete = /[@-~]$/.test(head) && !/^(?:\u001b\[|\u009b)\[?$/.test(head);
  if (complete) {
    // X10 mouse reports carry three bytes after the M; a program that died may have left the mouse on.
    if (/^(?:\u001b\[|\u009b)M$/.test(head))
      return text.length >= head.length + 3 ? text.slice(0, head.length + 3) : null;
    return head;
  }
  // rxvt ends its shifted keys in `$`. Else a character that no sequence contains cuts off a broken one.
  if (/^\u001b\[[235678]\$$/.test(head)) return head;
  return text.length > head.length ? head : null;
}

// The keys the views know, in the spellings of xterm, rxvt, the Linux console, PuTTY and tmux.
const known = /^\u001b(?:\[(?:1;\d+)?[A-DFHZ]|\[[1-8](?:;\d+)?[~^$]|\[[a-d]|O(?:\d+;?\d*)?[A-DFHa-d])$/;

function keyOf(sequence: string): Token[] {
  const text = sequence.replace('\u009b', `${esc}[`);
  if (text === esc) return [{type: 'key', text: escapeKey}];
  if (text === `${esc}OM`) return [{type: 'key', text: '\r'}];
  // Two encodings of modified keys that tmux or a program before us may have switched on: kitty's CSI u, xterm's
  // modifyOtherKeys. Ctrl-C must work there too.
  const kitty = /^\u001b\[(\d+)(?::\d*)*(?:;(\d+)(?::(\d))?)?(?:;[\d:]*)?u$/.exec(text);
  if (kitty) return kitty[3] === '3' ? [] : modified(Number(kitty[1]), Number(kitty[2] ?? 1));
  const xterm = /^\u001b\[27;(\d+);(\d+)~$/.exec(text);
  if (xterm) return modified(Number(xterm[2]), Number(xterm[1]));
  if (/^\u001b[[\]OPX^_]/.test(text)) return known.test(text) ? [{type: 'key', text}] : [];
  return [{type: 'key', text}];
}

/** A key given as a code point and xterm's modifier number (one more than the bits shift 1, alt 2, ctrl 4). */
function modified(code: number, modifier: number): Token[] {
  const bits = Math.max(0, modifier - 1);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) || (code >= 0xe000 && code <= 0xf8ff)) return [];
  const character = String.fromCodePoint(code);
  if (bits & 4) {
    if (!/^[a-z@[\\\]^_]$/i.test(character)) return [];
    const control = String.fromCharCode(character.toUpperCase().charCodeAt(0) & 0x1f);
    return control === controlC ? [{type: 'interrupt'}] : [{type: 'key', text: control}];
  }
  if (code === 9 && bits & 1) return [{type: 'key', text: `${esc}[Z`}];
  if (bits & 2) return [{type: 'key', text: esc + character}];
  if (code === 27) return [{type: 'key', text: escapeKey}];
  return [{type: 'key', text: bits & 1 ? character.toUpperCase() : character}];
}
