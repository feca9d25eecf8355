/** Sign-ins that came to nothing: a success without an account, and refusals of which no side can be named. */
import type {Clean} from '../../domain/clean.ts';
import {clean} from '../../domain/clean.ts';
import type {Answer, Facts, Seen} from '../evidence.ts';
import {
  answerIn,
  answerLines,
  isCloud,
  isDataCenter,
  isFeed,
  isSignIn,
  nobodyTried,
  seraphReasons,
  traceOf,
} from '../evidence-reading.ts';
import {accountIn, header, isJira, json, siblingOf, whoAnswered} from '../responder.ts';
import {account, curl, edit, endpoint, jiraAdmin, networkAdmin, newToken, rotate, say, you} from './actions.ts';
import {listedTokens, patPage, supportPage} from './checklist-pages.ts';
import {mostLikelyFirst} from './likelihood.ts';
import type {Rows} from './row.ts';
import {aboutTheToken, checkExpiry, checkUsername, signIn} from './sign-in-parts.ts';

/**
 * Whether a 200 without a page is Jira's word. Where a proxy took Jira's own mark away and left Atlassian's, only JSON
 * counts: the edge writes pages and texts of its own.
 */
function speaksForJira(answer: Answer): boolean {
  const {type} = answer.body;
  if (isJira(answer)) return type !== 'html' && type !== 'text';
  const {party} = whoAnswered(answer);
  return type === 'json' && siblingOf(answer) === null && (party === 'atlassian-edge' || party === 'gateway');
}

function nobody(seen: Seen): readonly Clean[] | null {
  const answer = answerIn(seen);
  if (answer === null || answer.status !== 200 || !isSignIn(answer)) return null;
  const reasons = seraphReasons(answer);
  const out =
    !reasons.includes('OK') &&
    reasons.some(each => each === 'OUT' || each.endsWith('_FAILED') || each.endsWith('_DENIED'));
  const anonymous = (header(answer, 'x-ausername') ?? '').trim().toLowerCase() === 'anonymous';
  const empty = speaksForJira(answer) && !accountIn(json(answer));
  return out || anonymous || empty
    ? [...answerLines(answer), ...(empty ? [clean('The body names no account')] : [])]
    : null;
}

/** The header with the credential may be lost on the way, whatever the token. */
const lostHeader = (facts: Facts, why: string) =>
  networkAdmin(
    facts.proxy === null
      ? 'Ask whether a proxy or gateway in front of Jira drops the Authorization header'
      : `Ask whether the proxy ${facts.proxy.address}, or one in front of Jira, drops the Authorization header`,
    why,
    'Please check whether a proxy or gateway between our server and Jira drops the Authorization header.',
  );

