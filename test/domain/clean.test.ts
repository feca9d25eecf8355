import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {clean, withoutInvisible} from '../../source/domain/clean.ts';

const ESC = '\u001b';
const BEL = '\u0007';
const ST = `${ESC}\\`;

/** What a terminal would act on, hide, or draw somewhere else. */
const harmful =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029]|[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Noncharacter_Code_Point}\p{Surrogate}]|\s\s|^\s|\s$|[^\S ]|\p{Mark}{5}/u;

const payloads: readonly (readonly [what: string, text: string, expected: string])[] = [
  ['colour', `${ESC}[31mred${ESC}[0m`, 'red'],
  ['256 colours', `a${ESC}[38;5;196mb`, 'a b'],
  ['true colour with colons', `a${ESC}[38:2::255:0:0mb`, 'a b'],
  ['conceal', `${ESC}[8mhidden${ESC}[28m`, 'hidden'],
  ['blink and reverse', `${ESC}[5;7mlook`, 'look'],
  ['clear screen', `${ESC}[2Jgone`, 'gone'],
  ['cursor home', `a${ESC}[Hb`, 'a b'],
  ['cursor up and overwrite', `verdict${ESC}[1A${ESC}[2Kpassed`, 'verdict passed'],
  ['private mode', `a${ESC}[?1049hb`, 'a b'],
  ['mouse reports on', `a${ESC}[?1003;1006hb`, 'a b'],
  ['bracketed paste markers', `${ESC}[200~rm -rf${ESC}[201~`, 'rm -rf'],
  ['device status asked (an answer typed for us)', `a${ESC}[6nb`, 'a b'],
  ['terminal identification asked', `a${ESC}[cb`, 'a b'],
  ['secondary attributes asked', `a${ESC}[>cb`, 'a b'],
  ['scroll region', `a${ESC}[5;10rb`, 'a b'],
  ['a sequence with intermediates', `a${ESC}[!pb`, 'a b'],
  ['a sequence cut off', `text${ESC}[38;5`, 'text'],
  ['a lone escape at the end', `text${ESC}`, 'text'],
  ['full reset', `a${ESC}cb`, 'a b'],
  ['character set switched', `a${ESC}(0b`, 'a b'],
  ['save and restore cursor', `${ESC}7x${ESC}8`, 'x'],
  ['double height', `${ESC}#3big`, 'big'],
  ['title, ended by BEL', `${ESC}]0;owned${BEL}safe`, 'safe'],
  ['title, ended by ST', `${ESC}]2;owned${ST}safe`, 'safe'],
  ['title, never ended', `safe${ESC}]0;owned`, 'safe'],
  ['hyperlink', `${ESC}]8;;https://evil.example${ST}click${ESC}]8;;${ST}`, 'click'],
  ['hyperlink, ended by BEL', `${ESC}]8;id=1;https://evil.example${BEL}click${ESC}]8;;${BEL}`, 'click'],
  ['clipboard written', `${ESC}]52;c;cm0gLXJm${BEL}done`, 'done'],
  ['working directory', `${ESC}]7;file:///etc${BEL}x`, 'x'],
  ['palette', `${ESC}]4;1;rgb:00/00/00${ST}x`, 'x'],
  ['notification', `${ESC}]777;notify;a;b${BEL}x`, 'x'],
  ['inline image', `${ESC}]1337;File=inline=1:AAAA${BEL}x`, 'x'],
  ['device control string', `${ESC}P$q"p${ST}x`, 'x'],
  // Doubled escapes break the string off early: what is left of it is text without any effect.
  ['tmux passthrough', `${ESC}Ptmux;${ESC}${ESC}]0;x${BEL}${ST}y`, 'tmux; y'],
  ['sixel', `${ESC}Pq#0;2;0;0;0${ST}x`, 'x'],
  ['application program command', `${ESC}_Gi=1;AAAA${ST}x`, 'x'],
  ['privacy message', `${ESC}^secret${ST}x`, 'x'],
  ['start of string', `${ESC}Xsecret${ST}x`, 'x'],
  ['8-bit CSI', 'a\u009b31mb', 'a b'],
  ['8-bit OSC, ended', '\u009d0;owned\u009csafe', 'safe'],
  ['8-bit OSC ended by BEL', `\u009d0;owned${BEL}safe`, 'safe'],
  ['8-bit DCS, ended', '\u0090q1\u009csafe', 'safe'],
  ['8-bit APC, ended by the 7-bit ST', `\u009fx${ST}safe`, 'safe'],
  [
    'UTF-8 read as Latin-1 keeps its words',
    'the \u00e2\u0080\u009dsite\u00e2\u0080\u009d is down',
    'the \u00e2 site\u00e2 is down',
  ],
  ['next line, a C1', 'a\u0085b', 'a b'],
  ['carriage return', 'failed\rpassed', 'failed passed'],
  ['backspaces', 'bad\b\b\bgood', 'bad good'],
  ['bell', `a${BEL}b`, 'a b'],
  ['NUL', 'a\u0000b', 'a b'],
  ['shift out', 'a\u000eb\u000fc', 'a b c'],
  ['delete', 'a\u007fb', 'a b'],
  ['tab, vertical tab, form feed', 'a\t\u000b\fb', 'a b'],
  ['line and paragraph separators', 'a\u2028b\u2029c', 'a b c'],
  ['no-break and ideographic spaces', 'a\u00a0\u3000b', 'a b'],
  ['right-to-left override', 'exe.\u202egpj', 'exe.gpj'],
  ['isolates', 'a\u2066b\u2069c', 'abc'],
  ['Arabic letter mark', 'a\u061cb', 'ab'],
  ['zero-width space, joiners, word joiner', 'a\u200bb\u200cc\u200dd\u2060e', 'abcde'],
  ['soft hyphen', 'pass\u00adword', 'password'],
  ['byte order mark', '\ufefftext', 'text'],
  ['Hangul fillers', 'a\u3164b\u115fc\uffa0d', 'abcd'],
  ['variation selectors', 'a\ufe0fb\u{e0100}c', 'abc'],
  ['tag characters', `hi\u{e0001}\u{e0041}\u{e007f}`, 'hi'],
  ['tag character whose halves only meet after cleaning', 'x\udb40\u200b\udc41y', 'x\ufffd\ufffdy'],
  ['escape parted from its bracket by a zero-width space', `${ESC}\u200b[31mx`, '[31mx'],
  ['interlinear annotation', 'a\ufff9b\ufffac\ufffbd', 'abcd'],
  ['noncharacters', 'a\ufffeb\uffffc\u{1fffe}d', 'abcd'],
  ['musical format controls', 'a\u{1d173}b', 'ab'],
  ['half a surrogate pair', 'a\ud83db', 'a\ufffdb'],
  ['the other half', 'a\ude00b', 'a\ufffdb'],
  ['a heap of marks on one letter', `Z${'\u0335'.repeat(40)}!`, `Z${'\u0335'.repeat(4)}!`],
  ['an honest replacement character stays', 'a\ufffdb', 'a\ufffdb'],
  ['honest text stays', 'Grüße, 東京 — “Jira” 😀', 'Grüße, 東京 — “Jira” 😀'],
];

