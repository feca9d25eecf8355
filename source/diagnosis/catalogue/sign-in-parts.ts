/** What the rows about the sign-in share: whose refusal it was, and the checks every refusal suggests. */
import type {Clean} from '../../domain/clean.ts';
import {clean} from '../../domain/clean.ts';
import {exit} from '../../domain/exit.ts';
import {isServiceAccount} from '../../domain/service-account.ts';
import type {Answer, Facts, Seen} from '../evidence.ts';
import {answerIn, answersFor, isFeed, nobodyTried, refusedByAtlassian} from '../evidence-reading.ts';
import {whoAnswered} from '../responder.ts';
import {adminPage, edit, emailPage, rotate, tokensPage, you} from './actions.ts';

export const signIn = {
  steps: ['sign-in'],
  exit: exit.rejected,
  kind: 'failure',
  certainty: 'proven',
  refusal: true,
  provesWrongAddress: false,
} as const;

/** The refusal at hand: a 401 that Jira or Atlassian itself gave. */
export function rejection(seen: Seen): Answer | null {
  const answer = answerIn(seen);
  if (answer === null || answer.status !== 401 || !credentialed(answer) || nobodyTried(answer)) return null;
  return refusedByAtlassian(answer, seen) ? answer : null;
}

/** Only an answer to the credential can refuse it; feeds refuse for reasons of their own. */
const credentialed = ({purpose}: Answer): boolean =>
  !isFeed(purpose) &&
  purpose !== 'look' &&
  purpose !== 'look-myself' &&
  purpose !== 'status' &&
  purpose !== 'tenant-info';

/** What the gateway said to the same pair after the site's 401, or null when it gave no answer of its own. */
export function gatewayAnswer(seen: Seen): Answer | null {
  const own = (each: Answer) => whoAnswered(each).party !== 'other';
  return answersFor(seen, 'gateway-sign-in').filter(own).at(-1) ?? null;
}

/** Whether the gateway could take this token: of the other kinds none has scopes, and the site's word is enough. */
export const mayHaveScopes = (facts: Facts): boolean => facts.tokenKind === 'atlassian-user' || service(facts);

export function gatewayLine(facts: Facts, seen: Seen): Clean {
  const answer = gatewayAnswer(seen);
  if (answer !== null) return clean(`Atlassian’s gateway answered ${answer.status} to the same pair`);
  return mayHaveScopes(facts)
    ? clean('Atlassian’s gateway could not be asked, so a token with scopes is not ruled out')
    : clean('What was given has not the form of a token with scopes, so the site’s own answer counts');
}

export const bearer = (facts: Facts): boolean => facts.scheme === 'bearer';
export const service = (facts: Facts): boolean => isServiceAccount(facts.tokenKind, facts.username);

export const checkEmail = (facts: Facts) =>
  you(
    `Compare the Username${facts.username === '' ? '' : ` ${facts.username}`} with the e-mail of the account that made the token`,
    'that page shows it at the top; a token works only with the e-mail of its own account',
    {command: edit(facts), remedy: 'field:username', url: service(facts) ? adminPage : emailPage},
  );

export function checkExpiry(facts: Facts) {
  if (facts.tokenKind === 'legacy') {
    return you(
      'Create a new API token: this one has the old form, and all of those expired by 2026-05-12',
      'tokens made before 2024-12-15 got an end date',
      {command: rotate(facts), remedy: 'field:token', url: tokensPage},
    );
  }
  if (facts.expiresAt !== null) {
    return you(
      `See whether the token is still listed; it should work until ${facts.expiresAt}`,
      'revoked and expired tokens look alike to Jira',
      {url: service(facts) ? adminPage : tokensPage},
    );
  }
  return you(
    'See whether the token has expired: the page lists each with its last day',
    'tokens live a year at most, so this is the usual cause',
    {url: service(facts) ? adminPage : tokensPage},
  );
}
