import {describe, expect, test} from 'vitest';
import type {FailureCode} from '../../source/diagnosis/codes.ts';
import {diagnose, exitCodeOfFailure, outcomeOf} from '../../source/diagnosis/diagnose.ts';
import type {Answer, Facts, Seen} from '../../source/diagnosis/evidence.ts';
import {clean} from '../../source/domain/clean.ts';
import {
  answer,
  asHtml,
  asJson,
  asText,
  challenge,
  cloud,
  dataCenter,
  edge,
  jiraCloud,
  jiraServer,
  mustBeAuthenticated,
} from './fabricate.ts';

const unset: Facts = {
  ...cloud,
  deployment: null,
  host: clean('jira.acme.example'),
  url: clean('https://jira.acme.example'),
};
const at = 'https://jira.acme.example/rest/api/2/serverInfo';
const to = (location: string, status = 302, headers: Record<string, string> = {}) =>
  answer({status, url: at, headers: {...headers, location}});
const serverInfo = asJson({
  baseUrl: 'https://jira.acme.example',
  version: '10.3.2',
  buildNumber: 1,
  deploymentType: 'Server',
});
const knownJira = answer({url: at, body: serverInfo});
const cloudAt = (parts: Parameters<typeof answer>[0]) => answer(parts);

type Row = readonly [name: string, expected: FailureCode, seen: Seen | Answer, facts?: Facts];

