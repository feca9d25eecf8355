import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {escapeKey, type Token, Tokeniser} from '../../source/terminal/tokens.ts';

const key = (text: string): Token => ({type: 'key', text});
const paste = (text: string): Token => ({type: 'paste', text});
const interrupt: Token = {type: 'interrupt'};

/** Pushes the chunks one after the other, then lets every wait run out. */
function tokens(...chunks: string[]): Token[] {
  const tokeniser = new Tokeniser();
  const found = chunks.flatMap(chunk => tokeniser.push(chunk));
  while (tokeniser.waiting !== null) found.push(...tokeniser.settle());
  return found;
}

describe('keys', () => {
  it.each<[string, string[], Token[]]>([
    ['a run of text is one', ['hello wörld'], [key('hello wörld')]],
    ['text, Return, text', ['name\rurl'], [key('name'), key('\r'), key('url')]],
    ['a line feed is Return', ['a\nb'], [key('a'), key('\r'), key('b')]],
    ['CR LF is one Return', ['a\r\nb'], [key('a'), key('\r'), key('b')]],
    ['CR LF is one Return when cut in two', ['a\r', '\nb'], [key('a'), key('\r'), key('b')]],
    ['two Returns are two', ['\r\r'], [key('\r'), key('\r')]],
    ['controls stand alone', ['ab\u0015\u007f\t'], [key('ab'), key('\u0015'), key('\u007f'), key('\t')]],
    ['NUL is nothing', ['a\u0000b'], [key('a'), key('b')]],
    ['coalesced arrows', ['\u001b[A\u001b[B\u001bOC'], [key('\u001b[A'), key('\u001b[B'), key('\u001bOC')]],
    ['an arrow in three pieces', ['\u001b', '[', 'A'], [key('\u001b[A')]],
    ['an arrow with text around it', ['x\u001b[Dy'], [key('x'), key('\u001b[D'), key('y')]],
    ['8-bit CSI', ['\u009bA'], [key('\u001b[A')]],
    ['Shift-Tab', ['\u001b[Z'], [key('\u001b[Z')]],
    ['Ctrl-arrow', ['\u001b[1;5C'], [key('\u001b[1;5C')]],
    [
      'Home and End of four terminals',
      ['\u001b[H\u001bOF\u001b[1~\u001b[8~'],
      ['[H', 'OF', '[1~', '[8~'].map(s => key(`\u001b${s}`)),
    ],
    ['Delete', ['\u001b[3~'], [key('\u001b[3~')]],
    ['Escape', ['\u001b'], [key(escapeKey)]],
    ['Escape twice', ['\u001b\u001b'], [key(escapeKey), key(escapeKey)]],
    ['Escape and an arrow at once', ['\u001b\u001b[A'], [key(escapeKey), key('\u001b[A')]],
    ['Alt-letter', ['\u001bf'], [key('\u001bf')]],
    ['Alt-Backspace', ['\u001b\u007f'], [key('\u001b\u007f')]],
    ['Alt-Return is Return', ['\u001b\r'], [key(escapeKey), key('\r')]],
    ['Enter of the keypad', ['\u001bOM'], [key('\r')]],
    ['an emoji with Alt', ['\u001b😀'], [key('\u001b😀')]],
  ])('%s', (_name, chunks, expected) => {
    expect(tokens(...chunks)).toEqual(expected);
  });

  it.each([
    ['function keys', '\u001bOP\u001b[15~\u001b[24;2~'],
    ['focus reports', '\u001b[I\u001b[O'],
    ['a cursor report', '\u001b[12;40R'],
    ['device attributes', '\u001b[?62;22c\u001b[>0;276;0c'],
    ['mouse reports', '\u001b[<0;10;10M\u001b[<0;10;10m\u001b[M !!'],
    ['an answer about colours', '\u001b]11;rgb:0000/0000/0000\u001b\\'],
    ['the same ended by BEL', '\u001b]11;rgb:0000/0000/0000\u0007'],
    ['a DCS answer', '\u001bP1+r544e=787465726d\u001b\\'],
    ['a lonely end of a paste', '\u001b[201~'],
    ['a key released (kitty)', '\u001b[97;1:3u'],
    ['a sequence that stays without its end', '\u001b[1;'],
  ])('%s are dropped whole', (_name, sequence) => {
    expect(tokens(`a${sequence}`)).toEqual([key('a')]);
    expect(tokens('a', ...sequence)).toEqual([key('a')]);
  });

  it('drops a broken sequence and keeps what follows', () => {
    expect(tokens('\u001b[12é')).toEqual([key('é')]);
    expect(tokens('\u001b[1\rx')).toEqual([key('\r'), key('x')]);
  });

  it('joins a tail to an Escape that was given out too early', () => {
    const tokeniser = new Tokeniser();
    tokeniser.push('\u001b');
    expect(tokeniser.settle()).toEqual([key(escapeKey)]);
    expect(tokeniser.push('[A')).toEqual([key('\u001b[A')]);
    tokeniser.push('\u001b');
    tokeniser.settle();
    expect(tokeniser.push('[200~late\u001b[201~')).toEqual([paste('late')]);
  });

  it('takes a bracket typed after Escape for a bracket', () => {
    const tokeniser = new Tokeniser();
    tokeniser.push('\u001b');
    tokeniser.settle();
    expect(tokeniser.push('[DEV] jira')).toEqual([key('[DEV] jira')]);
  });

  it.each<[string, string, Token[]]>([
    ['Ctrl-C as kitty sends it', '\u001b[99;5u', [interrupt]],
    ['Ctrl-C as xterm sends it', '\u001b[27;5;99~', [interrupt]],
    ['Ctrl-U', '\u001b[117;5u', [key('\u0015')]],
    ['Return', '\u001b[13u', [key('\r')]],
    ['Shift-Tab', '\u001b[9;2u', [key('\u001b[Z')]],
    ['a letter', '\u001b[97u', [key('a')]],
    ['a capital', '\u001b[97;2u', [key('A')]],
    ['a lone surrogate is none', '\u001b[55296u', []],
  ])('understands the encodings of modified keys: %s', (_name, sequence, expected) => {
    expect(tokens(sequence)).toEqual(expected);
  });
});

