/** The alphabets in which programs write a secret. What only escapes characters is undone by the reader, not listed here. Pure. */

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
/** The bytes of a text as characters, which is how a stream of bytes is searched. */
export const latin = (text: string): string => Array.from(bytesOf(text), byte => String.fromCharCode(byte)).join('');

/**
 * The base64 characters that depend on the secret alone, for each of the three ways it can lie on base64's grid of
 * three bytes. What stands before and after it does not change them.
 */
export function base64Forms(secret: string): readonly string[] {
  const bytes = latin(secret);
  return [0, 1, 2].map(shift => {
    const packed = btoa('\0'.repeat(shift) + bytes);
    return packed.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
}

export const hexOf = (secret: string): string =>
  Array.from(bytesOf(secret), byte => byte.toString(16).padStart(2, '0')).join('');

/** Quoted-printable, and what is left of a percent code that was itself encoded: capital hex for what is no letter or digit. */
const spelled = (secret: string): string =>
  latin(secret).replace(/[^A-Za-z0-9]/g, one => `=${hexOf(one).toUpperCase()}`);

/** The words of a little-endian machine, the second byte of each first: `od -x` and hexdump, on either alignment. */
const wordsOf = (secret: string): readonly string[] => {
  const hex = hexOf(secret);
  return [hex, hex.slice(2)].map(digits => digits.replace(/(..)(..)/g, '$2$1'));
};

/** As `rev` writes a line. */
const backwards = (secret: string): string => [...secret].reverse().join('');

/** Every form of a secret that reads alike in all programs once escapes, separators and line ends are gone. */
export function formsOf(secret: string): readonly string[] {
  const hex = hexOf(secret);
  const asBytes = [hex, hex.toUpperCase(), ...wordsOf(secret)];
  const all = [secret, latin(secret), backwards(secret), spelled(secret), ...base64Forms(secret), ...asBytes];
  return [...new Set(all)].filter(form => form !== '');
}
