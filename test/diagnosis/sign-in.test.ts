import {describe, expect, test} from 'vitest';
import type {FailureCode} from '../../source/diagnosis/codes.ts';
import {diagnose, exitCodeOfFailure, outcomeOf} from '../../source/diagnosis/diagnose.ts';
import type {Answer, Facts, Seen} from '../../source/diagnosis/evidence.ts';
import type {Certainty} from '../../source/diagnosis/test-report.ts';
import {clean} from '../../source/domain/clean.ts';
import type {Outcome} from '../../source/domain/credential.ts';
import {
  answer,
  asHtml,
  asJson,
  asText,
  challenge,
  cloud,
  dataCenter,
  edge,
  failedLogin,
  jiraCloud,
  jiraServer,
  mustBeAuthenticated,
  trouble,
} from './fabricate.ts';

type Parts = Parameters<typeof answer>[0];
const signIn = (parts: Parts): Answer => answer({purpose: 'sign-in', ...parts});
const onServer = (parts: Parts): Answer => signIn({url: 'https://jira.acme.example/jira/rest/api/2/myself', ...parts});
const refused = signIn({
  status: 401,
  headers: {...jiraCloud, ...challenge, ...failedLogin},
  body: asText(mustBeAuthenticated),
});
const tenant = answer({
  purpose: 'tenant-info',
  body: asJson({cloudId: '11111111-2222-3333-4444-555555555555'}),
  headers: edge,
});
const gateway = (parts: Parts): Answer => answer({purpose: 'gateway-sign-in', headers: edge, ...parts});
const badPair = gateway({
  status: 401,
  headers: {...edge, 'x-failure-category': 'FAILURE_CLIENT_AUTH_MISMATCH'},
  body: asText('Unauthorized'),
});
const noScope = gateway({status: 401, body: asJson({code: 401, message: 'Unauthorized; scope does not match'})});
const pat: Facts = {...dataCenter, tokenKind: 'data-center-pat'};
const past: Facts = {...cloud, expiresAt: '2026-11-22'};
const serverInfo = asJson({
  baseUrl: 'https://jira.acme.example/jira',
  version: '10.3.2',
  buildNumber: 1,
  deploymentType: 'Server',
});
const knownServer = answer({url: 'https://jira.acme.example/jira/rest/api/2/serverInfo', body: serverInfo});
const jsonRefusal = asJson({message: mustBeAuthenticated, 'status-code': 401});
const ipRefused = asJson({
  errorMessages: [
    'The IP address has been rejected because it is not on the allowed list. See your admin for more information.',
  ],
  errors: {},
});

type Row = readonly [
  name: string,
  code: FailureCode,
  certainty: Certainty,
  outcome: Outcome,
  seen: Seen | Answer,
  facts?: Facts,
];

