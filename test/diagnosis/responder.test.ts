import {describe, expect, test} from 'vitest';
import {
  accountIn,
  deploymentOf,
  filterOf,
  frontOf,
  header,
  isJira,
  type Party,
  siblingOf,
  whoAnswered,
} from '../../source/diagnosis/responder.ts';
import type {Deployment} from '../../source/domain/credential.ts';
import {answer, asHtml, asJson, asText, challenge, edge, failedLogin, jiraCloud, jiraServer} from './fabricate.ts';

type Parts = Parameters<typeof answer>[0];
const serverInfo = (deploymentType: string) =>
  asJson({baseUrl: 'https://x.example', version: '10.3.2', buildNumber: 1, deploymentType});

const parties: readonly (readonly [string, Party, Parts])[] = [
  ['Cloud’s Jira', 'jira', {headers: jiraCloud}],
  ['Cloud’s Jira by a resolved account', 'jira', {headers: {...edge, 'x-aaccountid': '5b1'}}],
  ['the edge alone', 'atlassian-edge', {headers: edge}],
  ['the edge by its trace id alone', 'atlassian-edge', {headers: {'atl-traceid': 'abc'}}],
  ['the edge in another case', 'atlassian-edge', {headers: {SERVER: 'atlassianedge'}}],
  ['the edge by any header of its prefix', 'atlassian-edge', {headers: {'Atl-Vtm-Time': '21'}}],
  ['the edge by an older name', 'atlassian-edge', {headers: {server: 'Atlassian Proxy/0.1.131'}}],
  ['the missing-site page', 'atlassian-edge', {status: 404, headers: {'atl-missing-tcs': 'true'}}],
  ['Data Center', 'data-center', {headers: jiraServer}],
  ['Data Center by its node', 'data-center', {headers: {'X-ANODEID': 'node1'}}],
  ['Data Center by serverInfo, headers stripped', 'data-center', {body: serverInfo('Server')}],
  ['a Jira of unknown kind', 'jira', {headers: {'x-arequestid': '1'}}],
  ['a Jira by seraph', 'jira', {status: 401, headers: failedLogin}],
  ['a Jira by its challenge', 'jira', {status: 401, headers: challenge}],
  ['Cloud’s serverInfo, headers stripped', 'jira', {body: serverInfo('Cloud')}],
  ['an account, headers stripped', 'jira', {body: asJson({accountId: '1', displayName: 'You', active: true})}],
  [
    'the gateway by its category',
    'gateway',
    {purpose: 'gateway-sign-in', status: 401, headers: {'x-failure-category': 'FAILURE_CLIENT_TCS'}},
  ],
  [
    'the gateway by its address and form',
    'gateway',
    {purpose: 'gateway-sign-in', status: 401, body: asJson({code: 401, message: 'Unauthorized'})},
  ],
  ['Jira through the gateway', 'jira', {purpose: 'gateway-sign-in', headers: jiraCloud}],
  ['a filter in the gateway’s place', 'other', {purpose: 'gateway-sign-in', status: 403, body: asHtml('Blocked')}],
  ['nginx', 'other', {headers: {server: 'nginx'}}],
  [
    'a claim in the body of an error',
    'other',
    {status: 401, body: asJson({message: 'Client must be authenticated', 'status-code': 401})},
  ],
  ['an OAuth challenge of something else', 'other', {status: 401, headers: {'www-authenticate': 'OAuth realm="api"'}}],
  ['a Server that only contains the word', 'other', {headers: {server: 'Not-AtlassianEdge'}}],
  [
    'Confluence, which shares Jira’s headers',
    'other',
    {headers: {'x-arequestid': '1', 'x-seraph-loginreason': 'OK', 'x-confluence-request-time': '1'}},
  ],
  ['a serverInfo with an error status', 'other', {status: 500, body: serverInfo('Server')}],
];

