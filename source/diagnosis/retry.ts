/** Whether and when the same test may be run again by itself: `--watch` and the assistant's watching follow one rule. Pure. */
import {catalogue} from './catalogue/index.ts';
import type {Seen} from './evidence.ts';
import {answersFor, retryAfter} from './evidence-reading.ts';
import type {Report} from './test-report.ts';

/** @returns why another try could only do harm or nothing, as a clause; null where it may help */
export function retryBlocker(report: Report, seen: Seen): string | null {
  const {failure} = report;
  if (failure === null) return 'There is nothing to wait for';
  if (failure.code === 'captcha-required') return 'Each further try would prolong the lock';
  const {again} = catalogue[failure.code];
  // Jira counts refused sign-ins by Basic and locks the account behind a CAPTCHA after a few, whatever name the failure
  // has in the end; a 401 is never repeated by itself. On Cloud the site refuses a token with scopes each time, as a
  // matter of course, and the gateway takes it: there it counts only where the sign-in as a whole was refused.
  const refused = [...answersFor(seen, 'sign-in'), ...answersFor(seen, 'gateway-sign-in')].some(
    ({status}) => status === 401,
  );
  const surelyCloud = report.site.deployment === 'cloud';
  const harmful = again === 'harmful' || (refused && (!surelyCloud || failure.step === 'sign-in'));
  if (harmful) return 'Repeated sign-ins could lock the account';
  return again === 'useless' ? 'This does not change by waiting' : null;
}

/** The longest pause a site is obeyed in, in seconds: one day. */
export const longestPause = 86_400;

/** Seconds the site asked to be left alone (Retry-After of a refusal), 0 where it did not ask. */
export function askedPause(seen: Seen, now: Date): number {
  const refusals = seen.flatMap(each => (each.kind === 'answer' && each.status >= 400 ? [each] : []));
  const asked = refusals.map(answer => retryAfter(answer, now) ?? 0);
  return Math.min(longestPause, Math.max(0, ...asked));
}
