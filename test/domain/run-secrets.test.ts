import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {isTelling, passwordsIn, RunSecrets} from '../../source/domain/run-secrets.ts';
import {Secret} from '../../source/domain/secret.ts';
import {token} from './synthetic-token.ts';

const known = (...secrets: string[]): RunSecrets => {
  const run = new RunSecrets();
  run.addText(...secrets);
  return run;
};

describe('the secrets of a run', () => {
  it.each([
    ['http://me:pa/ss#w@rd@proxy.acme.example:3128', ['pa/ss#w@rd']],
    ['me:pass-w0rd@proxy.acme.example', ['pass-w0rd']],
    ['  https://ACME\\me:a%2Fb%40c@proxy:1', ['a%2Fb%40c', 'a/b@c']],
    ['http://me:100%@proxy', ['100%']],
    ['http://me:a:b@proxy', ['a:b']],
    ['http://me@proxy', []],
    ['http://proxy:3128', []],
    ['', []],
  ])('the password in %s', (address, passwords) => {
    expect(passwordsIn(address)).toEqual(passwords);
  });

  it.each(['proxy', 'password', 'Connection', 'ab1', '12345678', 'short'])('%s could be any word', word => {
    expect(isTelling(word)).toBe(false);
    expect(known(word).redact(`the ${word} answered`)).toBe(`the ${word} answered`);
  });

  it.each(['hunter2', 'p@ss/word', 'Pr0xy-Pass', 'passWord', 'correcthorsebattery', 'my-proxy'])(
    '%s is found',
    secret => {
      expect(known(secret).redact(`before ${secret} after`)).not.toContain(secret);
    },
  );

  it('signs of a short secret are part of it: the same letters in a sentence are none', () => {
    expect(known('my-proxy').redact('my proxy')).toBe('my proxy');
  });

  it('the token in JIRA_API_TOKEN is one, the username in front of it is none', () => {
    const run = new RunSecrets();
    run.addEnvironment({JIRA_API_TOKEN: `you@acme.com:${token}`, https_proxy: 'http://me:s3cr3t/pass@proxy:1'});
    expect(run.redact(`you@acme.com ${token} s3cr3t/pass`)).toBe('you@acme.com *** ***');
  });

  it('what is shown anyway stays, though a passphrase holds it', () => {
    const run = known('acme.atlassian.net is where I work');
    run.allow('https://acme.atlassian.net', 'you@acme.com');
    expect(run.redact('https://acme.atlassian.net')).toBe('https://acme.atlassian.net');
    expect(run.redact('acme.atlassian.net is where')).toBe('***');
  });

  it('addresses, usernames and tokens of others are never masked', () => {
    const run = known(token, 'violet harbour mitten plankton', 'Pr0xyPassw0rd');
    const text = 'https://acme.atlassian.net/rest/api/3/myself as you@acme.com over http://proxy.acme.example:3128';
    expect(run.redact(text)).toBe(text);
  });

  it('a secret is known from where it is made, and null is none', () => {
    const run = new RunSecrets();
    expect(run.add(new Secret(token)).reveal()).toBe(token);
    expect(run.add(null)).toBeNull();
    expect(run.all()).toEqual([token]);
  });

  it('every text of a JSON value is searched, and nothing else of it changes', () => {
    const value = {a: [1, true, null, `x ${token}`], b: {c: token.slice(52, 66), d: 'you@acme.com'}};
    const without = {a: [1, true, null, 'x ***'], b: {c: expect.stringMatching(/^-?\*{3}-?$/), d: 'you@acme.com'}};
    expect(known(token).redactValue(value)).toEqual(without);
  });

  it('text without a secret is never changed', () => {
    const run = known(token);
    fc.assert(fc.property(fc.string({unit: 'grapheme', maxLength: 200}), text => run.redact(text) === text));
  });
});
