/** The published age test vectors (C2SP CCTV), through our passphrase identity. */
import {createHash} from 'node:crypto';
import {inflateSync} from 'node:zlib';
import {armor, Decrypter} from 'age-encryption';
import * as vectors from 'cctv-age';
import {describe, expect, test} from 'vitest';
import {Secret} from '../../source/domain/secret.ts';
import {scryptIdentity} from '../../source/vault/scrypt-stanza.ts';

type Vector = Readonly<{
  expect: string;
  payload: string | null;
  identities: readonly string[];
  passphrases: readonly string[];
  armored: boolean;
  file: Uint8Array;
}>;

function readVector(bytes: Uint8Array): Vector {
  const buffer = Buffer.from(bytes);
  const end = buffer.indexOf('\n\n');
  const fields = buffer
    .subarray(0, end)
    .toString()
    .split('\n')
    .map(line => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)] as const);
  const all = (key: string): string[] => fields.filter(([name]) => name === key).map(([, value]) => value);
  const body = buffer.subarray(end + 2);
  return {
    expect: all('expect')[0] ?? '',
    payload: all('payload')[0] ?? null,
    identities: all('identity'),
    passphrases: all('passphrase'),
    armored: all('armored')[0] === 'yes',
    file: all('compressed')[0] === 'zlib' ? inflateSync(body) : body,
  };
}

async function opened(vector: Vector): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  for (const identity of vector.identities) decrypter.addIdentity(identity);
  for (const passphrase of vector.passphrases) decrypter.addIdentity(scryptIdentity(new Secret(passphrase)));
  const file = vector.armored ? armor.decode(Buffer.from(vector.file).toString('latin1')) : vector.file;
  return decrypter.decrypt(new Uint8Array(file));
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const known = Object.entries(vectors).filter(([, bytes]) => bytes instanceof Uint8Array);

describe('age test vectors', () => {
  test('all are there, those with passphrases among them', () => {
    expect(known.length).toBeGreaterThanOrEqual(143);
    expect(known.filter(([, bytes]) => readVector(bytes).passphrases.length > 0).length).toBeGreaterThanOrEqual(20);
  });

  test.each(known)('%s', {timeout: 60_000}, async (_, bytes) => {
    const vector = readVector(bytes);
    if (vector.expect === 'success') {
      expect(sha256(await opened(vector))).toBe(vector.payload);
    } else {
      await expect(opened(vector)).rejects.toBeInstanceOf(Error);
    }
  });
});