describe('pastes', () => {
  it.each<[string, string[], Token[]]>([
    ['whole', ['\u001b[200~tok\u001b[201~'], [paste('tok')]],
    ['with line ends and sequences inside', ['\u001b[200~a\r\u001b[31mb\u001b[201~'], [paste('a\r\u001b[31mb')]],
    ['character by character', [...'\u001b[200~tok\u001b[201~'], [paste('tok')]],
    ['two, and a key', ['\u001b[200~a\u001b[201~\u001b[200~b\u001b[201~\r'], [paste('a'), paste('b'), key('\r')]],
    ['empty', ['\u001b[200~\u001b[201~x'], [key('x')]],
    ['without an end', ['\u001b[200~tok'], [paste('tok')]],
    ['without an end, then Return pressed', ['\u001b[200~tok', '\r'], [paste('tok'), key('\r')]],
    ['without an end, ending in a line end', ['\u001b[200~tok\r'], [paste('tok\r')]],
    ['without an end, then another', ['\u001b[200~tok', '\u001b[200~en\u001b[201~'], [paste('tok'), paste('en')]],
    ['with a Ctrl-C inside', ['\u001b[200~a\u0003b\u001b[201~'], [paste('a\u0003b')]],
    ['with a Ctrl-C inside, in pieces', ['\u001b[200~a\u0003', 'b\u001b[2', '01~'], [paste('a\u0003b')]],
  ])('%s', (_name, chunks, expected) => {
    expect(tokens(...chunks)).toEqual(expected);
  });

  it('keeps a bounded part of an endless one', () => {
    const found = tokens('\u001b[200~', ...Array.from({length: 40}, () => 'x'.repeat(5000)), '\u001b[201~y');
    expect(found).toEqual([paste('x'.repeat(65_536)), key('y')]);
  });
});

