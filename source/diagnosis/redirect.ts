/** What a redirect means, from its Location resolved against the address asked. */
import type {Answer} from './evidence.ts';
import {header} from './responder.ts';

export type Redirect = Readonly<
  | {kind: 'loop'; target: string}
  | {kind: 'login'; target: string}
  /** `base` is the site address to type instead; null where none can be told. Plain http is never suggested. */
  | {kind: 'moved'; target: string; base: string | null; plain: boolean}
>;

const loginPath =
  /\/(?:login|log-in|signin|sign-in|logon|sso|saml2?|samlsso|adfs|idp|oauth2?|openid[\w-]*|authorize|authenticate|cas)(?:[./?]|\.jspa?\b|$)|\/cdn-cgi\/access\/|\/auth\/realms\/|\/realms\/[^/]+\/protocol\/|\/plugins\/servlet\/(?:samlsso|saml|oidc)/i;
const provider =
  /(?:^|\.)(?:login\.microsoftonline\.com|login\.windows\.net|okta(?:preview|-emea)?\.com|onelogin\.com|auth0\.com|accounts\.google\.com|ping(?:one|identity)\.(?:com|eu)|cloudflareaccess\.com|duosecurity\.com|jumpcloud\.com|id\.atlassian\.com|auth\.atlassian\.com|amazoncognito\.com)$/i;
const loginName = /^(?:login|signin|sso|idp|adfs|auth|accounts|saml|identity|keycloak|cas)[\w-]*\./i;
const loginQuery = /[?&](?:SAMLRequest|RelayState|os_destination|permissionViolation)=|[?&]response_type=/i;

/** Whether a redirect leads to a sign-in page or an identity provider. */
function isLogin(to: URL, from: URL): boolean {
  // A host called "auth…" that keeps the path asked for is a Jira that moved there.
  const byName = loginName.test(to.hostname) && to.pathname !== from.pathname;
  return provider.test(to.hostname) || byName || loginPath.test(to.pathname) || loginQuery.test(to.search);
}

/** What the program asks for, and Jira's own pages, lie under the base in one of these. */
const inside = /\/(?:rest|_edge|status|secure|browse|projects|issues|plugins|startup\.jsp)(?:\/.*)?$/;

/** The site address a redirect target stands for, null when it is a page of something else. */
function baseOf(target: URL): string | null {
  if (target.protocol !== 'https:') return null;
  const path = target.pathname.replace(inside, '').replace(/\/+$/, '');
  return /\.\w+$/.test(path) ? null : `${target.origin}${path}`;
}

/**
 * @param siteUrl the normalised site address
 * @returns null when the answer is no redirect or its Location is missing or unreadable
 */
export function readRedirect(answer: Answer, siteUrl: string): Redirect | null {
  const location = header(answer, 'location');
  if (answer.status < 300 || answer.status > 399 || location === null) return null;
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
