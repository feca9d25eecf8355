import {describe, expect, test} from 'vitest';
import {readRedirect} from '../../source/diagnosis/redirect.ts';
import {answer, asHtml} from './fabricate.ts';

const site = 'https://jira.acme.example';
const url = `${site}/rest/api/2/serverInfo`;
const kindOf = (location: string, status = 302) =>
  readRedirect(answer({url, status, headers: {location}}), site)?.kind ?? null;

const logins = [
  '/login.jsp?os_destination=%2F',
  '/plugins/servlet/samlsso?redirectTo=%2F',
  '/my.policy',
  '/my.logon.php3',
  '/vpn/tmindex.html',
  '/logon/LogonPoint/index.html',
  '/siteminderagent/forms/login.fcc?TYPE=33554433',
  '/pkmslogin.form',
  '/oam/server/obrareq.cgi?x=1',
  '/Shibboleth.sso/Login?target=x',
  '/nidp/idff/sso?id=1',
  '/openam/UI/Login',
  '/dana-na/auth/url_default/welcome.cgi',
  '/+CSCOE+/logon.html',
  '/.pomerium/sign_in?x',
  '/outpost.goauthentik.io/start?rd=x',
  '/.auth/login/aad',
  '/oauth2/start?rd=%2F',
  '/oauth2/sign_in',
  '/cas/login?service=x',
  '/sso-login',
  '/user/signin',
  'https://login.microsoftonline.com/common/saml2',
  'https://acme.okta.com/app/jira/abc/sso/saml',
  'https://sts.acme.example/anything',
  'https://fs.acme.example/x?wa=wsignin1.0',
  'https://idp.acme.example/realms/acme/protocol/openid-connect/auth?client_id=jira',
  'https://portal.acme.example/start?SAMLRequest=x',
  'https://acme.cloudflareaccess.com/cdn-cgi/access/login/x',
];
const moves = [
  'https://issues.acme.example/rest/api/2/serverInfo',
  'https://issues.acme.example/',
  'https://castle.acme.example/jira/',
  'https://fsomething.acme.example/jira',
  'https://stsoftware.example/jira',
  '/jira/rest/api/2/serverInfo',
  '/secure/Dashboard.jspa',
  'https://www.acme.example/catalogue',
  'https://acme.example/blogin/x',
];

describe('where a redirect leads', () => {
  test.each(logins)('%s is a login', location => expect(kindOf(location)).toBe('login'));
  test.each(moves)('%s is none', location => expect(kindOf(location)).toBe('moved'));
  test.each([301, 302, 303, 307, 308])('%i alike', status => {
    expect(kindOf('/my.policy', status)).toBe('login');
    expect(kindOf('https://issues.acme.example/', status)).toBe('moved');
  });
});

describe('where a page leads', () => {
  const pageTo = (leadsTo: string, text = 'Loading', status = 200) =>
    readRedirect(answer({url, status, body: asHtml('x', text, leadsTo)}), site)?.kind ?? null;
  test.each(logins)('a page without words that goes to %s is its door', leadsTo => {
    for (const status of [200, 401, 403]) expect(pageTo(leadsTo, 'Loading', status)).toBe('login');
  });
  test.each(moves)('a page that goes to %s says nothing', leadsTo => expect(pageTo(leadsTo)).toBeNull());
  test('a page with much to read is no door, whatever its scripts hold', () => {
    expect(pageTo('/login', 'words '.repeat(60))).toBeNull();
  });
  test('nor is one of a server that failed', () => expect(pageTo('/login', 'Loading', 503)).toBeNull());
});
