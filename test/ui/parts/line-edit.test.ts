import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {widthOf} from '../../../source/text/width.ts';
import {type Edit, edit, longestLine, oneLine, startLine, textOf} from '../../../source/ui/parts/line-edit.ts';
import {around} from '../../../source/ui/parts/visible-part.ts';

describe('oneLine', () => {
  it.each([
    ['plain', 'plain'],
    ['\r\ntoken\r\n', 'token'],
    ['a\u202eb\u2066c', 'abc'],
    ['\ud83d', ''],
    ['zero\u200bwidth', 'zero\u200bwidth'],
    ['👨‍👩‍👧', '👨‍👩‍👧'],
    [' spaces stay ', ' spaces stay '],
  ])('%j', (text, expected) => {
    expect(oneLine(text)).toBe(expected);
  });
});

describe('edit', () => {
  const moves = ['left', 'right', 'word-left', 'word-right', 'home', 'end', 'nothing'] as const;
  const deletions = ['delete-left', 'delete-right', 'delete-word', 'delete-after', 'clear'] as const;
  const text = fc.string({unit: 'grapheme', maxLength: 12}).map(oneLine);
  const moving = fc.constantFrom(...moves).map((type): Edit => ({type}));

  it('moving changes no text', () => {
    fc.assert(
      fc.property(text, fc.array(moving), (start, actions) => {
        expect(textOf(actions.reduce(edit, startLine(start)))).toBe(start);
      }),
    );
  });

  it('whatever is done, the line is whole characters, no longer than allowed, and counted', () => {
    const action = fc.oneof(
      moving,
      fc.constantFrom(...deletions).map((type): Edit => ({type})),
      fc.string({unit: 'binary', maxLength: 8}).map((inserted): Edit => ({type: 'insert', text: inserted})),
    );
    fc.assert(
      fc.property(fc.array(action, {maxLength: 30}), actions => {
        const line = actions.reduce(edit, startLine(''));
        expect(textOf(line)).not.toMatch(/[\p{Surrogate}\u0000-\u001f]/u);
        expect(line.revision).toBe(actions.length);
      }),
    );
  });

  it('takes no more than a line holds', () => {
    const full = edit(startLine('x'), {type: 'insert', text: 'y'.repeat(longestLine * 2)});
    expect(textOf(full)).toHaveLength(longestLine);
    expect(textOf(edit(full, {type: 'insert', text: 'z'}))).toHaveLength(longestLine);
    expect(startLine('x').lost).toBe(false);
    expect(edit(startLine('x'), {type: 'insert', text: 'y'.repeat(longestLine - 1)}).lost).toBe(false);
    // What did not fit stays lost until the line is emptied, however.
    expect(full.lost).toBe(true);
    expect(edit(full, {type: 'delete-left'}).lost).toBe(true);
    expect(edit(edit(full, {type: 'clear'}), {type: 'insert', text: 'z'}).lost).toBe(false);
  });
});

describe('the visible part', () => {
  it('what is shown around the cursor fits, is next to it, and says where it is cut', () => {
    const text = fc.string({unit: 'grapheme', maxLength: 60}).map(oneLine);
    fc.assert(
      fc.property(text, text, fc.integer({min: 6, max: 40}), (before, after, width) => {
        const shown = around(before, after, width);
        const marks = (shown.cutBefore ? 1 : 0) + (shown.cutAfter ? 1 : 0);
        expect(widthOf(shown.before) + widthOf(shown.after) + marks).toBeLessThanOrEqual(width);
        expect(before.endsWith(shown.before) && after.startsWith(shown.after)).toBe(true);
        expect(shown.cutBefore).toBe(shown.before !== before);
        expect(shown.cutAfter).toBe(shown.after !== after);
        if (before !== '') expect(shown.before).not.toBe('');
      }),
    );
  });
});
