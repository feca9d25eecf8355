/** What the account may do: permissions it needs, and those it might miss. */
import {clean} from '../../domain/clean.ts';
import type {Connector} from '../../domain/credential.ts';
import {exit} from '../../domain/exit.ts';
import {isServiceAccount} from '../../domain/service-account.ts';
import type {Answer, Facts, Seen} from '../evidence.ts';
import {answerIn, answerLines, answersFor} from '../evidence-reading.ts';
import {json, property} from '../responder.ts';
import {account, jiraAdmin, retest, say, you} from './actions.ts';
import {adminPage, page, tokensPage} from './checklist-pages.ts';
import {detailOf} from './detail.ts';
import {type Rows, upToSix} from './row.ts';

/** Who grants a permission, and where. Keys as Jira names them. */
const permissionNotes: Readonly<Record<string, Readonly<{name: string; where: string; for: string}>>> = {
  BROWSE_PROJECTS: {
    name: 'Browse projects (newer: Browse spaces)',
    where: 'the project’s permission scheme, or under Access in a team-managed project',
    for: 'to see any project or issue',
  },
  VIEW_DEV_TOOLS: {
    name: 'View development tools',
    where: 'the project’s permission scheme; exists in Jira Software only',
    for: 'for commits and branches shown on issues',
  },
  VIEW_READONLY_WORKFLOW: {
    name: 'View read-only workflow',
    where: 'the project’s permission scheme',
    for: 'to look at a project’s workflow',
  },
  USER_PICKER: {name: 'Browse users and groups', where: 'global permissions', for: 'to read the list of users'},
  CREATE_ISSUES: {name: 'Create issues', where: 'the project’s permission scheme', for: 'to write issues'},
  EDIT_ISSUES: {name: 'Edit issues', where: 'the project’s permission scheme', for: 'to change issues'},
  TRANSITION_ISSUES: {name: 'Transition issues', where: 'the project’s permission scheme', for: 'to move issues on'},
  ADD_COMMENTS: {name: 'Add comments', where: 'the project’s permission scheme', for: 'to comment on issues'},
};

const permissionName = (key: string): string => {
  const note = permissionNotes[key];
  return note === undefined ? say(key, 60) : `${note.name} (${key})`;
};

/** The keys `mypermissions` said no to. */
function deniedKeys(seen: Seen): readonly string[] {
  const answers = [...answersFor(seen, 'permissions'), ...answersFor(seen, 'permissions-advisory')].filter(
    each => each.status === 200,
  );
  return answers.flatMap(answer => {
    const permissions = property(json(answer), 'permissions');
    if (typeof permissions !== 'object' || permissions === null) return [];
    return Object.entries(permissions)
      .filter(([key, value]) => key in permissionNotes && property(value, 'havePermission') === false)
      .map(([key]) => key);
  });
}

const advisories: Readonly<Record<Connector, readonly string[]>> = {
  'jira-software': ['CREATE_ISSUES', 'EDIT_ISSUES', 'TRANSITION_ISSUES', 'ADD_COMMENTS'],
  'jira-feeds': ['VIEW_DEV_TOOLS', 'VIEW_READONLY_WORKFLOW'],
};
const advisoryDenied = (facts: Facts, seen: Seen): readonly string[] => {
  const detail = detailOf(facts, 'permission-advisory');
  return detail !== null && 'permissions' in detail
    ? detail.permissions
    : deniedKeys(seen).filter(key => key !== 'BROWSE_PROJECTS');
};
/** Whether the list of projects came back empty: browsing is allowed nowhere. */
function noProject(answer: Answer): boolean {
  if (answer.purpose !== 'feed-projects' || answer.status !== 200) return false;
  const value = json(answer);
  const list = Array.isArray(value) ? value : property(value, 'values');
  return Array.isArray(list) && list.length === 0;
}

const permissionsPage = (facts: Facts): string | null => page(facts, '/secure/admin/ViewPermissionSchemes.jspa');

const grant = (facts: Facts, key: string) => {
  const note = permissionNotes[key];
  return jiraAdmin(
    `Ask to give ${account(facts)} the permission ${permissionName(key)}`,
    note === undefined
      ? 'it is set in the permission scheme of the project'
      : `${note.for}; it is set in ${note.where}`,
    `Please give ${account(facts)} the permission ${permissionName(key)}.`,
    {url: permissionsPage(facts)},
  );
};

export const permissions = {
  'permission-missing': {
    concerns: 'account',
    again: 'may-help',
    remedies: ['retry'],
    stopsAtUrl: false,
    bearerMayCure: false,
    steps: ['permissions'],
    exit: exit.permission,
    kind: 'failure',
    certainty: 'proven',
    refusal: true,
    title: facts => `Signed in, but ${account(facts)} may not see a single project`,
    proof:
      'Jira said that the account does not have BROWSE_PROJECTS in any project, or the list of its projects is empty.',
    signal(seen) {
      const answer = answerIn(seen);
      if (answer === null) return null;
      const denied =
        answersFor(seen, 'permissions').some(each => each === answer) && deniedKeys(seen).includes('BROWSE_PROJECTS');
      if (denied) return [...answerLines(answer), clean('BROWSE_PROJECTS: havePermission is false')];
      return noProject(answer) ? [...answerLines(answer), clean('The list of projects is empty')] : null;
    },
    checklist: facts =>
      upToSix([
        grant(facts, 'BROWSE_PROJECTS'),
        jiraAdmin(
          'Or ask to put the account into the project role that has it',
          'project settings (newer: space settings) → Access or People: one step, for the projects you need',
          `Or please put ${account(facts)} into the project role that has this permission, in the projects we need.`,
        ),
        you(
          'See in a browser which projects this account has',
          'log in as that account: what it does not see there, a program does not see',
          {url: page(facts, '/projects')},
        ),
        you('Test again', 'the token stays the same', {command: retest(facts), remedy: 'retry'}),
        facts.route === 'gateway'
          ? you('See whether the token has the scope read:jira-work', 'a token with scopes sees only what they allow', {
              url: isServiceAccount(facts.tokenKind, facts.username) ? adminPage(facts) : tokensPage(facts),
            })
          : null,
      ]),
  },
  'permission-advisory': {
    concerns: 'account',
    again: 'may-help',
    remedies: [],
    stopsAtUrl: false,
    bearerMayCure: false,
    steps: ['permissions'],
    exit: exit.done,
    kind: 'warning',
    certainty: 'proven',
    refusal: false,
    title(facts, seen) {
      const detail = detailOf(facts, 'permission-advisory');
      if (detail !== null && 'unread' in detail)
        return `Jira could not say what the account may do (mypermissions answered ${detail.unread})`;
      const denied = advisoryDenied(facts, seen);
      const keys = denied.length > 0 ? denied : advisories[facts.connector];
      const loss =
        facts.connector === 'jira-software'
          ? 'reading works, writing of that kind will not'
          : 'most work goes on without';
      return `The account lacks ${keys.map(permissionName).join(', ')}; ${loss}`;
    },
    proof:
      'Jira said “havePermission: false” for it, or could not say. A connector that only reads works without permissions to write; nothing ties the others to boards or sprints.',
    checklist(facts, seen) {
      const denied = advisoryDenied(facts, seen);
      return upToSix([
        you('Do nothing, unless you miss something later', 'the connection test passes without it'),
        ...(denied.length > 0 ? denied : advisories[facts.connector]).map(key => grant(facts, key)),
      ]);
    },
  },
} as const satisfies Rows;