describe('clean', () => {
  test.each(payloads)('%s', (_what, text, expected) => {
    expect(clean(text)).toBe(expected);
    expect(clean(text)).not.toMatch(harmful);
  });

  test('the table is as long as it was meant to be', () => {
    expect(payloads.length).toBeGreaterThanOrEqual(60);
  });

  const pieces = fc.oneof(
    fc.string({unit: 'binary'}),
    fc.string({unit: fc.integer({min: 0, max: 0xffff}).map(unit => String.fromCharCode(unit))}),
    fc.constantFrom(...payloads.map(([, text]) => text)),
    fc.constantFrom(ESC, BEL, ST, '\u009b', '\u009d', '\u009c', '\udb40', '\udc41', '\u200b', '\u0301', '[', ']', ' '),
  );
  const hostile = fc.array(pieces, {maxLength: 12}).map(list => list.join(''));

  test('whatever comes in, nothing harmful comes out, and no more than the limit', () => {
    fc.assert(
      fc.property(hostile, fc.integer({min: -2, max: 60}), (text, limit) => {
        const result = clean(text, limit);
        expect(result).not.toMatch(harmful);
        expect(result.length).toBeLessThanOrEqual(Math.max(0, limit));
      }),
      {numRuns: 2000},
    );
  });

  test('cleaning twice changes nothing more', () => {
    fc.assert(
      fc.property(hostile, fc.integer({min: 1, max: 60}), (text, limit) => {
        const once = clean(text, limit);
        expect(clean(once, limit)).toBe(once);
      }),
      {numRuns: 2000},
    );
  });

  test('a cut never halves a character', () => {
    for (let limit = 1; limit <= 12; limit += 1) {
      const result = clean('😀'.repeat(20), limit);
      expect(result).toMatch(/^(?:😀)*…$/u);
      expect(result.length).toBeLessThanOrEqual(limit);
    }
  });

  test('a text of just the limit is whole, one longer says that it was cut', () => {
    expect(clean('abcde', 5)).toBe('abcde');
    expect(clean('abcdef', 5)).toBe('abcd…');
    expect(clean('abc def', 5)).toBe('abc…');
  });

  test.each([
    [undefined, ''],
    [null, ''],
    [42, '42'],
    [true, 'true'],
    [10n, '10'],
    [new Error(`broken${ESC}[2J pipe`), 'broken pipe'],
    [{toString: 'not a function', valueOf: 1}, ''],
    [Object.create(null), ''],
    [['a'], ''],
    [Symbol('x'), ''],
  ])('takes anything JSON or a library may hold: %#', (value, expected) => {
    expect(clean(value)).toBe(expected);
  });

  test.each([
    ESC,
    `${ESC}]`,
    `${ESC}[`,
    '\u009d',
    '\u009b',
    '\u0090',
    '\u0301',
    '\u200b',
    ' ',
    `${ESC}P`,
    `${ESC}]8;;`,
  ])('a million characters of trouble come back: %j', unit => {
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
    expect(clean(text)).not.toMatch(harmful);
    // Also with nothing bounded in front: the expressions themselves do linear work.
    expect(clean(text, 1_000_000)).not.toMatch(harmful);
  });
});

test('withoutInvisible takes off what shows nothing and leaves white space', () => {
  expect(withoutInvisible('\ufeffa \u200bb\n\u00adc')).toBe('a b\nc');
});
