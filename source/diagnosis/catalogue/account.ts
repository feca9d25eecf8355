/** Failures after the sign-in: the account itself, and what it may do. */
import type {Clean} from '../../domain/clean.ts';
import {clean} from '../../domain/clean.ts';
import {exit} from '../../domain/exit.ts';
import type {Answer, Facts, FeedId, Seen} from '../evidence.ts';
import {feedIds} from '../evidence.ts';
import {
  answerIn,
  answerLines,
  answersFor,
  bodyText,
  isCloud,
  isFeed,
  isSignIn,
  seraphReasons,
  wordsOf,
} from '../read.ts';
import {isJira, json, property, whoAnswered} from '../who.ts';
import {
  account,
  adminPage,
  edit,
  emailPage,
  jiraAdmin,
  newToken,
  page,
  retest,
  rotate,
  say,
  tokensPage,
  usersPage,
  you,
} from './actions.ts';
import {type Rows, upToSix} from './row.ts';

const local = (facts: Facts, key: string): string | null => facts.local[key] ?? null;
const accountsPage = (facts: Facts): string | null => (isCloud(facts) ? adminPage : usersPage(facts));
const signedIn = (seen: Seen): Answer | null => {
  const answer = answerIn(seen);
  return answer !== null && isSignIn(answer) ? answer : null;
};

/** Whether the body of `/myself?expand=applicationRoles` says that the account has no role in any application. */
function withoutRole(answer: Answer): boolean {
  const roles = property(json(answer), 'applicationRoles');
  const items = property(roles, 'items');
  return property(roles, 'size') === 0 || (Array.isArray(items) && items.length === 0);
}

export const accounts = {
  'account-inactive': {
    steps: ['account'],
    exit: exit.rejected,
    kind: 'failure',
    certainty: 'proven',
    refusal: true,
    title: facts => `The account of ${account(facts)} is deactivated`,
    proof: 'Jira named the account and said that it is not active.',
    signal(seen) {
      const answer = signedIn(seen);
      const inactive = answer !== null && answer.status === 200 && property(json(answer), 'active') === false;
      return inactive ? [...answerLines(answer), clean('The account in the body has “active”: false')] : null;
    },
    checklist: facts =>
      upToSix([
        jiraAdmin(
          `Ask to activate the account of ${account(facts)}`,
          isCloud(facts)
            ? 'Directory → Users → the account → Activate'
            : 'User management → the account → Edit → Active',
          {
            url: accountsPage(facts),
          },
        ),
        jiraAdmin(
          'Or ask for an account for integrations',
          'it does not leave with a person; a token belongs to the account that made it',
        ),
        you('Put the token of an active account in', 'username and token change together', {command: edit(facts)}),
      ]),
  },
  'account-differs': {
    steps: ['account'],
    exit: exit.done,
    kind: 'warning',
    certainty: 'proven',
    refusal: false,
    title(facts) {
      const email = local(facts, 'email');
      return email === null
        ? `Jira names another e-mail for this account than ${account(facts)}`
        : `Jira names ${email} as this account’s e-mail, not ${account(facts)}`;
    },
    proof: 'The sign-in worked, and the e-mail in Jira’s answer is not the one that was typed.',
    checklist: facts =>
      upToSix([
        you('See which account made the token', 'the e-mail may have changed, or the token is a colleague’s', {
          url: isCloud(facts) ? emailPage : page(facts, '/secure/ViewProfile.jspa'),
        }),
        you(
          `If it is the right account, enter ${local(facts, 'email') ?? 'the e-mail Jira names'} as the Username`,
          'the old address may stop working one day',
          {command: edit(facts)},
        ),
        newToken(facts, isCloud(facts), 'if it is the wrong account: log in with the right one first'),
      ]),
    example: facts => ({...facts, local: {...facts.local, email: clean('new.name@acme.com')}}),
  },
  'no-jira-access': {
    steps: ['account'],
    exit: exit.rejected,
    kind: 'failure',
    certainty: 'likely',
    refusal: true,
    title: facts => `The account of ${account(facts)} is known, but has no access to Jira on ${facts.host}`,
    proof:
      'Jira itself answered 403 to “who am I?” without another known reason, or the account has no role in any Jira application.',
    signal(seen) {
      const answer = signedIn(seen);
      if (answer === null) return null;
      if (answer.status === 200) {
        return withoutRole(answer) ? [...answerLines(answer), clean('The account has no application role')] : null;
      }
      if (answer.status !== 403 && answer.status !== 401) return null;
      const told = /current user not permitted to use/i.test(bodyText(answer)) && whoAnswered(answer).party !== 'other';
      const unauthorised = seraphReasons(answer).includes('AUTHORISATION_FAILED');
      return told || unauthorised || (answer.status === 403 && isJira(answer)) ? answerLines(answer) : null;
    },
    checklist: facts =>
      upToSix([
        jiraAdmin(
          `Ask to give ${account(facts)} access to Jira`,
          isCloud(facts)
            ? 'Directory → Users → the account → add the product Jira'
            : 'a group of Applications → Application access',
          {
            url: accountsPage(facts),
          },
        ),
        you('Log in to Jira in a browser with the same account', 'a page “you do not have access” confirms it', {
          url: facts.url === '' ? null : facts.url,
        }),
        jiraAdmin('Ask whether a licence is free', 'a full licence keeps new accounts out'),
        you('Or use an account that has Jira', 'username and token change together', {command: edit(facts)}),
        you('Test again', 'new access may need a minute', {command: retest(facts)}),
      ]),
  },
} as const satisfies Rows;

