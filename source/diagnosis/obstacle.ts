/**
 * The site refused the pair, and Atlassian's gateway gave no answer of its own. A token with scopes is refused by every
 * site and works at the gateway alone, so nothing is proven about the credential: the verdict is what stood in the way.
 */
import {type Clean, clean} from '../domain/clean.ts';
import {gatewayHostOf} from '../domain/gateway.ts';
import {networkAdmin, newToken, retest, you} from './catalogue/actions.ts';
import {gatewayEndpoint, rangesPage} from './catalogue/checklist-pages.ts';
import {catalogue} from './catalogue/index.ts';
import {enter, otherHostTold} from './catalogue/own-address.ts';
import {type Concern, upToSix} from './catalogue/row.ts';
import {gatewayAnswer, mayHaveScopes} from './catalogue/sign-in-parts.ts';
import type {Evidence, Facts, Seen} from './evidence.ts';
import {answerIn, answerLines, isStranger, linesOf, retryAfter} from './evidence-reading.ts';
import {whoAnswered} from './responder.ts';
import type {ActionKind, Failure} from './test-report.ts';

/** A Jira on this machine is none of Atlassian's sites, and the gateway could not know its tokens. */
const onThisMachine = /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/i;

/** How one answer or broken connection is diagnosed, on its own. */
export type Judge = (seen: Seen, facts: Facts) => Failure;

/**
 * What kept the gateway from answering, as the failure of a sign-in that the site refused.
 * @returns null where the gateway was not asked, has judged the pair, or could not take such a token
 */
export function gatewayObstacle(seen: Seen, facts: Facts, judge: Judge, intercepted: Judge): Failure | null {
  const site = answerIn(seen);
  const gateway = seen.findLast(({purpose}) => purpose === 'gateway-sign-in');
  if (site === null || site.purpose === 'gateway-sign-in' || gateway === undefined) return null;
  if (!mayHaveScopes(facts) || onThisMachine.test(facts.host) || judged(seen, gateway)) return null;
  // No limit of the whole test ran out: the gateway's own is shorter and not for the user to set.
  const host = clean(gatewayHostOf(facts.host) ?? '');
  const there: Facts = {...facts, host, port: 443, deployment: 'cloud', timeoutSeconds: 0};
  const alone = judge([gateway], there);
  const verdict = inItsStead(gateway, alone) ? intercepted([gateway], there) : alone;
  return {
    ...verdict,
    title: clean(`${titleOf(gateway, verdict, host)}; ${facts.host} refused this username and token (401)`, 400),
    evidence: [
      ...linesOf(gateway).map((line, at) => (at === 0 ? clean(`At Atlassian’s gateway: ${line}`, 400) : line)),
      ...answerLines(site).map((line, at) => (at === 0 ? clean(`At the site: ${line}`, 400) : line)),
      notRuledOut,
    ],
    checklist: actions(gateway, verdict, facts, otherHostTold(seen, facts)),
  };
}

/**
 * Why Atlassian's gateway refused, where it said something else than that the pair is wrong. Only a 401 judges the pair:
 * a 403 or 404 there is a reason of its own, after a refusal that every token with scopes gets at the site.
 */
export function gatewayReason(seen: Seen, facts: Facts, judge: Judge): Failure | null {
  const site = answerIn(seen);
  const gateway = gatewayAnswer(seen);
  if (site === null || gateway === null || site.purpose === 'gateway-sign-in') return null;
  if (gateway.status !== 403 && gateway.status !== 404) return null;
  const verdict = judge([gateway], {...facts, route: 'gateway'});
  return {
    ...verdict,
    evidence: [
      ...verdict.evidence.map((line, at) => (at === 0 ? clean(`At Atlassian’s gateway: ${line}`, 400) : line)),
      clean(`At the site: HTTP ${site.status}, as for every token with scopes`, 400),
    ],
  };
}

const notRuledOut: Clean = clean(
  'Every site refuses a token with scopes, so one cannot be ruled out until the gateway answers',
);

/** Whether the gateway answered by itself; overload, maintenance and failures of its own judge nothing. */
function judged(seen: Seen, gateway: Evidence): boolean {
  if (gateway.kind === 'trouble') return false;
  if (gateway.status === 429 || gateway.status >= 500) return false;
  if (gatewayAnswer(seen) !== null) return true;
  // The form of the gateway's 401 is not known for sure: one that looks like nobody else's counts as its own.
  return gateway.status === 401 && !isStranger(gateway);
}

/**
 * Causes in what the user typed. The gateway's address is fixed and its words about a credential are its own, so an
 * answer of somebody else's that looks like one of these came from something on the way.
 */
const ofTheUser: ReadonlySet<Concern> = new Set(['address', 'credential', 'account', 'unclear']);

const inItsStead = (gateway: Evidence, {code}: Failure): boolean =>
  gateway.kind === 'answer' && whoAnswered(gateway).party === 'other' && ofTheUser.has(catalogue[code].concerns);

function titleOf(gateway: Evidence, verdict: Failure, host: string): string {
  if (gateway.kind === 'trouble') return `Atlassian’s gateway could not be asked: ${verdict.title}`;
  const {party, name} = whoAnswered(gateway);
  if (gateway.status === 429) return `Atlassian’s gateway (${host}) was asked too often and answered 429`;
  return party === 'other' && verdict.code === 'intercepted'
    ? `Something answered instead of Atlassian’s gateway (${host}, ${gateway.status}): ${clean(name, 140)}`
    : `Atlassian’s gateway (${host}) gave no answer about the token (${gateway.status})`;
}

const said: ReadonlySet<ActionKind> = new Set(['allow', 'retry', 'correct']);

function actions(gateway: Evidence, verdict: Failure, facts: Facts, named: string | null): Failure['checklist'] {
  const own = gateway.kind === 'answer' && whoAnswered(gateway).party !== 'other';
  const place = gatewayEndpoint(facts) ?? 'the gateway';
  const wait = gateway.kind === 'answer' ? retryAfter(gateway, facts.now) : null;
  const again = you('Test again once the gateway answers', 'only then is it known whether the token is good', {
    command: wait === null ? retest(facts) : `sleep ${Math.min(wait, 86_400)} && ${retest(facts)}`,
    remedy: wait === null ? 'retry' : 'wait',
  });
  const allow = networkAdmin(
    own
      ? `If it lasts, ask whether this machine may reach ${place} directly`
      : `Ask to allow this machine out to ${place}, unfiltered`,
    'a token with scopes works only there; the page lists the domains to allow',
    own
      ? `If it lasts, please check whether our server may reach ${place} directly.`
      : `Please allow our server out to ${place}, unfiltered: tokens with scopes work only there.`,
    {url: rangesPage(facts), kind: 'allow'},
  );
  // What the cause itself suggests, without what is said above or speaks of an address that cannot be changed.
  const rest = verdict.checklist.filter(({kind}) => !said.has(kind));
  const address =
    named === null ? null : enter(facts, named, 'this Jira names it as its own address; tokens may work only there');
  return upToSix([
    ...(own ? [again, allow, address] : [allow, address, ...rest.slice(0, address === null ? 3 : 2), again]),
    newToken(facts, 'without scopes it works at the site itself; the refused one may also have expired'),
    ...(own ? rest.slice(0, 2) : []),
  ]);
}
