/** A sealed file in which anything was changed or cut off is refused, as a fault and never as a crash. */
import {armor} from 'age-encryption';
import fc from 'fast-check';
import {beforeAll, expect, test} from 'vitest';
import {open, seal} from '../../source/vault/seal.ts';
import {SealFault} from '../../source/vault/seal-fault.ts';
import {makeStoreKey} from '../../source/vault/store-key.ts';
import {content} from './content.ts';

const key = await makeStoreKey();
let sealed = '';
let file = Buffer.alloc(0);
beforeAll(async () => {
  sealed = await seal(content(), key);
  file = Buffer.from(armor.decode(sealed));
});

/** "opened", or the code of the fault, or what went wrong instead. */
async function outcome(text: string): Promise<string> {
  try {
    await open(text, key);
    return 'opened';
  } catch (error) {
    return error instanceof SealFault ? error.problem.code : `a crash: ${String(error)}`;
  }
}

const refusals = new Set(['not-ours', 'malformed']);

async function unrefused(cases: Iterable<readonly [string, string]>): Promise<string[]> {
  const found: string[] = [];
  for (const [what, text] of cases) {
    const result = await outcome(text);
    if (!refusals.has(result)) found.push(`${what}: ${result}`);
  }
  return found;
}

function* flips(): Generator<readonly [string, string]> {
  for (let byte = 0; byte < file.length; byte++) {
    // Header and ends bit by bit; the long payload in between is one authenticated whole: one bit of each byte.
    const bits = byte < 260 || byte > file.length - 40 ? [0, 1, 2, 3, 4, 5, 6, 7] : [byte % 8];
    for (const bit of bits) {
      const changed = Buffer.from(file);
      changed.writeUInt8(changed.readUInt8(byte) ^ (1 << bit), byte);
      yield [`bit ${bit} of byte ${byte}`, armor.encode(changed)];
    }
  }
}

function* truncations(): Generator<readonly [string, string]> {
  for (let length = 0; length < file.length; length++)
    yield [`${length} bytes`, armor.encode(file.subarray(0, length))];
}

function* textTruncations(): Generator<readonly [string, string]> {
  const end = sealed.trimEnd().length;
  for (let length = 0; length < end; length++) yield [`${length} characters`, sealed.slice(0, length)];
}

test('untouched it opens', async () => {
  expect(await outcome(sealed)).toBe('opened');
});

test('every flipped bit of the header, a flipped bit in every byte of the rest', {timeout: 120_000}, async () => {
  expect(await unrefused(flips())).toEqual([]);
});

test('every truncation of the file', {timeout: 120_000}, async () => {
  expect(await unrefused(truncations())).toEqual([]);
});

test('every truncation of its text', {timeout: 120_000}, async () => {
  expect(await unrefused(textTruncations())).toEqual([]);
});

test('appended, doubled and exchanged lines', {timeout: 60_000}, async () => {
  const other = (await seal(content({url: 'https://other.atlassian.net'}), key)).split('\n');
  const lines = sealed.split('\n');
  const cases = lines.flatMap((_, at) => [
    [`line ${at} doubled`, lines.toSpliced(at, 0, lines[at] ?? '').join('\n')] as const,
    [`line ${at} dropped`, lines.toSpliced(at, 1).join('\n')] as const,
    [`line ${at} of another file`, lines.with(at, other[at] ?? '').join('\n')] as const,
  ]);
  // The frame's own lines are the same in both files, and blank lines around it mean nothing.
  const changed = cases.filter(([, text]) => text.trim() !== sealed.trim());
  expect(changed.length).toBeGreaterThan(200);
  expect(await unrefused(changed)).toEqual([]);
});

test('any bytes spliced in anywhere', {timeout: 60_000}, async () => {
  const splice = fc.record({at: fc.nat(), remove: fc.nat({max: 64}), bytes: fc.uint8Array({maxLength: 64})});
  await fc.assert(
    fc.asyncProperty(splice, async ({at, remove, bytes}) => {
      const start = at % file.length;
      const changed = Buffer.concat([file.subarray(0, start), bytes, file.subarray(start + remove)]);
      fc.pre(!changed.equals(file));
      expect(refusals).toContain(await outcome(armor.encode(changed)));
    }),
    {numRuns: 500},
  );
});

test('any text at all', {timeout: 60_000}, async () => {
  const texts = fc.oneof(
    fc.string({unit: 'binary', maxLength: 400}),
    fc.string().map(text => `${sealed.slice(0, 300)}${text}`),
  );
  await fc.assert(
    fc.asyncProperty(texts, async text => {
      expect(await outcome(text)).toBe('malformed');
    }),
    {numRuns: 500},
  );
});
