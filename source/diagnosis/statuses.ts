/**
 * Numbers that people have in hand, and the codes behind them: the status of an HTTP answer, and the exit status of the
 * program. Which code it is takes more than the number; these are the candidates, as a test meets them.
 */
import {catalogue} from './catalogue/index.ts';
import {type FailureCode, failureCodes} from './codes.ts';

/** The statuses that can be part of the proof of a code, as the signals of its row read them. */
const statusesOf: Readonly<Partial<Record<FailureCode, readonly number[]>>> = {
  'tls-not-spoken': [400],
  'client-certificate-required': [400, 496],
  'proxy-authentication-required': [407],
  'proxy-refused': [400, 401, 403, 404, 405, 501, 502, 503, 504, 505],
  'site-not-found': [404],
  'site-unavailable': [502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 530],
  'rate-limited': [429],
  'server-error': [500, 501, 505, 506, 507, 508],
  'redirect-loop': [301, 302, 303, 307, 308],
  'sso-redirect': [200, 301, 302, 303, 307, 308, 401, 403],
  'site-moved': [301, 302, 303, 307, 308],
  intercepted: [200, 301, 302, 303, 307, 308, 401, 403, 404, 407, 451, 500, 502, 503, 504, 511],
  'wrong-path': [404],
  'not-jira': [200, 400, 405, 406, 410, 421],
  'answer-unreadable': [200],
  'unknown-answer': [402, 408, 409, 411, 412, 413, 414, 415, 416, 417, 418, 422, 423, 424, 425, 426, 428, 431],
  'token-expired': [401],
  'credentials-rejected': [401],
  'token-scope-missing': [401, 403],
  'token-needs-gateway': [401],
  'password-used': [401],
  'captcha-required': [401, 403],
  'basic-auth-disabled': [403],
  'bearer-on-cloud': [403],
  'pat-needs-bearer': [401],
  'ip-not-allowed': [403],
  'api-access-blocked': [403],
  'signed-in-as-nobody': [200],
  'sign-in-unclear': [401, 403],
  'account-inactive': [200],
  'no-jira-access': [200, 401, 403],
  'permission-missing': [200],
  'feed-unavailable': [400, 401, 403, 404, 410, 500],
};

/** The codes that an HTTP answer of this status can mean, in the order a test meets them. */
export const codesOfStatus = (status: number): readonly FailureCode[] =>
  failureCodes.filter(code => statusesOf[code]?.includes(status) === true);

/** The codes that end the program with this exit status; warnings end nothing. */
export const codesOfExit = (exit: number): readonly FailureCode[] =>
  failureCodes.filter(code => catalogue[code].exit === exit && catalogue[code].kind !== 'warning');
