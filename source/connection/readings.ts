/**
 * What is read once signed in: the permissions, and one entry of each feed. All independent questions start together, so
 * that they cost one round trip, and the permissions and feeds steps each wait for their own.
 */
import type {Answer, Evidence, FeedId} from '../diagnosis/evidence.ts';
import {isStranger} from '../diagnosis/evidence-reading.ts';
import {json, nameless, property, whoAnswered} from '../diagnosis/responder.ts';
import {clean} from '../domain/clean.ts';
import type {Connector, Deployment, Scheme} from '../domain/credential.ts';
import {type Api, askSignedIn} from './ask.ts';

/**
 * Permissions a connector can live without, by the calls they are asked in. One unknown key fails a whole call, and those
 * of Feeds are not known everywhere, so each has its own; the four that write belong to Jira's core.
 */
const advisoryCalls: Readonly<Record<Connector, readonly (readonly string[])[]>> = {
  'jira-software': [['CREATE_ISSUES', 'EDIT_ISSUES', 'TRANSITION_ISSUES', 'ADD_COMMENTS']],
  'jira-feeds': [['VIEW_DEV_TOOLS'], ['VIEW_READONLY_WORKFLOW']],
};

/** Null where there is nothing to ask, such as versions without a project. */
export type FeedReading = Evidence | null;

export type Readings = Readonly<{
  browse: Promise<Evidence>;
  advisory: readonly Readonly<{keys: readonly string[]; evidence: Promise<Evidence>}>[];
  expiry: Promise<Evidence> | null;
  projects: Promise<Evidence>;
  /** The other feeds; empty for a connector that needs none. */
  feeds: Readonly<Partial<Record<FeedId, Promise<FeedReading>>>>;
}>;

/** How many questions are asked at once, hence the connections worth having ready. */
export const readingConnections = (connector: Connector): number => (connector === 'jira-feeds' ? 9 : 3);

/** Of whom is read, and for what. */
type Reader = Readonly<{deployment: Deployment | null; scheme: Scheme; connector: Connector}>;

/** Starts all questions. None of the promises rejects for anything the network does. */
export function startReading({deployment, scheme, connector}: Reader, api: Api): Readings {
  const cloud = deployment !== 'data-center';
  const projects = ask(
    api,
    'permissions',
    'feed-projects',
    cloud ? '/rest/api/3/project/search?maxResults=1' : '/rest/api/2/project',
  );
  const permission = (key: string, purpose: 'permissions' | 'permissions-advisory') =>
    ask(api, 'permissions', purpose, `/rest/api/2/mypermissions?permissions=${key}`);
  // The issues' own project helps out where the list of projects is too long to be read.
  const feeds = connector === 'jira-feeds' ? readFeeds(api, cloud, projects) : {};
  return {
    browse: permission('BROWSE_PROJECTS', 'permissions'),
    advisory: advisoryCalls[connector].map(keys => ({
      keys,
      evidence: permission(keys.join(','), 'permissions-advisory'),
    })),
    expiry: scheme === 'bearer' && !cloud ? ask(api, 'account', 'token-expiry', '/rest/pat/latest/tokens') : null,
    projects,
    feeds,
  };
}

function ask(
  api: Api,
  step: 'permissions' | 'feeds' | 'account',
  purpose: Parameters<typeof askSignedIn>[2],
  path: string,
) {
  const asking = askSignedIn(api, step, purpose, path);
  // Whoever waits for it is told; a test that ends earlier must not be an unhandled rejection.
  asking.catch(() => undefined);
  return asking;
}

function readFeeds(api: Api, cloud: boolean, projects: Promise<Evidence>): Readings['feeds'] {
  const feed = (id: FeedId, path: string) => ask(api, 'feeds', `feed-${id}`, path);
  const jql = encodeURIComponent('created >= -365d ORDER BY created DESC');
  const issues = feed(
    'issues',
    cloud
      ? `/rest/api/3/search/jql?jql=${jql}&maxResults=1&fields=project`
      : `/rest/api/2/search?jql=${jql}&maxResults=1&fields=project`,
  );
  const version = cloud ? 3 : 2;
  const ofProject = (id: 'versions' | 'components') =>
    later(projects, async evidence => {
      const key = projectKeyIn(evidence) ?? projectKeyOfIssue(await issues);
      return key === null ? null : feed(id, `/rest/api/${version}/project/${encodeURIComponent(key)}/${id}`);
    });
  // Data Center has no such lists, and a site without one of them lacks nothing that the account could have.
  const ofCloud = (id: 'groups' | 'configuration', path: string) =>
    cloud ? later(feed(id, path), async evidence => (isMissing(evidence) ? null : evidence)) : null;
  const groups = ofCloud('groups', '/rest/api/3/group/bulk?maxResults=1');
  const configuration = ofCloud('configuration', '/rest/api/3/workflow/search?maxResults=1');
  const boards = feed('boards', '/rest/agile/1.0/board?maxResults=1');
  return {
    issues,
    users: feed(
      'users',
      cloud ? '/rest/api/3/users/search?maxResults=1' : '/rest/api/2/user/search?username=.&maxResults=1',
    ),
    ...(groups === null ? {} : {groups}),
    ...(configuration === null ? {} : {configuration}),
    versions: ofProject('versions'),
    components: ofProject('components'),
    boards,
    sprints: later(boards, async evidence => {
      const id = scrumBoardIn(evidence);
      return id === null ? null : feed('sprints', `/rest/agile/1.0/board/${id}/sprint?maxResults=1`);
    }),
  };
}

