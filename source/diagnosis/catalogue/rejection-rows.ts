/** Jira does not take this username and token, for a reason a 401 does not tell. */
import {clean} from '../../domain/clean.ts';
import {isAtlassianHost, prefilledTokenPage} from '../../domain/clouds.ts';
import {exit} from '../../domain/exit.ts';
import {expiryNotice} from '../../domain/expiry.ts';
import {boardScopes, neededScopes} from '../../domain/scopes.ts';
import {isoDay} from '../../domain/time.ts';
import type {Facts, Seen} from '../evidence.ts';
import {answerIn, answerLines, bodyText, isCloud, isDataCenter, scopeRefused} from '../evidence-reading.ts';
import {whoAnswered} from '../responder.ts';
import {
  account,
  accountAdmin,
  adminPage,
  edit,
  gatewayBase,
  jiraAdmin,
  networkAdmin,
  newToken,
  patPage,
  retest,
  rotate,
  tokensPage,
  usersPage,
  you,
} from './actions.ts';
import {enter, otherHostTold} from './own-address.ts';
import {type Rows, upToSix} from './row.ts';
import {
  bearer,
  checkEmail,
  checkExpiry,
  gatewayAnswer,
  gatewayLine,
  mayHaveScopes,
  rejection,
  service,
  signIn,
} from './sign-in-parts.ts';

/** On Cloud a domain of one's own may stand before the site: a refusal there need not be about the credential. */
const vanity = (facts: Facts, seen: Seen) => (isCloud(facts) ? otherHostTold(seen, facts) : null);

function rejectedOnCloud(facts: Facts, seen: Seen) {
  const unasked = gatewayAnswer(seen) === null && facts.route === 'site' && mayHaveScopes(facts);
  const own = vanity(facts, seen);
  return upToSix([
    own === null ? null : enter(facts, own, 'this Jira names it as its own address; tokens may work only there'),
    ...(facts.expiresAt !== null && facts.tokenKind !== 'legacy'
      ? [checkEmail(facts), checkExpiry(facts)]
      : [checkExpiry(facts), checkEmail(facts)]),
    facts.tokenKind === 'legacy'
      ? null
      : newToken(facts, true, 'a revoked token cannot be seen from here; a new one may need a minute to work'),
    accountAdmin(facts)(
      `Ask whether ${account(facts)} is still active`,
      'the tokens of a deactivated account stop working',
      `Please check whether ${account(facts)} is still active.`,
      {
        url: adminPage,
      },
    ),
    unasked
      ? networkAdmin(
          'Ask to allow this machine out to api.atlassian.com:443',
          'a token with scopes works only there, and it could not be tried',
          'Please allow our server out to api.atlassian.com:443: tokens with scopes work only there.',
        )
      : null,
  ]);
}

