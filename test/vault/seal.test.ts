import {armor, Decrypter, Encrypter} from 'age-encryption';
import {expect, test} from 'vitest';
import {Secret} from '../../source/domain/secret.ts';
import {decryptBySecret, encrypt} from '../../source/vault/age-file.ts';
import {isFirstFormat, openFirstFormat} from '../../source/vault/first-format.ts';
import {open, seal} from '../../source/vault/seal.ts';
import {SealFault} from '../../source/vault/seal-fault.ts';
import {lockKey, makeStoreKey, sameKey, secretIn, unlockKey, workFactorOf} from '../../source/vault/store-key.ts';
import {chooseWorkFactor} from '../../source/vault/work-factor.ts';
import {firstFormatSeal} from '../support/sealed-store.ts';
import {content, otherPassphrase, passphrase} from './content.ts';

const key = await makeStoreKey();

const fault = async (work: Promise<unknown>): Promise<SealFault> => {
  const error = await work.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (error instanceof SealFault) return error;
  throw new Error(`no SealFault but ${String(error)}`);
};

/** An age file around any plaintext, as anybody could make it who has the recipient. */
const sealText = (text: string): Promise<string> => encrypt(Buffer.from(text), key.recipient);

test('what was sealed is what opens', async () => {
  const sealed = await seal(content(), key);
  expect(sealed).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
  expect(await open(sealed, key)).toEqual(content());
});

test('the token is not in the file, in no usual encoding', async () => {
  const {token} = content();
  const sealed = await seal(content(), key);
  const bytes = Buffer.from(armor.decode(sealed));
  for (const form of [token, encodeURIComponent(token), Buffer.from(token).toString('base64').slice(0, 40)]) {
    expect(sealed).not.toContain(form);
    expect(bytes.includes(form)).toBe(false);
  }
});

test('the package’s own reader opens it, and finds JSON in trailing blanks', async () => {
  const decrypter = new Decrypter();
  decrypter.addIdentity(key.secret.reveal());
  const text = await decrypter.decrypt(armor.decode(await seal(content(), key)), 'text');
  expect(JSON.parse(text)).toEqual({mac: expect.stringMatching(/^[0-9a-f]{64}$/), ...content()});
  expect(Buffer.byteLength(text)).toBe(4096);
  expect(text.endsWith(' \n')).toBe(true);
});

test('every usual credential has the same size, whatever it says', async () => {
  const sizes = await Promise.all(
    ['', 'x'.repeat(24), 'y'.repeat(192), 'ü'.repeat(400)].map(
      async token => (await seal(content({token, description: token}), key)).length,
    ),
  );
  expect(new Set(sizes).size).toBe(1);
  const long = await seal(content({token: 'z'.repeat(5000)}), key);
  expect((await open(long, key)).token).toHaveLength(5000);
});

test('a seal of another key is told apart from a damaged file', async () => {
  const sealed = await seal(content(), await makeStoreKey());
  expect((await fault(open(sealed, key))).problem.code).toBe('not-ours');
  for (const text of ['', 'hello', sealed.slice(0, 200), sealed.replace('BEGIN', 'BEGUN'), `${sealed}x`]) {
    expect((await fault(open(text, key))).problem.code).toBe('malformed');
  }
});

test.each([
  ['no MAC', JSON.stringify(content())],
  ['a MAC of zeros', JSON.stringify({mac: '0'.repeat(64), ...content()}, null, 2)],
  ['a MAC that is no hexadecimal number', JSON.stringify({mac: 'g'.repeat(64), ...content()}, null, 2)],
  ['no JSON', 'token=abc'],
  ['nothing', ''],
])('a document with %s is not ours, however well it is sealed', async (_, text) => {
  expect((await fault(open(await sealText(text), key))).problem.code).toBe('not-ours');
});