const rows: readonly Row[] = [
  // Refused, with Jira's own evidence
  ['site and gateway refuse', 'credentials-rejected', 'proven', 'failed', [refused, tenant, badPair]],
  [
    'the gateway says it in its JSON form',
    'credentials-rejected',
    'proven',
    'failed',
    [refused, tenant, gateway({status: 401, headers: {}, body: asJson({code: 401, message: 'Unauthorized'})})],
  ],
  [
    'the gateway says one bare word',
    'credentials-rejected',
    'proven',
    'failed',
    [refused, tenant, gateway({status: 401, headers: {}, body: asText('Unauthorized')})],
  ],
  [
    'no tenant info, so no gateway',
    'credentials-rejected',
    'likely',
    'failed',
    [refused, answer({purpose: 'tenant-info', status: 404})],
  ],
  [
    'the gateway is out of reach',
    'connection-timed-out',
    'proven',
    'unverified',
    [refused, tenant, trouble('ETIMEDOUT', {step: 'sign-in', purpose: 'gateway-sign-in', host: 'api.atlassian.com'})],
  ],
  [
    'a filter answers for the gateway',
    'intercepted',
    'likely',
    'unverified',
    [refused, tenant, gateway({status: 403, headers: {server: 'squid'}, body: asHtml('Access Denied')})],
  ],
  [
    'headers in another case and order',
    'credentials-rejected',
    'proven',
    'failed',
    [
      signIn({
        status: 401,
        headers: {'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED', 'X-ARequestId': '1', Server: 'AtlassianEdge'},
      }),
      tenant,
      badPair,
    ],
  ],
  [
    'a JSON body',
    'credentials-rejected',
    'proven',
    'failed',
    [signIn({status: 401, headers: {...jiraCloud, ...failedLogin}, body: jsonRefusal}), tenant, badPair],
  ],
  [
    'a translated body',
    'credentials-rejected',
    'proven',
    'failed',
    [
      signIn({
        status: 401,
        headers: {...jiraCloud, ...failedLogin},
        body: asText('Der Client muss authentifiziert sein.'),
      }),
      tenant,
      badPair,
    ],
  ],
  [
    'an empty body',
    'credentials-rejected',
    'proven',
    'failed',
    [signIn({status: 401, headers: jiraCloud}), tenant, badPair],
  ],
  [
    'no seraph header',
    'credentials-rejected',
    'proven',
    'failed',
    [signIn({status: 401, headers: {...jiraCloud, ...challenge}}), tenant, badPair],
  ],
  ['only the challenge is left', 'credentials-rejected', 'likely', 'failed', signIn({status: 401, headers: challenge})],
  [
    'only the edge and Jira’s words are left',
    'credentials-rejected',
    'likely',
    'failed',
    signIn({status: 401, headers: edge, body: asText(mustBeAuthenticated)}),
  ],
  [
    'a token that works at the gateway only, refused there',
    'credentials-rejected',
    'proven',
    'failed',
    badPair,
    {...cloud, route: 'gateway'},
  ],
  [
    'Data Center, wrong password',
    'credentials-rejected',
    'proven',
    'failed',
    onServer({status: 401, headers: {...jiraServer, ...failedLogin}, body: asHtml('Unauthorized (401)')}),
    dataCenter,
  ],
  [
    'Data Center, expired token',
    'credentials-rejected',
    'proven',
    'failed',
    onServer({status: 401, headers: jiraServer, body: jsonRefusal}),
    {...pat, scheme: 'bearer'},
  ],
  [
    'Data Center, both ways refused',
    'credentials-rejected',
    'proven',
    'failed',
    [
      onServer({status: 401, headers: jiraServer}),
      onServer({purpose: 'sign-in-bearer', status: 401, headers: jiraServer}),
    ],
    pat,
  ],
  [
    'Data Center behind a proxy that strips headers',
    'credentials-rejected',
    'proven',
    'failed',
    [knownServer, onServer({status: 401, headers: {server: 'nginx'}, body: jsonRefusal})],
    dataCenter,
  ],
  [
    'a Jira of which nobody knows what it is',
    'credentials-rejected',
    'likely',
    'failed',
    onServer({status: 401, headers: {'x-arequestid': '1'}}),
    {...dataCenter, deployment: null},
  ],

  // Expired
  ['the remembered date has passed', 'token-expired', 'likely', 'failed', [refused, tenant, badPair], past],
  [
    'the remembered date is today',
    'credentials-rejected',
    'proven',
    'failed',
    [refused, tenant, badPair],
    {...past, expiresAt: '2026-11-23'},
  ],
  [
    'the date has passed, but a stranger answers',
    'intercepted',
    'likely',
    'unverified',
    signIn({status: 401, body: asText('no')}),
    past,
  ],
  [
    'the date has passed, but a scope is missing',
    'token-scope-missing',
    'proven',
    'failed',
    [refused, tenant, noScope],
    past,
  ],
  [
    'the date has passed, but the site is down',
    'site-unavailable',
    'proven',
    'unverified',
    signIn({status: 503, headers: edge}),
    past,
  ],

  // Scopes
  ['the gateway says that a scope is missing', 'token-scope-missing', 'proven', 'failed', [refused, tenant, noScope]],
  [
    '… by its header alone',
    'token-scope-missing',
    'proven',
    'failed',
    [refused, tenant, gateway({status: 401, headers: {...edge, 'X-Failure-Category': 'FAILURE_CLIENT_SCOPE_CHECK'}})],
  ],
  [
    '… for boards',
    'token-scope-missing',
    'proven',
    'failed',
    answer({
      purpose: 'feed-boards',
      status: 401,
      url: 'https://api.atlassian.com/ex/jira/1/rest/agile/1.0/board',
      headers: edge,
      body: asJson({code: 401, message: 'Unauthorized; scope does not match'}),
    }),
    {...cloud, route: 'gateway'},
  ],

  // Told by a status, a header or fixed words
  [
    'a password',
    'password-used',
    'likely',
    'failed',
    signIn({
      status: 401,
      headers: jiraCloud,
      body: asHtml('', 'Basic authentication with passwords is deprecated. For more information, see: …'),
    }),
    {...cloud, tokenKind: 'unknown'},
  ],
  [
    'a CAPTCHA by its header',
    'captcha-required',
    'proven',
    'failed',
    onServer({
      status: 403,
      headers: {
        ...jiraServer,
        'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=https://jira.acme.example/jira/login.jsp',
      },
      body: asHtml('Forbidden (403)'),
    }),
    dataCenter,
  ],
  [
    'a CAPTCHA by seraph',
    'captcha-required',
    'proven',
    'failed',
    onServer({
      status: 403,
      headers: {'X-Seraph-LoginReason': 'AUTHENTICATION_DENIED'},
      body: asHtml('Forbidden (403)'),
    }),
    dataCenter,
  ],
  [
    'a CAPTCHA by seraph’s list',
    'captcha-required',
    'proven',
    'failed',
    onServer({status: 403, headers: {'X-Seraph-LoginReason': 'OUT, AUTHENTICATION_DENIED'}}),
    dataCenter,
  ],
  [
    'Basic switched off',
    'basic-auth-disabled',
    'proven',
    'failed',
    onServer({
      status: 403,
      headers: jiraServer,
      body: asJson({message: 'Basic Authentication has been disabled on this instance.'}),
    }),
    dataCenter,
  ],
  [
    'Basic switched off, the proxy strips headers',
    'basic-auth-disabled',
    'proven',
    'failed',
    onServer({status: 403, body: asJson({message: 'Basic Authentication has been disabled on this instance.'})}),
    dataCenter,
  ],
  [
    'Bearer at Cloud',
    'bearer-on-cloud',
    'proven',
    'failed',
    signIn({status: 403, headers: jiraCloud, body: asJson({error: 'Failed to parse Connect Session Auth Token'})}),
  ],
  [
    'a token that wants Bearer',
    'pat-needs-bearer',
    'likely',
    'failed',
    onServer({status: 401, headers: {...jiraServer, ...failedLogin}}),
    pat,
  ],
  [
    '… and the try as Bearer broke',
    'connection-reset',
    'proven',
    'unverified',
    [
      onServer({status: 401, headers: jiraServer}),
      trouble('ECONNRESET', {step: 'sign-in', purpose: 'sign-in-bearer', stage: 'request'}),
    ],
    pat,
  ],
  [
    'a password on Data Center is no such token',
    'credentials-rejected',
    'proven',
    'failed',
    onServer({status: 401, headers: jiraServer}),
    dataCenter,
  ],
  [
    'Basic switched off, then Bearer refused',
    'credentials-rejected',
    'proven',
    'failed',
    [
      onServer({
        status: 403,
        headers: jiraServer,
        body: asJson({message: 'Basic Authentication has been disabled on this instance.'}),
      }),
      onServer({purpose: 'sign-in-bearer', status: 401, headers: jiraServer}),
    ],
    pat,
  ],
  [
    'an address off the list',
    'ip-not-allowed',
    'proven',
    'unverified',
    signIn({status: 403, headers: jiraCloud, body: ipRefused}),
  ],
  [
    'an address off the list, with 401',
    'ip-not-allowed',
    'proven',
    'unverified',
    signIn({status: 401, headers: jiraCloud, body: ipRefused}),
  ],
  [
    'tokens blocked by an admin',
    'api-access-blocked',
    'likely',
    'failed',
    signIn({
      status: 403,
      headers: jiraCloud,
      body: asJson({errorMessages: ['Your admin has blocked API token access for your account.'], errors: {}}),
    }),
  ],
  [
    'tokens blocked, in other words',
    'api-access-blocked',
    'likely',
    'failed',
    signIn({
      status: 401,
      headers: jiraCloud,
      body: asJson({message: 'API tokens are not permitted by your organization’s policy.'}),
    }),
  ],

  // 200, but nobody
  [
    'anonymous by its name',
    'signed-in-as-nobody',
    'proven',
    'failed',
    onServer({headers: {'X-AUSERNAME': 'anonymous'}, body: asJson({name: 'you', displayName: 'You', active: true})}),
    dataCenter,
  ],
  [
    'seraph says the login failed',
    'signed-in-as-nobody',
    'proven',
    'failed',
    onServer({headers: {...jiraServer, 'x-ausername': 'you', ...failedLogin}, body: asJson({})}),
    dataCenter,
  ],
  [
    'seraph says out',
    'signed-in-as-nobody',
    'proven',
    'failed',
    onServer({headers: {'x-seraph-loginreason': 'OUT'}, body: asJson({})}),
    dataCenter,
  ],
  [
    'no account in the body',
    'signed-in-as-nobody',
    'proven',
    'failed',
    signIn({headers: jiraCloud, body: asJson({self: 'x'})}),
  ],
  ['null in the body', 'signed-in-as-nobody', 'proven', 'failed', signIn({headers: jiraCloud, body: asJson(null)})],
  ['no body at all', 'signed-in-as-nobody', 'proven', 'failed', signIn({headers: jiraCloud})],
  [
    'a page with a failed login',
    'signed-in-as-nobody',
    'proven',
    'failed',
    onServer({headers: {'x-arequestid': '1', 'x-seraph-loginreason': 'OUT'}, body: asHtml('Log in')}),
    dataCenter,
  ],

  // Neither side can be named
  ['a bare 401 of nobody', 'intercepted', 'likely', 'unverified', signIn({status: 401})],
  ['a bare 403 of nobody', 'intercepted', 'likely', 'unverified', signIn({status: 403, body: asText('Forbidden')})],
  [
    'Jira’s words from a stranger',
    'intercepted',
    'likely',
    'unverified',
    signIn({status: 401, headers: {server: 'nginx'}, body: asText(mustBeAuthenticated)}),
  ],
  [
    'JSON of a stranger',
    'intercepted',
    'likely',
    'unverified',
    signIn({status: 401, headers: {server: 'kong/3.7'}, body: asJson({message: 'Unauthorized'})}),
  ],
  [
    'a Basic challenge of a stranger',
    'intercepted',
    'likely',
    'unverified',
    signIn({status: 401, headers: {'www-authenticate': 'Basic realm="Jira"'}}),
  ],
  [
    'the edge refuses without a reason',
    'sign-in-unclear',
    'possible',
    'unverified',
    signIn({status: 403, headers: edge, body: asText('Forbidden')}),
  ],
  [
    'the edge says 401 in words of its own',
    'sign-in-unclear',
    'possible',
    'unverified',
    signIn({status: 401, headers: edge, body: asText('nope')}),
  ],
  [
    'a refusal of a question without a credential',
    'sign-in-unclear',
    'possible',
    'unverified',
    answer({purpose: 'look-myself', status: 401, headers: jiraCloud}),
  ],

  // The account
  [
    'a deactivated account',
    'account-inactive',
    'proven',
    'failed',
    onServer({headers: {'x-ausername': 'you'}, body: asJson({name: 'you', displayName: 'You', active: false})}),
    dataCenter,
  ],
  [
    'an account without Jira',
    'no-jira-access',
    'likely',
    'failed',
    signIn({
      status: 403,
      headers: {...jiraCloud, 'x-aaccountid': '5b10'},
      body: asJson({errorMessages: ['…'], errors: {}}),
    }),
  ],
  [
    '… told in Atlassian’s words',
    'no-jira-access',
    'likely',
    'failed',
    signIn({status: 403, headers: edge, body: asText('Current user not permitted to use Jira')}),
  ],
  [
    '… told by seraph',
    'no-jira-access',
    'likely',
    'failed',
    onServer({status: 403, headers: {'x-seraph-loginreason': 'AUTHORISATION_FAILED'}}),
    dataCenter,
  ],
  [
    'an account without any role',
    'no-jira-access',
    'likely',
    'failed',
    signIn({
      headers: jiraCloud,
      body: asJson({accountId: '1', displayName: 'You', active: true, applicationRoles: {size: 0, items: []}}),
    }),
  ],

  // What it may do
  [
    'no project may be browsed',
    'permission-missing',
    'proven',
    'failed',
    answer({
      purpose: 'permissions',
      headers: jiraCloud,
      body: asJson({permissions: {BROWSE_PROJECTS: {havePermission: false}}}),
    }),
  ],
  [
    '… among all that Data Center returns',
    'permission-missing',
    'proven',
    'failed',
    answer({
      purpose: 'permissions',
      headers: jiraServer,
      body: asJson({permissions: {ADMINISTER: {havePermission: false}, BROWSE_PROJECTS: {havePermission: false}}}),
    }),
    dataCenter,
  ],
  [
    'no project is visible',
    'permission-missing',
    'proven',
    'failed',
    answer({purpose: 'feed-projects', headers: jiraCloud, body: asJson({values: [], total: 0})}),
  ],
  [
    'no project is visible on Data Center',
    'permission-missing',
    'proven',
    'failed',
    answer({purpose: 'feed-projects', headers: jiraServer, body: asJson([])}),
    dataCenter,
  ],
  [
    'a feed is forbidden',
    'feed-unavailable',
    'proven',
    'failed',
    answer({
      purpose: 'feed-users',
      status: 403,
      headers: jiraCloud,
      body: asJson({errorMessages: ['You do not have permission']}),
    }),
  ],
  [
    'a feed fails',
    'feed-unavailable',
    'proven',
    'failed',
    answer({purpose: 'feed-sprints', status: 500, headers: jiraCloud}),
  ],
  [
    'a feed is refused as a login would be',
    'feed-unavailable',
    'proven',
    'failed',
    answer({purpose: 'feed-boards', status: 401, headers: jiraCloud}),
  ],
  [
    'a feed asks to slow down',
    'rate-limited',
    'proven',
    'unverified',
    answer({purpose: 'feed-issues', status: 429, headers: jiraCloud}),
  ],
];