const rows: readonly Row[] = [
  // There is no such site
  [
    'no site of that name',
    'site-not-found',
    cloudAt({
      status: 404,
      headers: {...edge, 'atl-missing-tcs': 'true'},
      body: asHtml('Atlassian Cloud Notifications - Page Unavailable'),
    }),
  ],
  [
    '… with the header in another case',
    'site-not-found',
    cloudAt({status: 404, headers: {'Atl-Missing-Tcs': 'True', Server: 'AtlassianEdge'}}),
  ],
  [
    '… with a JSON body',
    'site-not-found',
    cloudAt({
      status: 404,
      headers: {...edge, 'atl-missing-tcs': 'true'},
      body: asJson({errorMessage: 'Site temporarily unavailable', errorCode: 'OTHER'}),
    }),
  ],
  [
    '… in a language nobody expects',
    'site-not-found',
    cloudAt({status: 404, headers: {...edge, 'atl-missing-tcs': 'true'}, body: asHtml('Página no disponible')}),
  ],
  [
    'the same page with 503 is maintenance',
    'site-unavailable',
    cloudAt({
      status: 503,
      headers: {...edge, 'atl-missing-tcs': 'true'},
      body: asHtml('Atlassian Cloud Notifications - Page Unavailable'),
    }),
  ],
  [
    'the header without its value means nothing',
    'wrong-path',
    cloudAt({status: 404, headers: {...edge, 'atl-missing-tcs': 'false'}}),
  ],
  [
    'the gateway knows no such cloudId',
    'site-not-found',
    answer({status: 404, purpose: 'gateway-sign-in', headers: {...edge, 'x-failure-category': 'FAILURE_CLIENT_TCS'}}),
    {...cloud, route: 'gateway'},
  ],

  // Redirects
  [
    'renamed site',
    'site-moved',
    cloudAt({status: 301, headers: {...edge, location: 'https://acme-new.atlassian.net/rest/api/2/serverInfo'}}),
  ],
  ['another host', 'site-moved', to('https://jira.new.example/rest/api/2/serverInfo', 301), unset],
  [
    'another host behind a CDN',
    'site-moved',
    to('https://jira.new.example/', 301, {server: 'cloudflare', 'cf-ray': '1'}),
    unset,
  ],
  ['to plain http', 'site-moved', to('http://jira.acme.example/rest/api/2/serverInfo'), unset],
  ['to another port', 'site-moved', to('https://jira.acme.example:8443/rest/api/2/serverInfo'), unset],
  ['to a context path', 'site-moved', to('/jira/rest/api/2/serverInfo'), unset],
  ['a Location without a host', 'site-moved', to('//other.example/rest/api/2/serverInfo'), unset],
  ['a 308', 'site-moved', to('https://jira.new.example/', 308), unset],
  ['to Jira’s login page', 'sso-redirect', to('/login.jsp?permissionViolation=true&os_destination=%2Frest'), unset],
  ['to the login page below a context path', 'sso-redirect', to('/jira/login.jsp?os_destination=%2F'), unset],
  ['to /login', 'sso-redirect', to('/login'), unset],
  ['to Microsoft', 'sso-redirect', to('https://login.microsoftonline.com/0000/saml2?SAMLRequest=abc'), unset],
  ['to Okta', 'sso-redirect', to('https://acme.okta.com/app/jira/exk1/sso/saml'), unset],
  [
    'to Keycloak',
    'sso-redirect',
    to('https://keys.acme.example/realms/acme/protocol/openid-connect/auth?client_id=jira'),
    unset,
  ],
  ['to an ADFS', 'sso-redirect', to('https://fs.acme.example/adfs/ls/?wa=wsignin1.0'), unset],
  ['to a host named sso', 'sso-redirect', to('https://sso.acme.example/start'), unset],
  [
    'to Cloudflare Access',
    'sso-redirect',
    to('https://acme.cloudflareaccess.com/cdn-cgi/access/login/jira.acme.example', 302, {server: 'cloudflare'}),
    unset,
  ],
  ['to Cloudflare Access on the same host', 'sso-redirect', to('/cdn-cgi/access/login/x'), unset],
  ['to a SAML servlet', 'sso-redirect', to('/plugins/servlet/samlsso?redirectTo=%2F'), unset],
  ['an OAuth authorisation', 'sso-redirect', to('https://idm.acme.example/go?response_type=code&client_id=1'), unset],
  [
    'a host that sounds like login, but keeps the path',
    'site-moved',
    to('https://auth-jira.acme.example/rest/api/2/serverInfo'),
    unset,
  ],
  [
    'a login at the sign-in',
    'sso-redirect',
    answer({purpose: 'sign-in', url: at, status: 302, headers: {location: '/login.jsp'}}),
    dataCenter,
  ],
  ['the same place again', 'redirect-loop', to(at), unset],
  ['the same place by a relative Location', 'redirect-loop', to('/rest/api/2/serverInfo'), unset],
  ['the same place with a slash', 'redirect-loop', to(`${at}/`), unset],
  ['the same place with a fragment', 'redirect-loop', to(`${at}#top`), unset],
  ['the same place with a cookie test', 'redirect-loop', to(`${at}?cookies=1`), unset],
  ['a redirect without a Location', 'unknown-answer', answer({status: 302, url: at}), unset],
  ['an unreadable Location', 'unknown-answer', to('http://[broken'), unset],
  [
    'a filter’s redirect to its page',
    'intercepted',
    to('http://filter.acme.example/blocked', 302, {server: 'ZscalerProxy/6.2'}),
    unset,
  ],

  // Something in the middle
  ['a proxy’s 407 from the far side', 'intercepted', cloudAt({status: 407, headers: {server: 'squid/5.7'}})],
  ['a captive portal’s 511', 'intercepted', cloudAt({status: 511, body: asHtml('Network Login')})],
  [
    'a block page with 200',
    'intercepted',
    cloudAt({status: 200, headers: {server: 'Filter'}, body: asHtml('Access Denied')}),
  ],
  [
    'a block page with 403',
    'intercepted',
    cloudAt({status: 403, headers: {server: 'AcmeWebFilter/7.2'}, body: asHtml('Web Page Blocked')}),
  ],
  ['any page at Atlassian’s address without a mark', 'intercepted', cloudAt({status: 200, body: asHtml('Guten Tag')})],
  ['Squid by its header', 'intercepted', cloudAt({status: 403, headers: {'x-squid-error': 'ERR_ACCESS_DENIED 0'}})],
  [
    'Cloudflare’s challenge',
    'intercepted',
    answer({status: 403, url: at, headers: {server: 'cloudflare'}, body: asHtml('Just a moment...')}),
    unset,
  ],
  [
    'a 403 page at the sign-in',
    'intercepted',
    answer({purpose: 'sign-in', status: 403, body: asHtml('403 Forbidden')}),
  ],
  [
    'a 401 of a web server without a credential',
    'intercepted',
    answer({
      status: 401,
      url: at,
      headers: {server: 'nginx', 'www-authenticate': 'Basic realm="intern"'},
      body: asHtml('401 Authorization Required'),
    }),
    unset,
  ],
  [
    'a page where Jira answered a moment ago',
    'intercepted',
    [knownJira, answer({purpose: 'sign-in', url: at, status: 200, body: asHtml('Hinweis')})],
    dataCenter,
  ],

  // Not Jira
  [
    'an empty web server',
    'not-jira',
    answer({url: at, headers: {server: 'nginx/1.27'}, body: asHtml('Welcome to nginx!')}),
    unset,
  ],
  [
    '… but under an Atlassian name somebody else answers',
    'intercepted',
    cloudAt({headers: {server: 'nginx/1.27'}, body: asHtml('Welcome to nginx!')}),
  ],
  ['JSON of something else', 'not-jira', answer({url: at, body: asJson({hello: 'world'})}), unset],
  [
    'a page of something else behind a CDN',
    'not-jira',
    answer({url: at, headers: {server: 'cloudflare', 'cf-ray': '1'}, body: asHtml('Acme Shop')}),
    unset,
  ],
  ['an empty 200', 'not-jira', answer({url: at}), unset],
  ['a 204', 'not-jira', answer({url: at, status: 204}), unset],
  [
    'Confluence',
    'not-jira',
    answer({url: at, status: 404, headers: {'x-confluence-request-time': '1', 'x-arequestid': '1'}}),
    unset,
  ],
  ['Confluence by its page', 'not-jira', answer({url: at, body: asHtml('Log In - Confluence')}), unset],
  ['a storage bucket', 'not-jira', answer({url: at, status: 405, body: asText('<Error>')}), unset],
  ['a login page with 200', 'sso-redirect', answer({url: at, body: asHtml('Sign in to your account')}), unset],
  ['a login page in German', 'sso-redirect', answer({url: at, body: asHtml('Anmelden – ACME')}), unset],

  // Wrong path
  [
    'an ingress without a backend',
    'wrong-path',
    answer({url: at, status: 404, body: asText('default backend - 404')}),
    unset,
  ],
  [
    'a proxy’s bare 404',
    'wrong-path',
    answer({url: at, status: 404, headers: {server: 'nginx'}, body: asHtml('404 Not Found')}),
    unset,
  ],
  [
    'a dead link',
    'wrong-path',
    cloudAt({status: 404, headers: jiraCloud, body: asHtml('Oops, you’ve found a dead link')}),
  ],
  [
    'an unknown endpoint',
    'wrong-path',
    cloudAt({
      status: 404,
      headers: {...jiraCloud, 'content-type': 'application/problem+json'},
      body: asJson({title: 'No endpoint GET /jira/rest/api/2/myself'}),
    }),
  ],
  [
    '… told by Tomcat',
    'wrong-path',
    answer({url: at, status: 404, body: asHtml('HTTP Status 404 – Not Found')}),
    unset,
  ],

  // Unwell
  ['a gateway error', 'site-unavailable', answer({url: at, status: 502, headers: {server: 'nginx'}}), unset],
  ['maintenance', 'site-unavailable', cloudAt({status: 503, headers: edge})],
  ['a gateway timeout', 'site-unavailable', answer({url: at, status: 504}), unset],
  [
    'a Data Center that starts',
    'site-unavailable',
    [answer({url: at, status: 404}), answer({purpose: 'status', body: asJson({state: 'STARTING'})})],
    dataCenter,
  ],
  [
    'a Data Center in maintenance',
    'site-unavailable',
    [answer({url: at, status: 500}), answer({purpose: 'status', status: 503, body: asJson({state: 'MAINTENANCE'})})],
    dataCenter,
  ],
  [
    'a Data Center that runs',
    'server-error',
    [answer({url: at, status: 500}), answer({purpose: 'status', body: asJson({state: 'RUNNING'})})],
    dataCenter,
  ],
  [
    'an internal error',
    'server-error',
    cloudAt({status: 500, headers: jiraCloud, body: asJson({errorMessages: ['Internal server error']})}),
  ],
  [
    'Cloudflare without an origin',
    'site-unavailable',
    answer({url: at, status: 521, headers: {server: 'cloudflare'}}),
    unset,
  ],
  ['a 501', 'server-error', answer({url: at, status: 501}), unset],
  ['too many requests', 'rate-limited', cloudAt({status: 429, headers: {...jiraCloud, 'retry-after': '30'}})],
  [
    'too many requests at the gateway, without a word',
    'rate-limited',
    answer({status: 429, purpose: 'gateway-sign-in'}),
  ],
  ['too many requests at the sign-in', 'rate-limited', answer({status: 429, purpose: 'sign-in', headers: jiraCloud})],

  // Unreadable
  [
    'JSON that is none',
    'answer-unreadable',
    cloudAt({status: 200, headers: {...jiraCloud, 'content-type': 'application/json'}, body: asText('{"baseUrl":')}),
  ],
  [
    'JSON promised by a stranger',
    'answer-unreadable',
    answer({url: at, headers: {'content-type': 'application/json'}, body: asText('{{{')}),
    unset,
  ],
  [
    'Jira’s page where its JSON is due',
    'answer-unreadable',
    answer({url: at, headers: {'x-arequestid': '1'}, body: asHtml('Dashboard')}),
    unset,
  ],

  // Honest last resort
  ['a teapot', 'unknown-answer', cloudAt({status: 418, headers: jiraCloud})],
  [
    'a conflict at the sign-in',
    'unknown-answer',
    answer({purpose: 'sign-in', status: 409, headers: jiraCloud, body: asJson({state: 'conflict'})}),
  ],
  ['a removed API', 'unknown-answer', cloudAt({status: 410, headers: jiraCloud})],
  [
    'CloudFront’s 400',
    'unknown-answer',
    cloudAt({status: 400, headers: edge, body: asHtml('ERROR: The request could not be satisfied')}),
  ],
  [
    'nginx asks for a client certificate',
    'client-certificate-required',
    answer({
      url: at,
      status: 400,
      headers: {server: 'nginx'},
      body: asHtml('400 No required SSL certificate was sent'),
    }),
    unset,
  ],
];

