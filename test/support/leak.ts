/**
 * Looks for a secret in every form it could have left in: as it is, in base64 on each of its three alignments (so also in
 * a Basic header), for URLs, in JSON, in hex, and in any piece of eight characters. Written apart from the program's own
 * mask, which it is to judge.
 */

/** A secret whose pieces occur nowhere by chance; `from`: where its kind's common beginning ends. */
export type Needle = Readonly<{what: string; secret: string; from?: number}>;

/** The characters of base64 that depend on the secret alone when so many bytes stand before it. */
function aligned(secret: string, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
    .toString('base64')
    .replace(/=+$/, '');
  const skip = before === 0 ? 0 : before + 1;
  // The last character may hold bits of what follows.
  return text.slice(skip, -1);
}

const windows = (text: string, size: number): string[] =>
  Array.from({length: Math.max(0, text.length - size + 1)}, (_, at) => text.slice(at, at + size));

/** Whole forms, for large haystacks. */
export function wholeForms({secret}: Needle): string[] {
  const base64 = [0, 1, 2].map(before => aligned(secret, before));
  const hex = Buffer.from(secret).toString('hex');
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), hex, hex.toUpperCase()];
  const utf16 = Buffer.from(secret, 'utf16le').toString('latin1');
  return [
    ...new Set([...forms, utf16, ...base64, ...base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_'))]),
  ];
}

/** Whole forms and pieces: 8 characters of the secret, 12 of its base64, 16 of its hex. */
export function allForms(needle: Needle): string[] {
  const tail = needle.secret.slice(needle.from ?? 0);
  const base64 = [0, 1, 2].flatMap(before => windows(aligned(tail, before), 12));
  return [
    ...new Set([
      ...wholeForms(needle),
      ...windows(tail, 8),
      ...base64,
      ...windows(Buffer.from(tail).toString('hex'), 16),
    ]),
  ];
}

/** What was found, in words that do not repeat it: `token in stderr`. Terminal output is searched without its escapes, too. */
export function leaksIn(haystacks: Readonly<Record<string, string>>, needles: readonly Needle[]): string[] {
  const found: string[] = [];
  for (const needle of needles) {
    const forms = allForms(needle);
    for (const [where, text] of Object.entries(haystacks)) {
      const plain = text.replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '').replace(/\s/g, '');
      if (forms.some(form => text.includes(form) || plain.includes(form))) found.push(`${needle.what} in ${where}`);
    }
  }
  return found;
}
