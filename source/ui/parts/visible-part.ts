// How wide text is on a terminal, and which part of a long line is shown around the cursor. Pure.

// The segmenter costs about 10 ms to make: only text that needs it pays.
let segmenter: Intl.Segmenter | undefined;

/** The characters as a reader counts them: an emoji family or a letter with its accents is one. */
export function graphemes(text: string): string[] {
  if (/^[\x20-\x7e]*$/.test(text)) return text.split('');
  segmenter ??= new Intl.Segmenter(undefined, {granularity: 'grapheme'});
  return Array.from(segmenter.segment(text), part => part.segment);
}

// East Asian Wide and Fullwidth (Unicode 16, EastAsianWidth.txt), the ranges of emoji left to \p{Emoji_Presentation}.
const wide =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;
const weightless = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u115f\u1160\u3164]+$/u;

/** Cells one grapheme takes: 0, 1 or 2. */
function cells(grapheme: string): number {
  if (weightless.test(grapheme)) return 0;
  if (/\p{Emoji_Presentation}/u.test(grapheme) || (grapheme.length > 1 && grapheme.includes('\ufe0f'))) return 2;
  return wide.test(grapheme) ? 2 : 1;
}

/** Cells a line of text takes. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return graphemes(text).reduce((sum, grapheme) => sum + cells(grapheme), 0);
}

/** The longest start of `text` no wider than `width` cells. */
export function startWithin(text: string, width: number): string {
  let used = 0;
  let kept = '';
  for (const grapheme of graphemes(text)) {
    used += cells(grapheme);
    if (used > width) break;
    kept += grapheme;
  }
  return kept;
}

/** The longest end of `text` no wider than `width` cells. */
export function endWithin(text: string, width: number): string {
  let used = 0;
  let kept = '';
  for (const grapheme of graphemes(text).reverse()) {
    used += cells(grapheme);
    if (used > width) break;
    kept = grapheme + kept;
  }
  return kept;
}

/** What is shown of a line: the text left and right of the cursor, and whether some of it is cut off on either side. */
export type Visible = Readonly<{before: string; after: string; cutBefore: boolean; cutAfter: boolean}>;

/**
 * The part of a one-line text that fits around its cursor.
 * @param before text left of the cursor
 * @param after text right of it
 * @param width cells for everything shown, the marks of the cuts (one cell each) included
 */
export function around(before: string, after: string, width: number): Visible {
  const left = widthOf(before);
  const right = widthOf(after);
  if (left + right <= width) return {before, after, cutBefore: false, cutAfter: false};
  // A third of the line stays for what follows the cursor, so that moving left shows where one is going.
  const forAfter = Math.min(right, Math.max(Math.floor(width / 3), width - left));
  const cutAfter = right > forAfter;
  const forBefore = width - forAfter;
  const cutBefore = left > forBefore;
  return {
    before: cutBefore ? endWithin(before, Math.max(1, forBefore - 1)) : before,
    after: cutAfter ? startWithin(after, Math.max(0, forAfter - 1)) : after,
    cutBefore,
    cutAfter,
  };
}
