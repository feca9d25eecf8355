/** What a redirect means, from its Location, or the address its page leads to, resolved against the address asked. */
import type {Answer} from './evidence.ts';
import {header} from './responder.ts';

export type Redirect = Readonly<
  | {kind: 'loop'; target: string}
  | {kind: 'login'; target: string}
  /** `base` is the site address to type instead; null where none can be told. Plain http is never suggested. */
  | {kind: 'moved'; target: string; base: string | null; plain: boolean}
>;

/** Segments of a path that are a login, in the words of identity providers and of gates in front of servers. */
const loginSegment = new RegExp(
  `^(?:${[
    '(?:user|admin|sso)?[._-]?(?:login|log-in|logon|signin|sign-in|sign_in)(?:[._-]\\w+)*',
    'ssologin\\w*|sso|startsso|saml2?|samlsso|wsfed|adfs|idp|cas|nidp|openam|opensso|authn|authenticate|authorize',
    'oauth2?|oidc|openid[\\w-]*|authorization\\.oauth2|shibboleth\\.sso',
    // F5 APM, Citrix Gateway, CA SiteMinder, IBM Verify, Oracle Access Manager, Pulse, Cisco, Pomerium, Authentik, Azure.
    'my\\.policy|my\\.logon\\.php3|logonpoint|tmindex\\.html|siteminderagent|pkmslogin(?:\\.form)?|oam|dana-na',
    '\\+cscoe\\+|\\.pomerium|outpost\\.goauthentik\\.io|\\.auth|_oauth',
  ].join('|')})(?:\\.(?:jspa?|do|html?|aspx?|php|cgi|fcc|action|esp|form|ping))?$`,
  'i',
);
const loginPath =
  /\/cdn-cgi\/access\/|\/auth\/realms\/|\/realms\/[^/]+\/protocol\/|\/plugins\/servlet\/(?:samlsso|saml|oidc)/i;
const provider =
  /(?:^|\.)(?:login\.microsoftonline\.(?:com|us)|login\.partner\.microsoftonline\.cn|login\.windows\.net|b2clogin\.com|ciamlogin\.com|okta(?:preview|-emea|-gov)?\.com|onelogin\.com|auth0\.com|accounts\.google\.com|ping(?:one|identity)\.(?:com|eu|ca|asia)|cloudflareaccess\.com|duosecurity\.com|jumpcloud\.com|id\.atlassian\.com|auth\.atlassian\.com|amazoncognito\.com|awsapps\.com|cyberark\.cloud|idaptive\.app|rippling\.com|authenticate\.pomerium\.app)$/i;
const loginName =
  /^(?:(?:login|signin|adfs|accounts|saml|identity|keycloak)[\w-]*|(?:sso|idp|auth|sts|fs|cas|iam)(?:[-\d][\w-]*)?)\./i;
const loginQuery =
  /[?&](?:SAMLRequest|RelayState|os_destination|permissionViolation|SMAGENTNAME|login_hint|code_challenge)=|[?&]response_type=|[?&]wa=wsignin/i;

/** Whether a redirect leads to a sign-in page or an identity provider. */
function isLogin(to: URL, from: URL): boolean {
  // A host called "auth…" that keeps the path asked for is a Jira that moved there.
  const byName = loginName.test(to.hostname) && to.pathname !== from.pathname;
  const segments = to.pathname.split('/').filter(each => each !== '' && !from.pathname.split('/').includes(each));
  return (
    provider.test(to.hostname) ||
    byName ||
    loginPath.test(to.pathname) ||
    segments.some(each => loginSegment.test(each)) ||
    loginQuery.test(to.search)
  );
}

/** What the program asks for, and Jira's own pages, lie under the base in one of these. */
const inside = /\/(?:rest|_edge|status|secure|browse|projects|issues|plugins|startup\.jsp)(?:\/.*)?$/;

/** The site address a redirect target stands for, null when it is a page of something else. */
function baseOf(target: URL): string | null {
  if (target.protocol !== 'https:') return null;
  const path = target.pathname.replace(inside, '').replace(/\/+$/, '');
  return /\.\w+$/.test(path) ? null : `${target.origin}${path}`;
}

/** A page that says much to a reader is no mere door to another, whatever its scripts hold. */
const fewWords = 240;

/**
 * Where a page without words leads by itself, if that is a login. Elsewhere a page leads for many reasons, and none of
 * them is Jira's.
 */
function doorToLogin(answer: Answer): Redirect | null {
  const {body, status, url} = answer;
  if (body.type !== 'html' || body.leadsTo === undefined || body.text.length > fewWords) return null;
  if (status !== 200 && status !== 401 && status !== 403) return null;
  if (!URL.canParse(url) || !URL.canParse(body.leadsTo, url)) return null;
  const to = new URL(body.leadsTo, url);
  return isLogin(to, new URL(url)) ? {kind: 'login', target: to.href} : null;
}

/**
 * @param siteUrl the normalised site address
 * @returns null when the answer is no redirect or its Location is missing or unreadable
 */
export function readRedirect(answer: Answer, siteUrl: string): Redirect | null {
  const location = header(answer, 'location');
  if (answer.status < 300 || answer.status > 399 || location === null) return doorToLogin(answer);
  if (!URL.canParse(answer.url) || !URL.canParse(location, answer.url)) return null;
  const from = new URL(answer.url);
  const to = new URL(location, from);
  from.hash = '';
  to.hash = '';
  const target = to.href;
  const bare = (url: URL) => `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  if (target === from.href || (bare(to) === bare(from) && !loginQuery.test(to.search))) return {kind: 'loop', target};
  if (isLogin(to, from)) return {kind: 'login', target};
  const base = baseOf(to);
  const plain = to.protocol === 'http:' && from.protocol === 'https:';
  return {kind: 'moved', target, base: base === siteUrl ? null : base, plain};
}
