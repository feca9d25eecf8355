import {armor, Decrypter} from 'age-encryption';
import {expect, test} from 'vitest';
import {Secret} from '../../source/domain/secret.ts';
import {open, seal, workFactorOf} from '../../source/vault/seal.ts';
import {SealFault} from '../../source/vault/seal-fault.ts';
import {chooseWorkFactor} from '../../source/vault/work-factor.ts';
import {content, otherPassphrase, passphrase, quick} from './content.ts';

const fault = async (work: Promise<unknown>): Promise<SealFault> => {
  const error = await work.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (error instanceof SealFault) return error;
  throw new Error(`no SealFault but ${String(error)}`);
};

/** An armored age file around any plaintext, as somebody with the passphrase could make it. */
async function sealText(text: string): Promise<string> {
  const {Encrypter} = await import('age-encryption');
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase.reveal());
  encrypter.setScryptWorkFactor(2);
  return armor.encode(await encrypter.encrypt(text));
}

test('what was sealed is what opens', async () => {
  const sealed = await seal(content(), passphrase, quick);
  expect(sealed).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
  expect(await open(sealed, passphrase)).toEqual(content());
});

test('the token is not in the file, in no usual encoding', async () => {
  const {token} = content();
  const sealed = await seal(content(), passphrase, quick);
  const bytes = Buffer.from(armor.decode(sealed));
  for (const form of [token, encodeURIComponent(token), Buffer.from(token).toString('base64').slice(0, 40)]) {
    expect(sealed).not.toContain(form);
    expect(bytes.includes(form)).toBe(false);
  }
});

test('the package’s own reader opens it, and finds JSON in trailing blanks', async () => {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase.reveal());
  const text = await decrypter.decrypt(armor.decode(await seal(content(), passphrase, quick)), 'text');
  expect(JSON.parse(text)).toEqual(content());
  expect(Buffer.byteLength(text)).toBe(4096);
  expect(text.endsWith(' \n')).toBe(true);
});

test('every usual credential has the same size, whatever it says', async () => {
  const sizes = await Promise.all(
    ['', 'x'.repeat(24), 'y'.repeat(192), 'ü'.repeat(400)].map(
      async token => (await seal(content({token, description: token}), passphrase, quick)).length,
    ),
  );
  expect(new Set(sizes).size).toBe(1);
  const long = await seal(content({token: 'z'.repeat(5000)}), passphrase, quick);
  expect((await open(long, passphrase)).token).toHaveLength(5000);
});

test('two seals of the same have nothing in common but their frame', async () => {
  const [one, other] = await Promise.all([seal(content(), passphrase, quick), seal(content(), passphrase, quick)]);
  const second = new Set(other.split('\n').slice(2, -2));
  expect(
    one
      .split('\n')
      .slice(2, -2)
      .filter(line => second.has(line)),
  ).toEqual([]);
});

test('another passphrase is told apart from a damaged file', async () => {
  const sealed = await seal(content(), passphrase, quick);
  const wrong = await fault(open(sealed, otherPassphrase));
  expect(wrong.problem.code).toBe('does-not-open');
  expect(wrong.message).toBe('The seal does not open: wrong passphrase, or it was changed');
  for (const text of ['', 'hello', sealed.slice(0, 200), sealed.replace('BEGIN', 'BEGUN'), `${sealed}x`]) {
    expect((await fault(open(text, passphrase))).problem.code).toBe('malformed');
  }
});

test('one spelling of a passphrase opens what another spelling sealed', async () => {
  const sealed = await seal(content(), new Secret('caf\u00e9 m\u00fcsli zw\u00f6lf'), quick);
  expect(await open(sealed, new Secret('cafe\u0301 mu\u0308sli zwo\u0308lf'))).toEqual(content());
});

test.each([
  ['an unknown field', JSON.stringify({...content(), extra: 1})],
  ['a missing field', JSON.stringify({...content(), token: undefined})],
  ['another version', JSON.stringify({...content(), v: 2})],
  ['a wrong scheme', JSON.stringify({...content(), scheme: 'digest'})],
  ['no JSON', 'token=abc'],
  ['nothing', ''],
  ['a list', '[]'],
])('a sealed document with %s is refused', async (_, text) => {
  const refused = await fault(open(await sealText(text), passphrase));
  expect(refused.problem.code).toBe('malformed');
  expect(`${refused.message}${JSON.stringify(refused.problem)}`).not.toContain('ATATT3');
});

test('a file for a public key is not taken for a wrong passphrase', async () => {
  const {Encrypter, generateX25519Identity, identityToRecipient} = await import('age-encryption');
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(await generateX25519Identity()));
  const refused = await fault(open(armor.encode(await encrypter.encrypt('{}')), passphrase));
  expect(refused.problem.code).toBe('malformed');
  expect(refused.problem).toMatchObject({reason: 'it is not sealed with a passphrase'});
});

test('the work factor of a file is read from its header', async () => {
  expect(workFactorOf(await seal(content(), passphrase, {logN: 3}))).toBe(3);
  expect(workFactorOf('no age file')).toBeNull();
});

test.each([0, 21, 1.5, Number.NaN])('a work factor of %s is not sealed with', async logN => {
  await expect(seal(content(), passphrase, {logN})).rejects.toBeInstanceOf(RangeError);
});

test('content that could not be opened again is not sealed', async () => {
  await expect(seal(content({expiresAt: 'soon'}), passphrase, quick)).rejects.toThrow();
});

test('an aborted signal ends sealing and opening with its reason', async () => {
  const reason = new Error('stopped by the user');
  const signal = AbortSignal.abort(reason);
  await expect(seal(content(), passphrase, {...quick, signal})).rejects.toBe(reason);
  await expect(open(await seal(content(), passphrase, quick), passphrase, {signal})).rejects.toBe(reason);
});

test('the event loop turns while a seal is made', {timeout: 30_000}, async () => {
  let turns = 0;
  let running = true;
  const turn = (): void => {
    turns++;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  const before = turns;
  await seal(content(), passphrase, {logN: 15});
  running = false;
  // A derivation on the main thread leaves room for a handful of turns between its awaits.
  expect(turns - before).toBeGreaterThan(200);
});

test('without a work factor given, the one of this build is taken, without a word where memory is there', async () => {
  const notices: string[] = [];
  const sealed = await seal(content(), passphrase, {onNotice: sentence => notices.push(sentence)});
  expect(workFactorOf(sealed)).toBe(chooseWorkFactor().logN);
  expect(notices).toEqual([]);
});