describe('Ctrl-C', () => {
  it.each<[string, string[], Token[]]>([
    ['alone', ['\u0003'], [interrupt]],
    ['behind text', ['abc\u0003d'], [key('abc'), interrupt, key('d')]],
    ['inside a paste that never ends', ['\u001b[200~tok', '\u0003'], [interrupt]],
    ['inside an unfinished sequence', ['\u001b[1', '\u0003'], [interrupt]],
    ['behind a lone Escape', ['\u001b\u0003'], [interrupt]],
    ['inside an answer that never ends', ['\u001b]11;', '\u0003'], [interrupt]],
  ])('%s', (_name, chunks, expected) => {
    const escapeless = tokens(...chunks).filter(token => token.type !== 'key' || token.text !== escapeKey);
    expect(escapeless).toEqual(expected);
  });

  it('pressed twice inside a paste needs no waiting', () => {
    const tokeniser = new Tokeniser();
    tokeniser.push('\u001b[200~tok\u0003');
    expect(tokeniser.waiting).toBe('verdict');
    expect(tokeniser.push('\u0003')).toEqual([interrupt]);
    expect(tokeniser.waiting).toBeNull();
  });
});

describe('however the bytes are cut', () => {
  const piece = fc.constantFrom(
    'a',
    'Zoë',
    '日本',
    '😀',
    '?',
    '\r',
    '\u0015',
    '\u007f',
    '\t',
    '\u001b[A',
    '\u001b[1;5C',
    '\u001bOH',
    '\u001b[3~',
    '\u001b[Z',
    '\u001b[I',
    '\u001bf',
    '\u001b[200~pasted\rtext\u001b[201~',
    '\u001b]11;rgb:0/0/0\u0007',
    '\u001b[99;5u',
  );
  /** Neighbouring runs of text are one run: where they were cut is chance. */
  const isText = (token: Token | undefined) => token?.type === 'key' && /^[^\u0000-\u001f\u007f]/.test(token.text);
  const joined = (list: readonly Token[]) => {
    const all: Token[] = [];
    for (const token of list) {
      const last = all.at(-1);
      if (last?.type === 'key' && token.type === 'key' && isText(last) && isText(token)) {
        all[all.length - 1] = key(last.text + token.text);
      } else all.push(token);
    }
    return all;
  };

  it('the same keys come out', () => {
    fc.assert(
      fc.property(fc.array(piece, {maxLength: 12}), fc.array(fc.nat(200), {maxLength: 20}), (pieces, cuts) => {
        const input = pieces.join('');
        const at = [...new Set([0, ...cuts.map(cut => Math.min(cut, input.length)), input.length])].sort(
          (a, b) => a - b,
        );
        const chunks = at.slice(1).map((to, index) => input.slice(at[index], to));
        expect(joined(tokens(...chunks))).toEqual(joined(tokens(input)));
      }),
      {numRuns: 500},
    );
  });

  it('noise neither stops the tokeniser nor comes out as a sequence', () => {
    const noise = fc.string({
      unit: fc.constantFrom(
        '\u001b',
        '[',
        'O',
        ']',
        '2',
        '0',
        '1',
        '~',
        ';',
        'A',
        '\r',
        '\u009b',
        'é',
        '\u0003',
        '$',
        'M',
      ),
      maxLength: 40,
    });
    fc.assert(
      fc.property(noise, input => {
        const tokeniser = new Tokeniser();
        const found = [...input].flatMap(character => tokeniser.push(character));
        for (let settled = 0; tokeniser.waiting !== null; settled++) {
          expect(settled).toBeLessThan(50);
          found.push(...tokeniser.settle());
        }
        for (const token of found) if (token.type === 'key') expect(token.text).not.toMatch(/^.+\u001b/);
      }),
      {numRuns: 1000},
    );
  });
});
