import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Mask, masked} from '../../../source/commands/child/mask.ts';
import {formsOf} from '../../../source/domain/secret-forms.ts';
import {syntheticToken} from '../../support/jira.ts';

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
];

/** No piece of any form that would be worth something. */
function expectNothingOf(output: string): void {
  const flat = output.replace(/[\r\n]/g, '');
  for (const form of formsOf(token)) {
    for (let at = 0; at + 12 <= form.length; at += 1) expect(flat).not.toContain(form.slice(at, at + 12));
  }
}

describe('the mask', () => {
  it.each(forms)('takes out the token %s', (_, text) => {
    const output = through(`before ${text} after\n`);
    expect(output).toContain(masked);
    expect(output).toMatch(/^before /);
    expect(output).toMatch(/ after\n$/);
    expectNothingOf(output);
  });

  it.each(forms)('takes out the token %s, wherever it is cut', (_, text) => {
    const whole = `x ${text} y`;
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), {maxLength: 8}), cuts => {
        expect(through(whole, cuts)).toBe(through(whole));
      }),
      {numRuns: 60},
    );
  });

  it('takes it out byte by byte, and twice in a row', () => {
    const whole = `${token}${token}`;
    expect(
      through(
        whole,
        [...whole].map((_, index) => index),
      ),
    ).toBe(masked + masked);
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
        for (const form of formsOf(secret).filter(each => each.length >= 8)) expect(output).not.toContain(form);
      }
    }
  });

  it('shows what may be a prompt after a while, and still takes the token out', () => {
    const mask = new Mask([token]);
    expect(mask.push('go on? ATA')).toBe('go on? ');
    expect(mask.holds).toBe(true);
    expect(mask.relax()).toBe('ATA');
    expect(mask.holds).toBe(false);
    expect(mask.push('x')).toBe('x');
    let output = '';
    for (const character of `<${token}>`) output += mask.push(character) + mask.relax();
    expect(output + mask.end()).toBe(`<${token.slice(0, 7)}${masked}>`);
  });

  it('shows less of a short secret, and what was shown is not shown again', () => {
    const mask = new Mask(['hunter2-hunter2']);
    expect(mask.push('hunt') + mask.relax()).toBe('hun');
    expect(mask.push('e') + mask.relax()).toBe('');
    expect(mask.push('d!')).toBe('ted!');
    expect(mask.end()).toBe('');
  });

  it('what is not held back any more may begin a form itself', () => {
    const mask = new Mask(['ababac-secret-word']);
    expect(mask.push('abab') + mask.relax()).toBe('abab');
    expect(mask.push(`abac-secret-word`) + mask.end()).toBe(masked);
  });

  it('keeps nothing back that is not the beginning of the token', () => {
    const mask = new Mask([token]);
    expect(mask.push('password: ')).toBe('password: ');
    expect(mask.push(`${token.slice(0, 5)}?`)).toBe(`${token.slice(0, 5)}?`);
  });
});
