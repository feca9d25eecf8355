// What Ink writes to: the terminal, with the few things changed that Ink cannot be told.

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
    if (!output.destroyed && !output.writableEnded) return output.write(unicode ? text : asciiOnly(text), done);
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

const likenesses: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '~',
  '·': '-',
  '•': '*',
  '›': '>',
  '→': '>',
  '✓': 'v',
  '✗': 'x',
  '×': 'x',
  ' ': ' ',
};

/** Text for a terminal without Unicode: accents dropped, typographic signs as their ASCII likeness, the rest `?`. */
export function asciiOnly(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return text.normalize('NFC').replace(/[^\x00-\x7f]/gu, character => {
    if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return '';
    const plain = likenesses[character] ?? character.normalize('NFKD').replace(/\p{Mn}/gu, '');
    return /^[\x20-\x7e]$/.test(plain) ? plain : wide.test(character) ? '??' : '?';
  });
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
