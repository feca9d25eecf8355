/** Text as the lines a terminal will show, counted before they are drawn, so that no screen grows beyond its rows. */
import {widthOf} from '../text/width.ts';
import {cut, wrap} from '../text/wrap.ts';

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
  const lines = tone === 'code' ? cut(text, width) : wrap(text, width, mark, ' '.repeat(widthOf(mark)));
  return lines.map(line => ({text: line, tone}));
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
