// What every screen has: the progress line on top, the keys at the bottom, and how many rows and columns lie between.
import {Box, Text} from 'ink';
import {createContext, type ReactNode, use} from 'react';
import {widthOf} from '../text/width.ts';
import {colours, useTheme, useViewport} from './theme.ts';

/** One key and what it does; `briefly` is for narrow terminals. */
export type KeyHint = Readonly<{key: string; does: string; briefly?: string}>;

export const keys = {
  accept: {key: 'Enter', does: 'accept', briefly: 'ok'},
  next: {key: 'Enter', does: 'next'},
  choose: {key: 'Enter', does: 'choose', briefly: 'ok'},
  back: {key: 'Shift-Tab', does: 'back'},
  help: {key: '?', does: 'help'},
  leave: {key: 'Ctrl-C', does: 'leave'},
  stop: {key: 'Ctrl-C', does: 'stop'},
  pages: {key: 'Space', does: 'more'},
} as const satisfies Record<string, KeyHint>;

export type Room = Readonly<{columns: number; rows: number; roomy: boolean}>;

/**
 * The room of a screen's body: one row of the terminal stays free, since a frame as high as the terminal makes it scroll
 * with every redraw; the progress line, the footer, and on a high terminal an empty row beside each, are taken off.
 */
export function roomOf({columns, rows}: Readonly<{columns: number; rows: number}>): Room {
  const roomy = rows >= 20;
  return {columns: Math.max(20, columns - 1), rows: Math.max(6, rows - 1 - 2 - (roomy ? 2 : 0)), roomy};
}

export const useRoom = (): Room => roomOf(useViewport());

export type FrameProps = Readonly<{
  /** What the screen is about; "Connection test" and the like stand here to the letter. */
  title: string;
  /** Which of the assistant's parts this is; null outside of them. */
  place: number | null;
  hints: readonly KeyHint[];
  /** The page shown and how many there are, for what is read in pages. */
  paging?: Readonly<{page: number; pages: number}>;
  children: ReactNode;
}>;

/** Whether nothing here is real. Every screen of the practice says so. */
export const PracticeContext = createContext(false);

/** How many parts the assistant has: connector, prerequisites, the fields, the test. */
export const places = 9;

export function Frame({title, place, hints, paging, children}: FrameProps) {
  const {symbols} = useTheme();
  const {columns, roomy} = useRoom();
  const practice = use(PracticeContext);
  const progress = place === null ? '' : `${place} of ${places} ${symbols.dot} `;
  const pages = paging && paging.pages > 1 ? ` ${paging.page + 1}/${paging.pages}` : '';
  const unreal = practice ? ` ${symbols.dot} practice` : '';
  // Where there is room for one of the two: that nothing here is real is more important than the place.
  const fits = widthOf(progress + title + pages + unreal) <= columns;
  const before = practice && !fits ? 'practice: ' : progress;
  return (
    <Box flexDirection="column" width={columns}>
      <Text wrap="truncate">
        <Text dimColor>{before}</Text>
        <Text bold color={colours.accent}>
          {title}
        </Text>
        {pages ? <Text dimColor>{pages}</Text> : null}
        {unreal && fits ? <Text dimColor>{unreal}</Text> : null}
      </Text>
      {roomy ? <Text> </Text> : null}
      {children}
      {roomy ? <Text> </Text> : null}
      <Text dimColor wrap="truncate">
        {footer(hints, columns, symbols.dot)}
      </Text>
    </Box>
  );
}

/** The keys in words, shorter where the line is too narrow for them. */
export function footer(hints: readonly KeyHint[], columns: number, dot: string): string {
  const long = hints.map(({key, does}) => `${key} ${does}`).join(`  ${dot}  `);
  if (widthOf(long) <= columns) return long;
  const tight = hints.map(({key, does}) => `${key} ${does}`).join(` ${dot} `);
  if (widthOf(tight) <= columns) return tight;
  return hints.map(({key, does, briefly}) => `${short[key] ?? key} ${briefly ?? does}`).join(' ');
}

const short: Readonly<Record<string, string>> = {'Shift-Tab': 'S-Tab', 'Ctrl-C': '^C', Enter: 'Ret', Space: 'Spc'};
