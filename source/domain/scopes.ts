/**
 * The scopes an API token needs for a connector (Atlassian's OpenAPI documents of Jira and Jira Software Cloud). No API
 * lists the scopes that a token has: each is asked for before the token is made, because none can be added afterwards.
 */
import type {Connector} from './credential.ts';

export type ScopeGroup = Readonly<{
  scopes: readonly string[] /** Completes “for …”. */;
  purpose: string;
  needed: boolean;
}>;

const reading = ['read:jira-user', 'read:jira-work'];

/** Boards and sprints ask for granular scopes even where read:jira-work is there. */
export const boardScopes: readonly string[] = [
  'read:board-scope:jira-software',
  'read:sprint:jira-software',
  'read:project:jira',
];

export const scopeGroups: Readonly<Record<Connector, readonly ScopeGroup[]>> = {
  'jira-software': [
    {scopes: [...reading, 'write:jira-work'], purpose: 'reading and writing issues', needed: true},
    {scopes: ['manage:jira-project'], purpose: 'versions and components', needed: false},
  ],
  'jira-feeds': [
    {scopes: reading, purpose: 'projects, issues and users', needed: true},
    {scopes: boardScopes, purpose: 'boards and sprints', needed: true},
    {scopes: ['read:issue-details:jira', 'read:jql:jira'], purpose: 'the issues of boards and sprints', needed: true},
    {
      scopes: ['manage:jira-configuration'],
      purpose: 'workflows, schemes and screens (the account also has to administer Jira)',
      needed: false,
    },
  ],
};

/** The scopes without which the connector's tables stay empty or its writing fails. */
export const neededScopes = (connector: Connector): readonly string[] =>
  scopeGroups[connector].filter(({needed}) => needed).flatMap(({scopes}) => scopes);
