/**
 * What lives in the practice Jira: one account, one project with a version and a component, a scrum board with a sprint.
 * The shapes follow Atlassian's published OpenAPI documents of the Jira Cloud platform and Jira Software.
 */
import type {Account} from './asked.ts';
import type {Json} from './play.ts';

export const cloudId = '6f1d2c3b-4a59-4687-9b0c-1d2e3f4a5b6c';
export const projectKey = 'PRAC';
export const boardId = 84;

export const cloudVersion = '1001.0.0-SNAPSHOT';
export const dataCenterVersion = '10.3.5';

/** One page of a list, with the paging fields Jira puts around it. */
const page = (values: readonly Json[], startAt: number, maxResults: number): Json => {
  const part = values.slice(startAt, startAt + maxResults);
  return {maxResults, startAt, total: values.length, isLast: startAt + part.length >= values.length, values: part};
};

export type Paging = Readonly<{startAt: number; maxResults: number}>;

const avatars = (url: string, path: string): Json => ({
  '16x16': `${url}${path}&size=xsmall`,
  '24x24': `${url}${path}&size=small`,
  '32x32': `${url}${path}&size=medium`,
  '48x48': `${url}${path}`,
});

export const cloudServerInfo = (url: string, time: Date): Json => ({
  baseUrl: url,
  displayUrl: url,
  version: cloudVersion,
  versionNumbers: [1001, 0, 0],
  deploymentType: 'Cloud',
  buildNumber: 100_290,
  buildDate: '2026-10-26T09:14:21.000+0000',
  serverTime: time.toISOString().replace('Z', '+0000'),
  scmInfo: '0c1d2e3f405162738495a6b7c8d9e0f102132435',
  serverTitle: 'Practice Jira',
  defaultLocale: {locale: 'en_US'},
  serverTimeZone: 'Etc/UTC',
});

export const dataCenterServerInfo = (url: string, time: Date): Json => ({
  baseUrl: url,
  version: dataCenterVersion,
  versionNumbers: [10, 3, 5],
  deploymentType: 'Server',
  buildNumber: 10_030_005,
  buildDate: '2026-02-11T00:00:00.000+0000',
  databaseBuildNumber: 10_030_005,
  serverTime: time.toISOString().replace('Z', '+0000'),
  scmInfo: '0c1d2e3f405162738495a6b7c8d9e0f102132435',
  serverTitle: 'Practice Jira',
});

export const cloudUser = (url: string, account: Account): Json => ({
  self: `${url}/rest/api/2/user?accountId=${encodeURIComponent(account.id)}`,
  accountId: account.id,
  accountType: 'atlassian',
  emailAddress: account.email,
  avatarUrls: avatars(url, `/avatar?owner=${encodeURIComponent(account.id)}`),
  displayName: account.displayName,
  active: account.active,
  timeZone: 'Etc/UTC',
  locale: 'en_US',
});

export const dataCenterUser = (url: string, account: Account): Json => ({
  self: `${url}/rest/api/2/user?username=${encodeURIComponent(account.name)}`,
  key: 'JIRAUSER10100',
  name: account.name,
  emailAddress: account.email,
  avatarUrls: avatars(url, '/secure/useravatar?avatarId=10336'),
  displayName: account.displayName,
  active: account.active,
  deleted: false,
  timeZone: 'Etc/UTC',
  locale: 'en_US',
});

const memberships: Readonly<Record<string, readonly Json[]>> = {
  groups: [{name: 'jira-users', groupId: '276f955c-63d7-42c8-9520-92d01dca0625'}],
  applicationRoles: [{key: 'jira-software', name: 'Jira Software'}],
};

/**
 * What an account belongs to. Jira always counts it and lists only what is asked for by `?expand=groups,applicationRoles`:
 * without that an account with one role has `{"size":1,"items":[]}`.
 */
export function withMemberships(user: Json, expand: string): Json {
  const lists = Object.entries(memberships).map(([name, items]): [string, Json] => [
    name,
    {size: items.length, items: expand.includes(name) ? [...items] : []},
  ]);
  return {...Object.fromEntries(Object.entries(user ?? {})), ...Object.fromEntries(lists)};
}

const project = (url: string): Json => ({
  expand: 'description,lead,issueTypes,url,projectKeys,permissions,insight',
  self: `${url}/rest/api/3/project/10000`,
  id: '10000',
  key: projectKey,
  name: 'Practice project',
  avatarUrls: avatars(url, '/secure/projectavatar?pid=10000'),
  projectTypeKey: 'software',
  simplified: false,
  style: 'classic',
  isPrivate: false,
});

export const cloudProjects = (url: string, visible: boolean, {startAt, maxResults}: Paging): Json => ({
  self: `${url}/rest/api/3/project/search?maxResults=${maxResults}&startAt=${startAt}`,
  ...Object.fromEntries(Object.entries(page(visible ? [project(url)] : [], startAt, maxResults) ?? {})),
});

