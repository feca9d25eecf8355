/**
 * The forms in which programs print a secret: as it is, in a URL, in JSON, in hex, in base64 alone or as part of
 * something longer (`user:token` of a Basic header). What hides or looks for secrets asks here. Pure.
 */

/** Parts shorter than this are no use to anybody, and would hit ordinary text. Characters. */
export const leastPart = 8;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const binary = (bytes: Uint8Array): string => Array.from(bytes, byte => String.fromCharCode(byte)).join('');
const urlSafe = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');

/**
 * The base64 characters that depend on the secret alone, for each of the three ways it can lie on base64's grid of
 * three bytes. What stands before and after it does not change them.
 */
export function base64Forms(secret: string): readonly string[] {
  const bytes = bytesOf(secret);
  return [0, 1, 2].map(shift => {
    const packed = btoa('\0'.repeat(shift) + binary(bytes));
    return packed.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
}

/** In percent codes: as JavaScript and as others write them, which leave fewer characters as they are (RFC 3986). */
function percentForms(text: string): readonly string[] {
  const usual = encodeURIComponent(text);
  const strict = usual.replace(/[!'()*]/g, one => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  return [usual, strict].flatMap(form => [form, form.replace(/%[0-9A-F]{2}/g, code => code.toLowerCase())]);
}

const escaped = (one: string): string => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Inside a JSON string; PHP escapes slashes as well, Gson and Go's encoder characters that mean something in HTML, others
 * everything beyond ASCII.
 */
function jsonForms(text: string): readonly string[] {
  const usual = JSON.stringify(text).slice(1, -1);
  const ascii = usual.replace(/[^ -~]/g, escaped);
  const html = usual.replace(/[<>&'=]/g, escaped);
  const go = usual.replace(/[<>&]/g, escaped);
  return [usual, ascii, html, go].flatMap(form => [form, form.replaceAll('/', '\\/')]);
}

const hexOf = (secret: string): string =>
  Array.from(bytesOf(secret), byte => byte.toString(16).padStart(2, '0')).join('');

/** Every form of a secret that stands in the output of a program, longest first. */
export function formsOf(secret: string): readonly string[] {
  const packed = base64Forms(secret);
  const hex = hexOf(secret);
  const all = [
    secret,
    ...percentForms(secret),
    ...jsonForms(secret),
    ...packed,
    ...packed.map(urlSafe),
    ...packed.flatMap(percentForms),
    ...packed.map(form => form.replaceAll('/', '\\/')),
    hex,
    hex.toUpperCase(),
  ];
  return [...new Set(all)]
    .filter(form => form.length >= Math.min(leastPart, secret.length) && form !== '')
    .sort((a, b) => b.length - a.length);
}

/** Random enough that eight characters of it in a row are no accident: long, of letters and digits, no words. */
const isRandom = (secret: string): boolean =>
  secret.length >= 20 && !/\s/.test(secret) && /[a-z]/.test(secret) && /[A-Z]/.test(secret) && /\d/.test(secret);

/** Each run of eight characters of a random secret; none of one that is made of words, whose pieces are words, too. */
export function piecesOf(secret: string): readonly string[] {
  if (!isRandom(secret)) return [];
  return Array.from({length: secret.length - leastPart + 1}, (_, at) => secret.slice(at, at + leastPart));
}
