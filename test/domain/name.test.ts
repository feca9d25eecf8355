import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {checkDescription, checkName, sameName} from '../../source/domain/name.ts';
import {anyToken, token} from './synthetic-token.ts';

describe('checkName', () => {
  test.each([
    ['Jira production', 'Jira production'],
    ['  Jira  ', 'Jira'],
    ['x', 'x'],
    ['東京', '東京'],
    ['Jira 😀', 'Jira 😀'],
    ['e\u0301tat', '\u00e9tat'],
    ['x'.repeat(80), 'x'.repeat(80)],
    ['😀'.repeat(80), '😀'.repeat(80)],
  ])('%j', (text, name) => {
    expect(checkName(text, ['other'])).toEqual({ok: true, name});
  });

  test.each([
    ['', /needs a name/],
    [' \t', /needs a name/],
    ['x'.repeat(81), /81 characters; 80 fit/],
    ['😀'.repeat(81), /81 characters/],
    ['x'.repeat(1_000_000), /80 characters fit/],
    ['a\nb', /control character/],
    ['a\u001b[31mb', /control character/],
    ['a\u2028b', /control character/],
    ['a\ud83d', /control character/],
    ['a\u200bb', /invisible/],
    ['a\u202eb', /invisible/],
    ['-rf', /option/],
    [token.slice(0, 70), /API token/],
  ])('refuses %#: %s', (text, reason) => {
    const checked = checkName(text, []);
    expect(checked.ok ? 'accepted' : checked.reason).toMatch(reason);
  });

  test.each(['jira production', 'JIRA PRODUCTION', ' Jira Production '])(
    '%j is taken, and the reason says by whom',
    text => {
      expect(checkName(text, ['Feeds', 'Jira Production'])).toEqual({
        ok: false,
        reason: 'There is a credential called “Jira Production” already. Choose another name.',
      });
    },
  );

  test('a name that is taken is refused however it is cased or composed', () => {
    fc.assert(
      fc.property(
        fc.string({unit: 'grapheme', minLength: 1, maxLength: 30}),
        fc.constantFrom('NFC', 'NFD'),
        (text, form) => {
          const first = checkName(text, []);
          if (!first.ok) return;
          expect(sameName(first.name, first.name.normalize(form))).toBe(true);
          expect(checkName(first.name.normalize(form), [first.name]).ok).toBe(false);
          expect(checkName(first.name, [])).toEqual(first);
        },
      ),
    );
  });
});

describe('checkDescription', () => {
  test.each([
    ['', ''],
    ['  read by the nightly job ', 'read by the nightly job'],
    ['x'.repeat(500), 'x'.repeat(500)],
  ])('%#', (text, description) => {
    expect(checkDescription(text)).toEqual({ok: true, description});
  });

  test.each([
    ['x'.repeat(501), /501 characters; 500 fit/],
    ['two\nlines', /one line/],
    ['a\u0007b', /control character/],
    ['a\u2066b', /invisible/],
    ['x'.repeat(1_000_000), /500 characters fit/],
  ])('refuses %#: %s', (text, reason) => {
    const checked = checkDescription(text);
    expect(checked.ok ? 'accepted' : checked.reason).toMatch(reason);
  });

  test('a token among the words is refused and not repeated', () => {
    fc.assert(
      fc.property(anyToken, whole => {
        const checked = checkDescription(`the token is ${whole} since May`);
        expect(checked.ok).toBe(false);
        if (!checked.ok) expect(checked.reason).not.toContain(whole.slice(0, 8));
      }),
    );
  });
});