const listed = (seen: Seen | Answer): Seen => ('kind' in seen ? [seen] : seen);

describe('an answer that is not what Jira should say', () => {
  for (const [name, expected, evidence, facts = cloud] of rows) {
    test(`${name}: ${expected}`, () => {
      const seen = listed(evidence);
      const failure = diagnose(seen[0]?.step ?? 'site', seen, facts);
      expect(failure.code).toBe(expected);
      expect(outcomeOf(failure)).toBe('unverified');
      expect(exitCodeOfFailure(failure)).toBe(expected === 'client-certificate-required' ? 8 : 9);
    });
  }
});

describe('what such failures tell', () => {
  const of = (seen: Seen | Answer, facts: Facts = unset) => diagnose('site', listed(seen), facts);

  test('the new address to type', () => {
    expect(of(to('/jira/rest/api/2/serverInfo')).checklist[0]?.action).toContain('https://jira.acme.example/jira');
    expect(of(to('https://jira.new.example/rest/api/2/serverInfo?x=1')).title).toContain('https://jira.new.example');
  });
  test('of whom a redirect comes decides whether its target is to be entered or looked at first', () => {
    const location = 'https://jira.new.example/secure/Dashboard.jspa';
    const first = (headers: Record<string, string>) =>
      of(answer({url: at, status: 302, headers: {location, ...headers}})).checklist[0];
    for (const marks of [edge, jiraServer])
      expect(first(marks)?.action).toMatch(/^Enter https:\/\/jira\.new\.example as/);
    for (const marks of [{}, {server: 'nginx'}, {server: 'openresty', via: '1.1 x'}]) {
      expect(first(marks)?.action).toMatch(/^See whether https:\/\/jira\.new\.example is your Jira/);
      expect(first(marks)?.command).toContain('https://jira.new.example/rest/api/2/serverInfo');
    }
  });
  test('never a plain http address', () => {
    const failure = of(to('http://jira.acme.example/rest/api/2/serverInfo'));
    expect(failure.title).toContain('unencrypted');
    expect(JSON.stringify(failure.checklist)).not.toMatch(/Enter http:\/\//);
  });
  test('the address Jira names itself', () => {
    const vanity = answer({
      url: at,
      body: asJson({baseUrl: 'https://acme.atlassian.net', version: '1001', buildNumber: 1, deploymentType: 'Cloud'}),
    });
    const failure = of([vanity, answer({purpose: 'look-myself', url: at, status: 404, headers: edge})]);
    expect(failure.title).toContain('https://acme.atlassian.net');
    expect(failure.checklist[0]?.action).toBe('Enter https://acme.atlassian.net as the site’s address');
  });
  test('how long to wait, and never longer than a day', () => {
    const wait = (value: string) => of(answer({status: 429, headers: {...jiraCloud, 'retry-after': value}}), cloud);
    expect(wait('30').title).toContain('wait 30 s');
    expect(wait('30').checklist[0]?.command).toContain('sleep 30 && ');
    expect(wait('999999999').checklist[0]?.command).toContain('sleep 86400 ');
    expect(wait('Mon, 23 Nov 2026 02:02:00 GMT').title).toContain('wait 120 s');
    expect(wait('0').checklist[0]?.command).toContain('sleep 60 ');
    expect(wait('soon; rm -rf /').checklist[0]?.command).toContain('sleep 60 ');
  });
  test('the trace id', () => {
    const failure = of(answer({status: 500, headers: jiraCloud}), cloud);
    expect(JSON.stringify(failure.checklist)).toContain(edge['atl-traceid']);
    expect(failure.evidence.join()).toContain(edge['atl-traceid']);
  });
  test('who stands in the way', () => {
    const failure = of(
      answer({
        status: 403,
        headers: {server: 'squid/6.6', via: '1.1 proxy7 (squid)'},
        body: asHtml('ERROR: Access Denied'),
      }),
      cloud,
    );
    expect(failure.title).toContain('Squid proxy, page “ERROR: Access Denied”, Server: squid/6.6');
  });
  test('a web server’s own password', () => {
    const failure = of(answer({status: 401, url: at, headers: {'www-authenticate': 'Basic realm="x"'}}));
    expect(failure.code).toBe('intercepted');
    expect(failure.checklist[0]?.why).toContain('Basic or Digest login');
  });
  test('the state of a Data Center', () => {
    const seen = [answer({url: at, status: 503}), answer({purpose: 'status', body: asJson({state: 'FIRST_RUN'})})];
    expect(diagnose('site', seen, dataCenter).title).toContain('FIRST_RUN');
  });
  test('hostile text from a header cannot reach the screen or the shell', () => {
    const failure = of(to("https://evil.example/$(reboot)'`id`/rest/api/2/serverInfo"));
    const text = JSON.stringify(failure);
    expect(text).not.toMatch(/\\u001b/);
    for (const {command = ''} of failure.checklist) {
      if (command.includes('reboot')) expect(command).toMatch(/'[^']*\$\(reboot\)/);
    }
  });
  test('query strings of redirects stay out of sight', () => {
    const seen = to('https://sso.acme.example/login?SAMLRequest=c2VjcmV0');
    expect(diagnose('site', [seen], unset).title).not.toContain('c2VjcmV0');
  });
  test('Retry-After: 0 on a healthy answer is no error', () => {
    const healthy = answer({
      headers: {...jiraServer, 'retry-after': '0'},
      body: asText(mustBeAuthenticated),
      status: 200,
      url: at,
    });
    expect(diagnose('site', [healthy], dataCenter).code).not.toBe('rate-limited');
  });
  test('a challenge is told as Jira’s only by its form', () => {
    const basic = answer({
      purpose: 'sign-in',
      status: 401,
      headers: {'www-authenticate': 'OAuth realm="api"'},
      body: asText('no'),
    });
    expect(diagnose('sign-in', [basic], cloud).code).toBe('intercepted');
    const jira = answer({purpose: 'sign-in', status: 401, headers: challenge, body: asText('no')});
    expect(diagnose('sign-in', [jira], cloud).code).toBe('credentials-rejected');
  });
});
