/** Tokens with scopes: one that lacks a scope, and one that works at the gateway only. */
import {exit} from '../../domain/exit.ts';
import {neededScopes, scopeGroups} from '../../domain/scopes.ts';
import type {Facts, Seen} from '../evidence.ts';
import {answerIn, answerLines, scopeRefused} from '../evidence-reading.ts';
import {accountAdmin, newToken, retest, rotate, you} from './actions.ts';
import {adminPage, gatewayBase, scopedTokenPage, tokensPage} from './checklist-pages.ts';
import {feedIn, feedNeeds} from './feed-needs.ts';
import {mostLikelyFirst} from './likelihood.ts';
import {type Rows, upToSix} from './row.ts';
import {gatewayAnswer, service, signIn} from './sign-in-parts.ts';

/** Every scope the connector needs, and those of the feed that was refused. */
function scopesToAsk(facts: Facts, seen: Seen): string {
  const feed = feedIn(answerIn(seen));
  return [...new Set([...neededScopes(facts.connector), ...(feed === null ? [] : [feedNeeds[feed].scope])])].join(', ');
}

/** Scopes that a part of the connector's work needs: “manage:jira-project for versions and components”. */
const optionalScopes = (facts: Facts): string =>
  scopeGroups[facts.connector]
    .filter(({needed}) => !needed)
    .map(({scopes, purpose}) => `${scopes.join(', ')} for ${purpose}`)
    .join('; ');

/** @param all the scopes, in one line */
export function newScopedToken(facts: Facts, all: string, why: string) {
  return service(facts)
    ? accountAdmin(facts)(
        `Ask for a new token of the service account with ${all}`,
        `Directory → Service accounts; ${why}`,
        `Please give us a new token of the service account ${facts.username} for the app Jira, with the scopes ${all}.`,
        {url: adminPage(facts)},
      )
    : you(`Create an API token with scopes: app Jira, ${all}`, why, {
        command: rotate(facts),
        remedy: 'field:token',
        url: tokensPage(facts),
      });
}

export const scopes = {
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
      const prefilled = scopedTokenPage(facts);
      const more = optionalScopes(facts);
      return mostLikelyFirst([
        [
          'shown',
          newScopedToken(facts, scopesToAsk(facts, seen), `no page offers to add a scope to a token; further: ${more}`),
        ],
        service(facts) || prefilled === null
          ? null
          : [
              'usual',
              you(
                'Or use the page that may open with the form filled in',
                'it may tick every scope: leave only those you need',
                {url: prefilled},
              ),
            ],
        [
          'usual',
          you(
            'Make sure that it was made for the app Jira',
            'a token for Bitbucket, Confluence or Rovo is refused alike',
            {
              url: service(facts) ? adminPage(facts) : tokensPage(facts),
            },
          ),
        ],
        service(facts)
          ? [
              'usual',
              you('Put the new token in', 'it is tested before the old one goes', {
                command: rotate(facts) ?? retest(facts),
                remedy: 'field:token',
              }),
            ]
          : [
              'seldom',
              you('Or create a classic token, without scopes', 'it may do all that your account may', {
                url: tokensPage(facts),
              }),
            ],
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
    checklist(facts) {
      const base = gatewayBase(facts);
      const address = base ?? 'https://GATEWAY/ex/jira/CLOUDID';
      return upToSix([
        you(
          'Nothing to do here: jirakey keeps the gateway’s address with the credential',
          'JIRA_URL and JIRA_BASE_URL hold it in exec and export',
        ),
        you(`Give other programs this base address: ${address}`, 'the site’s own address refuses this token'),
        you(
          `In a form that tests the site’s address, try ${address} as its URL`,
          'a form that builds its requests from that field may take it',
        ),
        service(facts)
          ? null
          : newToken(facts, 'without scopes it works at the site’s own address, for forms that take nothing else'),
      ]);
    },
    example: facts => ({...facts, route: 'gateway'}),
  },
} as const satisfies Rows;
