/** A healthy Jira Cloud and a healthy Jira Data Center as handlers for the lab's servers, each route replaceable. */
import {randomBytes} from 'node:crypto';
import {tokenChecksum} from '../../source/domain/token-shape.ts';
import type {Asked, Handler, Reply} from './lab/serve.ts';

export type Route = Reply | ((asked: Asked) => Reply | undefined);
/** By path without query. */
export type Routes = Readonly<Record<string, Route>>;

export type JiraOptions = Readonly<{
  username?: string;
  token?: string;
  /** Where the token is good: at the site (default), at the gateway only, nowhere. */
  accepts?: 'site' | 'gateway' | 'nowhere';
  /** Replaces or adds routes of the site. */
  routes?: Routes;
  email?: string;
  active?: boolean;
}>;

/** A token of the current form with a checksum that fits; no real one. */
export function syntheticToken(prefix = 'ATATT3xFfGF0'): string {
  const body = `${prefix}${randomBytes(130).toString('base64url')}=`;
  return `${body}${tokenChecksum(body)}`;
}

/** A personal access token of Data Center: 44 characters that decode to digits, a colon and bytes. */
export function syntheticPat(): string {
  return Buffer.concat([Buffer.from('123456789012:'), randomBytes(20)]).toString('base64');
}

export const basic = (username: string, token: string): string =>
  `Basic ${Buffer.from(`${username}:${token}`).toString('base64')}`;

export const cloudId = '5f0cdf7a-3c6c-4d4a-9e0a-0a1b2c3d4e5f';
const refusal = 'Client must be authenticated to access this resource.';
const edge = {server: 'AtlassianEdge', 'atl-traceid': '0123456789abcdef0123456789abcdef', 'atl-request-id': 'abc'};

const reply = (route: Route, asked: Asked): Reply | undefined => (typeof route === 'function' ? route(asked) : route);

/** The lists and permissions both kinds have, below their base path. */
const shared: Routes = {
  '/rest/api/2/mypermissions': asked => {
    const keys = (new URLSearchParams(asked.url.split('?')[1]).get('permissions') ?? '').split(',');
    return {body: {permissions: Object.fromEntries(keys.map(key => [key, {key, havePermission: true}]))}};
  },
  '/rest/agile/1.0/board': {body: {values: [{id: 7, type: 'scrum', name: 'ABC board'}]}},
  '/rest/agile/1.0/board/7/sprint': {body: {values: [{id: 1, state: 'active'}]}},
};

const cloudLists: Routes = {
  ...shared,
  '/rest/api/3/project/search': {body: {total: 2, values: [{id: '1', key: 'ABC'}]}},
  '/rest/api/3/search/jql': {body: {issues: [{id: '10000', fields: {project: {key: 'ABC'}}}]}},
  '/rest/api/3/users/search': {body: [{accountId: '1'}]},
  '/rest/api/3/project/ABC/versions': {body: []},
  '/rest/api/3/project/ABC/components': {body: []},
};

/** Without `expand` Jira counts groups and roles, and lists none of them. */
const unexpanded = {groups: {size: 1, items: []}, applicationRoles: {size: 1, items: []}};

const cloudAccount = (options: JiraOptions) => ({
  accountId: '5b10a2844c20165700ede21g',
  accountType: 'atlassian',
  emailAddress: options.email ?? options.username ?? 'you@acme.com',
  displayName: 'You Yourself',
  active: options.active ?? true,
  ...unexpanded,
});

