import {crc32} from 'node:zlib';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {findToken} from '../../source/domain/find-token.ts';
import {tidyToken} from '../../source/domain/tidy-token.ts';
import {lintToken, looksLikeToken} from '../../source/domain/token.ts';
import {tokenChecksum, tokenKind} from '../../source/domain/token-shape.ts';
import {anyToken, pat, sealedToken, serviceToken, token, userToken} from './synthetic-token.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const wrapped76 = (text: string): string => text.replace(/.{76}/g, '$&\n');
const pair = `you@acme.com:${token}`;

/** Why a text cannot be a token, or null. */
function unusable(text: string): string | null {
  const found = findToken(text);
  return found.kind === 'unusable' ? found.sentence : null;
}

describe('checksum', () => {
  test('is the CRC32 every table of checksums gives for "123456789"', () => {
    expect(tokenChecksum('123456789')).toBe('CBF43926');
  });

  test.skipIf(typeof crc32 !== 'function')('agrees with zlib (only newer Node has it)', () => {
    fc.assert(
      fc.property(fc.string({unit: 'grapheme-ascii'}), text => {
        expect(Number.parseInt(tokenChecksum(text), 16)).toBe(crc32(text));
      }),
    );
  });

  const position = fc.nat({max: 191});

  test('sees every dropped, doubled and swapped character', () => {
    fc.assert(
      fc.property(userToken, position, (whole, at) => {
        const damaged = [
          whole.slice(0, at) + whole.slice(at + 1),
          whole.slice(0, at) + whole.charAt(at) + whole.slice(at),
          whole.slice(0, at) + whole.charAt(at + 1) + whole.charAt(at) + whole.slice(at + 2),
        ].filter(text => text !== whole);
        expect(damaged.length).toBeGreaterThan(0);
        for (const text of damaged) {
          const lint = lintToken(text, 'cloud');
          expect(lint.checksum).toBe('bad');
          expect(lint.problem?.code).toBe('token-damaged');
        }
      }),
      {numRuns: 500},
    );
  });

  test('sees all of them on one token, position by position', () => {
    for (let at = 0; at < token.length; at += 1) {
      expect(lintToken(token.slice(0, at) + token.slice(at + 1)).checksum, `dropped at ${at}`).toBe('bad');
      expect(lintToken(token.slice(0, at) + token.charAt(at) + token.slice(at)).checksum, `doubled at ${at}`).toBe(
        'bad',
      );
    }
  });

  test('sees a service account’s token that lost a character behind its prefix', () => {
    fc.assert(
      fc.property(serviceToken, fc.integer({min: 6, max: 190}), (whole, at) => {
        // Without its "=" it might be a shape nobody has published: that one is not held against it.
        fc.pre(whole.charAt(at) !== '=');
        expect(lintToken(whole.slice(0, at) + whole.slice(at + 1)).checksum).toBe('bad');
      }),
    );
  });
});

describe('tokenKind', () => {
  test.each([
    [token, 'atlassian-user'],
    [sealedToken('ATSTT3xFfGF0', 'x'.repeat(171)), 'atlassian-service-account'],
    [sealedToken('ATCTT3xFfGN0', 'x'.repeat(171)), 'organisation-admin-key'],
    [`ATBB${'x'.repeat(32)}`, 'bitbucket'],
    [`BBDC-${'x'.repeat(44)}`, 'bitbucket'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'jwt'],
    ['eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.', 'jwt'],
    [`ATTA${'0'.repeat(72)}`, 'trello'],
    ['0123456789abcdef0123456789abcdef', 'trello'],
    [`ATOA${'x'.repeat(60)}`, 'oauth-client-secret'],
    [`ghp_${'x'.repeat(36)}`, 'other-app'],
    [`glpat-${'x'.repeat(20)}`, 'other-app'],
    [`xoxb-${'1'.repeat(30)}`, 'other-app'],
    ['abcdefghijklmnopqrstuvwx', 'legacy'],
    ['aB3dEfGh1jKlMn0pQrStUvWx', 'legacy'],
    [pat, 'data-center-pat'],
    [`M${'A'.repeat(43)}`, 'unknown'],
    ['hunter2', 'unknown'],
    ['', 'unknown'],
    [`ATATT3${'x'.repeat(5000)}`, 'unknown'],
  ] as const)('%#', (text, kind) => {
    expect(tokenKind(text)).toBe(kind);
  });
});

