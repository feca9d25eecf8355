/** The checklist uses what is known: for each cause, what is known decides which action comes first. */
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {likelihoods, mostLikelyFirst} from '../../source/diagnosis/catalogue/likelihood.ts';
import type {FailureCode} from '../../source/diagnosis/codes.ts';
import {fail} from '../../source/diagnosis/diagnose.ts';
import type {Facts, Seen} from '../../source/diagnosis/evidence.ts';
import type {Action} from '../../source/diagnosis/test-report.ts';
import {clean} from '../../source/domain/clean.ts';
import {answer, asJson, cloud, dataCenter, edge, jiraCloud, proxied} from './fabricate.ts';

const refused = answer({purpose: 'sign-in', status: 401, headers: jiraCloud});
const namesItself = (baseUrl: string) => answer({headers: edge, body: asJson({baseUrl, deploymentType: 'Cloud'})});
const customer = answer({
  purpose: 'sign-in',
  headers: jiraCloud,
  body: asJson({accountId: '1', active: true, accountType: 'customer'}),
});
const custom: Facts = {...cloud, host: clean('jira.acme.example'), url: clean('https://jira.acme.example')};
const anonymous = answer({
  purpose: 'sign-in',
  status: 401,
  headers: {'x-arequestid': '1', 'x-seraph-loginreason': 'OUT', 'x-ausername': 'anonymous'},
});
const bare403 = answer({
  purpose: 'sign-in',
  status: 403,
  url: 'https://jira.acme.example/jira/rest/api/2/myself',
  headers: {'x-arequestid': '1', 'x-ausername': 'anonymous'},
});

type Row = readonly [code: FailureCode, known: string, facts: Facts, seen: Seen, first: RegExp];

const rows: readonly Row[] = [
  ['credentials-rejected', 'nothing', cloud, [refused], /whether the token has expired/],
  ['credentials-rejected', 'the day is far', {...cloud, expiresAt: '2027-06-01'}, [refused], /Compare the Username/],
  ['credentials-rejected', 'an old form', {...cloud, tokenKind: 'legacy'}, [refused], /old form/],
  ['credentials-rejected', 'a checksum that fails', {...cloud, checksum: 'bad'}, [refused], /Copy the token again/],
  [
    'credentials-rejected',
    'it looks like a password',
    {...cloud, looksLike: 'password'},
    [refused],
    /looks like a password/,
  ],
  ['credentials-rejected', 'it looks like a date', {...cloud, looksLike: 'date'}, [refused], /looks like a date/],
  [
    'credentials-rejected',
    'the site names another address',
    custom,
    [namesItself('https://acme.atlassian.net'), refused],
    /Enter https:\/\/acme\.atlassian\.net/,
  ],
  ['credentials-rejected', 'a Cloud token on Data Center', {...dataCenter, tokenKind: 'atlassian-user'}, [], /Cloud/],
  [
    'credentials-rejected',
    'an e-mail on Data Center',
    {...dataCenter, username: clean('you@acme.com')},
    [],
    /login name/,
  ],
  ['credentials-rejected', 'nothing of Data Center', dataCenter, [], /expired or was revoked/],
  ['token-expired', 'the day', {...cloud, expiresAt: '2026-11-01'}, [refused], /Create a new API token/],
  ['token-expired', 'the checksum', {...cloud, expiresAt: '2026-11-01', checksum: 'bad'}, [refused], /Copy the token/],
  ['signed-in-as-nobody', 'a proxy', proxied(dataCenter), [], /the proxy http:\/\/proxy\.acme\.example:3128/],
  ['sign-in-unclear', 'nobody tried', dataCenter, [anonymous], /drops the Authorization header/],
  ['sign-in-unclear', 'Basic refused with a bare 403', dataCenter, [bare403], /personal access token/],
  ['password-used', 'a checksum that fits', cloud, [refused], /Create a new API token/],
  ['password-used', 'it looks like a password', {...cloud, looksLike: 'password'}, [refused], /looks like a password/],
  ['no-jira-access', 'a portal customer', cloud, [customer], /account of a Jira user/],
  ['no-jira-access', 'nothing', cloud, [], /access to Jira/],
  [
    'token-scope-missing',
    'a service account',
    {...cloud, tokenKind: 'atlassian-service-account'},
    [],
    /service account/,
  ],
  ['token-scope-missing', 'the connector', {...cloud, connector: 'jira-feeds'}, [], /read:board-scope:jira-software/],
  ['token-scope-missing', 'it writes', cloud, [], /write:jira-work/],
];

describe('the first action', () => {
  it.each(rows)('%s, known: %s', (code, _known, facts, seen, first) => {
    const {checklist} = fail(code, 'sign-in', facts, seen);
    expect(checklist[0]?.action).toMatch(first);
  });

  it('is the likeliest, and equals keep their order; what is excluded is not there', () => {
    const action = (at: number): Action => ({kind: 'do', action: `${at}`, why: 'x', who: 'you'});
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...likelihoods), {maxLength: 12}), given => {
        const listed = mostLikelyFirst(given.map((likelihood, at) => [likelihood, action(at)]));
        const kept = given.filter(each => each !== 'excluded');
        expect(listed).toHaveLength(Math.min(6, kept.length));
        const places = listed.map(each => [
          likelihoods.indexOf(given[Number(each.action)] ?? 'excluded'),
          Number(each.action),
        ]);
        expect(places).toEqual(places.toSorted(([a = 0, x = 0], [b = 0, y = 0]) => a - b || x - y));
        expect(listed.some(each => given[Number(each.action)] === 'excluded')).toBe(false);
      }),
    );
  });
});
