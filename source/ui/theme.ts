// What the views draw with: symbols, colour roles, and the room they have. No view asks the terminal itself.
import {useWindowSize} from 'ink';
import {createContext, use} from 'react';

/** One-line marks; the ASCII row is for locales and fonts without Unicode. */
export type Symbols = Readonly<
  Record<
    | 'passed'
    | 'failed'
    | 'warning'
    | 'skipped'
    | 'pending'
    | 'pointer'
    | 'bullet'
    | 'mask'
    | 'ellipsis'
    | 'dot'
    | 'arrow',
    string
  >
>;

const unicodeSymbols: Symbols = {
  passed: '✓',
  failed: '✗',
  warning: '!',
  skipped: '–',
  pending: '·',
  pointer: '›',
  bullet: '•',
  mask: '•',
  ellipsis: '…',
  dot: '·',
  arrow: '→',
};

const asciiSymbols: Symbols = {
  passed: 'v',
  failed: 'x',
  warning: '!',
  skipped: '-',
  pending: '.',
  pointer: '>',
  bullet: '*',
  mask: '*',
  ellipsis: '~',
  dot: '-',
  arrow: '->',
};

/** Colours by role. Without colour Ink drops them, so nothing may be said by colour alone. */
export const colours = {accent: 'cyan', good: 'green', bad: 'red', warn: 'yellow'} as const;

export type Theme = Readonly<{
  symbols: Symbols;
  spinner: readonly string[];
  unicode: boolean;
  /** Nothing may move: a screen reader would speak every frame, a dumb terminal would print it. */
  still: boolean;
  /** Lines are told one after another: room has no end, choices have numbers, states are words. */
  lines: boolean;
  /** Milliseconds between two pictures of what moves. */
  pace: number;
}>;

/** @param terminal what `capabilities(world)` found */
export function themeOf(
  terminal: Readonly<{unicode: boolean; screenReader: boolean; dumb: boolean; motion?: 'full' | 'reduced' | 'none'}>,
): Theme {
  return {
    symbols: terminal.unicode ? unicodeSymbols : asciiSymbols,
    spinner: terminal.unicode ? ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] : ['-', '\\', '|', '/'],
    unicode: terminal.unicode,
    still: terminal.screenReader || terminal.dumb || terminal.motion === 'none',
    lines: terminal.screenReader || terminal.dumb,
    // Over SSH each picture is a small packet; at 125 ms a waiting screen stays well below 1 KB/s.
    pace: terminal.motion === 'reduced' ? 1000 : 125,
  };
}

/** Wrap the app in `<ThemeContext value={themeOf(capabilities(world))}>`. */
export const ThemeContext = createContext<Theme>(themeOf({unicode: true, screenReader: false, dumb: false}));
export const useTheme = (): Theme => use(ThemeContext);

/** Columns and rows, in cells. */
export type Viewport = Readonly<{columns: number; rows: number}>;

/** Fixes the room a view has instead of the window's size: for a frame inside a frame, and for rendering to a string. */
export const ViewportContext = createContext<Viewport | null>(null);

/** The room for the whole view; follows a resize. */
export function useViewport(): Viewport {
  const fixed = use(ViewportContext);
  const window = useWindowSize();
  return fixed ?? window;
}
