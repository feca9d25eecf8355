/** The rule that keeps accounts from being locked: a refused sign-in is never repeated by itself. */
import {describe, expect, it} from 'vitest';
import {catalogue} from '../../source/diagnosis/catalogue/index.ts';
import {type FailureCode, failureCodes} from '../../source/diagnosis/codes.ts';
import type {Seen} from '../../source/diagnosis/evidence.ts';
import {askedPause, longestPause, retryBlocker} from '../../source/diagnosis/retry.ts';
import type {Report} from '../../source/diagnosis/test-report.ts';
import type {Deployment} from '../../source/domain/credential.ts';
import type {StepId} from '../../source/domain/step.ts';
import {failureOf, reportOf} from '../assistant/doubles.ts';
import {answer, now, trouble} from './fabricate.ts';

const lock = 'Repeated sign-ins could lock the account';
const useless = 'This does not change by waiting';
const siteRefused = answer({purpose: 'sign-in', status: 401});
const gatewayRefused = answer({purpose: 'gateway-sign-in', status: 401});
const gatewayPassed = answer({purpose: 'gateway-sign-in', status: 200});
const look = answer({purpose: 'look-myself', status: 401});

function ended(code: FailureCode | null, step: StepId = 'sign-in', deployment: Deployment | null = 'cloud'): Report {
  const report = reportOf(code === null ? null : failureOf(code, step));
  return {...report, site: {...report.site, deployment}};
}

describe('whether the same test may be run again by itself', () => {
  it.each<readonly [string, Report, Seen, string | null]>([
    ['after a refusal at the site', ended('sign-in-unclear'), [siteRefused], lock],
    ['after a refusal at the gateway alone', ended('unknown-answer'), [gatewayRefused], lock],
    ['after both refused', ended('sign-in-unclear'), [siteRefused, gatewayRefused], lock],
    [
      'a Data Center refused, whatever the step',
      ended('feed-unavailable', 'feeds', 'data-center'),
      [siteRefused],
      lock,
    ],
    ['nobody knows what refused', ended('server-error', 'site', null), [siteRefused], lock],
    [
      'Cloud took it at the gateway, and a feed failed',
      ended('server-error', 'feeds'),
      [siteRefused, gatewayPassed],
      null,
    ],
    ['the anonymous probe is no sign-in', ended('server-error', 'site', null), [look], null],
    ['a 403 counts no failed login', ended('sign-in-unclear'), [answer({purpose: 'sign-in', status: 403})], null],
    ['the sign-in broke off', ended('answer-timed-out'), [trouble('TIMEOUT', {purpose: 'sign-in'})], null],
    ['passed', ended(null), [], 'There is nothing to wait for'],
    ['captcha', ended('captcha-required'), [], 'Each further try would prolong the lock'],
    ['a wrong address, nothing seen', ended('url-invalid', 'site', null), [], useless],
    ['a wrong address, after a look', ended('url-insecure', 'site', null), [answer({})], useless],
    ['no connection', ended('connection-refused', 'connect', null), [trouble('ECONNREFUSED')], null],
  ])('%s', (_case, report, seen, blocker) => expect(retryBlocker(report, seen)).toBe(blocker));

  it.each(failureCodes)('%s keeps to its row even without evidence', code => {
    const may = retryBlocker(ended(code), []) === null;
    expect(may).toBe(catalogue[code].again === 'may-help');
  });

  it.each(['credentials-rejected', 'token-expired', 'password-used', 'pat-needs-bearer', 'captcha-required'] as const)(
    '%s does harm when repeated',
    code => expect(catalogue[code].again).toBe('harmful'),
  );
});

describe('the pause a site asks for', () => {
  const asks = (seconds: string, status = 429) => answer({status, headers: {'retry-after': seconds}});
  it.each<readonly [string, Seen, number]>([
    ['nothing was asked', [answer({status: 503})], 0],
    ['seconds', [asks('120')], 120],
    ['the longest of several', [asks('120'), asks('5', 503)], 120],
    ['a day at most', [asks('99999999')], 86_400],
    ['a day, to the second', [asks('86400')], 86_400],
    ['a success asks for nothing', [asks('120', 200)], 0],
    ['a refusal from 400 on', [asks('7', 400)], 7],
    ['no answer at all', [trouble('ECONNREFUSED')], 0],
  ])('%s', (_case, seen, seconds) => expect(askedPause(seen, now)).toBe(seconds));

  it('is bounded by one day', () => expect(longestPause).toBe(86_400));
});
