/**
 * A healthy Jira Cloud: Atlassian's edge in front, Jira behind it, and the gateway at api.atlassian.com beside it.
 * Who may see what follows recordings of real sites: bad credentials make a visitor anonymous, and only `/myself` says so.
 */
import {randomUUID} from 'node:crypto';
import {commercialCloud} from '../domain/clouds.ts';
import {type Asked, type Jira, type Presented, presented} from './asked.ts';
import {locate, type Place} from './endpoints.ts';
import type {Json, Reply} from './play.ts';
import * as workspace from './workspace.ts';

export const gatewayHost = commercialCloud.gateway;

const json = 'application/json;charset=UTF-8';
const refusal = 'Client must be authenticated to access this resource.';

/** Headers Atlassian's edge puts on every answer, its own and Jira's. */
export const edgeMarks = (asked: Asked): Readonly<Record<string, string>> => ({
  Server: 'AtlassianEdge',
  'Atl-TraceId': asked.trace.replaceAll('-', ''),
  'Atl-Request-Id': asked.trace,
  'X-Content-Type-Options': 'nosniff',
  'X-Xss-Protection': '1; mode=block',
  'Server-Timing': `atl-edge;dur=24,atl-edge-internal;dur=3,atl-edge-upstream;dur=21`,
});

/**
 * Headers of an answer Jira itself gave.
 * @param accountId of the account whose credential resolved; null leaves out what proves a sign-in
 */
export const cloudMarks = (asked: Asked, accountId: string | null): Readonly<Record<string, string>> => ({
  ...edgeMarks(asked),
  'X-ARequestId': randomUUID().replaceAll('-', ''),
  'Cache-Control': 'no-cache, no-store, no-transform',
  Vary: 'Accept-Encoding',
  ...(accountId === null
    ? {}
    : {
        'X-AAccountId': accountId,
        'X-RateLimit-Limit': '350',
        'X-RateLimit-Remaining': '349',
        RateLimit: '"jira-burst-based";r=349;t=1',
        'RateLimit-Policy': '"jira-burst-based";q=350;w=1',
      }),
});

/** Whether the pair opens this door: the site takes classic tokens, the gateway takes tokens with scopes too. */
function opens(kind: Presented, jira: Jira, door: 'site' | 'gateway'): boolean {
  const where = jira.play.token ?? 'site';
  if (kind === 'bearer') return door === 'gateway' && where !== 'nowhere';
  if (kind !== 'basic') return false;
  return where === 'site' || (door === 'gateway' && (where === 'gateway' || where === 'no-scope'));
}

const errors = (...messages: string[]): Json => ({errorMessages: messages, errors: {}});

type Visit = Readonly<{asked: Asked; jira: Jira; place: Place; signedIn: boolean; base: string}>;

const paging = ({asked}: Visit): workspace.Paging => ({
  startAt: Math.max(0, Number(asked.query.get('startAt')) || 0),
  maxResults: Math.min(100, Math.max(1, Number(asked.query.get('maxResults')) || 50)),
});

function reply(visit: Visit, status: number, body: Json, extra: Readonly<Record<string, string>> = {}): Reply {
  const marks = cloudMarks(visit.asked, visit.signedIn ? visit.jira.account.id : null);
  return {status, headers: {...marks, 'Content-Type': json, ...extra}, body};
}

/** An ordinary 401: never an offer of Basic, the reason in Seraph's header, and a bare line whatever the type says. */
function unauthorised(visit: Visit): Reply {
  const kind = presented(visit.asked, visit.jira);
  const anonymous = kind === 'nothing' || kind === 'malformed';
  return reply(visit, 401, refusal, {
    'Content-Type': 'text/html;charset=UTF-8',
    'WWW-Authenticate': `OAuth realm="${encodeURIComponent(visit.jira.url)}"`,
    ...(anonymous ? {} : {'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED'}),
  });
}

const forbidden = (visit: Visit, message: string): Reply => reply(visit, 403, errors(message));

function myPermissions(visit: Visit): Reply {
  const asked = visit.asked.query.get('permissions');
  if (asked === null) return reply(visit, 400, errors('The permissions query parameter is required.'));
  const keys = asked.split(',').filter(key => key !== '');
  const found = workspace.permissions(keys, visit.signedIn ? (visit.jira.play.lacks ?? []) : null);
  if ('body' in found) return reply(visit, 200, found.body);
  const unknown = Object.fromEntries(found.unknown.map(key => [key, 'Unrecognized permission']));
  return reply(visit, 400, {errorMessages: [], errors: unknown});
}

/** Projects can be seen by an account that may browse them; anybody else is told they do not exist. */
function inProject(visit: Visit, body: Json): Reply {
  const {key} = visit.place;
  if (sees(visit) && (key === workspace.projectKey || key === '10000')) return reply(visit, 200, body);
  return reply(visit, 404, errors(`No project could be found with key '${key}'.`));
}

const sees = ({signedIn, jira}: Visit): boolean => signedIn && !jira.play.lacks?.includes('BROWSE_PROJECTS');

function myself(visit: Visit): Reply {
  const user = workspace.cloudUser(visit.base, visit.jira.account);
  return reply(visit, 200, workspace.withMemberships(user, visit.asked.query.get('expand') ?? ''));
}

const noEndpoint = (visit: Visit): Reply =>
  reply(
    visit,
    404,
    {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: `No endpoint ${visit.asked.method} ${visit.asked.path}.`,
      instance: visit.asked.path,
    },
    {'Content-Type': 'application/problem+json'},
  );

