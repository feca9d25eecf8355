/** Feeds that do not answer for this account. */
import type {Clean} from '../../domain/clean.ts';
import {clean} from '../../domain/clean.ts';
import {exit} from '../../domain/exit.ts';
import {neededScopes} from '../../domain/scopes.ts';
import {type Answer, type Facts, type FeedId, feedIds, type Seen} from '../evidence.ts';
import {answerIn, isFeed, isStranger, wordsOf} from '../evidence-reading.ts';
import {account, retest, you} from './actions.ts';
import {detailOf} from './detail.ts';
import {feedIn, feedNeeds, feedsWithoutScope, scopesOf} from './feed-needs.ts';
import {type Cause, mostLikelyFirst} from './likelihood.ts';
import type {Rows} from './row.ts';
import {newScopedToken} from './scope-rows.ts';

/** The feeds that did not answer, as told or as seen, in their usual order. */
function closedFeeds(facts: Facts, seen: Seen): readonly FeedId[] {
  const named = detailOf(facts, 'feed-unavailable');
  if (named !== null) return feedIds.filter(id => named.feeds.includes(id));
  const failed = seen.flatMap(each => {
    if (!isFeed(each.purpose) || (each.kind === 'answer' && each.status < 400)) return [];
    return [each.purpose?.slice('feed-'.length) ?? ''];
  });
  return feedIds.filter(id => failed.includes(id));
}

const feedLine = (answer: Answer): Clean => clean(`${feedIn(answer)}: HTTP ${answer.status}, “${wordsOf(answer)}”`);

export const feeds = {
  'feed-unavailable': {
    concerns: 'account',
    again: 'may-help',
    remedies: ['retry', 'field:token'],
    stopsAtUrl: false,
    bearerMayCure: false,
    steps: ['feeds'],
    exit: exit.permission,
    kind: 'either',
    certainty: 'proven',
    refusal: true,
    title(facts, seen) {
      const elsewhere = detailOf(facts, 'feed-unavailable')?.elsewhere ?? [];
      const closed = closedFeeds(facts, seen);
      if (elsewhere.length > 0) {
        const own = closed.length === 0 ? '' : `; for this account no answer from ${closed.join(', ')}`;
        return `Not read, for a reason that is not the account: ${elsewhere.join(', ')}${own}`;
      }
      if (closed.length === 0) return 'A feed does not answer for this account';
      const scoped = feedsWithoutScope(seen).filter(id => closed.includes(id));
      if (scoped.length === closed.length)
        return `The token lacks the scope ${scopesOf(scoped)} for ${closed.join(', ')}; a new token can have it`;
      const list = closed.join(', ');
      if (closed.length > 1) return `These feeds do not answer for this account: ${list}`;
      return closed[0] === 'configuration'
        ? 'Workflows, schemes and screens need Administer Jira: without it those tables stay empty'
        : `The feed ${list} does not answer for this account`;
    },
    proof:
      'The endpoint of the feed refused this account while the sign-in works. Each feed is asked for one entry. Many platforms skip a feed that is refused without a word: its table stays empty.',
    signal(seen) {
      const answer = answerIn(seen);
      if (answer === null || !isFeed(answer.purpose) || answer.status < 400 || isStranger(answer)) return null;
      const refused = seen.filter(
        (each): each is Answer => each.kind === 'answer' && isFeed(each.purpose) && each.status >= 400,
      );
      return refused.map(feedLine);
    },
    checklist(facts, seen) {
      const closed = closedFeeds(facts, seen);
      const needs = (closed.length === 0 ? (['users', 'boards'] as const) : closed).slice(0, 4);
      const scoped = feedsWithoutScope(seen);
      const others = needs.filter(id => !scoped.includes(id));
      const notes = new Map(others.map(id => [feedNeeds[id].need(facts), id]));
      return mostLikelyFirst([
        scoped.length === 0
          ? null
          : [
              'shown',
              newScopedToken(
                facts,
                scopesToHave(facts, scoped),
                `for ${scoped.join(', ')}; no page offers to add a scope to a token`,
              ),
            ],
        ...[...notes].map(([need, id]): Cause => {
          const forWhich = others.filter(each => feedNeeds[each].need(facts) === need).join(' and ');
          const where = feedNeeds[id].where(facts);
          return [
            'suggested',
            feedNeeds[id].by(facts)(
              `For ${forWhich}, ask for ${need}`,
              `granted in ${where}`,
              `For ${forWhich}, please give ${account(facts)} ${need} (${where}).`,
            ),
          ];
        }),
        ['usual', you('If you do not need that feed, leave it out in the connector', 'the others answer')],
        ['usual', you('Test again', 'the token stays the same', {command: retest(facts), remedy: 'retry'})],
      ]);
    },
  },
} as const satisfies Rows;

/** A new token replaces the old one, so it needs what the old one had as well. */
const scopesToHave = (facts: Facts, scoped: readonly FeedId[]): string =>
  [...new Set([...neededScopes(facts.connector), ...scoped.map(id => feedNeeds[id].scope)])].join(', ');
