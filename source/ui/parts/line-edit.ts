// One line being edited: the text left and right of the cursor, and what the keys do to it. Pure.
import {graphemes} from '../../text/width.ts';

/**
 * `revision` counts every action, so that a view can tell a new line from the one it has drawn. `lost`: some of what was
 * put in did not fit, so this is not what was meant, until the line is emptied.
 */
export type Line = Readonly<{before: string; after: string; revision: number; lost: boolean}>;

export type Edit =
  | Readonly<{type: 'insert'; text: string}>
  | Readonly<{
      type:
        | 'delete-left'
        | 'delete-right'
        | 'delete-word'
        | 'delete-after'
        | 'clear'
        | 'left'
        | 'right'
        | 'word-left'
        | 'word-right'
        | 'home'
        | 'end'
        | 'nothing';
    }>;

/** Longest line, in UTF-16 units: far above any token (4096), far below what would slow a redraw. */
export const longestLine = 8192;

export const startLine = (text: string): Line => ({
  before: oneLine(text),
  after: '',
  revision: 0,
  lost: false,
});
export const textOf = (line: Line): string => line.before + line.after;

/**
 * Typed or pasted text as it may stand in a one-line field: escape sequences, control and direction-changing
 * characters gone, line ends inside as one space, line ends around it gone. Zero-width characters stay: emoji need
 * them, and who tidies a token wants to say that they were there.
 */
export function oneLine(text: string): string {
  return text
    .replace(/(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]/g, '')
    .replace(/^[\r\n\u2028\u2029]+|[\r\n\u2028\u2029]+$/g, '')
    .replace(/[\r\n\t\u2028\u2029]+/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/\p{Surrogate}/gu, '');
}

/** The line after one action. What does not fit into `longestLine` any more is left out, and that is remembered. */
export function edit(line: Line, action: Edit): Line {
  const {before, after} = line;
  const set = (left: string, right: string, cut = line.lost): Line => ({
    before: left,
    after: right,
    revision: line.revision + 1,
    lost: cut && left + right !== '',
  });
  switch (action.type) {
    case 'insert': {
      const room = Math.max(0, longestLine - before.length - after.length);
      return set(before + oneLine(action.text.slice(0, room)), after, line.lost || action.text.length > room);
    }
    case 'delete-left':
      return set(dropLast(before), after);
    case 'delete-right':
      return set(before, dropFirst(after));
    case 'delete-word':
      return set(wordLeft(before), after);
    case 'delete-after':
      return set(before, '');
    case 'clear':
      return set('', '');
    case 'left':
      return set(dropLast(before), before.slice(dropLast(before).length) + after);
    case 'right':
      return set(before + after.slice(0, after.length - dropFirst(after).length), dropFirst(after));
    case 'word-left':
      return set(wordLeft(before), before.slice(wordLeft(before).length) + after);
    case 'word-right': {
      const word = /^\s*\S*/.exec(after)?.[0] ?? '';
      return set(before + word, after.slice(word.length));
    }
    case 'home':
      return set('', before + after);
    case 'end':
      return set(before + after, '');
    case 'nothing':
      return set(before, after);
  }
}

const dropLast = (text: string): string => text.slice(0, text.length - (graphemes(text).at(-1)?.length ?? 0));
const dropFirst = (text: string): string => text.slice(graphemes(text)[0]?.length ?? 0);
const wordLeft = (text: string): string => text.replace(/\S*\s*$/u, '');