describe('lintToken', () => {
  test('a good token', () => {
    expect(lintToken(token)).toEqual({
      kind: 'atlassian-user',
      length: 192,
      checksum: 'ok',
      verdict: '192 characters, checksum OK',
      problem: null,
      doubt: null,
    });
  });

  test.each([
    ['cut off', token.slice(0, 150), /^150 characters, looks cut off/],
    ['cut within its checksum', token.slice(0, -3), /^189 characters, looks cut off/],
    ['pasted twice', token + token, /^384 characters, looks pasted twice/],
    ['one character changed', `${token.slice(0, 50)}~${token.slice(51)}`, /^192 characters, looks damaged/],
    [
      'checksum in small letters',
      sealedToken('ATATT3xFfGF0', 'q').toLowerCase().replace('atatt3xffgf0', 'ATATT3xFfGF0'),
      /cut off/,
    ],
    ['beginning lost', token.slice(4), /^188 characters, looks damaged at its beginning/],
  ])('%s', (_what, text, verdict) => {
    const lint = lintToken(text, 'cloud');
    expect(lint.verdict).toMatch(verdict);
    expect(lint.problem?.code).toBe('token-damaged');
    expect(lint.problem?.reason).toMatch(/Copy it again/);
  });

  test.each([
    [sealedToken('ATCTT3xFfGN0', 'x'.repeat(171)), null, 'token-wrong-kind'],
    [`ATBB${'x'.repeat(32)}`, null, 'token-wrong-kind'],
    [`ATBB${'x'.repeat(32)}`, 'data-center', 'token-wrong-kind'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'cloud', 'token-wrong-kind'],
    ['0123456789abcdef0123456789abcdef', 'cloud', 'token-wrong-kind'],
    ['0123456789abcdef0123456789abcdef', 'data-center', undefined],
    [`ATOA${'x'.repeat(60)}`, 'cloud', 'token-wrong-kind'],
    [`ghp_${'x'.repeat(36)}`, 'data-center', 'token-wrong-kind'],
    [pat, 'cloud', 'token-wrong-kind'],
    [pat, 'data-center', undefined],
    [pat, null, undefined],
    ['abcdefghijklmnopqrstuvwx', 'cloud', undefined],
    ['a-password', 'data-center', undefined],
    [token, 'data-center', undefined],
    [sealedToken('ATSTT3xFfGF0', 'x'.repeat(171)), 'cloud', undefined],
  ] as const)('wrong kind depends on the site: %#', (text, deployment, code) => {
    expect(lintToken(text, deployment).problem?.code).toBe(code);
  });

  test('a Cloud token for Data Center is said, not blocked', () => {
    expect(lintToken(token, 'data-center').verdict).toMatch(/checksum OK, but made for Atlassian Cloud/);
  });

  test('never repeats a piece of the token', () => {
    fc.assert(
      fc.property(
        anyToken,
        fc.constantFrom('cloud', 'data-center', null),
        fc.integer({min: 30, max: 192}),
        (whole, deployment, cut) => {
          const text = whole.slice(0, cut);
          const lint = lintToken(text, deployment);
          const said = `${lint.verdict} ${lint.problem?.reason} ${unusable(text)}`;
          for (let at = 12; at + 8 <= text.length; at += 4) expect(said).not.toContain(text.slice(at, at + 8));
        },
      ),
    );
  });
});

