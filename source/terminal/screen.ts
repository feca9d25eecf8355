// What Ink writes to: the terminal, with the few things changed that Ink cannot be told.
import {asAsciiCells} from '../text/ascii.ts';

/** Ink's switching of bracketed paste, which belongs to mount. */
export const pasteMode = /\u001b\[\?2004[hl]/g;

/**
 * @param output a terminal
 * @param unicode whether it can show more than ASCII
 * @returns the same stream, except that writes
 *   - leave bracketed paste alone: Ink turns it off between two screens, mount holds it on for all of them;
 *   - go nowhere once the terminal is gone, instead of throwing EPIPE into React;
 *   - on an ASCII terminal carry ASCII only, cell by cell, so that a display name cannot break the picture.
 */
export function screenOf(output: NodeJS.WriteStream, unicode: boolean): NodeJS.WriteStream {
  return streamLike(output, (chunk, done) => {
    const text = chunk.replace(pasteMode, '');
    if (!output.destroyed && !output.writableEnded) return output.write(unicode ? text : asAsciiCells(text), done);
    setImmediate(done);
    return false;
  });
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
