import {describe, expect, test} from 'vitest';
import {cloudOf} from '../../source/domain/clouds.ts';
import {gatewayIn, gatewayOf} from '../../source/domain/gateway.ts';
import {parseSite} from '../../source/domain/site.ts';

describe('clouds', () => {
  test.each([
    ['acme.atlassian.net', 'commercial', 'api.atlassian.com'],
    ['acme.jira.com', 'commercial', 'api.atlassian.com'],
    ['ACME.Atlassian.NET.', 'commercial', 'api.atlassian.com'],
    ['acme.atlassian-us-gov-mod.net', 'government', 'api.atlassian-us-gov-mod.com'],
    ['acme.atlassian-us-gov.net', 'government', null],
    ['acme.atlassian-us-gov.com', 'government', null],
    ['acme.atlassian-fex.net', 'government', null],
    ['acme.atlassian-fex.com', 'government', null],
    ['acme.atlassian-isolated.net', 'isolated', null],
  ])('%s is a site of the %s cloud', (host, kind, gateway) => {
    expect(cloudOf(host)).toMatchObject({kind, gateway});
    const address = gatewayOf(host, 'a/b');
    expect(address?.host ?? null).toBe(gateway);
    expect(address?.base ?? null).toBe(gateway === null ? null : `https://${gateway}/ex/jira/a%2Fb`);
    expect(parseSite(host)).toMatchObject({ok: true, site: {atlassianHosted: true, path: ''}});
  });

  test.each([
    'atlassian.net',
    'jira.acme.example',
    'acme.atlassian.net.evil.tld',
    'jira.atlassian.com',
    'xatlassian.net',
  ])('%s is not a site of any', host => {
    expect(cloudOf(host)).toBeNull();
  });

  test.each([
    ['api.atlassian.com', '/ex/jira/11111111-2222-4333-8444-555555555555', true],
    ['api.atlassian.com', '/ex/jira/11111111-2222-4333-8444-555555555555/rest/api/2', true],
    ['api.atlassian-us-gov-mod.com', '/ex/jira/11111111-2222-4333-8444-555555555555?x', true],
    ['api.atlassian.com', '/ex/confluence/11111111-2222-4333-8444-555555555555', false],
    ['api.atlassian.com', '/ex/jira/../secret', false],
    ['acme.atlassian.net', '/ex/jira/11111111-2222-4333-8444-555555555555', false],
  ])('an address at a gateway: %s%s', (host, path, is) => {
    const found = gatewayIn(host, path);
    expect(found === null).toBe(!is);
    if (found !== null) expect(found.base).toBe(`https://${host}/ex/jira/11111111-2222-4333-8444-555555555555`);
  });
});
