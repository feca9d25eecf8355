/** Tokens with the shape and the checksum of real ones and nothing behind them. */
import fc from 'fast-check';
import {tokenChecksum} from '../../source/domain/token-shape.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const letters = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...alphabet), {minLength: length, maxLength: length}).map(list => list.join(''));

export const sealedToken = (head: string, middle: string): string =>
  `${head}${middle}=${tokenChecksum(`${head}${middle}=`)}`;

/** 192 characters, as all published samples have. */
export const userToken = letters(171).map(middle => sealedToken('ATATT3xFfGF0', middle));
export const serviceToken = letters(171).map(middle => sealedToken('ATSTT3xFfGF0', middle));

/** Base64 of digits, a colon and random bytes: 33 bytes, 44 characters. */
export const personalAccessToken = fc
  .tuple(fc.integer({min: 0, max: 999_999_999_999}), fc.uint8Array({minLength: 20, maxLength: 20}))
  .map(([id, bytes]) => Buffer.concat([Buffer.from(`${String(id).padStart(12, '4')}:`), bytes]).toString('base64'));

export const anyToken = fc.oneof(userToken, serviceToken, personalAccessToken);

/** One fixed token for tables. */
export const token = sealedToken('ATATT3xFfGF0', 'synthetic-for-tests-'.repeat(9).slice(0, 171));
export const pat = Buffer.from(`123456789012:${'\u0001\u0002\u0003\u0004\u0005'.repeat(4)}`).toString('base64');