export const dataCenterProjects = (url: string, visible: boolean): Json => (visible ? [project(url)] : []);

export const oneProject = (url: string): Json => project(url);

const issue = (url: string): Json => ({
  expand: '',
  id: '10001',
  self: `${url}/rest/api/3/issue/10001`,
  key: `${projectKey}-1`,
});

/** `/search/jql` gives ids only unless fields are asked for, and no total. */
export const cloudIssues = (visible: boolean): Json => ({issues: visible ? [{id: '10001'}] : [], isLast: true});

export const dataCenterIssues = (url: string, visible: boolean, {startAt, maxResults}: Paging): Json => ({
  expand: 'names,schema',
  startAt,
  maxResults,
  total: visible ? 1 : 0,
  issues: visible ? [issue(url)].slice(startAt, startAt + maxResults) : [],
});

export const groups = ({startAt, maxResults}: Paging): Json =>
  page([{name: 'jira-users', groupId: '276f955c-63d7-42c8-9520-92d01dca0625'}], startAt, maxResults);

export const workflows = (url: string, {startAt, maxResults}: Paging): Json =>
  page(
    [
      {
        id: {name: 'PRAC workflow', entityId: '5ed312c5-f7a6-4a78-a1f6-8ff7f307d063'},
        self: `${url}/rest/api/3/workflow/search`,
        description: '',
      },
    ],
    startAt,
    maxResults,
  );

export const versions = (url: string): Json => [
  {
    self: `${url}/rest/api/3/version/10000`,
    id: '10000',
    name: '1.0',
    archived: false,
    released: false,
    projectId: 10_000,
  },
];

export const components = (url: string): Json => [
  {
    self: `${url}/rest/api/3/component/10000`,
    id: '10000',
    name: 'Warehouse',
    assigneeType: 'PROJECT_DEFAULT',
    realAssigneeType: 'PROJECT_DEFAULT',
    isAssigneeTypeValid: false,
    project: projectKey,
    projectId: 10_000,
  },
];

export const boards = (url: string, {startAt, maxResults}: Paging): Json =>
  page(
    [{id: boardId, self: `${url}/rest/agile/1.0/board/${boardId}`, name: 'PRAC board', type: 'scrum'}],
    startAt,
    maxResults,
  );

export const sprints = (url: string, {startAt, maxResults}: Paging): Json =>
  page(
    [
      {
        id: 37,
        self: `${url}/rest/agile/1.0/sprint/37`,
        state: 'active',
        name: 'PRAC Sprint 1',
        startDate: '2026-11-02T08:00:00.000Z',
        endDate: '2026-11-16T08:00:00.000Z',
        originBoardId: boardId,
      },
    ],
    startAt,
    maxResults,
  );

type PermissionRow = readonly [id: string, name: string, type: 'GLOBAL' | 'PROJECT'];

const permissionRows: Readonly<Record<string, PermissionRow>> = {
  ADMINISTER: ['0', 'Administer Jira', 'GLOBAL'],
  USER_PICKER: ['27', 'Browse users and groups', 'GLOBAL'],
  BROWSE_PROJECTS: ['10', 'Browse Projects', 'PROJECT'],
  CREATE_ISSUES: ['11', 'Create Issues', 'PROJECT'],
  EDIT_ISSUES: ['12', 'Edit Issues', 'PROJECT'],
  ADD_COMMENTS: ['15', 'Add Comments', 'PROJECT'],
  TRANSITION_ISSUES: ['46', 'Transition Issues', 'PROJECT'],
  VIEW_DEV_TOOLS: ['29', 'View Development Tools', 'PROJECT'],
  VIEW_READONLY_WORKFLOW: ['45', 'View Read-Only Workflow', 'PROJECT'],
};

/** What an ordinary account may not do. */
const notOrdinary = ['ADMINISTER'];

/**
 * `/mypermissions`.
 * @param asked keys of the `permissions` parameter; null for all
 * @param lacks keys the account lacks; null for somebody who is not signed in and has none
 * @returns the body, or the keys Jira does not know
 */
export function permissions(
  asked: readonly string[] | null,
  lacks: readonly string[] | null,
): {body: Json} | {unknown: string[]} {
  const keys = asked ?? Object.keys(permissionRows);
  const unknown = keys.filter(key => permissionRows[key] === undefined);
  if (unknown.length > 0) return {unknown};
  const missing = lacks === null ? keys : [...lacks, ...notOrdinary];
  const entries = keys.map(key => {
    const [id, name, type] = permissionRows[key] ?? ['', '', 'PROJECT'];
    return [key, {id, key, name, type, description: `${name}.`, havePermission: !missing.includes(key)}] as const;
  });
  return {body: {permissions: Object.fromEntries(entries)}};
}