const isMissing = (evidence: Evidence): boolean => evidence.kind === 'answer' && evidence.status === 404;

function later(first: Promise<Evidence>, then: (evidence: Evidence) => Promise<FeedReading>): Promise<FeedReading> {
  const chained = first.then(then);
  chained.catch(() => undefined);
  return chained;
}

/** Whether a feed answered: JSON, or, on a Data Center that lists all at once, more of it than is worth taking. */
export function answers(evidence: Evidence): boolean {
  if (evidence.kind === 'trouble') return evidence.code === 'TOO_LARGE';
  return evidence.status === 200 && evidence.body.type === 'json';
}

/** Whether the server, not the account, is why a question got no answer: an error of its own, or an answer that broke. */
export function serverFailed(evidence: Evidence): boolean {
  if (answers(evidence)) return false;
  return evidence.kind === 'trouble' || evidence.status >= 500 || evidence.status === 200;
}

/**
 * Whether something in front of Jira answered a question in its stead. Jira has just signed us in, so a refusal without
 * its marks and without the form of its errors is not its own, whatever it looks like.
 */
export function byStranger(evidence: Evidence): boolean {
  if (evidence.kind !== 'answer') return false;
  if (isStranger(evidence)) return true;
  const refused = evidence.status === 401 || evidence.status === 403;
  const value = json(evidence);
  const shaped = Array.isArray(property(value, 'errorMessages')) || property(value, 'status-code') === evidence.status;
  return refused && !shaped && whoAnswered(evidence).party === 'other';
}

/** Whether the account was asked to slow down, by whomever. */
export const slowedDown = (evidence: Evidence): boolean => evidence.kind === 'answer' && evidence.status === 429;

/** Why a question has no answer, for a line: the status and, where it was not Jira, who gave it; or what broke. */
export function whyNot(evidence: Evidence): string {
  if (evidence.kind === 'trouble')
    return evidence.proxyAnswer == null ? evidence.code : `proxy: ${evidence.proxyAnswer.status}`;
  if (byStranger(evidence)) {
    const {name} = whoAnswered(evidence);
    return `${evidence.status} by ${name === nameless ? 'something that is not Jira' : clean(name, 80)}`;
  }
  return evidence.status === 200 ? 'no JSON' : String(evidence.status);
}

/** The entries of a list, Cloud's page or Data Center's array; null when it is neither. */
export function entriesIn(evidence: Evidence): readonly unknown[] | null {
  if (evidence.kind === 'trouble' || !answers(evidence)) return null;
  const value = json(evidence);
  const list = Array.isArray(value) ? value : property(value, 'values');
  return Array.isArray(list) ? list : null;
}

/** A project key as Jira allows them; anything else must not become part of an address. */
const keyOf = (value: unknown): string | null => {
  const key = property(value, 'key');
  return typeof key === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,254}$/.test(key) ? key : null;
};

const projectKeyIn = (evidence: Evidence): string | null => keyOf(entriesIn(evidence)?.[0]);

function projectKeyOfIssue(evidence: Evidence): string | null {
  const issues = evidence.kind === 'answer' ? property(json(evidence), 'issues') : null;
  return Array.isArray(issues) ? keyOf(property(property(issues[0], 'fields'), 'project')) : null;
}

/** Only boards of type scrum have sprints: asking a kanban board for them is an error by design. */
function scrumBoardIn(evidence: Evidence): number | null {
  const board = entriesIn(evidence)?.[0];
  const id = property(board, 'id');
  const type = property(board, 'type');
  return typeof id === 'number' && Number.isSafeInteger(id) && (type === undefined || type === 'scrum') ? id : null;
}

/** What mypermissions says of one key; null when it says nothing. */
export function permissionIn(evidence: Evidence, key: string): boolean | null {
  const answer: Answer | null = evidence.kind === 'answer' && evidence.status === 200 ? evidence : null;
  if (answer === null) return null;
  const have = property(property(property(json(answer), 'permissions'), key), 'havePermission');
  return typeof have === 'boolean' ? have : null;
}
