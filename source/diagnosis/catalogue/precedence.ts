/** The order in which signals are tried: specific before general, and what says who answered before what was said. */
import type {FailureCode} from '../codes.ts';

export const precedence = [
  // The connection broke: the proxy first, for with one in use the same codes speak of it and not of the site.
  'proxy-authentication-required',
  'proxy-refused',
  'proxy-unreachable',
  'dns-not-found',
  'dns-unavailable',
  'network-unreachable',
  'connection-refused',
  'connection-timed-out',
  'connection-reset',
  'client-certificate-required',
  'tls-not-spoken',
  'clock-wrong',
  'certificate-expired',
  'certificate-not-yet-valid',
  'certificate-wrong-host',
  'certificate-chain-incomplete',
  'certificate-untrusted',
  'tls-handshake-failed',
  'answer-timed-out',
  // An answer came. What Atlassian marks with a header or status of its own:
  'site-not-found',
  'rate-limited',
  'site-unavailable',
  // A refusal with a reason of its own comes before the general ones.
  'token-scope-missing',
  'captcha-required',
  'basic-auth-disabled',
  'bearer-on-cloud',
  'ip-not-allowed',
  'api-access-blocked',
  'password-used',
  'pat-needs-bearer',
  'token-expired',
  'credentials-rejected',
  // Feeds refuse for reasons of their own; a server error of one feed says nothing about the site.
  'feed-unavailable',
  'server-error',
  // A 200 whose headers say “nobody”, whatever page came with it.
  'signed-in-as-nobody',
  // Where a redirect leads; something in the middle may redirect as well.
  'redirect-loop',
  'sso-redirect',
  'intercepted',
  'site-moved',
  'account-inactive',
  'no-jira-access',
  'permission-missing',
  'wrong-path',
  // JSON that was promised and is broken is no other product's page.
  'answer-unreadable',
  'not-jira',
  'sign-in-unclear',
  'unknown-answer',
] as const satisfies readonly FailureCode[];