const listed = (seen: Seen | Answer): Seen => ('kind' in seen ? [seen] : seen);
const exits: Partial<Record<FailureCode, number>> = {
  'token-scope-missing': 5,
  'permission-missing': 5,
  'feed-unavailable': 5,
  'site-unavailable': 9,
  'rate-limited': 9,
  intercepted: 9,
  'connection-timed-out': 7,
  'connection-reset': 7,
};

describe('a sign-in that does not work', () => {
  for (const [name, code, certainty, outcome, evidence, facts = cloud] of rows) {
    test(`${name}: ${code}`, () => {
      const seen = listed(evidence);
      const failure = diagnose(seen.at(-1)?.step ?? 'sign-in', seen, facts);
      expect(failure.code).toBe(code);
      expect(failure.certainty).toBe(certainty);
      expect(outcomeOf(failure)).toBe(outcome);
      expect(exitCodeOfFailure(failure)).toBe(exits[code] ?? 4);
      expect(failure.evidence.length).toBeGreaterThan(0);
    });
  }
});

describe('the token is never blamed without evidence of Atlassian', () => {
  const blaming: readonly FailureCode[] = [
    'credentials-rejected',
    'token-expired',
    'token-scope-missing',
    'password-used',
    'pat-needs-bearer',
    'account-inactive',
    'no-jira-access',
  ];
  const bodies = [
    asText('Unauthorized'),
    asText(mustBeAuthenticated),
    asHtml('Log in'),
    asJson({message: 'no'}),
    jsonRefusal,
    {type: 'empty'} as const,
  ];
  const servers = ['nginx', 'squid/6', 'cloudflare', 'Apache', 'Microsoft-IIS/10.0', ''];
  const cases = [200, 302, 401, 403, 407].flatMap(status =>
    servers.flatMap(server => bodies.map(body => ({status, server, body}))),
  );
  test.each(cases)('$status of “$server”, $body.type', ({status, server, body}) => {
    const headers = {
      ...(server === '' ? {} : {server}),
      ...(status === 302 ? {location: 'https://portal.example/'} : {}),
    };
    for (const facts of [past, {...pat, expiresAt: '2020-01-01'}]) {
      const failure = diagnose('sign-in', [signIn({status, headers, body})], facts);
      expect(blaming).not.toContain(failure.code);
      expect(outcomeOf(failure)).toBe('unverified');
    }
  });
});

