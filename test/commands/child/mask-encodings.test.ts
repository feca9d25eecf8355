/** Whatever way a program writes a secret, and wherever its output is cut, no twelve characters of it get through. */
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Mask} from '../../../source/commands/child/mask.ts';
import {encodings, kindsOfSecrets, readableRun} from '../../support/encodings.ts';

const rows = Object.entries(kindsOfSecrets).flatMap(([kind, secret]) =>
  encodings.map(([how, write]) => [kind, how, secret, write(secret)] as const),
);

function through(text: string, cuts: readonly number[], secret: string, waits: boolean): string {
  const bytes = Buffer.from(text).toString('latin1');
  const mask = new Mask([secret]);
  const places = [0, ...cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  let output = '';
  for (const [index, end] of places.slice(1).entries()) {
    output += mask.push(bytes.slice(places[index], end));
    if (waits) output += mask.relax();
  }
  return output + mask.end();
}

describe('the judge', () => {
  it.each(rows)('reads a %s %s', (_kind, _how, secret, text) => {
    expect(readableRun(`before ${text} after`, secret)).not.toBeNull();
  });
});

describe('the mask', () => {
  it.each(rows)('takes out a %s %s, however it arrives', (_kind, _how, secret, text) => {
    fc.assert(
      fc.property(fc.array(fc.nat(4000), {maxLength: 6}), fc.boolean(), (cuts, waits) => {
        const output = through(`before ${text} after\n`, cuts, secret, waits);
        expect(readableRun(output, secret)).toBeNull();
        expect(output).toMatch(/^before [\s\S]*\*\*\*[\s\S]* after\n$/);
      }),
      {numRuns: 8},
    );
  });

  it.each(Object.entries(kindsOfSecrets))('takes out a %s byte by byte, in every way', (_kind, secret) => {
    for (const [how, write] of encodings) {
      const text = write(secret);
      const cuts = Array.from({length: Buffer.from(text).length}, (_, at) => at + 1);
      expect([how, readableRun(through(text, cuts, secret, false), secret)]).toEqual([how, null]);
    }
  });
});
