import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {decodeText} from '../../source/domain/text-encoding.ts';
import {anyToken} from './synthetic-token.ts';

const big = (bytes: Uint8Array): Uint8Array => Buffer.from(bytes).swap16();
const utf16 = (text: string): Uint8Array => Buffer.from(text, 'utf16le');

describe('decodeText', () => {
  test('a token in UTF-16, either order, with and without its mark', () => {
    fc.assert(
      fc.property(anyToken, fc.constantFrom('', '\ufeff'), fc.constantFrom('', '\r\n'), (token, mark, end) => {
        const bytes = utf16(`${mark}${token}${end}`);
        for (const each of [bytes, big(bytes)])
          expect(decodeText(each)).toEqual({text: `${token}${end}`, encoding: 'UTF-16'});
      }),
    );
  });

  test('whatever is UTF-8 stays what it is', () => {
    fc.assert(
      fc.property(
        fc.string({unit: 'grapheme'}).filter(text => !text.includes('\0')),
        text => {
          expect(decodeText(new TextEncoder().encode(text))).toEqual({text, encoding: 'UTF-8'});
        },
      ),
    );
  });

  test.each([[[0xff]], [[0xc3, 0x28]], [[0xff, 0xfe, 0x00, 0xd8]], [[0xff, 0xfe, 0x41]]])('not text: %j', bytes => {
    expect(decodeText(Uint8Array.from(bytes))).toBeNull();
  });
});
