/** How often a healthy test waits for the link: servers that answer only when all of a round's questions are there. */
import type {ServerResponse} from 'node:http';
import {expect, test} from 'vitest';
import {cloudId, cloudJira, syntheticToken} from '../support/jira.ts';
import {type Asked, type Handler, send, serve} from '../support/lab/serve.ts';
import {atlassianAt, bench, codeOf, reach, run, target, using} from './lab.ts';

/**
 * Keeps every question until those of its round have all come. A client that wants one answer before it asks the next
 * question of the same round is never answered.
 */
function inRounds(jira: Handler, rounds: readonly (readonly string[])[]) {
  const waiting: {asked: Asked; response: ServerResponse}[] = [];
  const left = rounds.map(paths => [...paths].sort());
  const strays: string[] = [];
  const handler: Handler = (asked, response) => {
    waiting.push({asked, response});
    const due = left[0] ?? [];
    if (!due.includes(asked.path)) strays.push(asked.path);
    if (waiting.length < due.length) return undefined;
    left.shift();
    for (const one of waiting.splice(0)) send(one.response, jira(one.asked, one.response) ?? {});
    return undefined;
  };
  return {handler, strays, left};
}

const look = '/rest/api/2/serverInfo';
const myself = '/rest/api/2/myself';
/** Browsing; what is written in one question, what Feeds would like in two. */
const permissions = (count: number) => Array<string>(count).fill('/rest/api/2/mypermissions');
const projects = '/rest/api/3/project/search';
const feeds = [
  '/rest/api/3/search/jql',
  '/rest/api/3/users/search',
  '/rest/api/3/group/bulk',
  '/rest/api/3/workflow/search',
  '/rest/agile/1.0/board',
];
const ofProject = ['/rest/api/3/project/ABC/versions', '/rest/api/3/project/ABC/components'];

test.each([
  ['jira-software', [[look], [myself], [...permissions(2), projects]]],
  [
    'jira-feeds',
    [[look], [myself], [...permissions(3), projects, ...feeds], [...ofProject, '/rest/agile/1.0/board/7/sprint']],
  ],
] as const)('%s asks in as few rounds as its questions allow', async (connector, rounds) => {
  const token = syntheticToken();
  const {handler, strays, left} = inRounds(cloudJira({token}), rounds);
  const server = await using(serve(handler, {tls: (await bench()).issued}));
  const examined = await run(
    target('https://acme.atlassian.net', token, {connector}),
    await reach({resolve: atlassianAt(server.port)}),
  );
  expect(codeOf(examined), JSON.stringify({strays, left})).toBeNull();
  expect(strays).toEqual([]);
  expect(left).toEqual([]);
});

test.each([
  ['the site', 'site', 3],
  ['the gateway', 'gateway', 4],
] as const)(
  'further connections to %s are made while the site is asked who it is',
  async (_where, accepts, connections) => {
    const token = syntheticToken();
    const jira = cloudJira({token, accepts});
    let answer = (): void => undefined;
    const server = await using(
      serve(
        (asked, response) => {
          if (asked.path !== look) return jira(asked, response);
          answer = () => send(response, jira(asked, response) ?? {});
          if (server.connections() >= connections) answer();
          return undefined;
        },
        {tls: (await bench()).issued, onConnection: () => server.connections() >= connections && answer()},
      ),
    );
    const examined = await run(
      target('https://acme.atlassian.net', token, accepts === 'gateway' ? {route: 'gateway', cloudId} : {}),
      await reach({resolve: atlassianAt(server.port)}),
    );
    expect(codeOf(examined)).toBeNull();
    expect(server.connections()).toBe(connections);
  },
);
