/** What was more likely meant than what was typed. */
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {parseSite} from '../../source/domain/site.ts';

const meant = (text: string): string | null => parseSite(text).suggestion?.url ?? null;

describe('suggestion', () => {
  test.each([
    ['acme', 'https://acme.atlassian.net'],
    ['https://acme/', 'https://acme.atlassian.net'],
    ['acme.atlasian.net', 'https://acme.atlassian.net'],
    ['acme.atlassian.ne', 'https://acme.atlassian.net'],
    ['acme.atlassian.nett', 'https://acme.atlassian.net'],
    ['acme-atlassian.net', 'https://acme.atlassian.net'],
    ['acmeatlassian.net', 'https://acme.atlassian.net'],
    ['acme.atlassian.net.evil.tld', 'https://acme.atlassian.net'],
    ['acme.atlassian.com', 'https://acme.atlassian.net'],
    ['https://id.atlassian.com/login?continue=https%3A%2F%2Facme.atlassian.net%2F', 'https://acme.atlassian.net'],
    ['http://localhost:8443', 'https://localhost:8443'],
    ['http://jira.acme.example/jira', 'https://jira.acme.example/jira'],
    ['http://jira.acme.example:8080', 'https://jira.acme.example:8080'],
  ])('%s → %s', (text, url) => {
    expect(meant(text)).toBe(url);
  });

  test.each([
    'acme.atlassian.net',
    'https://jira.acme.example',
    'jira.acme.example:8443',
    'https://jira/jira',
    'jira:8080',
    'localhost',
    'atlassian.net',
    'atlasian.net',
    'id.atlassian.com',
    'api.atlassian.com',
    'jira.atlassian.com',
    'not an address',
    '',
  ])('none for %j', text => {
    expect(meant(text)).toBeNull();
  });

  test('is itself accepted unchanged, and has no suggestion of its own', () => {
    const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
    const end = fc.constantFrom(
      '',
      '.atlasian.net',
      '.atlassian.net.mirror.example',
      '.atlassian.com',
      'atlassian.net',
    );
    fc.assert(
      fc.property(name, end, (front, behind) => {
        const url = meant(front + behind);
        if (url === null) return;
        expect(parseSite(url)).toMatchObject({ok: true, site: {url}, suggestion: null});
      }),
    );
  });
});

describe('what is taken off', () => {
  test.each([
    ['https://acme.atlassian.net.mcas.ms/jira/your-work', 'https://acme.atlassian.net', /mcas\.ms/],
    ['jira.acme.example.mcas.ms', 'https://jira.acme.example', /mcas\.ms/],
    ['https://acme.atlassian.nethttps://acme.atlassian.net', 'https://acme.atlassian.net', /second copy/],
    ['https://acme.atlassian.net/https://acme.atlassian.net/', 'https://acme.atlassian.net', /second copy/],
    ['https://acme.atlassian.net https://acme.atlassian.net', 'https://acme.atlassian.net', /second copy/],
    ['acme.atlassian.net acme.atlassian.net', 'https://acme.atlassian.net', /second copy/],
  ])('%s', (text, url, change) => {
    const parsed = parseSite(text);
    expect(parsed).toMatchObject({ok: true, site: {url}});
    expect(parsed.ok ? parsed.changes.join() : '').toMatch(change);
  });

  test('the gateway’s address asks for the site’s name', () => {
    const parsed = parseSite(
      'https://api.atlassian.com/ex/jira/11111111-2222-4333-8444-555555555555/rest/api/3/myself',
    );
    expect(parsed).toMatchObject({ok: false, problem: {code: 'url-invalid'}});
    expect(parsed.ok ? '' : parsed.problem.reason).toMatch(/cloud ID 11111111-2222.*Type that site’s own address/);
  });
});
