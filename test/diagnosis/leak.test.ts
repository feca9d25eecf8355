import {describe, expect, it} from 'vitest';
import {failureCodes} from '../../source/diagnosis/codes.ts';
import {explain} from '../../source/diagnosis/explain.ts';
import {leakIn} from '../../source/diagnosis/leak.ts';
import {syntheticPat, syntheticToken} from '../support/jira.ts';

const token = syntheticToken();
const pat = syntheticPat();
const phrase = 'violet harbour mitten "plankton" é';

const packed = (text: string): string => Buffer.from(text).toString('base64');
const forms: readonly (readonly [string, (secret: string) => string])[] = [
  ['as it is', secret => secret],
  ['in base64', packed],
  ['in base64 behind a name', secret => packed(`you@acme.com:${secret}`)],
  ['in base64 shifted by one', secret => packed(`x${secret}`)],
  ['in base64 shifted by two', secret => packed(`xy${secret}`)],
  ['in base64 with line ends', secret => packed(`u:${secret}`).replace(/.{20}/g, '$&\n  ')],
  ['in base64 for URLs', secret => packed(`u:${secret}`).replaceAll('+', '-').replaceAll('/', '_')],
  ['in a URL', secret => encodeURIComponent(secret)],
  ['in JSON', secret => JSON.stringify(secret).slice(1, -1)],
  ['in hex', secret => Buffer.from(secret).toString('hex')],
  ['in capital hex', secret => Buffer.from(secret).toString('hex').toUpperCase()],
  ['broken over lines', secret => secret.replace(/.{9}/g, '$&\n   ')],
];

describe('a known secret', () => {
  it.each(forms)('is found %s', (_, form) => {
    const around = (text: string): string => `Evidence: it says “${text}” and more`;
    for (const tokens of [[token], [pat]]) {
      expect(leakIn(around(form(tokens[0] ?? '')), {tokens})).toBe('the token or a piece of it');
    }
    expect(leakIn(around(form(phrase)), {phrases: [phrase]})).toBe('the passphrase or another secret');
  });

  it('is found by twelve characters of it, in an address as well', () => {
    expect(leakIn(`x${token.slice(40, 52)}y`, {tokens: [token]})).toBe('the token or a piece of it');
    expect(leakIn(`https://${token.slice(40, 52)}.example/`, {tokens: [token]})).not.toBeNull();
  });

  it('that is sealed is found by a line of its seal', () => {
    const sealed = `-----BEGIN\n${'Zm9vYmFyYmF6'.repeat(4)}\n`;
    expect(leakIn(`a ${'Zm9vYmFyYmF6'.repeat(4)} b`, {sealed: [sealed]})).toBe('sealed text');
  });
});

describe('an unknown secret', () => {
  it.each([
    ['a token', token],
    ['a Data Center token', `it is ${pat}.`],
    ['a token in a Basic header', `Basic ${packed(`you@acme.com:${token}`)}`],
    ['base64 of a pair', packed(`ab:${token}`)],
    ['base64 of another pair', packed(`abc:${token}`)],
    ['hex of a token', Buffer.from(token).toString('hex')],
    ['a header', 'authorization: bearer abcdefgh'],
    ['a header in JSON', '{"Authorization":"Basic eW91OmFiYw=="}'],
    ['a proxy’s password', 'http://me:hush@proxy.acme.example:3128'],
    ['a seal', '-----BEGIN AGE ENCRYPTED FILE-----'],
    ['a key', '-----BEGIN EC PRIVATE KEY-----'],
    ['a JSON Web Token', `eyJhbGciOiJIUzI1NiJ9.${packed('{"a":1}').replaceAll('=', '')}.c2lnbmF0dXJl`],
  ])('shows by its shape: %s', (_, text) => expect(leakIn(text)).not.toBeNull());
});

describe('no secret', () => {
  it.each([
    'Basic authentication works as it should.',
    '“acme” · http://localhost:8080 · you@acme.com',
    '{"url":"http://localhost:8080","username":"you@acme.com"}',
    'Atl-TraceId: 0123456789abcdef0123456789abcdef · X-ARequestId: 9f8e7d6c',
    'CN=acme.atlassian.net, O=Acme, fingerprint AA:BB:CC:DD:EE:FF:00:11:22:33:44:55',
  ])('is taken for one: %s', text => expect(leakIn(text, {tokens: [token], phrases: [phrase]})).toBeNull());

  it('is taken for one in any page of ours', () => {
    for (const code of failureCodes) expect(leakIn(explain(code).join('\n'), {tokens: [token]}), code).toBeNull();
  });
});
