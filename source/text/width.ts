/** How many cells text takes on a terminal, by string-width, which is also how Ink lays out. Pure. */
import stringWidth from 'string-width';

const printableAscii = /^[\x20-\x7e]*$/;

// A segmenter costs 10 to 15 ms to make: only text that needs one pays for it.
let segmenter: Intl.Segmenter | undefined;

/** The characters as a reader counts them: an emoji family or a letter with its accents is one. */
export function graphemes(text: string): string[] {
  if (printableAscii.test(text)) return text.split('');
  segmenter ??= new Intl.Segmenter(undefined, {granularity: 'grapheme'});
  return Array.from(segmenter.segment(text), part => part.segment);
}

/** Cells a line of text takes. */
export const widthOf = (text: string): number => (printableAscii.test(text) ? text.length : stringWidth(text));

/** The longest start of `text` no wider than `width` cells. */
export function startWithin(text: string, width: number): string {
  if (printableAscii.test(text)) return text.slice(0, Math.max(0, width));
  return taken(graphemes(text), width).join('');
}

/** The longest end of `text` no wider than `width` cells. */
export function endWithin(text: string, width: number): string {
  if (printableAscii.test(text)) return text.slice(Math.max(0, text.length - Math.max(0, width)));
  return taken(graphemes(text).reverse(), width).reverse().join('');
}

function taken(parts: readonly string[], width: number): string[] {
  let used = 0;
  const end = parts.findIndex(part => {
    used += widthOf(part);
    return used > width;
  });
  return parts.slice(0, end === -1 ? parts.length : end);
}

/** `text`, or as much of its start as fits with `mark` behind it. */
export const clipped = (text: string, width: number, mark: string): string =>
  widthOf(text) <= width ? text : startWithin(text, width - widthOf(mark)) + mark;

/** `text` and spaces up to `width` cells. */
export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
