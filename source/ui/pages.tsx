// Rows that may be more than fit: shown page by page, so that nothing is cut off on a small terminal.
import {Box, Text} from 'ink';
import {useState} from 'react';
import {colours} from './theme.ts';
import type {Row, Tone} from './wrap.ts';

export type Paging = Readonly<{
  /** The rows of the page that is shown. */
  shown: readonly Row[];
  page: number;
  pages: number;
  /** Turns by so many pages; false when there is no such page. */
  turn: (by: 1 | -1) => boolean;
  /** Turns to the next page, from the last one to the first. */
  around: () => void;
}>;

/** @param height rows a page may have, its "page 1 of 2" included when there are several */
export function usePages(rows: readonly Row[], height: number): Paging {
  const [wanted, setWanted] = useState(0);
  const size = Math.max(1, rows.length <= height ? height : height - 1);
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const page = Math.min(wanted, pages - 1);
  const turn = (by: 1 | -1) => {
    const next = page + by;
    if (next < 0 || next >= pages) return false;
    setWanted(next);
    return true;
  };
  return {
    shown: rows.slice(page * size, page * size + size),
    page,
    pages,
    turn,
    around: () => setWanted((page + 1) % pages),
  };
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

export function Rows({rows}: {rows: readonly Row[]}) {
  return (
    <Box flexDirection="column">
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place.
        <Text key={index} wrap="truncate" {...looks[row.tone]}>
          {row.text === '' ? ' ' : row.text}
        </Text>
      ))}
    </Box>
  );
}

/** The rows of one page, and which page it is when there are several. */
export function Page({paging}: {paging: Paging}) {
  const {shown, page, pages} = paging;
  return (
    <Box flexDirection="column">
      <Rows rows={shown} />
      {pages > 1 ? (
        <Text dimColor>{`page ${page + 1} of ${pages}${page + 1 < pages ? ': Space shows more' : ''}`}</Text>
      ) : null}
    </Box>
  );
}