describe('who gave an answer', () => {
  test.each(parties)('%s: %s', (_name, party, parts) => {
    const told = whoAnswered(answer(parts));
    expect(told.party).toBe(party);
    expect(told.marks.length > 0).toBe(party !== 'other');
    expect(told.name.length).toBeGreaterThan(0);
    expect(isJira(answer(parts))).toBe(party === 'jira' || party === 'data-center');
  });

  test('the marks are named as people know them', () => {
    expect(whoAnswered(answer({headers: jiraCloud})).marks).toEqual([
      'X-ARequestId: 9f8e7d6c',
      'Server: AtlassianEdge',
      'Atl-TraceId: 0123456789abcdef0123456789abcdef',
    ]);
  });
  test('headers are found in any case', () => {
    expect(header(answer({headers: {'X-Thing': 'a'}}), 'x-thing')).toBe('a');
    expect(header(answer({headers: {}}), 'x-thing')).toBeNull();
  });
});

describe('what stands in between', () => {
  test.each([
    [{server: 'ZscalerProxy/6.2'}, 'Zscaler', null],
    [{server: 'squid/6.6'}, 'Squid proxy', null],
    [{via: '1.1 proxy (squid/6.6)'}, 'Squid proxy', null],
    [{'x-squid-error': 'ERR_DNS_FAIL 0'}, 'Squid proxy', null],
    [{server: 'cloudflare'}, null, 'Cloudflare'],
    [{'cf-ray': '1-FRA'}, null, 'Cloudflare'],
    [{server: 'awselb/2.0'}, null, 'Amazon (load balancer, CloudFront or WAF)'],
    [{server: 'nginx'}, null, null],
  ] as const)('%o', (headers, filter, front) => {
    expect(filterOf(answer({headers}))).toBe(filter);
    expect(frontOf(answer({headers}))).toBe(front);
  });
  test('siblings of Jira', () => {
    expect(siblingOf(answer({headers: {'x-confluence-request-time': '1'}}))).toBe('Confluence');
    expect(siblingOf(answer({body: asHtml('Log in - Bitbucket')}))).toBe('Bitbucket');
    const thrown = (name: string) => siblingOf(answer({status: 404, body: asJson({errors: [{exceptionName: name}]})}));
    expect(thrown('com.atlassian.bitbucket.NoSuchEntity')).toBe('Bitbucket');
    expect(thrown('com.atlassian.jira.rest.NotFound')).toBeNull();
    expect(siblingOf(answer({body: asHtml('System Dashboard - Jira')}))).toBeNull();
  });
});

describe('an account in a body', () => {
  test.each([
    [{accountId: '1', displayName: 'You', active: true}, true],
    [{key: 'JIRAUSER1', name: 'you', displayName: 'You'}, true],
    [{accountId: '', displayName: 'You'}, false],
    [{name: 'anonymous', displayName: 'Anonymous', active: true}, false],
    [{accountId: 5, displayName: 'You'}, false],
    [{name: 'you'}, false],
    [[], false],
    [null, false],
    ['you', false],
  ])('%j: %s', (value, expected) => expect(accountIn(value)).toBe(expected));
});

describe('Cloud or Data Center', () => {
  const host = 'jira.acme.example';
  const rows: readonly (readonly [string, Deployment | null, readonly Parts[], string?])[] = [
    ['an Atlassian host needs no answer', 'cloud', [], 'acme.atlassian.net'],
    ['an old Atlassian host', 'cloud', [], 'acme.jira.com'],
    ['serverInfo says Cloud', 'cloud', [{body: serverInfo('Cloud')}]],
    ['serverInfo says Server', 'data-center', [{body: serverInfo('Server')}]],
    ['serverInfo says Data Center', 'data-center', [{body: serverInfo('DataCenter')}]],
    ['headers of Data Center', 'data-center', [{status: 401, headers: jiraServer}]],
    ['headers of the edge', 'cloud', [{status: 401, headers: jiraCloud}]],
    ['what serverInfo says goes before headers', 'data-center', [{headers: edge, body: serverInfo('Server')}]],
    ['nothing tells', null, [{status: 401, headers: {'x-arequestid': '1'}, body: asText('no')}]],
    ['nothing was seen', null, []],
    ['a host that only ends like it', null, [], 'acme.atlassian.net.evil.example'],
    ['a host that only sounds like it', null, [], 'notatlassian.net'],
  ];
  for (const [name, expected, parts, at = host] of rows) {
    test(`${name}: ${expected}`, () => expect(deploymentOf(parts.map(answer), {host: at})).toBe(expected));
  }
});
