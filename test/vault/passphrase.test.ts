import {wordlist} from '@scure/bip39/wordlists/english.js';
import {expect, test} from 'vitest';
import {generatePassphrase, normalisePassphrase, ratePassphrase} from '../../source/vault/passphrase.ts';

const context = ['https://acme.atlassian.net', 'morgan.lee@example.com', `ATATT3xFfGF0${'Qx7'.repeat(60)}=0BADCAFE`];

test('generated passphrases are six different-looking words of a list of 2048', () => {
  expect(new Set(wordlist).size).toBe(2048);
  const made = Array.from({length: 200}, () => generatePassphrase());
  expect(new Set(made).size).toBe(200);
  const words = made.flatMap(passphrase => passphrase.split('-'));
  expect(words).toHaveLength(1200);
  expect(words.filter(word => !wordlist.includes(word))).toEqual([]);
  // 1200 draws of 2048: fewer than 700 different ones would be a broken source of chance (mean 908).
  expect(new Set(words).size).toBeGreaterThan(700);
  expect(generatePassphrase(5).split('-')).toHaveLength(5);
});

test('the same characters have one spelling', () => {
  expect(normalisePassphrase('cafe\u0301')).toBe('caf\u00e9');
  expect(normalisePassphrase(' two  blanks ')).toBe(' two  blanks ');
});

test.each(['', 'short', 'elevenchars', 'caf\u00e9'.repeat(2), '👩‍🚀👩‍🚀👩‍🚀'])('“%s” is too short', async text => {
  const rating = await ratePassphrase(text, context);
  expect(rating).toMatchObject({ok: false, score: 0});
  expect(rating.sentence).toMatch(/at least 12 characters/);
});

test.each(['passwordpassword', 'aaaaaaaaaaaaaa', 'qwertyuiop123', 'iloveyou1234', 'abcabcabcabcabc'])(
  '“%s” is weak',
  async text => {
    const rating = await ratePassphrase(text, []);
    expect(rating.ok).toBe(false);
    expect(rating.score).toBeLessThan(4);
    expect(rating.sentence).toMatch(/^Weak: one graphics card finds it in /);
  },
);

test.each(['Password1234', '123456789012', 'qwertyuiopas', 'aaaaaaaaaaaa', 'iloveyou1234'])(
  '“%s”, found within a day, is refused where nobody can be asked',
  async text => {
    expect((await ratePassphrase(text, [])).refused).toBe(true);
  },
);

test.each(['one two three four five', 'canyon ticket 42'])('“%s” is not refused', async text => {
  expect((await ratePassphrase(text, [])).refused).toBe(false);
});

test.each(['orbit velvet canyon ticket', 'kx8$Wq2!mZp0vT', 'zebra-able-cruel-limb-glow-tiny'])(
  '“%s” is strong',
  async text => {
    expect(await ratePassphrase(text, context)).toMatchObject({ok: true, score: 4});
  },
);

test.each([
  ['the whole address', 'x https://acme.atlassian.net x', 'site address'],
  ['the site’s name in capitals', 'velvet ACME canyon ticket', 'site address'],
  ['the username', 'velvet-morgan.lee@example.com', 'the username'],
  ['a part of the username', 'velvet Morgan canyon ticket', 'the username'],
  ['the token', `velvet ${context[2]}`, 'the token'],
  ['a piece of the token', 'Qx7Qx7Qx7Qx7Qx7', 'the token'],
])('%s must not be in it', async (_, text, named) => {
  const rating = await ratePassphrase(text, context);
  expect(rating).toMatchObject({ok: false, score: 0});
  expect(rating.sentence).toContain(named);
  for (const word of ['acme', 'ACME', 'organ', 'Qx7']) expect(rating.sentence).not.toContain(word);
});

test('words that stand in every address are nobody’s', async () => {
  expect((await ratePassphrase('jira canyon ticket velvet', ['https://jira.acme.example'])).ok).toBe(true);
});

test('a very long passphrase is rated, too', async () => {
  expect((await ratePassphrase('orbit velvet canyon '.repeat(200), context)).score).toBeGreaterThanOrEqual(0);
});

test.each(['\u0000', '\n', '\u001b', '\u007f'])(
  'a passphrase with the control character %j is refused',
  async character => {
    const rating = await ratePassphrase(`orbit-velvet-canyon${character}ticket-wagon`, []);
    expect(rating).toMatchObject({ok: false, score: 0});
  },
);
