import {Stanza} from 'age-encryption';
import {expect, test} from 'vitest';
import {Secret} from '../../source/domain/secret.ts';
import {MalformedStanza, scryptIdentity, scryptRecipient} from '../../source/vault/scrypt-stanza.ts';
import {otherPassphrase, passphrase} from './content.ts';

const fileKey = new Uint8Array(16).fill(7);
const wrapped = async (): Promise<Stanza> => {
  const [stanza] = await scryptRecipient(passphrase, 1).wrapFileKey(fileKey);
  if (stanza === undefined) throw new Error('no stanza');
  return stanza;
};
const unwrap = async (...stanzas: Stanza[]): Promise<Uint8Array | null> =>
  scryptIdentity(passphrase).unwrapFileKey(stanzas);

test('a wrapped key opens with its passphrase and with no other', async () => {
  const stanza = await wrapped();
  expect(stanza.args[0]).toBe('scrypt');
  expect(await unwrap(stanza)).toEqual(fileKey);
  expect(await scryptIdentity(otherPassphrase).unwrapFileKey([stanza])).toBeNull();
  expect(await scryptIdentity(new Secret('')).unwrapFileKey([stanza])).toBeNull();
});

test('a stanza of another kind is somebody else’s', async () => {
  expect(await unwrap(new Stanza(['X25519', 'abc'], new Uint8Array(32)))).toBeNull();
});

test('beside a passphrase stanza there must be no other', async () => {
  const stanza = await wrapped();
  await expect(unwrap(stanza, stanza)).rejects.toBeInstanceOf(MalformedStanza);
  await expect(unwrap(new Stanza(['X25519', 'abc'], new Uint8Array(32)), stanza)).rejects.toBeInstanceOf(
    MalformedStanza,
  );
});

const salt = 'AAAAAAAAAAAAAAAAAAAAAA';
test.each([
  ['no work factor', ['scrypt', salt]],
  ['a fourth argument', ['scrypt', salt, '1', '1']],
  ['work factor 0', ['scrypt', salt, '0']],
  ['a leading zero', ['scrypt', salt, '01']],
  ['a sign', ['scrypt', salt, '+1']],
  ['a fraction', ['scrypt', salt, '1.5']],
  ['an exponent', ['scrypt', salt, '1e1']],
  ['hexadecimal', ['scrypt', salt, '0xa']],
  ['Arabic-Indic digits', ['scrypt', salt, '\u0661']],
  ['work factor 21', ['scrypt', salt, '21']],
  ['an absurd work factor', ['scrypt', salt, '9'.repeat(400)]],
  ['a short salt', ['scrypt', salt.slice(0, 20), '1']],
  ['a long salt', ['scrypt', `${salt}AA`, '1']],
  ['a padded salt', ['scrypt', `${salt}==`, '1']],
  ['stray bits in the salt', ['scrypt', `${salt.slice(0, 21)}B`, '1']],
  ['a salt of the URL alphabet', ['scrypt', `-_${salt.slice(2)}`, '1']],
])('%s is malformed', async (_, args) => {
  await expect(unwrap(new Stanza(args, new Uint8Array(32)))).rejects.toBeInstanceOf(MalformedStanza);
});

test.each([0, 16, 31, 33, 48])('a body of %i bytes is malformed', async length => {
  await expect(unwrap(new Stanza(['scrypt', salt, '1'], new Uint8Array(length)))).rejects.toBeInstanceOf(
    MalformedStanza,
  );
});