describe('tidyToken', () => {
  test.each<[what: string, raw: string, removed: string[], username?: string]>([
    ['nothing to do', token, []],
    ['a line end', `${token}\n`, ['line ends']],
    ['Windows’ line end', `${token}\r\n`, ['line ends']],
    ['spaces around it', `  ${token}\t`, ['spaces']],
    ['wrapped by a terminal', wrapped76(token), ['line ends']],
    ['no-break space', `\u00a0${token}`, ['spaces']],
    ['zero-width characters', `\u200b${token.slice(0, 9)}\ufeff${token.slice(9)}`, ['invisible characters']],
    ['double quotes', `"${token}"`, ['quotes']],
    ['one quote', `'${token}`, ['quotes']],
    ['typographic quotes', `“${token}”`, ['quotes']],
    ['backticks', `\`${token}\``, ['quotes']],
    ['angle brackets', `<${token}>`, ['quotes']],
    ['Bearer', `Bearer ${token}`, ['“Bearer ” in front']],
    ['bearer over a line end', `bearer\n${token}`, ['“Bearer ” in front']],
    ['Bearer that lost its space', `Bearer${token}`, ['“Bearer ” in front']],
    ['Basic before a bare token', `Basic ${token}`, ['“Basic ” in front']],
    ['NAME=', `JIRA_API_TOKEN=${token}`, ['“JIRA_API_TOKEN=” in front']],
    ['an unspeaking name', `FOO=${token}`, ['a name in front']],
    ['an unspeaking name before a PAT', `foo=${pat}`, ['a name in front']],
    ['export with quotes', `export JIRA_API_TOKEN='${token}'`, ['quotes', '“JIRA_API_TOKEN=” in front']],
    ['PowerShell', `$env:JIRA_TOKEN = "${token}"`, ['quotes', '“JIRA_TOKEN=” in front']],
    ['YAML', `api_token: ${token}`, ['a name in front']],
    ['JSON', `"token": "${token}",`, []],
    ['a JSON object', `{"token":"${token}"}`, []],
    ['a header', `Authorization: Bearer ${token}`, ['a name in front', '“Bearer ” in front']],
    ['curl’s header', `-H 'Authorization: Bearer ${token}'`, []],
    ['email:token', pair, ['your e-mail in front'], 'you@acme.com'],
    ['email: token', `you@acme.com: ${token}`, ['your e-mail in front'], 'you@acme.com'],
    ['email:password', 'you@acme.com:hunter2', ['your e-mail in front'], 'you@acme.com'],
    ['login:PAT', `fred:${pat}`, ['your username in front'], 'fred'],
    ['curl’s pair', `-u you@acme.com:${token}`, ['a curl option in front', 'your e-mail in front'], 'you@acme.com'],
    ['base64 of the pair', base64(pair), ['base64 around it', 'your e-mail in front'], 'you@acme.com'],
    [
      'base64 of the pair and a line end',
      base64(`${pair}\n`),
      ['base64 around it', 'your e-mail in front'],
      'you@acme.com',
    ],
    ['base64 of the pair, wrapped', `${wrapped76(base64(pair))}\n`, [], 'you@acme.com'],
    [
      'Basic and base64',
      `Basic ${base64(pair)}`,
      ['“Basic ” in front', 'base64 around it', 'your e-mail in front'],
      'you@acme.com',
    ],
    ['Basic and base64 of login and PAT', `Basic ${base64(`fred:${pat}`)}`, [], 'fred'],
    ['paste markers', `\u001b[200~${token}\u001b[201~`, ['paste markers']],
    ['paste markers without their escape', `[200~${token}[201~`, ['paste markers']],
    ['a control character', `${token}\u0003`, ['control characters']],
    ['a full stop', `${token}.`, ['punctuation']],
  ])('%s', (_what, raw, removed, username) => {
    const tidy = tidyToken(raw);
    const known = raw.includes('hunter2')
      ? 'hunter2'
      : raw.includes(pat) || raw.includes(base64(`fred:${pat}`))
        ? pat
        : token;
    expect(tidy.token).toBe(known);
    expect(tidy.username).toBe(username ?? null);
    for (const what of removed) expect(tidy.removed).toContain(what);
    if (raw !== tidy.token) expect(tidy.removed.length).toBeGreaterThan(0);
  });

  test.each([
    'hunter2',
    'p@ss:word',
    'a:b',
    'pa=ss',
    'abc==',
    'x=y=z',
    '{braces}',
    'trailing;',
    'dots...',
    'YWJjZGVmZ2hpamts',
  ])('leaves a password alone: %s', text => {
    expect(tidyToken(text)).toEqual({token: text, removed: [], username: null});
  });

  const around = fc.constantFrom<readonly [string, string]>(
    ['', ''],
    [' ', ' '],
    ['', '\n'],
    ['\r\n', '\r\n'],
    ['\u200b', '\u200b'],
    ['"', '"'],
    ["'", "'"],
    ['“', '”'],
    ['`', '`'],
    ['Bearer ', ''],
    ['JIRA_API_TOKEN=', ''],
    ['export TOKEN=', ''],
    ['token: ', ''],
    ['Authorization: Bearer ', ''],
    ['you@acme.com:', ''],
    ['\u001b[200~', '\u001b[201~'],
    ['\ufeff', ''],
  );

  test('whatever is wrapped around a token in whatever order, the token comes back', () => {
    fc.assert(
      fc.property(anyToken, fc.array(around, {maxLength: 4}), (whole, layers) => {
        const raw = layers.reduce((text, [front, behind]) => front + text + behind, whole);
        const tidy = tidyToken(raw);
        expect(tidy.token).toBe(whole);
        expect(tidy.removed.length > 0).toBe(raw !== whole);
      }),
      {numRuns: 1000},
    );
  });

  test('blanks and line ends inside a token go', () => {
    fc.assert(
      fc.property(
        anyToken,
        fc.array(fc.tuple(fc.nat({max: 191}), fc.constantFrom(' ', '\n', '\r\n', '\t', '\u200b')), {maxLength: 5}),
        (whole, cuts) => {
          let raw = whole;
          for (const [at, what] of cuts) raw = raw.slice(0, at) + what + raw.slice(at);
          expect(tidyToken(raw).token).toBe(whole);
        },
      ),
    );
  });

  test('base64 of any pair comes apart', () => {
    fc.assert(
      fc.property(anyToken, fc.boolean(), (whole, basic) => {
        const tidy = tidyToken(`${basic ? 'Basic ' : ''}${base64(`you@acme.com:${whole}`)}`);
        expect(tidy).toMatchObject({token: whole, username: 'you@acme.com'});
      }),
    );
  });

  test('tidying twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({unit: 'grapheme'}), fc.string({unit: 'binary'}), anyToken), text => {
        const once = tidyToken(text).token;
        expect(tidyToken(once).token).toBe(once);
      }),
      {numRuns: 2000},
    );
  });

  test('what was removed never names a piece of the token', () => {
    fc.assert(
      fc.property(anyToken, fc.array(around, {maxLength: 3}), (whole, layers) => {
        const raw = layers.reduce((text, [front, behind]) => front + text + behind, whole);
        const said = tidyToken(raw).removed.join(' ');
        for (let at = 0; at + 8 <= whole.length; at += 4) expect(said).not.toContain(whole.slice(at, at + 8));
      }),
    );
  });
});

