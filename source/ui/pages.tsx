// Rows that may be more than fit: shown page by page, so that nothing is cut off on a small terminal.
import {Box, Text} from 'ink';
import {useState} from 'react';
import {blocksOf, type Passage, paginate, type Row, type Tone} from './passages.ts';
import {colours} from './theme.ts';

export type Paging = Readonly<{
  /** The rows of the page that is shown. */
  shown: readonly Row[];
  page: number;
  pages: number;
  /** Rows of the longest page: what stands below does not jump when pages are turned. */
  tallest: number;
  /** Turns by so many pages; false when there is no such page. */
  turn: (by: 1 | -1) => boolean;
  /** Turns to the next page, from the last one to the first. */
  around: () => void;
}>;

/** @param room what a page may take */
export function usePages(
  passages: readonly Passage[],
  room: Readonly<{columns: number; rows: number; roomy: boolean}>,
): Paging {
  const [wanted, setWanted] = useState(0);
  const all = pagesOf(passages, room);
  const pages = all.length;
  const page = Math.min(wanted, pages - 1);
  const turn = (by: 1 | -1) => {
    const next = page + by;
    if (next < 0 || next >= pages) return false;
    setWanted(next);
    return true;
  };
  return {
    shown: all[page] ?? [],
    page,
    pages,
    tallest: Math.max(...all.map(rows => rows.length)),
    turn,
    around: () => setWanted((page + 1) % pages),
  };
}

/** With empty rows between the blocks where that takes no more pages. */
function pagesOf(
  passages: readonly Passage[],
  {columns, rows, roomy}: Readonly<{columns: number; rows: number; roomy: boolean}>,
) {
  const blocks = blocksOf(passages, columns);
  const airy = paginate(blocks, rows, roomy);
  const tight = paginate(blocks, rows, false);
  return tight.length < airy.length ? tight : airy;
}

const looks: Readonly<Record<Tone, Readonly<{bold?: boolean; dimColor?: boolean; color?: string}>>> = {
  plain: {},
  strong: {bold: true},
  dim: {dimColor: true},
  code: {color: colours.accent},
  good: {color: colours.good},
  bad: {color: colours.bad},
  warn: {color: colours.warn},
};

/** @param least rows taken at least */
export function Rows({rows, least = 0}: {rows: readonly Row[]; least?: number}) {
  return (
    <Box flexDirection="column" minHeight={least}>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place.
        <Text key={index} wrap="truncate" {...looks[row.tone]}>
          {row.text === '' ? ' ' : row.text}
        </Text>
      ))}
    </Box>
  );
}
