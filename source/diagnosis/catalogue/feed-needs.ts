/** What each feed of a connector needs beyond a sign-in: a permission of the account, and a scope of the token. */
import {type Answer, type Evidence, type Facts, type FeedId, feedIds} from '../evidence.ts';
import {isDataCenter, scopeRefused} from '../evidence-reading.ts';
import {accountAdmin, jiraAdmin} from './actions.ts';

const ofProject = {
  need: () => 'Browse projects in the project asked',
  where: () => 'the project’s permission scheme',
  by: () => jiraAdmin,
} as const;
const ofSoftware = {
  // Cloud has one app Jira; a licence for Jira Software of its own is Data Center's.
  need: (facts: Facts) => (isDataCenter(facts) ? 'a Jira Software licence for the account' : 'access to the app Jira'),
  where: (facts: Facts) => (isDataCenter(facts) ? 'Applications → Application access' : 'Directory → Users'),
  by: accountAdmin,
} as const;
const browseUsers = {
  need: (facts: Facts) => `the global permission ${isDataCenter(facts) ? 'Browse users' : 'Browse users and groups'}`,
  where: () => 'System → Global permissions',
  by: () => jiraAdmin,
} as const;

type Need = Readonly<{
  need: (facts: Facts) => string;
  where: (facts: Facts) => string;
  /** Who grants it. */
  by: (facts: Facts) => typeof jiraAdmin;
  /** The scope of a token with scopes (Atlassian's OpenAPI documents). */
  scope: string;
}>;

export const feedNeeds: Readonly<Record<FeedId, Need>> = {
  projects: {
    need: () => 'Browse projects (newer: Browse spaces) in at least one project',
    where: () => 'the project’s permission scheme',
    by: () => jiraAdmin,
    scope: 'read:jira-work',
  },
  issues: {
    need: () => 'Browse projects, and issue security that lets the account in',
    where: () => 'the project’s permission scheme',
    by: () => jiraAdmin,
    scope: 'read:jira-work',
  },
  users: {...browseUsers, scope: 'read:jira-user'},
  groups: {...browseUsers, scope: 'read:group:jira'},
  versions: {...ofProject, scope: 'read:jira-work'},
  components: {...ofProject, scope: 'read:jira-work'},
  boards: {...ofSoftware, scope: 'read:board-scope:jira-software'},
  sprints: {...ofSoftware, scope: 'read:sprint:jira-software'},
  configuration: {
    need: () => 'Administer Jira',
    where: () => 'System → Global permissions',
    by: () => jiraAdmin,
    scope: 'manage:jira-configuration',
  },
};

export const feedIn = (evidence: Evidence | null): FeedId | null =>
  feedIds.find(id => evidence?.purpose === `feed-${id}`) ?? null;

/** The feeds the gateway closed for want of a scope: there the token's owner can help, no admin. */
export const feedsWithoutScope = (seen: readonly Evidence[]): readonly FeedId[] =>
  seen.flatMap(each => (isScopeRefusal(each) ? (feedIn(each) ?? []) : []));

const isScopeRefusal = (each: Evidence): each is Answer => each.kind === 'answer' && scopeRefused(each);

/** The scopes of some feeds, each once, in one line. */
export const scopesOf = (feeds: readonly FeedId[]): string =>
  [...new Set(feeds.map(id => feedNeeds[id].scope))].join(', ');
