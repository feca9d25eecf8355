/** Which answer a failure points to: the field the user is offered to mend first. */
import type {FailureCode} from '../diagnosis/codes.ts';
import type {FieldId} from './state.ts';

const url: readonly FieldId[] = ['url'];
const token: readonly FieldId[] = ['token'];
const pair: readonly FieldId[] = ['token', 'username'];

/** By code; a code that is not here points to no field (a proxy, a firewall, a permission, the store). */
const remedies: Readonly<Partial<Record<FailureCode, readonly FieldId[]>>> = {
  'url-invalid': url,
  'url-insecure': url,
  'url-lookalike': url,
  'dns-not-found': url,
  'connection-refused': url,
  'certificate-wrong-host': url,
  'tls-not-spoken': url,
  'site-not-found': url,
  'site-moved': url,
  'sso-redirect': url,
  'wrong-path': url,
  'not-jira': url,
  'redirect-loop': url,
  'username-not-email': ['username'],
  'account-differs': ['username'],
  'account-inactive': pair,
  'no-jira-access': ['username'],
  'token-damaged': token,
  'token-wrong-kind': token,
  'token-expired': ['token', 'expires'],
  'token-expires': ['token', 'expires'],
  'token-scope-missing': token,
  'token-needs-gateway': token,
  'credentials-rejected': pair,
  'password-used': token,
  'basic-auth-disabled': token,
  'bearer-on-cloud': ['token', 'url'],
  'pat-needs-bearer': pair,
  'api-access-blocked': token,
  'signed-in-as-nobody': pair,
  'sign-in-unclear': ['token', 'username', 'url'],
  'unknown-answer': url,
  'passphrase-wrong': ['passphrase'],
};

/** The fields a failure points to, the likeliest first; none when no answer of the user's caused it. */
export const fieldsToFix = (code: FailureCode): readonly FieldId[] => remedies[code] ?? [];