export const unclear = {
  'signed-in-as-nobody': {
    ...signIn,
    concerns: 'credential',
    again: 'may-help',
    remedies: ['field:token', 'field:username'],
    bearerMayCure: true,
    title: () => 'Jira answered 200 but treated the request as anonymous: the credential was not used to sign in',
    proof:
      'Jira answered 200 and named nobody: no account in the body, X-AUSERNAME anonymous, or X-Seraph-LoginReason AUTHENTICATED_FAILED or OUT without OK.',
    signal: nobody,
    checklist: facts =>
      mostLikelyFirst([
        ['suggested', lostHeader(facts, 'then Jira sees an anonymous visitor, whatever the token')],
        ...aboutTheToken(facts),
        checkExpiry(facts),
        checkUsername(facts),
        ['usual', newToken(facts, 'a fresh token rules the old one out')],
        [
          isDataCenter(facts) ? 'usual' : 'excluded',
          jiraAdmin(
            'Ask whether the login shows in Jira’s security log',
            'atlassian-jira-security.log names each failed try and why',
            `Please look for our sign-in as ${account(facts)} in Jira’s security log (atlassian-jira-security.log).`,
          ),
        ],
      ]),
  },
  'sign-in-unclear': {
    ...signIn,
    concerns: 'unclear',
    again: 'may-help',
    remedies: ['field:token', 'field:username', 'field:url'],
    bearerMayCure: true,
    certainty: 'possible',
    refusal: false,
    title(facts, seen) {
      const answer = answerIn(seen);
      const status = answer === null ? 'an error' : `HTTP ${answer.status}`;
      if (answer !== null && isJira(answer))
        return `Jira at ${facts.host} refused the sign-in with ${status}, without a reason that jirakey knows`;
      return `The sign-in at ${facts.host} ended with ${status}, and the answer does not say whether Jira or something in front of it refused`;
    },
    proof:
      'A 401 or 403 that has neither Jira’s own marks with a known reason nor the look of a block page. Both sides stay possible; none is blamed.',
    signal(seen) {
      const answer = answerIn(seen);
      if (answer === null || (answer.status !== 401 && answer.status !== 403) || isFeed(answer.purpose)) return null;
      return answerLines(answer);
    },
    checklist(facts, seen) {
      const answer = answerIn(seen);
      const trace = answer === null ? null : traceOf(answer);
      const basicRefused = answer?.status === 403 && isJira(answer) && facts.scheme === 'basic' && !isCloud(facts);
      const anonymous = answer !== null && nobodyTried(answer);
      // With Jira's own marks on it, the refusal did not come from something in front.
      const byJira = answer !== null && isJira(answer) && !anonymous;
      return mostLikelyFirst([
        anonymous
          ? ['shown', lostHeader(facts, 'Jira says that nobody tried to sign in, so the header did not arrive')]
          : null,
        basicRefused
          ? [
              'shown',
              you(
                'Use a personal access token: this Jira may take only personal access tokens',
                'it refused the username and password without naming a reason or an account',
                {command: rotate(facts), remedy: 'field:token', url: patPage(facts)},
              ),
            ]
          : null,
        ...aboutTheToken(facts),
        [
          byJira ? 'seldom' : 'usual',
          networkAdmin(
            `Ask whether a proxy, login gate or web firewall in front of ${facts.host} refused the request`,
            'one side: something before Jira says no',
            `Please check whether a proxy, login gate or web firewall in front of ${facts.host} refused our request.`,
          ),
        ],
        [
          'usual',
          you(
            'Log in to Jira in a browser with the same account',
            byJira
              ? 'its page may say why it refuses the account'
              : 'the other side: Jira refuses the account; its page says why',
            {url: facts.url},
          ),
        ],
        [
          'usual',
          you('See what is answered without a credential', 'the same refusal means the credential plays no part', {
            command: curl(endpoint(facts)),
          }),
        ],
        [
          'usual',
          isCloud(facts)
            ? jiraAdmin(
                trace === null
                  ? 'Ask for a case with Atlassian support'
                  : `Ask for a case with Atlassian support about the request ${say(trace, 60)}`,
                'only Atlassian sees the logs of Jira Cloud',
                trace === null
                  ? 'Please open a case with Atlassian support about our refused sign-in.'
                  : `Please open a case with Atlassian support about the request ${say(trace, 60)}.`,
                {url: supportPage(facts)},
              )
            : jiraAdmin(
                trace === null
                  ? 'Ask what Jira’s log says about this time'
                  : `Ask what the log says about the request ${say(trace, 60)}`,
                'if nothing is there, the request never reached Jira',
                trace === null
                  ? 'Please look into Jira’s log at this time; if nothing is there, our request never reached Jira.'
                  : `Please look for the request ${say(trace, 60)} in the log; if it is not there, our request never reached Jira.`,
              ),
        ],
        [
          'seldom',
          you('If all else is ruled out, check username and token', 'the answer does not speak against them', {
            command: edit(facts),
            remedy: 'field:token',
            url: listedTokens(facts),
          }),
        ],
      ]);
    },
  },
} as const satisfies Rows;