describe('findToken', () => {
  const oneOf = (text: string): fc.Arbitrary<string> => fc.constantFrom(...text.split('|'));
  const prose = fc.oneof(
    oneOf(
      'Enter the passphrase:\n|Password for you: |API Token: |machine acme.atlassian.net login you@acme.com password ',
    ),
    oneOf(
      'curl -u you@acme.com:|--user "you@acme.com:|{"a":1,\n "token": "|<td>|-H "Authorization: Bearer |export A=1 B=',
    ),
    fc.string({unit: 'grapheme-ascii', maxLength: 40}),
    fc.string({unit: 'grapheme', maxLength: 10}),
  );
  const behind = fc.oneof(
    oneOf(' https://acme.atlassian.net/rest/api/2/myself|"}\n| \n[user@host ~]$ |</td>|, expires 2027-01-01|"\n'),
    fc.string({unit: 'grapheme-ascii', maxLength: 40}),
  );
  const sealed = fc.oneof(userToken, serviceToken);
  const asFound = (text: string): string | null => {
    const found = findToken(text);
    return found.kind === 'token' ? found.token : null;
  };

  test('every text around one valid token: the token', () => {
    fc.assert(
      fc.property(prose, sealed, behind, (front, whole, back) => {
        expect(asFound(`${front}${whole}${back}`)).toBe(whole);
      }),
      {numRuns: 2000},
    );
  });

  test('every text around one valid token, and the token is not said', () => {
    fc.assert(
      fc.property(prose, sealed, behind, (front, whole, back) => {
        const found = findToken(`${front}${whole}${back}`);
        const said = found.kind === 'token' ? found.removed.join() : found.sentence;
        expect(said).not.toContain(whole.slice(20, 28));
        if (`${front}${back}` !== '') expect(said).not.toBe('');
      }),
    );
  });

  const colour = (text: string): string =>
    `\u001b[01;31m\u001b[K${text.slice(0, 30)}\u001b[m\u001b[K${text.slice(30)}\u001b[0m`;
  test.each<[what: string, raw: string, username?: string]>([
    ['text of a prompt in front', `Enter the passphrase:\n${token}`],
    ['a curl command', `curl -u you@acme.com:${token} https://acme.atlassian.net/rest/api/2/myself`, 'you@acme.com'],
    ['pretty JSON', `{\n  "email": "you@acme.com",\n  "token": "${token}"\n}`, 'you@acme.com'],
    ['a netrc line', `machine acme.atlassian.net login you@acme.com password ${token}`, 'you@acme.com'],
    ['a label', `API Token: ${token}`],
    ['base64 of the token', base64(token)],
    ['base64 of the token and a line end, wrapped', wrapped76(base64(`${token}\n`))],
    ['base64 of UTF-16, as PowerShell makes it', Buffer.from(token, 'utf16le').toString('base64')],
    ['base64 of the pair behind a header’s name', `Authorization: Basic ${base64(pair)} (copied)`, 'you@acme.com'],
    ['two lines, e-mail first', `you@acme.com\n${token}\n`, 'you@acme.com'],
    ['colours around and inside it', colour(token)],
    ['the token twice', `${token}\n${token}`],
    ['the token twice in one piece', token + token],
    ['cut, then whole', `${token.slice(0, 60)}${token}`],
    ['a URL’s %3D', `https://x.invalid/?t=${token.replace('=', '%3D')}&u=1`],
    ['JSON’s escape', `{"t":"${token.replace('=', '\\u003d')}"}`],
    ['quoted-printable mail', `Dear all,\n${token.slice(0, 70)}=\n${token.slice(70).replace('=', '=3D')}\nbye`],
    ['a label, then wrapped', `Token:\n${wrapped76(token)}`],
    ['a personal access token behind a prompt', `Your new token: ${pat} (keep it)`],
  ])('%s', (_what, raw, username) => {
    const found = findToken(raw);
    expect(found).toMatchObject({kind: 'token', token: raw.includes(pat) ? pat : token, username: username ?? null});
    if (found.kind === 'token') expect(found.removed.length).toBeGreaterThan(0);
  });

  test.each([
    ['', 'empty'],
    [' \n', 'empty'],
    ['""', 'empty'],
    ['export JIRA_API_TOKEN=', 'empty'],
    ['export JIRA_API_TOKEN=""', 'empty'],
    ['api_token:', 'empty'],
    ['$JIRA_API_TOKEN', 'variable'],
    ['${JIRA_API_TOKEN}', 'variable'],
    ['"${JIRA_API_TOKEN}"', 'variable'],
    ['${JIRA_API_TOKEN:-none}', 'variable'],
    ['%JIRA_API_TOKEN%', 'variable'],
    ['$env:JIRA_API_TOKEN', 'variable'],
    ['$(cat /run/secrets/jira)', 'variable'],
    ['{{ token }}', 'variable'],
    ['${{ secrets.JIRA_TOKEN }}', 'variable'],
    ['JIRA_API_TOKEN', 'variable'],
    ['JIRA_API_TOKEN=$JIRA_API_TOKEN', 'variable'],
    ['<your-api-token>', 'placeholder'],
    ['<API token>', 'placeholder'],
    ['YOUR_API_TOKEN_HERE', 'placeholder'],
    ['your-api-token', 'placeholder'],
    ['paste your token here', 'placeholder'],
    ['changeme', 'placeholder'],
    ['op://Private/Jira/token', 'reference'],
    ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:jira', 'reference'],
    ['*'.repeat(192), 'masked'],
    ['•'.repeat(192), 'masked'],
    ['xxxxxxxx', 'masked'],
    ['ATATT3xF****************************', 'masked'],
    ['[REDACTED]', 'masked'],
    ['/run/secrets/jira-token', 'path'],
    ['~/token', 'path'],
    ['https://acme.atlassian.net', 'address'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nabc', 'private-key'],
    [`${token}\n${sealedToken('ATATT3xFfGF0', 'y'.repeat(171))}`, 'several'],
    ['x1'.repeat(3000), 'too-long'],
    [`${token.slice(0, 30)}…`, 'foreign-character'],
    ['пароль', 'foreign-character'],
  ])('cannot be a token: %j', (text, reason) => {
    expect(findToken(text)).toMatchObject({kind: 'unusable', reason});
    expect(unusable(text)).toMatch(/^[A-Z].*\.$/);
  });

  test.each(['MyJiraPassw0rd!', 'hunter2', 'p@ss/word', 'Secret_Password', 'a:b', 'correct horse', '$ecret', 'x*x*x'])(
    'may be a password: %s',
    text => {
      expect(findToken(text).kind).toBe('token');
    },
  );

  test('whatever comes in, a verdict comes out, and what is usable is fit for a header', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({unit: 'binary'}), fc.string({unit: 'grapheme'}), prose), text => {
        const found = findToken(text);
        if (found.kind === 'token') expect(found.token).toMatch(/^[ -~]{1,4096}$/);
      }),
      {numRuns: 2000},
    );
  });
});

