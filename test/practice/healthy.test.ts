import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type Practice, startPractice} from '../../source/practice/practice.ts';
import {ask, basic} from './client.ts';

const cloudId = '6f1d2c3b-4a59-4687-9b0c-1d2e3f4a5b6c';

describe('Jira Cloud', () => {
  let practice: Practice;
  beforeAll(async () => {
    practice = await startPractice();
  });
  afterAll(() => practice.stop());

  test.each(['2', '3'])('serverInfo of API %s answers anybody, even with a dead pair', async version => {
    for (const as of ['nobody', 'practice', 'stranger'] as const) {
      const {status, headers, json} = await ask(practice, {path: `/rest/api/${version}/serverInfo`, as});
      expect(status).toBe(200);
      expect(headers.server).toBe('AtlassianEdge');
      expect(headers['x-arequestid']).toBeTruthy();
      expect(json).toMatchObject({deploymentType: 'Cloud', version: '1001.0.0-SNAPSHOT', baseUrl: practice.url});
    }
  });

  test('myself knows the account, and its headers prove the sign-in', async () => {
    const {status, headers, json} = await ask(practice, {as: 'practice'});
    expect(status).toBe(200);
    expect(json).toMatchObject({accountType: 'atlassian', emailAddress: practice.username, active: true});
    expect(json).not.toHaveProperty('name');
    expect(json).toMatchObject({groups: {size: 1, items: []}, applicationRoles: {size: 1, items: []}});
    const {json: expanded} = await ask(practice, {as: 'practice', path: '/rest/api/2/myself?expand=applicationRoles'});
    expect(expanded).toMatchObject({applicationRoles: {size: 1, items: [{key: 'jira-software'}]}, groups: {items: []}});
    expect(headers['x-aaccountid']).toBe((json as {accountId: string}).accountId);
    expect(headers['atl-traceid']).toMatch(/^[0-9a-f]{32}$/);
    expect(headers['x-ratelimit-limit']).toBeTruthy();
    expect(headers.ratelimit).toBeTruthy();
  });

  test('the e-mail address is compared without case, the token is not', async () => {
    const authorization = (username: string, token: string) => ({Authorization: basic(username, token)});
    const upper = await ask(practice, {headers: authorization(practice.username.toUpperCase(), practice.token)});
    const folded = await ask(practice, {headers: authorization(practice.username, practice.token.toLowerCase())});
    expect([upper.status, folded.status]).toEqual([200, 401]);
  });

  test('a wrong pair is refused by myself with Seraph’s reason, and proves no sign-in', async () => {
    const {status, headers, text} = await ask(practice, {as: 'stranger'});
    expect(status).toBe(401);
    expect(headers['x-seraph-loginreason']).toBe('AUTHENTICATED_FAILED');
    expect(headers['www-authenticate']).toBe(`OAuth realm="${encodeURIComponent(practice.url)}"`);
    expect(headers).not.toHaveProperty('x-aaccountid');
    expect(headers).not.toHaveProperty('x-ratelimit-limit');
    expect(text).toHaveLength(53);
  });

  test.each([{}, {Authorization: 'Basic bm9jb2xvbg=='}, {Authorization: 'Digest x'}])(
    'no or malformed credentials are refused without a reason: %j',
    async headers => {
      const got = await ask(practice, {headers});
      expect(got.status).toBe(401);
      expect(got.headers).not.toHaveProperty('x-seraph-loginreason');
    },
  );

  test('a Bearer token is refused on every route of the site', async () => {
    for (const path of ['/rest/api/2/myself', '/rest/api/2/serverInfo']) {
      const {status, json} = await ask(practice, {path, as: 'practice-bearer'});
      expect(status).toBe(403);
      expect(json).toEqual({error: 'Failed to parse Connect Session Auth Token'});
    }
  });

  test('a dead pair sees an empty Jira, not a refusal', async () => {
    const projects = await ask(practice, {path: '/rest/api/3/project/search?maxResults=1', as: 'stranger'});
    expect(projects.status).toBe(200);
    expect(projects.json).toMatchObject({total: 0, isLast: true, values: []});
    const issues = await ask(practice, {path: '/rest/api/3/search/jql?jql=project%3DPRAC', as: 'stranger'});
    expect(issues.json).toEqual({issues: [], isLast: true});
    const project = await ask(practice, {path: '/rest/api/3/project/PRAC', as: 'stranger'});
    expect(project.status).toBe(404);
    expect(project.text).toContain('No project could be found');
  });

  test('every feed has something to read', async () => {
    const read = async (path: string) => (await ask(practice, {path, as: 'practice'})).json;
    expect(await read('/rest/api/3/project/search?maxResults=1')).toMatchObject({
      values: [{key: 'PRAC'}],
      maxResults: 1,
    });
    expect(await read('/rest/api/3/search/jql?jql=project%3DPRAC&maxResults=1')).toMatchObject({
      issues: [{id: '10001'}],
    });
    expect(await read('/rest/api/3/users/search?maxResults=1')).toMatchObject([{emailAddress: practice.username}]);
    expect(await read('/rest/api/3/project/PRAC/versions')).toMatchObject([{name: '1.0', projectId: 10_000}]);
    expect(await read('/rest/api/3/project/PRAC/components')).toMatchObject([{project: 'PRAC'}]);
    expect(await read('/rest/agile/1.0/board?maxResults=1')).toMatchObject({values: [{id: 84, type: 'scrum'}]});
    expect(await read('/rest/agile/1.0/board/84/sprint?maxResults=1')).toMatchObject({values: [{originBoardId: 84}]});
  });

  test('feeds that need a sign-in refuse a stranger', async () => {
    const status = async (path: string) => (await ask(practice, {path, as: 'stranger'})).status;
    expect(await status('/rest/api/3/users/search')).toBe(403);
    expect(await status('/rest/agile/1.0/board')).toBe(401);
  });

  test('permissions: what was asked, for nobody too, and one unknown key fails the whole call', async () => {
    const path = (keys: string) => `/rest/api/2/mypermissions?permissions=${keys}`;
    const mine = await ask(practice, {path: path('BROWSE_PROJECTS,ADMINISTER'), as: 'practice'});
    expect(mine.json).toMatchObject({
      permissions: {BROWSE_PROJECTS: {havePermission: true}, ADMINISTER: {havePermission: false}},
    });
    const nobodys = await ask(practice, {path: path('BROWSE_PROJECTS')});
    expect(nobodys.status).toBe(200);
    expect(nobodys.json).toMatchObject({permissions: {BROWSE_PROJECTS: {havePermission: false}}});
    const unknown = await ask(practice, {path: path('BROWSE_PROJECTS,NO_SUCH'), as: 'practice'});
    expect(unknown.status).toBe(400);
    expect(unknown.json).toMatchObject({errors: {NO_SUCH: 'Unrecognized permission'}});
  });

  test('an unknown REST path is told as a problem, an unknown page as a dead link', async () => {
    const rest = await ask(practice, {path: '/rest/api/2/nonsense'});
    expect(rest.status).toBe(404);
    expect(rest.headers['content-type']).toBe('application/problem+json');
    expect(rest.json).toMatchObject({detail: 'No endpoint GET /rest/api/2/nonsense.'});
    const page = await ask(practice, {path: '/jira/rest/api/2/myself'});
    expect(page.status).toBe(404);
    expect(page.text).toContain('dead link');
  });

  test('the front page leads a visitor to the login', async () => {
    const {status, headers} = await ask(practice, {path: '/'});
    expect(status).toBe(302);
    expect(headers.location).toContain('/login.jsp?os_destination=');
  });

  test('a GET with a body is turned away by CloudFront, writing by Jira', async () => {
    const withBody = await ask(practice, {as: 'practice', body: '{}'});
    expect(withBody.status).toBe(403);
    expect(withBody.headers.server).toBe('CloudFront');
    expect((await ask(practice, {method: 'DELETE', as: 'practice'})).status).toBe(405);
  });

  test('the gateway is reached by its host name and by its path, and serves what the site serves', async () => {
    expect((await ask(practice, {path: '/_edge/tenant_info'})).json).toEqual({cloudId});
    const path = `/ex/jira/${cloudId}/rest/api/2/myself`;
    const byHost = await ask(practice, {path, as: 'practice', headers: {Host: 'api.atlassian.com'}});
    const byPath = await ask(practice, {path, as: 'practice'});
    expect([byHost.status, byPath.status]).toEqual([200, 200]);
    expect(byHost.headers['x-arequestid']).toBeTruthy();
    const board = await ask(practice, {path: `/ex/jira/${cloudId}/rest/agile/1.0/board`, as: 'practice-bearer'});
    expect(board.json).toMatchObject({values: [{id: 84}]});
  });

  test('the gateway’s own refusals lack Jira’s mark', async () => {
    const headers = {Host: 'api.atlassian.com'};
    const bad = await ask(practice, {path: `/ex/jira/${cloudId}/rest/api/2/myself`, as: 'stranger', headers});
    expect([bad.status, bad.headers['x-failure-category']]).toEqual([401, 'FAILURE_CLIENT_AUTH_MISMATCH']);
    const elsewhere = await ask(practice, {path: '/ex/jira/nowhere/rest/api/2/myself', as: 'practice', headers});
    expect([elsewhere.status, elsewhere.headers['x-failure-category']]).toEqual([404, 'FAILURE_CLIENT_TCS']);
    expect(elsewhere.json).toMatchObject({message: 'No message available'});
    for (const got of [bad, elsewhere]) expect(got.headers).not.toHaveProperty('x-arequestid');
  });
});

