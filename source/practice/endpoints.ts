/** Which address of Jira a path is. */
import type {Deployment} from '../domain/credential.ts';
import type {Endpoint} from './play.ts';

export type Place = Readonly<{
  endpoint: Endpoint;
  /** The project key or board number inside the path, else an empty string. */
  key: string;
  /** Version of the REST API asked, an empty string where there is none. */
  version: string;
}>;

const api = '/rest/api/(?<version>2|3|latest)';
const both = ['cloud', 'data-center'] as const;
const cloud = ['cloud'] as const;
const dataCenter = ['data-center'] as const;

const table: readonly (readonly [Endpoint, string, readonly Deployment[]])[] = [
  ['server-info', `${api}/serverInfo`, both],
  ['myself', `${api}/myself`, both],
  ['my-permissions', `${api}/mypermissions`, both],
  ['projects', `${api}/project/search`, cloud],
  ['projects', `${api}/project`, dataCenter],
  ['issues', `${api}/search/jql`, cloud],
  ['issues', `${api}/search`, dataCenter],
  ['users', `${api}/users/search`, cloud],
  ['users', `${api}/user/search`, dataCenter],
  ['groups', `${api}/group/bulk`, cloud],
  ['configuration', `${api}/workflow/search`, cloud],
  ['versions', `${api}/project/(?<key>[^/]+)/versions`, both],
  ['components', `${api}/project/(?<key>[^/]+)/components`, both],
  ['project', `${api}/project/(?<key>[^/]+)`, both],
  ['boards', '/rest/agile/(?<version>1\\.0|latest)/board', both],
  ['sprints', '/rest/agile/(?<version>1\\.0|latest)/board/(?<key>\\d+)/sprint', both],
  ['tenant-info', '/_edge/tenant_info', cloud],
  ['status', '/status', dataCenter],
  ['token-list', '/rest/pat/latest/tokens', dataCenter],
];

const rows = table.map(([endpoint, pattern, where]) => ({endpoint, pattern: new RegExp(`^${pattern}/?$`), where}));

/** @param path without query */
export function locate(path: string, deployment: Deployment): Place {
  for (const {endpoint, pattern, where} of rows) {
    const found = where.includes(deployment) ? pattern.exec(path) : null;
    const version = found?.groups?.version ?? '';
    // Data Center has no version 3 of the API.
    if (found === null || (version === '3' && deployment === 'data-center')) continue;
    return {endpoint, key: found.groups?.key ?? '', version};
  }
  return {endpoint: path.startsWith('/rest/') ? 'unknown' : 'page', key: '', version: ''};
}