describe('what a Cloud site would refuse is doubted before it is sent', () => {
  test.each([
    ['MyJiraPassw0rd!', 'password'],
    ['31.12.2026', 'date'],
    ['2026-12-31', 'date'],
    ['you@acme.com', 'e-mail'],
  ])('%s', (text, kind) => {
    expect(lintToken(text, 'cloud').doubt?.kind).toBe(kind);
    expect(lintToken(text, 'data-center').doubt).toBeNull();
    expect(lintToken(text).doubt).toBeNull();
  });

  test('no doubt about a token', () => {
    fc.assert(
      fc.property(fc.oneof(userToken, serviceToken), whole => {
        expect(lintToken(whole, 'cloud')).toMatchObject({problem: null, doubt: null});
      }),
    );
  });
});

test('looksLikeToken knows tokens and their wrappings, and no ordinary words', () => {
  for (const text of [
    token,
    ` "${token}"`,
    `see ${token}!`,
    pat,
    base64(pair),
    pair,
    'aB3dEfGh1jKlMn0pQrStUvWx',
    'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.',
  ])
    expect(looksLikeToken(text), text.slice(0, 4)).toBe(true);
  for (const text of [
    '',
    'you@acme.com',
    'fred',
    'https://acme.atlassian.net',
    'jira.acme.example:8443',
    'averylongnameofsomebodyx',
    'Jira production',
  ])
    expect(looksLikeToken(text), text).toBe(false);
});

describe('long input comes back', () => {
  test.each(['a', '=', ':', '"', ' ', 'A=', 'eyJ.', 'ATATT3', '\u200b', '@', 'Bearer ', '\n"', '{', 'a@a.'])(
    '%j',
    unit => {
      for (const size of [10_000, 1_000_000]) {
        const text = unit.repeat(Math.ceil(size / unit.length));
        expect(typeof tidyToken(text).token).toBe('string');
        expect(lintToken(text).length).toBe(text.length);
        expect(findToken(text).kind).toMatch(/^(?:token|unusable)$/);
        expect(typeof looksLikeToken(text)).toBe('boolean');
      }
    },
  );
});
