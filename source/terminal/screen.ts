// What Ink writes to: the terminal, with the few things changed that Ink cannot be told.
import {asAsciiCells} from '../text/ascii.ts';
import {portable} from './sequences.ts';

/** Ink's switching of bracketed paste, which belongs to mount. */
export const pasteMode = /\u001b\[\?2004[hl]/g;

export type Screen = Readonly<{
  stream: NodeJS.WriteStream;
  /** The alternate screen is shown, as far as was written here. */
  onAlternate: () => boolean;
}>;

/**
 * @param output a terminal
 * @returns the same stream, except that writes
 *   - hold no sequence that some terminal in use does not know (see sequences.ts);
 *   - leave bracketed paste alone: Ink turns it off between two screens, mount holds it on for all of them;
 *   - go nowhere once the terminal is gone, instead of throwing EPIPE into React;
 *   - on an ASCII terminal carry ASCII only, cell by cell, so that a display name cannot break the picture.
 */
export function screenOf(output: NodeJS.WriteStream, can: Readonly<{unicode: boolean; basic: boolean}>): Screen {
  let alternate = false;
  const stream = streamLike(output, (chunk, done) => {
    const text = portable(chunk.replace(pasteMode, ''), can.basic);
    const last = text.lastIndexOf('\u001b[?1049');
    if (last !== -1) alternate = text.startsWith('\u001b[?1049h', last);
    if (!output.destroyed && !output.writableEnded) return output.write(can.unicode ? text : asAsciiCells(text), done);
    setImmediate(done);
    return false;
  });
  return {stream, onAlternate: () => alternate};
}

/** A stream that is `output` in everything but what `write` does. */
export function streamLike(
  output: NodeJS.WriteStream,
  write: (text: string, done: () => void) => boolean,
): NodeJS.WriteStream {
  const replaced = (chunk: unknown, ...rest: unknown[]): boolean => {
    const callback = rest.find(argument => typeof argument === 'function');
    return write(String(chunk), () => (typeof callback === 'function' ? callback() : undefined));
  };
  return new Proxy(output, {
    get(target, key) {
      if (key === 'write') return replaced;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