function rejectedOnDataCenter(facts: Facts) {
  const email = facts.username.includes('@');
  const name = you(
    email ? `Use the login name instead of the e-mail ${facts.username}` : `Check the Username ${facts.username}`,
    'Data Center signs in with the login name, as your profile page shows it',
    {command: edit(facts), remedy: 'field:username'},
  );
  const expired = you(
    'See whether the token has expired or was revoked',
    'your profile lists your tokens with their last days',
    {url: patPage(facts)},
  );
  const cloudToken = facts.tokenKind === 'atlassian-user' || facts.tokenKind === 'atlassian-service-account';
  return upToSix([
    cloudToken
      ? you(
          'Make a personal access token in this Jira: what was given was made for Atlassian Cloud',
          'its shape shows that, and a Data Center knows none of those',
          {command: rotate(facts), url: patPage(facts)},
        )
      : null,
    ...(bearer(facts) ? [expired] : email ? [name, expired] : [expired, name]),
    newToken(facts, false, 'personal access tokens exist from Jira 8.14 on'),
    bearer(facts)
      ? null
      : you('If it is a password, log in with it in a browser', 'that shows whether it is right, and clears a CAPTCHA'),
    jiraAdmin(
      'Ask whether the account is active and may log in',
      'also whether its directory (LDAP, Crowd) is in step',
      `Please check whether ${account(facts)} is active and may log in, and whether its directory (LDAP, Crowd) is in step.`,
      {url: usersPage(facts)},
    ),
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
      upToSix([
        newToken(
          facts,
          !isDataCenter(facts),
          isDataCenter(facts) ? 'an expired one stays dead' : 'choose its last day, up to 365 days ahead',
        ),
        you(
          'If the remembered date is wrong, see the right one on the page that lists your tokens',
          'then the cause may be another',
          {
            command: edit(facts),
            remedy: 'field:expires',
            url: isDataCenter(facts) ? patPage(facts) : tokensPage,
          },
        ),
        you('Put the new token everywhere the old one was used', 'other programs with the old one fail as well'),
        accountAdmin(facts)(
          'Ask whether a policy limits how long tokens live',
          'an organisation can set less than 365 days',
          'Please check whether a policy limits how long API tokens live.',
          {
            url: isCloud(facts) ? adminPage : null,
          },
        ),
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
      'Jira itself answered 401, and on Cloud Atlassian’s gateway refused the same pair; a gateway that is out of reach is a failure of its own. The answer is the same for an expired or revoked token, a wrong e-mail and a deactivated account: nothing in it tells them apart.',
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
  'token-scope-missing': {
    ...signIn,
    concerns: 'scopes',
    again: 'useless',
    remedies: ['field:token'],
    bearerMayCure: false,
    steps: ['sign-in', 'feeds'],
    exit: exit.permission,
    title: facts =>
      `The token is good, but lacks a scope that ${facts.connector === 'jira-feeds' ? 'Jira Feeds' : 'Jira Software'} needs`,
    proof:
      'Atlassian’s gateway answered “scope does not match” (X-Failure-Category: FAILURE_CLIENT_SCOPE_CHECK): it knows the token and says what it may not do.',
    signal(seen) {
      const asked = [answerIn(seen), gatewayAnswer(seen)];
      const answer = asked.find(each => each != null && scopeRefused(each)) ?? null;
      return answer === null ? null : answerLines(answer);
    },
    checklist(facts, seen) {
      const feed = answerIn(seen)?.purpose ?? '';
      const boards = feed === 'feed-boards' || feed === 'feed-sprints';
      const all = [...new Set([...neededScopes(facts.connector), ...(boards ? boardScopes : [])])].join(', ');
      return upToSix([
        service(facts)
          ? accountAdmin(facts)(
              `Ask for a new token of the service account with ${all}`,
              'Directory → Service accounts; scopes cannot be added to a token that exists',
              `Please give us a new token of the service account with the scopes ${all}.`,
              {url: adminPage},
            )
          : you(`Create an API token with scopes: app Jira, ${all}`, 'scopes cannot be added to a token that exists', {
              url: tokensPage,
            }),
        you('Put the new token in', 'it is tested before the old one goes', {
          command: rotate(facts) ?? retest(facts),
          remedy: 'field:token',
        }),
        service(facts)
          ? null
          : you('Or use the page that may open with the form filled in', 'check the scopes before you create it', {
              url: prefilledTokenPage(tokensPage),
            }),
        service(facts)
          ? null
          : you('Or create a classic token, without scopes', 'it may do all that your account may', {url: tokensPage}),
      ]);
    },
  },
  'token-needs-gateway': {
    ...signIn,
    concerns: 'scopes',
    again: 'useless',
    remedies: ['field:token'],
    bearerMayCure: false,
    kind: 'warning',
    refusal: false,
    title: () => 'This token has scopes: it works at Atlassian’s gateway, not at the site’s own address',
    proof: 'The site answered 401 and the gateway 200 to the same pair. The test goes on over the gateway.',
    checklist: facts =>
      upToSix([
        you(
          'Nothing to do here: the gateway’s address is kept with the credential',
          'JIRA_BASE_URL holds it in exec and export',
        ),
        you(
          `Give other programs this base address: ${gatewayBase(facts) ?? 'https://api.atlassian.com/ex/jira/CLOUDID'}`,
          'they must not use the site’s address with this token',
        ),
        service(facts)
          ? null
          : you(
              'For a form that tests the site’s address, create a classic token (without scopes)',
              'the form would call a token with scopes invalid',
              {url: tokensPage},
            ),
      ]),
    example: facts => ({...facts, route: 'gateway'}),
  },
  'password-used': {
    ...signIn,
    concerns: 'credential',
    again: 'harmful',
    remedies: ['field:token', 'field:username'],
    bearerMayCure: false,
    certainty: 'likely',
    title: () => 'Jira was given an account password where it wants an API token',
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
      upToSix([
        newToken(facts, true, 'Jira Cloud takes no account passwords over its REST API'),
        checkEmail(facts),
        you(
          'If it was an API token, see whether it is still listed and valid',
          'the same words came for wrong tokens',
          {url: tokensPage},
        ),
      ]),
  },
} as const satisfies Rows;
