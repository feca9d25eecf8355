import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Mask, masked} from '../../../source/commands/child/mask.ts';
import {syntheticPat, syntheticToken} from '../../support/jira.ts';
import {wholeForms} from '../../support/leak.ts';

const token = syntheticToken();

/** What comes out when the text is cut into pieces at the given places. */
function through(text: string, cuts: readonly number[] = [], secret = token): string {
  const mask = new Mask([secret]);
  const places = [0, ...[...cuts].sort((a, b) => a - b), text.length];
  return (
    places
      .slice(1)
      .map((end, index) => mask.push(text.slice(places[index], end)))
      .join('') + mask.end()
  );
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const wrapped = (text: string, width: number): string => text.replace(new RegExp(`.{${width}}`, 'g'), '$&\n');

const forms: readonly (readonly [string, string])[] = [
  ['itself', token],
  ['in a URL', encodeURIComponent(token)],
  ['in a URL, lower case', encodeURIComponent(token).replaceAll('%3D', '%3d')],
  ['base64 of itself', base64(token)],
  ['base64 of user:token', base64(`you@acme.com:${token}`)],
  ['base64 of a shorter user:token', base64(`you@acme.co:${token}`)],
  ['base64 of a still shorter user:token', base64(`you@acme.c:${token}`)],
  ['base64 with something behind', base64(`u:${token}\n`)],
  ['base64url', Buffer.from(`you@acme.com:${token}`).toString('base64url')],
  ['base64 in lines of 76', wrapped(base64(`you@acme.com:${token}`), 76)],
  ['base64 in lines of 64 with CR', wrapped(base64(token), 64).replaceAll('\n', '\r\n')],
  ['in hex', Buffer.from(token).toString('hex')],
  ['in hex, upper case, in lines of 60', wrapped(Buffer.from(token).toString('hex').toUpperCase(), 60)],
  ['in JSON, as Gson writes it', token.replaceAll('=', '\\u003d')],
  ['as readline wraps it', wrapped(token, 80).replaceAll('\n', ' \r')],
  ['as less wraps it', wrapped(token, 80).replaceAll('\n', ' \b')],
  ['as vim wraps it', token.replace(/(.{79}(.))/g, '$1$2\u001b[3;1H')],
  [
    'with colours in it',
    `${token.slice(0, 7)}\u001b[01;31m\u001b[K${token.slice(7, 60)}\u001b[m\u001b[K${token.slice(60)}`,
  ],
  ['base64 in a URL', encodeURIComponent(base64(`me:${token}`))],
  ['cut at its own =', token.replace(/=.*/, '')],
  ['cut by a logger', `${token.slice(0, 120)}…`],
  ['folded and indented', wrapped(token, 40).replaceAll('\n', '\n    ')],
  ['folded and quoted', wrapped(base64(token), 76).replaceAll('\n', '\n> ')],
  ['in a table', wrapped(token, 40).replaceAll('\n', ' |\n| ')],
  ['in a drawn frame', Buffer.from(wrapped(token, 40).replaceAll('\n', ' │\n│ ')).toString('latin1')],
  ['in quoted-printable', wrapped(token.replaceAll('=', '=3D'), 75).replaceAll('\n', '=\r\n')],
  ['in JSON, capital escapes', token.replaceAll('=', '\\u003D')],
  ['in JSON, every character escaped', each(token, code => `\\u${code.toString(16).padStart(4, '0')}`)],
  ['in entities', each(token, code => `&#${code};`)],
  ['in hexadecimal entities', each(token, code => `&#x${code.toString(16).toUpperCase()};`)],
  ['in percent codes', each(token, code => `%${code.toString(16)}`)],
  ['as C writes bytes', each(token, code => `\\x${code.toString(16)}`)],
  ['in hex with colons', each(token, code => `${code.toString(16)}:`).slice(0, -1)],
  ['as od writes it', each(token, code => ` ${code.toString(16)}`).replace(/(?: ..){16}/g, '0000020$&\n')],
  ['coloured letter by letter', each(token, code => `\u001b[38;2;1;2;3m${String.fromCharCode(code)}\u001b[0m`)],
  ['with NUL between, as UTF-16', [...token].join('\0')],
  ['in a link of the terminal', `${token.slice(0, 90)}\u001b]8;;https://acme.example\u0007${token.slice(90)}`],
];

function each(text: string, write: (code: number) => string): string {
  return Array.from(text, one => write(one.charCodeAt(0))).join('');
}

/** No twelve characters of any form, whatever else stands between them. */
function expectNothingOf(output: string, secret = token): void {
  const flat = output.replace(/\u001b\[[\d;]*[A-Za-z]/g, '').replace(/[^\w+/=%\\-]/g, '');
  // Twelve characters of percent codes are as few as four of the secret.
  for (const form of wholeForms({what: 'token', secret}).filter(each => !each.includes('%'))) {
    for (let at = 0; at + 12 <= form.length; at += 1) {
      const piece = form.slice(at, at + 12);
      expect(output.includes(piece) || flat.includes(piece), `${at} of ${form.length}`).toBe(false);
    }
  }
}

describe('the mask', () => {
  it.each(forms)('takes out the token %s', (_, text) => {
    const output = through(`before ${text} after\n`);
    expect(output).toContain(masked);
    expect(output).toMatch(/^before /);
    expect(output).toMatch(/ after\n$/);
    // Masked to its ends: an offset of a dump and a half character of base64 may be left.
    expect(output.replace(/(?:0000020|\*\*\*)\s*/g, '').length).toBeLessThan(45);
    expectNothingOf(output);
  });

  it.each(forms)('takes out the token %s, wherever it is cut', (_, text) => {
    const whole = `x ${text} y`;
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), {maxLength: 8}), cuts => {
        expectNothingOf(through(whole, cuts));
      }),
      {numRuns: 25},
    );
  });

  it('lets no twelve characters of a token out, whatever piece of it is written and however it arrives', () => {
    const piece = fc.record({
      secret: fc.constantFrom(token, syntheticPat()),
      from: fc.nat(180),
      length: fc.integer({min: 1, max: 60}),
      form: fc.constantFrom<(text: string) => string>(
        text => text,
        base64,
        encodeURIComponent,
        text => Buffer.from(text).toString('hex'),
        text => each(text, code => `&#${code};`),
      ),
      around: fc.tuple(fc.stringMatching(/^[ -~]{0,12}$/), fc.stringMatching(/^[ -~]{0,12}$/)),
      cuts: fc.array(fc.nat(400), {maxLength: 12}),
      waits: fc.boolean(),
    });
    fc.assert(
      fc.property(piece, ({secret, from, length, form, around, cuts, waits}) => {
        const text = around[0] + form(secret.slice(from % secret.length, (from % secret.length) + length)) + around[1];
        const mask = new Mask([secret]);
        const places = [0, ...[...cuts].map(cut => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
        let output = '';
        for (const [index, end] of places.slice(1).entries()) {
          output += mask.push(text.slice(places[index], end));
          if (waits) output += mask.relax();
        }
        expectNothingOf(output + mask.end(), secret);
      }),
      {numRuns: 150},
    );
  });

  it('byte by byte it shows a few characters that all tokens begin with, and nothing else', () => {
    const whole = `${token}${token}`;
    const cuts = [...whole].map((_, index) => index);
    expect(through(whole, cuts)).toBe(`${token.slice(0, 3)}${masked}`.repeat(2));
    expect(through(whole)).toBe(masked + masked);
  });

  it('does not give away a token that is cut off at the end', () => {
    for (const length of [12, 60, token.length - 1]) expectNothingOf(through(`see ${token.slice(0, length)}`));
  });

  it('lets everything else through, byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 400}), fc.array(fc.nat(400), {maxLength: 5}), (bytes, cuts) => {
        const text = Buffer.from(bytes).toString('latin1');
        expect(
          through(
            text,
            cuts.map(cut => Math.min(cut, text.length)),
          ),
        ).toBe(text);
      }),
    );
  });

  it.each([
    'pass/word+with=odd"chars\\and\'more',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    Buffer.from('123456789012:/+?>~ some bytes').toString('base64'),
    'violet harbour mitten plankton',
  ])('takes out %j in every form and cut anywhere', secret => {
    const written = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify({a: secret}),
      JSON.stringify({a: secret}).replaceAll('/', '\\/'),
      base64(`me:${secret}`),
      base64(`you:${secret}`),
      base64(`them:${secret}!`),
    ];
    for (const text of written) {
      for (let cut = 0; cut <= text.length; cut += 1) {
        const output = through(`<${text}>`, [1 + cut], secret);
        expect(output).toContain(masked);
        expect(output.replaceAll(masked, '').length).toBeLessThan(24);
      }
    }
  });

  it('shows what may be a prompt after a while, and still takes the token out', () => {
    const mask = new Mask([token]);
    expect(mask.push('go on? ATATT3')).toBe('go on? ');
    expect(mask.holds).toBe(true);
    expect(mask.relax()).toBe('ATATT3');
    expect(mask.holds).toBe(false);
    let output = '';
    for (const character of token.slice(6)) output += mask.push(character) + mask.relax();
    expect(output + mask.push('>') + mask.end()).toBe(`x${masked}>`);
  });

  it('a key that is typed comes back at once', () => {
    const mask = new Mask([token]);
    for (const key of 'ls -la\r\n') expect(mask.push(key)).toBe(key);
  });

  it('a line end behind a whole token comes at once', () => {
    const mask = new Mask([token]);
    expect(mask.push(`${token}\n`)).toBe(`${masked}\n`);
  });
});
