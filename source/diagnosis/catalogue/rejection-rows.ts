/** Jira does not take this username and token, for a reason a 401 does not tell. */
import {clean} from '../../domain/clean.ts';
import {isAtlassianHost} from '../../domain/clouds.ts';
import {expiryNotice} from '../../domain/expiry.ts';
import {isoDay} from '../../domain/time.ts';
import type {Facts, Seen} from '../evidence.ts';
import {answerIn, answerLines, bodyText, isCloud, isDataCenter} from '../evidence-reading.ts';
import {whoAnswered} from '../responder.ts';
import {account, accountAdmin, edit, jiraAdmin, networkAdmin, newToken, you} from './actions.ts';
import {accountsPage, adminPage, gatewayEndpoint, listedTokens} from './checklist-pages.ts';
import {mostLikelyFirst} from './likelihood.ts';
import {enter, otherHostTold} from './own-address.ts';
import type {Rows} from './row.ts';
import {
  aboutTheToken,
  bearer,
  checkExpiry,
  checkUsername,
  gatewayAnswer,
  gatewayLine,
  mayHaveScopes,
  rejection,
  signIn,
} from './sign-in-parts.ts';

/** On Cloud a domain of one's own may stand before the site: a refusal there need not be about the credential. */
const vanity = (facts: Facts, seen: Seen) => (isCloud(facts) ? otherHostTold(seen, facts) : null);

const gatewayUnasked = (facts: Facts, seen: Seen): boolean =>
  gatewayAnswer(seen) === null && facts.route === 'site' && mayHaveScopes(facts);

function rejectedOnCloud(facts: Facts, seen: Seen) {
  const own = vanity(facts, seen);
  const gateway = gatewayEndpoint(facts);
  return mostLikelyFirst([
    own === null
      ? null
      : ['shown', enter(facts, own, 'this Jira names it as its own address, and tokens work only there')],
    ...aboutTheToken(facts),
    checkExpiry(facts),
    checkUsername(facts),
    facts.tokenKind === 'legacy'
      ? null
      : ['usual', newToken(facts, 'a revoked token cannot be seen from here; a new one may need a minute to work')],
    [
      'usual',
      accountAdmin(facts)(
        'Ask what Insights → API token activity shows for this token',
        'only there an organization admin sees whether it was revoked, has expired, and when it was last used',
        `Please look under Insights → API token activity: has the token of ${account(facts)} expired, was it revoked, when was it last used?`,
        {url: adminPage(facts)},
      ),
    ],
    [
      'usual',
      accountAdmin(facts)(
        `Ask whether ${account(facts)} is still active`,
        'the tokens of a deactivated or suspended account stop working',
        `Please check whether ${account(facts)} is still active, and not suspended.`,
        {url: adminPage(facts)},
      ),
    ],
    gatewayUnasked(facts, seen) && gateway !== null
      ? [
          'seldom',
          networkAdmin(
            `Ask to allow this machine out to ${gateway}`,
            'a token with scopes works only there, and it could not be tried',
            `Please allow our server out to ${gateway}: tokens with scopes work only there.`,
            {kind: 'allow'},
          ),
        ]
      : null,
  ]);
}

function rejectedOnDataCenter(facts: Facts) {
  return mostLikelyFirst([
    ...aboutTheToken(facts),
    checkExpiry(facts),
    checkUsername(facts),
    ['usual', newToken(facts, 'personal access tokens exist from Jira 8.14 on')],
    [
      bearer(facts) ? 'excluded' : 'usual',
      you('If it is a password, log in with it in a browser', 'that shows whether it is right, and clears a CAPTCHA'),
    ],
    [
      'usual',
      jiraAdmin(
        'Ask whether the account is active and may log in',
        'also whether its directory (LDAP, Crowd) is in step',
        `Please check whether ${account(facts)} is active and may log in, and whether its directory (LDAP, Crowd) is in step.`,
        {url: accountsPage(facts)},
      ),
    ],
  ]);
}

