/** Text as lines of a terminal. Pure. */
import {graphemes, startWithin, widthOf} from './width.ts';

/** However deep text is indented, a line holds this many cells of it. */
const narrowest = 8;

/**
 * Breaks a text at spaces and line ends. A word longer than a line is cut, behind one of its hyphens where it has some:
 * a passphrase is copied by hand from the screen word by word.
 * @param width cells of a line, `indent` and `hang` included
 * @param indent before the first line; `hang` before the others
 * @returns at least one line
 */
export function wrap(text: string, width: number, indent = '', hang = indent): readonly string[] {
  const lines: string[] = [];
  let line = '';
  const lead = () => (lines.length === 0 ? indent : hang);
  const room = () => Math.max(narrowest, width - widthOf(lead()));
  const flush = () => {
    lines.push(lead() + line);
    line = '';
  };
  for (const word of text.split(/[ \t\r\n]+/)) {
    if (word === '') continue;
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > room()) flush();
    let rest = word;
    while (widthOf(rest) > room()) {
      line = piece(rest, room(), atHyphen);
      rest = rest.slice(line.length);
      flush();
    }
    if (rest !== '') line = line === '' ? rest : `${line} ${rest}`;
  }
  if (line !== '' || lines.length === 0) flush();
  return lines;
}

/** Pieces of at most `width` cells that put together are the text again: for what must be copied as it is. */
export function cut(text: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  while (widthOf(rest) > width) {
    const head = piece(rest, width);
    pieces.push(head);
    rest = rest.slice(head.length);
  }
  return [...pieces, rest];
}

const atHyphen = (head: string): string => head.slice(0, head.lastIndexOf('-') + 1) || head;

/** The head of a text that is too long; one character at least, however wide it is. */
const piece = (text: string, width: number, shorten = (head: string): string => head): string =>
  shorten(startWithin(text, width)) || (graphemes(text)[0] ?? text);
