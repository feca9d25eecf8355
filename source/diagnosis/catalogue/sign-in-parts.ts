/** What the rows about the sign-in share: whose refusal it was, and the checks every refusal suggests. */
import type {Clean} from '../../domain/clean.ts';
import {clean} from '../../domain/clean.ts';
import {exit} from '../../domain/exit.ts';
import {expiryNotice} from '../../domain/expiry.ts';
import {isServiceAccount} from '../../domain/service-account.ts';
import type {Answer, Facts, Seen} from '../evidence.ts';
import {
  answerIn,
  answerLines,
  answersFor,
  bodyText,
  isDataCenter,
  isFeed,
  nobodyTried,
  refusedByAtlassian,
} from '../evidence-reading.ts';
import {whoAnswered} from '../responder.ts';
import {edit, rotate, you} from './actions.ts';
import {adminPage, listedTokens, patPage, tokensPage} from './checklist-pages.ts';
import {type Cause, shownWhen} from './likelihood.ts';

export const signIn = {
  steps: ['sign-in'],
  exit: exit.rejected,
  kind: 'failure',
  certainty: 'proven',
  refusal: true,
  stopsAtUrl: false,
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

/** A refusal to sign in, told by words Jira sends, from an answer that is not a stranger's page. */
export function refusalSaying(seen: Seen, words: RegExp): readonly Clean[] | null {
  const answer = answerIn(seen);
  if (answer === null || (answer.status !== 401 && answer.status !== 403)) return null;
  const stranger = whoAnswered(answer).party === 'other' && answer.body.type === 'html';
  return !stranger && words.test(bodyText(answer)) ? answerLines(answer) : null;
}

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

/** A token of Atlassian Cloud, which no Data Center knows. */
const madeForCloud = ({tokenKind}: Facts): boolean =>
  tokenKind === 'atlassian-user' || tokenKind === 'atlassian-service-account';

const looks: Readonly<Record<NonNullable<Facts['looksLike']>, string>> = {
  date: 'a date, perhaps the day on which the token ends',
  'e-mail': 'an e-mail address',
  password: 'a password',
};

/** What the form of the secret says against it, on either kind of Jira. */
export function aboutTheToken(facts: Facts): readonly Cause[] {
  const {checksum, looksLike} = facts;
  return [
    [
      shownWhen(isDataCenter(facts) && madeForCloud(facts)),
      you(
        'Create a personal access token in this Jira: the token given was made for Atlassian Cloud',
        'its form shows it, and no Data Center knows such tokens',
        {command: rotate(facts), remedy: 'field:token', url: patPage(facts)},
      ),
    ],
    [
      shownWhen(checksum === 'bad'),
      you(
        'Copy the token again, with the Copy button where it was created, and put it in',
        'its checksum does not fit: a character was lost, doubled or changed',
        {command: rotate(facts) ?? edit(facts), remedy: 'field:token'},
      ),
    ],
    [
      shownWhen(looksLike !== null && !isDataCenter(facts)),
      you(
        `Put in an API token: what was given looks like ${looksLike === null ? 'no token' : looks[looksLike]}`,
        'Jira Cloud takes API tokens only; those seen so far begin with ATATT3 and have 192 characters',
        {command: rotate(facts) ?? edit(facts), remedy: 'field:token', url: tokensPage(facts)},
      ),
    ],
  ];
}

/** Whether the token's day is known and not over: then another cause is likelier. */
const stillValid = (facts: Facts): boolean =>
  facts.expiresAt !== null && expiryNotice(facts.expiresAt, facts.now).state !== 'expired';

/** The name that goes with the token; a Bearer token needs none. */
export function checkUsername(facts: Facts): Cause | null {
  const {username} = facts;
  if (bearer(facts)) return null;
  if (!isDataCenter(facts))
    return [
      stillValid(facts) ? 'suggested' : 'usual',
      you(
        `Compare the Username${username === '' ? '' : ` ${username}`} with the account that made the token`,
        service(facts)
          ? 'Directory → Service accounts shows its e-mail; a token works only with that of its own account'
          : 'the page with your tokens shows whose they are; a token works only with the e-mail of its own account',
        {command: edit(facts), remedy: 'field:username', url: service(facts) ? adminPage(facts) : tokensPage(facts)},
      ),
    ];
  const email = username.includes('@');
  return [
    email ? 'suggested' : 'usual',
    you(
      email ? `Use the login name instead of the e-mail ${username}` : `Check the Username ${username}`,
      'Data Center signs in with the login name, as your profile page shows it',
      {command: edit(facts), remedy: 'field:username'},
    ),
  ];
}

/** Whether the token has ended: its remembered day, or the page that lists it. */
export function checkExpiry(facts: Facts): Cause {
  const url = service(facts) ? adminPage(facts) : listedTokens(facts);
  if (facts.tokenKind === 'legacy' && !isDataCenter(facts)) {
    return [
      'suggested',
      you(
        'Create a new API token: this one has the old form, and all of those expired by 2026-05-12',
        'tokens made before 2024-12-15 got an end date',
        {command: rotate(facts), remedy: 'field:token', url},
      ),
    ];
  }
  if (facts.expiresAt !== null) {
    return [
      'usual',
      you(
        `See whether the token is still listed; it should work until ${facts.expiresAt}`,
        'revoked and expired tokens look alike to Jira',
        {url},
      ),
    ];
  }
  return [
    'usual',
    isDataCenter(facts)
      ? you('See whether the token has expired or was revoked', 'your profile lists your tokens with their last days', {
          url,
        })
      : you(
          'See whether the token has expired: the page lists each with its last day',
          'tokens live a year at most, so this is the usual cause',
          {url},
        ),
  ];
}