/** Who grants a permission, and where. Keys as Jira names them. */
const permissionNotes: Readonly<Record<string, Readonly<{name: string; where: string; for: string}>>> = {
  BROWSE_PROJECTS: {
    name: 'Browse projects',
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

const listed = (text: string | null): readonly string[] =>
  text === null ? [] : text.split(/[\s,]+/).filter(each => each !== '');

const advisory = ['VIEW_DEV_TOOLS', 'VIEW_READONLY_WORKFLOW'];
const needed = (facts: Facts, seen: Seen): readonly string[] => {
  const told = listed(local(facts, 'permission') ?? local(facts, 'permissions'));
  const keys = told.length > 0 ? told : deniedKeys(seen).filter(key => key === 'BROWSE_PROJECTS');
  return keys.length > 0 ? keys : ['BROWSE_PROJECTS'];
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
    {url: permissionsPage(facts)},
  );
};

export const permissions = {
  'permission-missing': {
    steps: ['permissions'],
    exit: exit.permission,
    kind: 'failure',
    certainty: 'proven',
    refusal: true,
    title(facts, seen) {
      const keys = needed(facts, seen);
      if (keys.length === 1 && keys[0] === 'BROWSE_PROJECTS')
        return `Signed in, but ${account(facts)} may not see a single project`;
      return `Signed in, but ${account(facts)} lacks ${keys.map(permissionName).join(', ')}`;
    },
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
    checklist: (facts, seen) =>
      upToSix([
        ...needed(facts, seen)
          .slice(0, 2)
          .map(key => grant(facts, key)),
        jiraAdmin(
          'Or ask to put the account into the project role that has it',
          'Project settings → Access or People: one step, for the projects you need',
        ),
        you(
          'See in a browser which projects this account has',
          'log in as that account: what it does not see there, a program does not see',
          {url: page(facts, '/projects')},
        ),
        you('Test again', 'the token stays the same', {command: retest(facts)}),
        facts.route === 'gateway'
          ? you('See whether the token has the scope read:jira-work', 'a token with scopes sees only what they allow', {
              url: tokensPage,
            })
          : null,
      ]),
  },
  'permission-advisory': {
    steps: ['permissions'],
    exit: exit.done,
    kind: 'warning',
    certainty: 'proven',
    refusal: false,
    title(facts, seen) {
      const told = listed(local(facts, 'permission') ?? local(facts, 'permissions'));
      const denied = told.length > 0 ? told : deniedKeys(seen).filter(key => advisory.includes(key));
      const keys = denied.length > 0 ? denied : advisory;
      return `The account lacks ${keys.map(permissionName).join(' and ')}; most work goes on without`;
    },
    proof:
      'Jira said “havePermission: false” for it. Nothing ties it to boards or sprints, so it is a note, not a failure.',
    checklist: facts =>
      upToSix([
        you('Nothing, unless something you need is missing later', 'the connection test passes without it'),
        ...advisory.map(key => grant(facts, key)),
      ]),
  },
} as const satisfies Rows;

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

const feedOf = (answer: Answer): FeedId | null => feedIds.find(id => answer.purpose === `feed-${id}`) ?? null;

/** The feeds that did not answer, as told or as seen, in their usual order. */
function closedFeeds(facts: Facts, seen: Seen): readonly FeedId[] {
  const told = listed(local(facts, 'feeds') ?? local(facts, 'feed'));
  const failed = seen.flatMap(each => {
    if (!isFeed(each.purpose) || (each.kind === 'answer' && each.status < 400)) return [];
    return [each.purpose?.slice('feed-'.length) ?? ''];
  });
  const names = told.length > 0 ? told : failed;
  return feedIds.filter(id => names.includes(id));
}

const feedLine = (answer: Answer): Clean => clean(`${feedOf(answer)}: HTTP ${answer.status}, “${wordsOf(answer)}”`);

export const feeds = {
  'feed-unavailable': {
    steps: ['feeds'],
    exit: exit.permission,
    kind: 'either',
    certainty: 'proven',
    refusal: true,
    title(facts, seen) {
      const closed = closedFeeds(facts, seen);
      if (closed.length === 0) return 'A feed does not answer for this account';
      const list = closed.join(', ');
      return closed.length === 1
        ? `The feed ${list} does not answer for this account`
        : `These feeds do not answer for this account: ${list}`;
    },
    proof: 'The endpoint of the feed refused this account while the sign-in works. Each feed is asked for one entry.',
    signal(seen) {
      const answer = answerIn(seen);
      if (answer === null || !isFeed(answer.purpose) || answer.status < 400) return null;
      const refused = seen.filter(
        (each): each is Answer => each.kind === 'answer' && isFeed(each.purpose) && each.status >= 400,
      );
      return refused.map(feedLine);
    },
    checklist(facts, seen) {
      const closed = closedFeeds(facts, seen);
      const needs = (closed.length === 0 ? (['users', 'boards'] as const) : closed).slice(0, 4);
      const notes = new Map(needs.map(id => [feedNeeds[id].need, id]));
      return upToSix([
        ...[...notes].map(([need, id]) =>
          jiraAdmin(
            `For ${needs.filter(each => feedNeeds[each].need === need).join(' and ')}, ask for ${need}`,
            `granted in ${feedNeeds[id].who}`,
          ),
        ),
        facts.route === 'gateway'
          ? you('Or create a token that has the scopes as well', 'a token with scopes sees only what they allow', {
              command: rotate(facts),
              url: tokensPage,
            })
          : null,
        you('If you do not need that feed, leave it out in the connector', 'the others answer'),
        you('Test again', 'the token stays the same', {command: retest(facts)}),
      ]);
    },
  },
} as const satisfies Rows;
