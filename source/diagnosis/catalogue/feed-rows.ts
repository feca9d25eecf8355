/** Feeds that do not answer for this account. */
import type {Clean} from '../../domain/clean.ts';
import {clean} from '../../domain/clean.ts';
import {exit} from '../../domain/exit.ts';
import type {Answer, Facts, FeedId, Seen} from '../evidence.ts';
import {feedIds} from '../evidence.ts';
import {answerIn, isFeed, isStranger, scopeRefused, wordsOf} from '../evidence-reading.ts';
import {account, jiraAdmin, retest, rotate, tokensPage, you} from './actions.ts';
import {detailOf} from './detail.ts';
import {type Rows, upToSix} from './row.ts';

/** What each feed needs beyond a sign-in. */
const feedNeeds: Readonly<Record<FeedId, Readonly<{need: string; who: string}>>> = {
  projects: {need: 'Browse projects in at least one project', who: 'the project’s permission scheme'},
  issues: {
    need: 'Browse projects, and issue security that lets the account in',
    who: 'the project’s permission scheme',
  },
  users: {need: 'the global permission Browse users and groups', who: 'System → Global permissions'},
  versions: {need: 'Browse projects in the project asked', who: 'the project’s permission scheme'},
  components: {need: 'Browse projects in the project asked', who: 'the project’s permission scheme'},
  boards: {
    need: 'a Jira Software licence for the account; with a scoped token, read:board-scope:jira-software',
    who: 'application access',
  },
  sprints: {
    need: 'a Jira Software licence for the account; with a scoped token, read:sprint:jira-software',
    who: 'application access',
  },
};

/** The scope a token needs for each feed (Atlassian's OpenAPI documents). */
const feedScopes: Readonly<Record<FeedId, string>> = {
  projects: 'read:jira-work',
  issues: 'read:jira-work',
  users: 'read:jira-user',
  versions: 'read:jira-work',
  components: 'read:jira-work',
  boards: 'read:board-scope:jira-software',
  sprints: 'read:sprint:jira-software',
};

/** The feeds the gateway closed for want of a scope: there the token's owner can help, no admin. */
const withoutScope = (seen: Seen): readonly FeedId[] =>
  seen.flatMap(each => {
    const id = each.kind === 'answer' && scopeRefused(each) ? feedOf(each) : null;
    return id === null ? [] : [id];
  });

const feedOf = (answer: Answer): FeedId | null => feedIds.find(id => answer.purpose === `feed-${id}`) ?? null;

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

const feedLine = (answer: Answer): Clean => clean(`${feedOf(answer)}: HTTP ${answer.status}, “${wordsOf(answer)}”`);

export const feeds = {
  'feed-unavailable': {
    concerns: 'account',
    again: 'may-help',
    remedies: ['retry'],
    provesWrongAddress: false,
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
      const scoped = withoutScope(seen).filter(id => closed.includes(id));
      if (scoped.length === closed.length) {
        const scopes = [...new Set(scoped.map(id => feedScopes[id]))].join(', ');
        return `The token lacks the scope ${scopes} for ${closed.join(', ')}; only a new token can have it`;
      }
      const list = closed.join(', ');
      return closed.length === 1
        ? `The feed ${list} does not answer for this account`
        : `These feeds do not answer for this account: ${list}`;
    },
    proof: 'The endpoint of the feed refused this account while the sign-in works. Each feed is asked for one entry.',
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
      const scoped = withoutScope(seen);
      const scopes = [...new Set(scoped.map(id => feedScopes[id]))].join(', ');
      const others = needs.filter(id => !scoped.includes(id));
      const notes = new Map(others.map(id => [feedNeeds[id].need, id]));
      return upToSix([
        scoped.length === 0
          ? null
          : you(
              `Create a new token that also has ${scopes}`,
              `for ${scoped.join(', ')}; scopes cannot be added to a token that exists`,
              {
                command: rotate(facts),
                url: tokensPage,
              },
            ),
        ...[...notes].map(([need, id]) =>
          jiraAdmin(
            `For ${others.filter(each => feedNeeds[each].need === need).join(' and ')}, ask for ${need}`,
            `granted in ${feedNeeds[id].who}`,
            `For ${others.filter(each => feedNeeds[each].need === need).join(' and ')}, please give ${account(facts)} ${need} (${feedNeeds[id].who}).`,
          ),
        ),
        facts.route === 'gateway' && scoped.length === 0
          ? you('Or create a token that has the scopes as well', 'a token with scopes sees only what they allow', {
              command: rotate(facts),
              remedy: 'field:token',
              url: tokensPage,
            })
          : null,
        you('If you do not need that feed, leave it out in the connector', 'the others answer'),
        you('Test again', 'the token stays the same', {command: retest(facts), remedy: 'retry'}),
      ]);
    },
  },
} as const satisfies Rows;
