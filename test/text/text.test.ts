import fc from 'fast-check';
import stringWidth from 'string-width';
import {describe, expect, it} from 'vitest';
import {asAscii, asAsciiCells} from '../../source/text/ascii.ts';
import {distance} from '../../source/text/distance.ts';
import {clipped, endWithin, graphemes, padded, startWithin, widthOf} from '../../source/text/width.ts';
import {cut, wrap} from '../../source/text/wrap.ts';

const line = fc
  .oneof(
    fc.string({unit: 'grapheme', maxLength: 40}),
    fc.string({unit: 'binary', maxLength: 40}),
    fc.string({unit: fc.constantFrom('a', ' ', '日', '한', 'é', 'e\u0301', '👨‍👩‍👧', '❤️', '🇩🇪', 'ｱ', '\u200b', 'x-')}),
    // Terminal sequences never come as far as this: text is cleaned where it enters.
  )
  .filter(text => !/[\u001b\u009b]/.test(text));

describe('width', () => {
  it.each([
    ['abc', 3],
    ['e\u0301', 1],
    ['日本', 4],
    ['ｆｕｌｌ', 8],
    ['👨‍👩‍👧‍👦', 2],
    ['❤️', 2],
    ['🇩🇪', 2],
    ['a\u200bb', 2],
    ['', 0],
  ])('%s takes %i cells', (text, cells) => {
    expect(widthOf(text)).toBe(cells);
  });

  it('is what string-width says, and the sum of the characters', () => {
    fc.assert(
      fc.property(line, text => {
        expect(widthOf(text)).toBe(stringWidth(text));
        expect(graphemes(text).reduce((sum, one) => sum + widthOf(one), 0)).toBe(stringWidth(text));
        expect(graphemes(text).join('')).toBe(text);
      }),
    );
  });

  it('the start and the end that fit are the longest, and cut between characters', () => {
    fc.assert(
      fc.property(line, fc.integer({min: -1, max: 40}), (text, width) => {
        const start = startWithin(text, width);
        const end = endWithin(text, width);
        expect(text.startsWith(start) && text.endsWith(end)).toBe(true);
        expect(Math.max(stringWidth(start), stringWidth(end))).toBeLessThanOrEqual(Math.max(0, width));
        const next = graphemes(text)[graphemes(start).length];
        if (next !== undefined) expect(stringWidth(start + next)).toBeGreaterThan(width);
        expect(graphemes(text).join('|').startsWith(graphemes(start).join('|'))).toBe(true);
      }),
    );
  });

  it('clipped and padded text fills exactly what it may', () => {
    fc.assert(
      fc.property(line, fc.integer({min: 3, max: 40}), (text, width) => {
        expect(stringWidth(padded(clipped(text, width, '…'), width))).toBe(width);
      }),
    );
  });
});

describe('wrapping', () => {
  const words = fc
    .array(fc.string({unit: 'grapheme', minLength: 1, maxLength: 30}), {maxLength: 30})
    .map(list => list.join(' '));

  it('keeps every line within the width and loses nothing but spaces', () => {
    fc.assert(
      fc.property(words, fc.integer({min: 8, max: 100}), (text, width) => {
        const lines = wrap(text, width);
        for (const each of lines) expect(widthOf(each)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
      }),
    );
  });

  it.each([
    ['one two three', 8, ['one two', 'three']],
    ['', 8, ['']],
    ['abcdefghijkl', 8, ['abcdefgh', 'ijkl']],
    ['ab abcdefghijkl', 8, ['ab', 'abcdefgh', 'ijkl']],
    ['日本語日本語', 8, ['日本語日', '本語']],
    ['acoustic-kitten-cloud-shrug-trip-sustain', 39, ['acoustic-kitten-cloud-shrug-trip-', 'sustain']],
  ])('%j in %i columns', (text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines);
  });

  it('indents the first line and hangs the others', () => {
    expect(wrap('one two three four', 12, '1. ', '   ')).toEqual(['1. one two', '   three', '   four']);
  });

  it('pieces of what must be copied are the text again', () => {
    fc.assert(
      fc.property(line, fc.integer({min: 2, max: 40}), (text, width) => {
        const pieces = cut(text, width);
        expect(pieces.join('')).toBe(text);
        for (const piece of pieces) expect(graphemes(piece).length < 2 || widthOf(piece) <= width).toBe(true);
      }),
    );
  });
});

describe('ASCII', () => {
  it.each([
    ['plain text', 'plain text', 'plain text'],
    ['one\ntwo\ttabs', 'one\ntwo\ttabs', 'one\ntwo\ttabs'],
    ['“é” → …\n✓', '"e" -> ...\nok', '"e" > ~\nv'],
    ['Zoë Čapek', 'Zoe Capek', 'Zoe Capek'],
    ['日本', '??', '????'],
    ['a\u200bb', 'ab', 'ab'],
    ['\u001b[1m✗\u001b[22m', '\u001b[1mFAIL\u001b[22m', '\u001b[1mx\u001b[22m'],
    ['😀', '?', '??'],
  ])('%j', (text, written, drawn) => {
    expect(asAscii(text)).toBe(written);
    expect(asAsciiCells(text)).toBe(drawn);
  });

  it('nothing else comes out, and line ends stay', () => {
    fc.assert(
      fc.property(fc.array(line), lines => {
        const text = lines.map(each => each.replaceAll('\n', '')).join('\n');
        for (const plain of [asAscii(text), asAsciiCells(text)]) {
          expect(plain).toMatch(/^[\x00-\x7f]*$/);
          expect(plain.split('\n')).toHaveLength(text.split('\n').length);
        }
      }),
    );
  });
});

describe('distance', () => {
  it.each([
    ['', 'abc', 3],
    ['export', 'exprot', 1],
    ['export', 'expor', 1],
    ['export', 'explain', 4],
    ['same', 'same', 0],
  ])('%s and %s: %i', (one, other, edits) => {
    expect(distance(one, other)).toBe(edits);
    expect(distance(other, one)).toBe(edits);
  });
});
