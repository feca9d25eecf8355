/** A healthy Jira Data Center: no edge in front, the login name as username, personal access tokens as Bearer. */
import {createHash} from 'node:crypto';
import {daysLater} from '../domain/time.ts';
import {type Asked, type Jira, presented} from './asked.ts';
import type {Place} from './endpoints.ts';
import type {Json, Reply} from './play.ts';
import * as workspace from './workspace.ts';

const json = 'application/json;charset=UTF-8';

/**
 * Headers every answer of Data Center wears; the rate limit ones, `Retry-After: 0` included, are there on healthy answers.
 * @param username of whoever is signed in, null for anonymous
 */
export const dataCenterMarks = (asked: Asked, username: string | null): Readonly<Record<string, string>> => ({
  'X-AREQUESTID': `541x${Number.parseInt(asked.trace.slice(0, 4), 16)}x1`,
  'X-ANODEID': 'practice-node1',
  'X-ASESSIONID': createHash('sha256').update(asked.trace).digest('hex').slice(0, 7),
  'X-AUSERNAME': username ?? 'anonymous',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'X-XSS-Protection': '1; mode=block',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'SAMEORIGIN',
  'Cache-Control': 'no-cache, no-store, no-transform',
  ...(username === null
    ? {}
    : {
        'X-RateLimit-Limit': '100',
        'X-RateLimit-Remaining': '99',
        'X-RateLimit-FillRate': '10',
        'X-RateLimit-Interval-Seconds': '1',
        'Retry-After': '0',
      }),
});

type Visit = Readonly<{asked: Asked; jira: Jira; place: Place; signedIn: boolean}>;

function reply(visit: Visit, status: number, body: Json, extra: Readonly<Record<string, string>> = {}): Reply {
  const marks = dataCenterMarks(visit.asked, visit.signedIn ? visit.jira.account.name : null);
  const seraph = visit.signedIn ? {'X-Seraph-LoginReason': 'OK'} : {};
  return {status, headers: {...marks, 'Content-Type': json, ...seraph, ...extra}, body};
}

/** A wrong password is told in HTML with Seraph's reason; a bad or missing token in JSON. */
function unauthorised(visit: Visit): Reply {
  const realm = {'WWW-Authenticate': `OAuth realm="${encodeURIComponent(visit.jira.url)}"`};
  if (!/^basic /i.test(visit.asked.authorization ?? '')) {
    const body = {message: 'Client must be authenticated to access this resource.', 'status-code': 401};
    return reply(visit, 401, body, realm);
  }
  const html =
    '<html><head><title>Unauthorized (401)</title></head><body><h1>Unauthorized (401)</h1>' +
    '<p>Basic Authentication Failure - Reason : AUTHENTICATED_FAILED</p></body></html>';
  return reply(visit, 401, html, {
    ...realm,
    'Content-Type': 'text/html;charset=UTF-8',
    'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED',
  });
}

const paging = ({asked}: Visit): workspace.Paging => ({
  startAt: Math.max(0, Number(asked.query.get('startAt')) || 0),
  maxResults: Math.min(1000, Math.max(1, Number(asked.query.get('maxResults')) || 50)),
});

const sees = ({signedIn, jira}: Visit): boolean => signedIn && !jira.play.lacks?.includes('BROWSE_PROJECTS');

function inProject(visit: Visit, body: Json): Reply {
  const {key} = visit.place;
  if (sees(visit) && (key === workspace.projectKey || key === '10000')) return reply(visit, 200, body);
  return reply(visit, 404, {errorMessages: [`No project could be found with key '${key}'.`], errors: {}});
}

/** The filter of `/mypermissions` is ignored: all permissions come back. */
function myPermissions(visit: Visit): Reply {
  const found = workspace.permissions(null, visit.signedIn ? (visit.jira.play.lacks ?? []) : null);
  return reply(visit, 200, 'body' in found ? found.body : {permissions: {}});
}

/** The one place where a token's own expiry can be read; for whoever signed in with a token. */
function tokenList(visit: Visit): Reply {
  const {jira} = visit;
  const inDays = (days: number): string => daysLater(jira.time, days).toISOString();
  return reply(visit, 200, [
    {id: 1, name: 'practice', createdAt: inDays(-1), expiringAt: inDays(jira.play.expiresInDays ?? 90)},
  ]);
}

function page(visit: Visit): Reply {
  if (visit.asked.path === '/') return reply(visit, 302, '', {Location: `${visit.jira.url}/secure/Dashboard.jspa`});
  const html =
    '<html><head><title>Oops, you&#39;ve found a dead link. - Practice Jira</title></head><body></body></html>';
  return reply(visit, 404, html, {'Content-Type': 'text/html;charset=UTF-8'});
}

function forSignedIn(visit: Visit): Reply {
  const {url, account} = visit.jira;
  switch (visit.place.endpoint) {
    case 'myself':
      return reply(
        visit,
        200,
        workspace.withMemberships(workspace.dataCenterUser(url, account), visit.asked.query.get('expand') ?? ''),
      );
    case 'users':
      return reply(visit, 200, [workspace.dataCenterUser(url, account)]);
    case 'boards':
      return reply(visit, 200, workspace.boards(url, paging(visit)));
    case 'sprints':
      return reply(visit, 200, workspace.sprints(url, paging(visit)));
    default:
      return tokenList(visit);
  }
}

export function answerDataCenter(place: Place, asked: Asked, jira: Jira): Reply {
  if (asked.method !== 'GET' && asked.method !== 'HEAD') return {status: 405, headers: {Allow: 'GET, HEAD'}, body: ''};
  const kind = presented(asked, jira);
  const bearerOnly = jira.play.token === 'bearer' || jira.play.secret !== 'password';
  const signedIn = jira.play.token !== 'nowhere' && kind === (bearerOnly ? 'bearer' : 'basic');
  const visit: Visit = {asked, jira, place, signedIn};
  // A credential that does not hold is refused wherever it is shown, unlike on Cloud.
  if (kind !== 'nothing' && kind !== 'malformed' && !signedIn) return unauthorised(visit);
  switch (place.endpoint) {
    case 'server-info':
      return reply(visit, 200, workspace.dataCenterServerInfo(jira.url, jira.time));
    case 'status':
      return {status: 200, headers: {'Content-Type': json}, body: {state: 'RUNNING'}};
    case 'my-permissions':
      return myPermissions(visit);
    case 'projects':
      return reply(visit, 200, workspace.dataCenterProjects(jira.url, sees(visit)));
    case 'project':
      return inProject(visit, workspace.oneProject(jira.url));
    case 'issues':
      return reply(visit, 200, workspace.dataCenterIssues(jira.url, sees(visit), paging(visit)));
    case 'versions':
      return inProject(visit, workspace.versions(jira.url));
    case 'components':
      return inProject(visit, workspace.components(jira.url));
    case 'page':
      return page(visit);
    case 'unknown':
    case 'tenant-info':
      return reply(visit, 404, {message: `null for uri: ${jira.url}${asked.path}`, 'status-code': 404});
    default:
      return signedIn ? forSignedIn(visit) : unauthorised(visit);
  }
}
