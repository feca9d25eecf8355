/** Text files as they come: UTF-8, or UTF-16 as PowerShell's `>` and Windows editors write it, with or without its mark. */

export type DecodedText = Readonly<{text: string; encoding: 'UTF-8' | 'UTF-16'}>;

/** Bytes in the order of UTF-16LE, whichever order they came in. */
const swapped = (bytes: Uint8Array): Uint8Array => bytes.map((_, at) => bytes[at ^ 1] ?? 0);

/**
 * Which of the two bytes of each unit is zero throughout: that is how ASCII looks in UTF-16, and no UTF-8 text has zeros.
 * Every unit must show it, so that bytes at random are not taken for text.
 */
function orderOf(bytes: Uint8Array): 'little' | 'big' | null {
  if (bytes.length < 4 || bytes.length % 2 !== 0) return null;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'little';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'big';
  if (bytes.every((byte, at) => (at % 2 === 1) === (byte === 0))) return 'little';
  return bytes.every((byte, at) => (at % 2 === 0) === (byte === 0)) ? 'big' : null;
}

/** @returns null where the bytes are neither; a byte order mark is kept as a character, as it is of UTF-8 */
export function decodeText(bytes: Uint8Array): DecodedText | null {
  const order = orderOf(bytes);
  try {
    if (order === null) {
      return {text: new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes), encoding: 'UTF-8'};
    }
    // Of the two orders only this one is in every build of Node.
    const little = order === 'little' ? bytes : swapped(bytes);
    return {text: new TextDecoder('utf-16le', {fatal: true}).decode(little), encoding: 'UTF-16'};
  } catch {
    return null;
  }
}
