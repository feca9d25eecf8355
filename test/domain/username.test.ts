import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {checkUsername} from '../../source/domain/username.ts';
import {anyToken, pat, token} from './synthetic-token.ts';

describe('checkUsername', () => {
  test.each([
    ['you@acme.com', 'cloud', 'you@acme.com', []],
    ['you+jira@acme.com', null, 'you+jira@acme.com', []],
    ['fred', 'data-center', 'fred', []],
    ['ACME\\fred', 'data-center', 'ACME\\fred', []],
    ['jürgen@acme.example', 'cloud', 'jürgen@acme.example', []],
    ['bot-1@serviceaccount.atlassian.com', 'cloud', 'bot-1@serviceaccount.atlassian.com', []],
    [' you@acme.com\n', 'cloud', 'you@acme.com', ['removed the space around it']],
    ['"you@acme.com"', 'cloud', 'you@acme.com', ['removed the quotes around it']],
    ['<you@acme.com>', 'cloud', 'you@acme.com', ['took the address out of the brackets']],
    ['Ada Lovelace <you@acme.com>', 'cloud', 'you@acme.com', ['took the address out of the brackets']],
    ['mailto:you@acme.com', 'cloud', 'you@acme.com', ['removed mailto: in front']],
    ['mailto:you@acme.com?subject=hi', 'cloud', 'you@acme.com', ['removed mailto: in front']],
    ['JIRA_USERNAME=you@acme.com', 'cloud', 'you@acme.com', ['removed the name in front']],
    [
      'export JIRA_USERNAME="you@acme.com"',
      'cloud',
      'you@acme.com',
      ['removed the name in front', 'removed the quotes around it'],
    ],
    ['E-mail: you@acme.com', 'cloud', 'you@acme.com', ['removed the name in front']],
    ['you%40acme.com', 'cloud', 'you@acme.com', ['wrote %40 as @']],
    ['you\uff20acme.com', 'cloud', 'you@acme.com', ['wrote the wide @ as @']],
    ['you@acme.com,', 'cloud', 'you@acme.com', ['removed the punctuation at its end']],
    [
      'Ada <you@acme.com>; ',
      null,
      'you@acme.com',
      ['removed the space around it', 'removed the punctuation at its end', 'took the address out of the brackets'],
    ],
    ['" you@acme.com "', 'cloud', 'you@acme.com', ['removed the quotes around it', 'removed the space around it']],
    ['you\u200b@acme.com', 'cloud', 'you@acme.com', ['removed invisible characters']],
  ] as const)('%j on %s', (text, deployment, username, changes) => {
    expect(checkUsername(text, deployment)).toMatchObject({ok: true, username, changes});
  });

  test.each([
    ['fred', 'cloud', 'username-not-email', /e-mail address/],
    ['you@', 'cloud', 'username-not-email', /e-mail address/],
    ['@acme.com', 'cloud', 'username-not-email', /e-mail address/],
    ['you@acme@acme.com', 'cloud', 'username-not-email', /e-mail address/],
    ['', 'cloud', null, /empty/],
    ['  ', null, null, /empty/],
    ['', 'data-center', null, /login name/],
    [token, 'cloud', null, /API Token field/],
    [token, 'data-center', null, /API Token field/],
    [pat, null, null, /API Token field/],
    [`you@acme.com:${token}`, 'cloud', null, /API Token field/],
    [`Bearer ${token}`, 'cloud', null, /API Token field/],
    ['you@acme.com:hunter2', 'cloud', null, /“:”/],
    ['fred:x', 'data-center', null, /“:”/],
    ['https://acme.atlassian.net', 'cloud', null, /JIRA Software URL/],
    ['you\n@acme.com', 'cloud', null, /control character/],
    ['you\u0000@acme.com', null, null, /control character/],
    ['you\u001b[31m@acme.com', null, null, /control character/],
    ['half\ud83d', 'data-center', null, /control character/],
    ['you @acme.com', 'cloud', null, /space/],
    [`${'a'.repeat(250)}@acme.com`, 'cloud', null, /longer/],
    ['x'.repeat(1_000_000), null, null, /longer/],
  ] as const)('refuses %#: %s on %s', (text, deployment, code, reason) => {
    const checked = checkUsername(text, deployment);
    expect(checked).toMatchObject({ok: false, code});
    if (!checked.ok) expect(checked.reason).toMatch(reason);
  });

  test.each([
    ['you@acme.com', 'cloud', null],
    ['you@acme.com', null, null],
    ['fred', 'data-center', null],
    ['fred', null, /Jira Cloud accepts only/],
    ['you@acme.com', 'data-center', /normally expects the login name/],
    ['fred flint', 'data-center', /space inside/],
  ] as const)('%s on %s: warning %s', (text, deployment, warning) => {
    const checked = checkUsername(text, deployment);
    const said = checked.ok ? checked.warning : 'refused';
    if (warning === null) expect(said).toBeNull();
    else expect(said).toMatch(warning);
  });

  const deployment = fc.constantFrom('cloud', 'data-center', null);

  test('an accepted name is fit for Basic and accepted again unchanged', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({unit: 'grapheme'}), fc.string({unit: 'binary'}), fc.emailAddress()),
        deployment,
        (text, where) => {
          const checked = checkUsername(text, where);
          if (!checked.ok) return;
          expect(checked.username).toMatch(/^[^:\u0000-\u001f\u007f-\u009f]{1,255}$/u);
          expect(checkUsername(checked.username, where)).toMatchObject({
            ok: true,
            username: checked.username,
            changes: [],
          });
        },
      ),
      {numRuns: 2000},
    );
  });

  test('a token is never repeated in the reason', () => {
    fc.assert(
      fc.property(anyToken, deployment, (whole, where) => {
        const checked = checkUsername(whole, where);
        expect(checked.ok).toBe(false);
        if (!checked.ok)
          for (let at = 0; at + 6 <= whole.length; at += 3)
            expect(checked.reason).not.toContain(whole.slice(at, at + 6));
      }),
    );
  });

  test.each(['<', '@', '"', 'a@', ':', ' ', '<a@'])('long input comes back: %j', unit => {
    for (const size of [10_000, 1_000_000]) expect(checkUsername(unit.repeat(size / unit.length), null).ok).toBe(false);
  });
});