test('any change of an authenticated document, sealed again to the recipient, is not ours', async () => {
  const document = Buffer.from(await decryptBySecret(await seal(content(), key), key.secret.reveal()));
  const changes = [
    document.toString().replace('acme.atlassian.net', 'evil.atlassian.net'),
    document.toString().replace('"seq": 3', '"seq": 4'),
    document.toString().trimEnd(),
    `${document.toString()} `,
  ];
  for (const text of changes) expect((await fault(open(await sealText(text), key))).problem.code).toBe('not-ours');
  expect(await open(await sealText(document.toString()), key)).toEqual(content());
});

test('the id of the store is part of what is authenticated', async () => {
  const sealed = await seal(content(), key);
  expect((await fault(open(sealed, {...key, id: '0'.repeat(32)}))).problem.code).toBe('not-ours');
});

test('a second recipient would be a second reader, and is refused', async () => {
  const encrypter = new Encrypter();
  for (const recipient of [key.recipient, (await makeStoreKey()).recipient]) encrypter.addRecipient(recipient);
  const document = await decryptBySecret(await seal(content(), key), key.secret.reveal());
  const sealed = armor.encode(await encrypter.encrypt(document));
  expect((await fault(open(sealed, key))).problem).toMatchObject({reason: 'it is not sealed to one key'});
});

test('content that could not be opened again is not sealed', async () => {
  await expect(seal(content({expiresAt: 'soon'}), key)).rejects.toThrow();
});

test('the key opens with its passphrase, in any spelling, and with no other', async () => {
  const locked = await lockKey(key, new Secret('caf\u00e9 m\u00fcsli zw\u00f6lf'));
  expect(sameKey(await unlockKey(locked, new Secret('cafe\u0301 mu\u0308sli zwo\u0308lf')), key)).toBe(true);
  expect((await fault(unlockKey(locked, otherPassphrase))).problem.code).toBe('does-not-open');
});

test('the work factor of a key is read from its header; without one given it is that of this build', async () => {
  const notices: string[] = [];
  const locked = await lockKey(key, passphrase, {onNotice: sentence => notices.push(sentence)});
  expect(workFactorOf(locked)).toBe(chooseWorkFactor().logN);
  expect(notices).toEqual([]);
  expect(workFactorOf(await lockKey(key, passphrase, {logN: 3}))).toBe(3);
  expect(workFactorOf('no age file')).toBeNull();
});

test.each([0, 21, 1.5, Number.NaN])('a work factor of %s is not locked with', async logN => {
  await expect(lockKey(key, passphrase, {logN})).rejects.toBeInstanceOf(RangeError);
});

test.each(['', 'AGE-SECRET-KEY-1', 'one\ntwo\n', `${key.secret.reveal()}\n${key.secret.reveal()}\n`])(
  'an identity file that holds %j is none',
  async text => {
    expect(() => secretIn(text)).toThrow(SealFault);
    expect(secretIn(`# made by a test\n${key.secret.reveal()}\n`).reveal()).toBe(key.secret.reveal());
  },
);

test('a file under a passphrase that holds no key is refused', async () => {
  const first = await firstFormatSeal(content(), passphrase);
  expect((await fault(unlockKey(first, passphrase))).problem.code).toBe('malformed');
});

test('the first format opens as a content of today, and is known by its header', async () => {
  const first = await firstFormatSeal(content(), passphrase);
  expect([isFirstFormat(first), isFirstFormat(await seal(content(), key)), isFirstFormat('x')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(await openFirstFormat(first, passphrase)).toEqual(content());
  expect((await fault(openFirstFormat(first, otherPassphrase))).problem.code).toBe('does-not-open');
});

test('the event loop turns while a key is locked', {timeout: 30_000}, async () => {
  let turns = 0;
  let running = true;
  const turn = (): void => {
    turns++;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  const before = turns;
  await lockKey(key, passphrase, {logN: 15});
  running = false;
  // A derivation on the main thread leaves room for a handful of turns between its awaits.
  expect(turns - before).toBeGreaterThan(200);
});
