// Which part of a line that is too long is shown around its cursor. Pure.
import {endWithin, startWithin, widthOf} from '../../text/width.ts';

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