/** A Jira Cloud site, and its gateway under `/ex/jira/CLOUDID` on the same server. */
export function cloudJira(options: JiraOptions = {}): Handler {
  const {username = 'you@acme.com', token = '', accepts = 'site', routes = {}} = options;
  const signedIn = (asked: Asked): boolean => asked.headers.authorization === basic(username, token);
  return asked => {
    const request = {'x-arequestid': 'e1e2e3'};
    const gateway = `/ex/jira/${cloudId}`;
    if (asked.path.startsWith(`${gateway}/`)) {
      const path = asked.path.slice(gateway.length);
      if (accepts !== 'gateway' || !signedIn(asked)) {
        const headers = {...edge, 'x-failure-category': 'FAILURE_CLIENT_AUTH_MISMATCH'};
        return {status: 401, headers, body: {code: 401, message: 'Unauthorized'}};
      }
      const headers = {...edge, ...request, 'x-aaccountid': 'id'};
      const route = path === '/rest/api/2/myself' ? {body: cloudAccount(options)} : cloudLists[path];
      return route === undefined ? {status: 404, headers} : {headers, ...reply(route, asked)};
    }
    const own = routes[asked.path];
    if (own !== undefined) return reply(own, asked);
    if (asked.path === '/rest/api/2/serverInfo') {
      const body = {
        deploymentType: 'Cloud',
        version: '1001.0.0-SNAPSHOT',
        baseUrl: `https://${asked.headers.host}`,
        buildNumber: 100_300,
        serverTitle: 'Jira',
      };
      return {headers: {...edge, ...request}, body};
    }
    if (asked.path === '/_edge/tenant_info') return {headers: edge, body: {cloudId}};
    if (accepts !== 'site' || !signedIn(asked)) {
      const reason: Record<string, string> =
        asked.headers.authorization === undefined ? {} : {'x-seraph-loginreason': 'AUTHENTICATED_FAILED'};
      const realm = {'www-authenticate': `OAuth realm="https%3A%2F%2F${encodeURIComponent(asked.headers.host ?? '')}"`};
      return {status: 401, headers: {...edge, ...request, ...reason, ...realm}, body: refusal};
    }
    const headers = {...edge, ...request, 'x-aaccountid': 'id', 'x-seraph-loginreason': 'OK'};
    const route = asked.path === '/rest/api/2/myself' ? {body: cloudAccount(options)} : cloudLists[asked.path];
    if (route === undefined)
      return {
        status: 404,
        headers: {...edge, 'content-type': 'application/problem+json'},
        body: `{"detail":"No endpoint GET ${asked.path}"}`,
      };
    return {headers, ...reply(route, asked)};
  };
}

const dataCenterLists: Routes = {
  ...shared,
  '/rest/api/2/project': {body: [{id: '1', key: 'ABC'}]},
  '/rest/api/2/search': {body: {issues: [{id: '10000', fields: {project: {key: 'ABC'}}}]}},
  '/rest/api/2/user/search': {body: [{name: 'you', key: 'you'}]},
  '/rest/api/2/project/ABC/versions': {body: []},
  '/rest/api/2/project/ABC/components': {body: []},
};

export type DataCenterOptions = JiraOptions &
  Readonly<{
    /** Context path, '' or '/jira'. */
    path?: string;
    /** `bearer`: a personal access token; `basic`: a password. */
    scheme?: 'basic' | 'bearer';
    /** Told by the list of personal access tokens. */
    expiringAt?: string;
  }>;

/** A Jira Data Center 10. */
export function dataCenterJira(options: DataCenterOptions = {}): Handler {
  const {username = 'you', token = '', path = '', scheme = 'basic', routes = {}, accepts = 'site'} = options;
  const wanted = scheme === 'bearer' ? `Bearer ${token}` : basic(username, token);
  const node = {'x-anodeid': 'node1', 'x-arequestid': '600x1x1'};
  return asked => {
    if (!asked.path.startsWith(`${path}/`))
      return {status: 404, headers: {'content-type': 'text/plain'}, body: 'default backend - 404'};
    const inner = asked.path.slice(path.length);
    const own = routes[inner];
    if (own !== undefined) return reply(own, asked);
    if (inner === '/rest/api/2/serverInfo') {
      const body = {
        deploymentType: 'Server',
        version: '10.3.2',
        baseUrl: `https://${asked.headers.host}${path}`,
        buildNumber: 10_030_002,
        serverTitle: 'Acme Jira',
      };
      return {headers: {...node, 'x-ausername': 'anonymous'}, body};
    }
    if (inner === '/status') return {body: {state: 'RUNNING'}};
    if (accepts !== 'site' || asked.headers.authorization !== wanted) {
      const reason: Record<string, string> =
        asked.headers.authorization === undefined ? {} : {'x-seraph-loginreason': 'AUTHENTICATED_FAILED'};
      return {status: 401, headers: {...node, ...reason}, body: {message: refusal, 'status-code': 401}};
    }
    const headers = {...node, 'x-ausername': username, 'x-seraph-loginreason': 'OK'};
    const account = {
      key: 'JIRAUSER10000',
      name: username,
      emailAddress: options.email ?? 'you@acme.com',
      displayName: 'You Yourself',
      active: options.active ?? true,
      deleted: false,
      ...unexpanded,
    };
    if (inner === '/rest/api/2/myself') return {headers, body: account};
    if (inner === '/rest/pat/latest/tokens')
      return {headers, body: [{name: 'jirakey', expiringAt: options.expiringAt ?? '2030-01-02T03:04:05.000+0000'}]};
    const route = dataCenterLists[inner];
    return route === undefined
      ? {status: 404, headers, body: {message: 'null for uri', 'status-code': 404}}
      : {headers, ...reply(route, asked)};
  };
}