test('a stranger’s 200 without an account is nobody’s word', () => {
  for (const value of [{}, [], null, {status: 'ok'}]) {
    const told = (headers: Record<string, string>) =>
      diagnose('sign-in', [signIn({headers, body: asJson(value)})], cloud).code;
    expect(told({server: 'nginx'})).not.toBe('signed-in-as-nobody');
    expect(told({server: 'AtlassianEdge'})).toBe('signed-in-as-nobody');
  }
});

describe('what such failures tell', () => {
  const of = (seen: Seen | Answer, facts: Facts = cloud) => diagnose('sign-in', listed(seen), facts);

  test('that the gateway could not be asked', () => {
    expect(of([refused, tenant]).evidence.join('\n')).toContain('gateway could not be asked');
    expect(of([refused, tenant, badPair]).evidence.join('\n')).toContain('gateway answered 401');
  });
  test('that nothing tells the causes apart', () => {
    expect(of([refused, tenant, badPair]).evidence.join('\n')).toContain('nothing in the answer tells them apart');
  });
  test('the expiry first where no date is known, the e-mail first where it lies ahead', () => {
    expect(of([refused, tenant, badPair]).checklist[0]?.action).toContain('expired');
    expect(of([refused, tenant, badPair], {...cloud, expiresAt: '2027-06-01'}).checklist[0]?.action).toContain(
      'you@acme.com',
    );
  });
  test('that tokens of the old form are all over', () => {
    expect(of([refused, tenant, badPair], {...cloud, tokenKind: 'legacy'}).checklist[0]?.action).toContain(
      '2026-05-12',
    );
  });
  test('the login name instead of an e-mail on Data Center', () => {
    const failure = of(onServer({status: 401, headers: jiraServer}), {...dataCenter, username: clean('you@acme.com')});
    expect(failure.checklist[0]?.action).toBe('Use the login name instead of the e-mail you@acme.com');
  });
  test('an account without Jira is found at the sign-in and reported at the account', () => {
    expect(of(signIn({status: 403, headers: {...jiraCloud, 'x-aaccountid': '5b10'}})).step).toBe('account');
  });
  test('a rejected credential stays at the step that found it', () => {
    expect(diagnose('sign-in', [refused, tenant, badPair], cloud).step).toBe('sign-in');
    expect(
      diagnose('permissions', [answer({purpose: 'permissions', status: 401, headers: jiraCloud})], cloud).step,
    ).toBe('permissions');
  });
  test('the CAPTCHA page only on the same site', () => {
    const hint = (url: string) =>
      of(
        onServer({status: 403, headers: {'x-authentication-denied-reason': `CAPTCHA_CHALLENGE; login-url=${url}`}}),
        dataCenter,
      );
    const urls = (url: string) => hint(url).checklist.map(each => each.url ?? '');
    expect(urls('https://jira.acme.example/jira/login.jsp?x=1')).toContain(
      'https://jira.acme.example/jira/login.jsp?x=1',
    );
    expect(urls('https://evil.example/login.jsp').join()).not.toContain('evil.example');
  });
  test('the address the site sees, where it tells one', () => {
    const told = asJson({
      errorMessages: [
        'The IP address 203.0.113.7 is … The IP address has been rejected because it is not on the allowed list.',
      ],
      errors: {},
    });
    const failure = of(signIn({status: 403, headers: jiraCloud, body: told}));
    expect(failure.title).toContain('203.0.113.7');
    expect(failure.checklist[0]).toMatchObject({who: 'org-admin'});
    expect(of(signIn({status: 403, headers: jiraCloud, body: ipRefused})).checklist[0]?.command).toContain('checkip');
  });
  test('both sides of an unclear refusal', () => {
    const whos = of(signIn({status: 401})).checklist.map(({who}) => who);
    expect(whos).toContain('network-admin');
    expect(whos).toContain('you');
  });
  test('which scopes boards need', () => {
    const boards = answer({
      purpose: 'feed-boards',
      status: 401,
      url: 'https://api.atlassian.com/ex/jira/1/x',
      headers: {...edge, 'x-failure-category': 'FAILURE_CLIENT_SCOPE_CHECK'},
    });
    expect(diagnose('feeds', [boards], cloud).checklist[0]?.action).toContain('read:board-scope:jira-software');
  });
  test('which feeds are closed, and what each needs', () => {
    const seen = [
      answer({purpose: 'feed-users', status: 403, headers: jiraCloud}),
      answer({purpose: 'feed-boards', status: 403, headers: jiraCloud}),
    ];
    const failure = diagnose('feeds', seen, cloud);
    expect(failure.title).toContain('users, boards');
    expect(JSON.stringify(failure.checklist)).toContain('Browse users and groups');
    expect(JSON.stringify(failure.checklist)).toContain('access to the app Jira');
  });
  test('seraph’s “OUT, OK” is no failure', () => {
    const fine = onServer({
      headers: {...jiraServer, 'x-ausername': 'you', 'x-seraph-loginreason': 'OUT, OK'},
      body: asJson({name: 'you', displayName: 'You', active: true}),
    });
    expect(of(fine, dataCenter).code).toBe('unknown-answer');
  });
});