const deadLink =
  '<!DOCTYPE html><html lang="en"><head><title>Oops, you&#39;ve found a dead link. - JIRA</title></head>' +
  '<body><h1>Oops, you&#39;ve found a dead link.</h1></body></html>';

function page(visit: Visit): Reply {
  const {path} = visit.asked;
  if (path !== '/') return reply(visit, 404, deadLink, {'Content-Type': 'text/html;charset=UTF-8'});
  return reply(visit, 302, '', {Location: `${visit.base}/login.jsp?os_destination=%2Fdefault.jsp`});
}

function healthy(visit: Visit): Reply {
  const {base, jira, signedIn} = visit;
  switch (visit.place.endpoint) {
    case 'server-info':
      return reply(visit, 200, workspace.cloudServerInfo(jira.url, jira.time));
    case 'myself':
      return signedIn ? myself(visit) : unauthorised(visit);
    case 'my-permissions':
      return myPermissions(visit);
    case 'projects':
      return reply(visit, 200, workspace.cloudProjects(base, sees(visit), paging(visit)));
    case 'project':
      return inProject(visit, workspace.oneProject(base));
    case 'issues':
      return reply(visit, 200, workspace.cloudIssues(sees(visit)));
    case 'users':
      if (!signedIn) return forbidden(visit, 'You do not have permission to browse users.');
      return reply(visit, 200, [workspace.cloudUser(base, jira.account)]);
    case 'groups':
      if (!signedIn) return forbidden(visit, 'You do not have permission to browse users and groups.');
      return reply(visit, 200, workspace.groups(paging(visit)));
    case 'configuration':
      if (!signedIn) return forbidden(visit, 'Only Jira administrators can access workflows.');
      return reply(visit, 200, workspace.workflows(base, paging(visit)));
    case 'versions':
      return inProject(visit, workspace.versions(base));
    case 'components':
      return inProject(visit, workspace.components(base));
    case 'boards':
      return signedIn ? reply(visit, 200, workspace.boards(base, paging(visit))) : unauthorised(visit);
    case 'sprints':
      return signedIn ? sprints(visit) : unauthorised(visit);
    case 'tenant-info':
      return {
        status: 200,
        headers: {...edgeMarks(visit.asked), 'Content-Type': 'application/json'},
        body: {cloudId: workspace.cloudId},
      };
    case 'page':
      return page(visit);
    default:
      return noEndpoint(visit);
  }
}

function sprints(visit: Visit): Reply {
  if (Number(visit.place.key) === workspace.boardId) {
    return reply(visit, 200, workspace.sprints(visit.base, paging(visit)));
  }
  return reply(visit, 404, errors('The requested board cannot be viewed because it either does not exist.'));
}

/** CloudFront in front of Atlassian turns away a GET that carries a body; nothing but reading is served here. */
function turnedAway(asked: Asked): Reply | null {
  if (asked.method === 'GET' && asked.hasBody) {
    return {
      status: 403,
      headers: {Server: 'CloudFront', 'X-Cache': 'Error from cloudfront', 'Content-Type': 'text/html'},
      body: '<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>403 ERROR</H1></BODY></HTML>',
    };
  }
  if (asked.method === 'GET' || asked.method === 'HEAD') return null;
  return {status: 405, headers: {...edgeMarks(asked), Allow: 'GET, HEAD'}, body: ''};
}

/** The site's own address. A token sent as Bearer is refused there on every route. */
export function answerCloud(place: Place, asked: Asked, jira: Jira): Reply {
  const refused = turnedAway(asked);
  if (refused !== null) return refused;
  const visit = {asked, jira, place, base: jira.url, signedIn: opens(presented(asked, jira), jira, 'site')};
  if (/^bearer /i.test(asked.authorization ?? '')) {
    return reply(visit, 403, {error: 'Failed to parse Connect Session Auth Token'});
  }
  return healthy(visit);
}

const gatewayPath = /^\/ex\/jira\/(?<cloudId>[^/]+)(?<rest>\/.*)?$/;

function gatewayRefusal(asked: Asked, status: number, category: string, body: Json): Reply {
  return {
    status,
    headers: {...edgeMarks(asked), 'Content-Type': 'application/json', 'X-Failure-Category': category},
    body,
  };
}

/** The gateway under /ex/jira/CLOUDID: its refusals are its own and lack Jira's marks. */
export function answerGateway(asked: Asked, jira: Jira): Reply {
  const refused = turnedAway(asked);
  if (refused !== null) return refused;
  const found = gatewayPath.exec(asked.path);
  if (found?.groups?.cloudId !== workspace.cloudId) {
    return gatewayRefusal(asked, 404, 'FAILURE_CLIENT_TCS', {
      timestamp: jira.time.toISOString(),
      status: 404,
      error: 'Not Found',
      message: 'No message available',
      path: asked.path,
    });
  }
  if (!opens(presented(asked, jira), jira, 'gateway')) {
    return gatewayRefusal(asked, 401, 'FAILURE_CLIENT_AUTH_MISMATCH', {code: 401, message: 'Unauthorized'});
  }
  if (jira.play.token === 'no-scope') {
    return gatewayRefusal(asked, 401, 'FAILURE_CLIENT_SCOPE_CHECK', {
      code: 401,
      message: 'Unauthorized; scope does not match',
    });
  }
  const path = found.groups.rest ?? '/';
  const base = `https://${gatewayHost}/ex/jira/${workspace.cloudId}`;
  return healthy({asked: {...asked, path}, jira, place: locate(path, 'cloud'), base, signedIn: true});
}
