/** Text as the lines a terminal will show, counted before they are drawn, so that no screen grows beyond its rows. */
import {graphemes, startWithin, widthOf} from './parts/visible-part.ts';

/** `code`: an address or a command. It begins at the margin and is never broken at a space, so that it can be copied. */
export type Tone = 'plain' | 'strong' | 'dim' | 'code' | 'good' | 'bad' | 'warn';
export type Passage = Readonly<{
  text: string;
  tone?: Tone /** Stands before the first line; the others are indented. */;
  mark?: string;
}>;
export type Row = Readonly<{text: string; tone: Tone}>;
/** Rows that belong together: a heading or an action, and what is said about it. */
export type Block = readonly Row[];

/** Passages as rows no wider than `width` cells. */
export const rowsOf = (passages: readonly Passage[], width: number): readonly Row[] =>
  passages.flatMap(passage => rowsOfOne(passage, Math.max(8, width)));

function rowsOfOne({text, tone = 'plain', mark = ''}: Passage, width: number): readonly Row[] {
  if (tone === 'code') return broken(text, width).map(line => ({text: line, tone}));
  const indent = ' '.repeat(widthOf(mark));
  return wrapped(text, width - indent.length).map((line, index) => ({
    text: `${index === 0 ? mark : indent}${line}`,
    tone,
  }));
}

/** The same as blocks: each strong passage begins one. */
export function blocksOf(passages: readonly Passage[], width: number): readonly Block[] {
  const blocks: Row[][] = [];
  for (const passage of passages) {
    const rows = rowsOf([passage], width);
    const last = blocks.at(-1);
    if (last === undefined || passage.tone === 'strong') blocks.push([...rows]);
    else last.push(...rows);
  }
  return blocks;
}

/**
 * Lays blocks out on pages. A block that fits on a page is not torn apart: a command stays with what it is for.
 * @param height rows of a page
 * @param gap an empty row between two blocks of a page
 */
export function paginate(blocks: readonly Block[], height: number, gap: boolean): readonly (readonly Row[])[] {
  const pages: Row[][] = [[]];
  for (const block of blocks) {
    let page = pages.at(-1) ?? [];
    const between: readonly Row[] = gap && page.length > 0 ? [{text: '', tone: 'plain'}] : [];
    if (page.length > 0 && page.length + between.length + block.length > height && block.length <= height) {
      page = [];
      pages.push(page);
    } else page.push(...between);
    for (const row of block) {
      if (page.length >= height) {
        page = [];
        pages.push(page);
      }
      page.push(row);
    }
  }
  return pages;
}

/** Wraps at spaces; a word longer than the line is broken where it must be. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = broken(word, width, atHyphen);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line];
}

/** A passphrase that is written down from the screen breaks between its words. */
const atHyphen = (piece: string): string => piece.slice(0, piece.lastIndexOf('-') + 1) || piece;

/** Pieces of the line's width, or what `shorten` leaves of them: nothing is added and nothing is lost. */
function broken(text: string, width: number, shorten = (piece: string): string => piece): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  while (widthOf(rest) > width) {
    const piece = shorten(startWithin(rest, width)) || (graphemes(rest)[0] ?? rest);
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return [...pieces, rest];
}
