/** What a redirect means, from its Location resolved against the address asked. */
import type {Answer} from './evidence.ts';
import {header} from './who.ts';

export type Redirect = Readonly<
  | {kind: 'loop'; target: string}
  | {kind: 'login'; target: string}
  /** `base` is the site address to type instead; null where that would be plain http, which is never suggested. */
  | {kind: 'moved'; target: string; base: string | null}
>;

const loginPath =
  /\/(?:login|log-in|signin|sign-in|logon|sso|saml2?|samlsso|adfs|idp|oauth2?|openid[\w-]*|authorize|authenticate|cas)(?:[./?]|\.jspa?\b|$)|\/cdn-cgi\/access\/|\/auth\/realms\/|\/realms\/[^/]+\/protocol\/|\/plugins\/servlet\/(?:samlsso|saml|oidc)/i;
const loginHost =
  /(?:^|\.)(?:login\.microsoftonline\.com|login\.windows\.net|okta(?:preview|-emea)?\.com|onelogin\.com|auth0\.com|accounts\.google\.com|ping(?:one|identity)\.(?:com|eu)|cloudflareaccess\.com|duosecurity\.com|jumpcloud\.com|id\.atlassian\.com|auth\.atlassian\.com|amazoncognito\.com)$|^(?:login|signin|sso|idp|adfs|auth|accounts|saml|identity|keycloak|cas)[\w-]*\./i;
const loginQuery = /[?&](?:SAMLRequest|RelayState|os_destination|permissionViolation)=|[?&]response_type=/i;

/** Whether an address is a sign-in page or an identity provider. */
export const isLogin = (url: URL): boolean =>
  loginHost.test(url.hostname) || loginPath.test(url.pathname) || loginQuery.test(url.search);

/** Everything the program asks for lies under the base in one of these. */
const restPart = /\/(?:rest|_edge|status)(?:\/.*)?$/;

/** The site address a redirect target stands for: without the REST path, query and trailing slash. */
function baseOf(target: URL): string | null {
  if (target.protocol !== 'https:') return null;
  const path = target.pathname.replace(restPart, '').replace(/\/+$/, '');
  return `${target.origin}${path}`;
}

/**
 * @param siteUrl the normalised site address; a redirect back to it goes round in a circle
 * @returns null when the answer is no redirect or its Location is missing or unreadable
 */
export function readRedirect(answer: Answer, siteUrl: string): Redirect | null {
  const location = header(answer, 'location');
  if (answer.status < 300 || answer.status > 399 || location === null || !URL.canParse(location, answer.url))
    return null;
  const from = new URL(answer.url);
  const to = new URL(location, from);
  from.hash = '';
  to.hash = '';
  const target = to.href;
  if (target === from.href) return {kind: 'loop', target};
  if (isLogin(to)) return {kind: 'login', target};
  const base = baseOf(to);
  if (base === siteUrl && to.pathname.replace(/\/+$/, '') === from.pathname.replace(/\/+$/, ''))
    return {kind: 'loop', target};
  return {kind: 'moved', target, base};
}
