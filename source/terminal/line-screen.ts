// The screen of terminals on which nothing can be drawn twice (TERM=dumb) or should be (screen readers): the same
// views, told line by line. Nothing is erased; what is new since the last telling is written below it.
import {asAsciiCells} from '../text/ascii.ts';
import {pasteMode, streamLike} from './screen.ts';

/** Milliseconds a picture must stand still before it is told: a word, not each of its letters. */
const settled = 150;

export type LineScreen = Readonly<{
  /** For Ink in debug mode, which writes every picture whole and no cursor movements. */
  stream: NodeJS.WriteStream;
  /** Tells what has not been told yet. */
  flush: () => void;
}>;

/** @param unicode whether the terminal can show more than ASCII */
export function lineScreenOf(output: NodeJS.WriteStream, unicode: boolean): LineScreen {
  let told: readonly string[] = [];
  let picture: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    if (picture === null || output.destroyed || output.writableEnded) return;
    const lines = linesOf(picture);
    picture = null;
    const fresh = newLines(told, lines);
    told = lines;
    if (fresh.length > 0) output.write(`${fresh.map(line => (unicode ? line : asAsciiCells(line))).join('\n')}\n`);
  };
  const write = (text: string, done: () => void) => {
    const next = text.replace(pasteMode, '');
    // Ink's barrier at the end is an empty write, its farewell a line end.
    if (next.trim() !== '') {
      picture = next;
      clearTimeout(timer);
      if (told.length === 0) flush();
      else timer = setTimeout(flush, settled);
    }
    setImmediate(done);
    return true;
  };
  return {stream: streamLike(output, write), flush};
}

const linesOf = (picture: string): string[] =>
  picture
    .split('\n')
    .map(line => line.trimEnd())
    .filter(line => line !== '');

/** The lines of a picture that the one before did not have; all of it, after a gap, when its heading is another. */
export function newLines(before: readonly string[], now: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of before) left.set(line, (left.get(line) ?? 0) + 1);
  const fresh = now.filter(line => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
  const isAnother = before.length > 0 && now[0] !== before[0];
  return isAnother ? ['', ...now] : fresh;
}