describe('Jira Data Center', () => {
  let practice: Practice;
  beforeAll(async () => {
    practice = await startPractice({fault: 'captcha-required'});
    await practice.mend();
  });
  afterAll(() => practice.stop());

  test('serverInfo and status speak of a running server', async () => {
    expect((await ask(practice, {path: '/rest/api/2/serverInfo'})).json).toMatchObject({deploymentType: 'Server'});
    expect((await ask(practice, {path: '/status'})).json).toEqual({state: 'RUNNING'});
  });

  test('the login name signs in; the answer has a name and no accountId', async () => {
    const {status, headers, json} = await ask(practice, {as: 'practice'});
    expect(status).toBe(200);
    expect(headers['x-ausername']).toBe(practice.username);
    expect(headers['x-seraph-loginreason']).toBe('OK');
    expect(headers['retry-after']).toBe('0');
    expect(headers).not.toHaveProperty('server');
    expect(json).toMatchObject({name: practice.username, active: true});
    expect(json).not.toHaveProperty('accountId');
  });

  test('a wrong password is told in HTML, on any route', async () => {
    for (const path of ['/rest/api/2/myself', '/rest/api/2/serverInfo']) {
      const {status, headers, text} = await ask(practice, {path, as: 'stranger'});
      expect(status).toBe(401);
      expect(headers['x-seraph-loginreason']).toBe('AUTHENTICATED_FAILED');
      expect(text).toContain('Basic Authentication Failure');
    }
  });

  test('there is no version 3, no gateway and no tenant', async () => {
    for (const path of ['/rest/api/3/myself', `/ex/jira/${cloudId}/rest/api/2/myself`, '/_edge/tenant_info']) {
      expect((await ask(practice, {path, as: 'practice'})).status).toBe(404);
    }
  });

  test('its feeds are those of version 2, and the permission filter is ignored', async () => {
    const read = async (path: string) => (await ask(practice, {path, as: 'practice'})).json;
    expect(await read('/rest/api/2/project')).toMatchObject([{key: 'PRAC'}]);
    expect(await read('/rest/api/2/search?jql=project%3DPRAC&maxResults=1')).toMatchObject({total: 1});
    expect(await read('/rest/agile/1.0/board/84/sprint')).toMatchObject({values: [{state: 'active'}]});
    expect(await read('/rest/api/2/mypermissions?permissions=BROWSE_PROJECTS')).toMatchObject({
      permissions: {BROWSE_PROJECTS: {havePermission: true}, ADMINISTER: {havePermission: false}},
    });
  });
});