export const rejections = {
  'token-expired': {
    ...signIn,
    concerns: 'expiry',
    again: 'harmful',
    remedies: ['field:token', 'field:expires'],
    bearerMayCure: true,
    certainty: 'likely',
    title: facts =>
      facts.expiresAt === null
        ? 'The token has expired'
        : `The token expired on ${facts.expiresAt}, and Jira no longer accepts it`,
    proof:
      'Jira answered 401, and the expiry date remembered here has passed. Jira itself never says that a token expired.',
    signal(seen, facts) {
      const answer = rejection(seen);
      if (answer === null || expiryNotice(facts.expiresAt, facts.now).state !== 'expired') return null;
      return [
        ...answerLines(answer),
        clean(`Remembered expiry date: ${facts.expiresAt}; today is ${isoDay(facts.now)}`),
      ];
    },
    checklist: facts =>
      mostLikelyFirst([
        ...aboutTheToken(facts),
        [
          'usual',
          newToken(
            facts,
            isDataCenter(facts) ? 'an expired one stays dead' : 'choose its last day, up to 365 days ahead',
          ),
        ],
        [
          'usual',
          you(
            'If the remembered date is wrong, see the right one on the page that lists your tokens',
            'then the cause may be another',
            {command: edit(facts), remedy: 'field:expires', url: listedTokens(facts)},
          ),
        ],
        [
          'usual',
          you('Put the new token everywhere the old one was used', 'other programs with the old one fail as well'),
        ],
        [
          isDataCenter(facts) ? 'excluded' : 'seldom',
          accountAdmin(facts)(
            'Ask whether an authentication policy limits how long tokens live',
            'an organization can allow fewer days than the 365 you may choose',
            'Please check whether an authentication policy limits how long API tokens live.',
            {url: adminPage(facts)},
          ),
        ],
      ]),
    example: facts => ({...facts, expiresAt: '2026-11-01'}),
  },
  'credentials-rejected': {
    ...signIn,
    concerns: 'credential',
    again: 'harmful',
    remedies: ['field:token', 'field:username', 'use-url'],
    bearerMayCure: true,
    certaintyNote: 'likely where the gateway could not be asked, or the site names another address as its own',
    certaintyOf(facts, seen) {
      const subject = answerIn(seen);
      if (vanity(facts, seen) !== null) return 'likely';
      if (facts.deployment === 'data-center' || subject?.purpose === 'gateway-sign-in') return 'proven';
      if (subject !== null && whoAnswered(subject).party === 'data-center') return 'proven';
      // A token of the old form cannot have scopes: the site's refusal is the whole of it.
      if (facts.tokenKind === 'legacy') return 'proven';
      return gatewayAnswer(seen)?.status === 401 || seen.length === 0 ? 'proven' : 'likely';
    },
    title: facts =>
      bearer(facts)
        ? 'Jira does not accept this token'
        : `Jira does not accept this username and token together${facts.username === '' ? '' : ` (${facts.username})`}`,
    proof:
      'Jira itself answered 401, and on Cloud Atlassian’s gateway refused the same pair; a gateway that is out of reach is a failure of its own. The answer is the same for an expired or revoked token, a wrong e-mail and a deactivated account: nothing in it tells them apart. Two-step verification and single sign-on do not affect API tokens.',
    signal(seen, facts) {
      const answer = rejection(seen);
      if (answer === null) return null;
      const site =
        answer.purpose !== 'gateway-sign-in' && !isDataCenter(facts) && whoAnswered(answer).party !== 'data-center';
      return [
        ...answerLines(answer),
        ...(site ? [gatewayLine(facts, seen)] : []),
        clean(
          'Expired, revoked, wrong name and deactivated account all look like this; nothing in the answer tells them apart',
        ),
      ];
    },
    checklist: (facts, seen) => (isDataCenter(facts) ? rejectedOnDataCenter(facts) : rejectedOnCloud(facts, seen)),
  },
  'password-used': {
    ...signIn,
    concerns: 'credential',
    again: 'harmful',
    remedies: ['field:token', 'field:username'],
    bearerMayCure: false,
    certainty: 'likely',
    title: () => 'Jira takes what was given for an account password; it wants an API token',
    proof:
      'Jira answered 401 “Basic authentication with passwords is deprecated”. It has said the same of API tokens that were wrong.',
    signal(seen, facts) {
      const answer = answerIn(seen);
      // It was said of every refused pair for years: where the gateway judges what has the shape of a token, it says nothing.
      const told =
        answer !== null &&
        answer.status === 401 &&
        !(isAtlassianHost(facts.host) && mayHaveScopes(facts)) &&
        /Basic auth\w* with passwords is deprecated/i.test(bodyText(answer));
      return told ? answerLines(answer) : null;
    },
    checklist: facts =>
      mostLikelyFirst([
        ...aboutTheToken(facts),
        ['usual', newToken(facts, 'Jira Cloud takes no account passwords over its REST API')],
        checkUsername(facts),
        [
          'seldom',
          you(
            'If it was an API token, see whether it is still listed and valid',
            'the same words came for wrong tokens',
            {url: listedTokens(facts)},
          ),
        ],
      ]),
  },
} as const satisfies Rows;
