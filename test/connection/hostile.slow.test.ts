/**
 * The corpus of hostile servers, each met at every stage of a test: at the first look, at the sign-in, at the gateway,
 * among the permissions and among the feeds. Whatever they do, the test ends with a code and a status of its own, and
 * the credential is seen at the site and at its gateway alone.
 */
import type {Socket} from 'node:net';
import {inspect} from 'node:util';
import {describe, expect, test} from 'vitest';
import {isFailureCode} from '../../source/diagnosis/codes.ts';
import {exitCodeOf} from '../../source/diagnosis/diagnose.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {corpus, type Hostile, type Saying} from '../support/lab/hostile.ts';
import {type Asked, type Handler, type Served, serve, serveRaw} from '../support/lab/serve.ts';
import {atlassianAt, bench, codeOf, type Examined, reach, run, target, using} from './lab.ts';

const token = syntheticToken();
const pair = Buffer.from(`you@acme.com:${token}`).toString('base64');

/** Where in a test the hostile answer comes, by what was asked. */
const stages: Readonly<Record<string, (asked: Asked) => boolean>> = {
  look: () => true,
  'sign-in': ({headers}) => headers.authorization !== undefined,
  gateway: ({path}) => path.startsWith('/ex/'),
  permissions: ({path}) => /mypermissions|project\/search/.test(path),
  feeds: ({path, headers}) => headers.authorization !== undefined && !/myself|mypermissions|project\/search/.test(path),
};
type Stage = keyof typeof stages;

function say(saying: Saying, socket: Socket | null, bait: number): void {
  if (socket === null) return;
  if (typeof saying === 'function') saying(socket, bait);
  else socket.end(saying);
}

async function meet(
  [, , saying, endless]: Hostile,
  stage: Stage,
  bait: Served,
): Promise<Readonly<{examined: Examined; site: Served}>> {
  const atGateway = stage === 'gateway';
  const jira = cloudJira({token, accepts: atGateway ? 'nowhere' : 'site'});
  const handler: Handler = (asked, response) => {
    if (!stages[stage]?.(asked)) return jira(asked, response);
    say(saying, response.socket, bait.port);
    return undefined;
  };
  const site = await using(serve(handler, atGateway ? {tls: (await bench()).issued} : {}));
  const subject = target(atGateway ? 'https://acme.atlassian.net' : site.url, token, {connector: 'jira-feeds'});
  // Long enough to come through the earlier stages on a busy machine.
  const patience = endless === undefined ? {} : {timeoutMs: 2500};
  const examined = await run(subject, await reach({...patience, resolve: atlassianAt(site.port)}));
  return {examined, site};
}

/** What holds whatever was met. */
function sound(examined: Examined, site: Served, stage: Stage): void {
  const code = codeOf(examined);
  const exit = exitCodeOf(examined.report);
  if (code === null) expect(exit).toBe(0);
  else {
    expect(isFailureCode(code)).toBe(true);
    expect([4, 5, 7, 8, 9]).toContain(exit);
  }
  const text = JSON.stringify(examined.report);
  const kept = `${text}${inspect(examined.seen, {depth: 8, maxStringLength: null})}`;
  for (const secret of [token, pair]) expect(kept.includes(secret)).toBe(false);
  expect(text).not.toMatch(/[\u007f-\u009f]|\\u00[01][0-9a-f]|\\[bfnrt]/);
  const signed = site.requests.filter(({headers}) => headers.authorization !== undefined);
  if (stage === 'look') expect(signed).toEqual([]);
  for (const {headers, path} of signed) {
    expect(headers.authorization).toBe(`Basic ${pair}`);
    expect(path).toMatch(/^(?:\/ex\/jira\/[\w-]+)?\/rest\//);
  }
}

describe.each(corpus)('%s: %s', (code, what, saying, endless) => {
  const hostile = [code, what, saying, endless] as Hostile;
  test('at the look, and at every later stage', async () => {
    const bait = await using(serve(() => ({})));
    const names = Object.keys(stages);
    const met = await Promise.all(names.map(stage => meet(hostile, stage, bait)));
    for (const [at, stage] of names.entries()) {
      const each = met[at];
      if (each !== undefined) sound(each.examined, each.site, stage);
    }
    const [look, signIn, gateway] = met.map(({examined}) => examined.report);
    expect(look?.failure?.code, JSON.stringify(look?.failure)).toBe(code);
    // What the site says to its credential is Jira's refusal or nobody's: a broken answer refuses nothing.
    expect(signIn?.outcome, JSON.stringify(signIn?.failure)).toBe('unverified');
    expect(gateway?.outcome, JSON.stringify(gateway?.failure)).toBe('unverified');
    expect(bait.connections()).toBe(0);
  });
});

describe('what comes before or beside the request', () => {
  const early = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';
  const cases: [code: string, what: string, script: (socket: Socket) => unknown][] = [
    [
      'not-jira',
      'an answer before the request',
      socket => {
        socket.write(early);
        socket.on('data', () => socket.write(early));
      },
    ],
    ['answer-unreadable', 'a banner before the request', socket => socket.write('220 mail.acme.example ESMTP\r\n')],
    ['connection-reset', 'a reset at once', socket => socket.resetAndDestroy()],
    ['connection-reset', 'an end at once', socket => socket.end()],
  ];
  test.each(cases)('%s: %s', async (code, _what, script) => {
    const server = await using(serveRaw(script));
    const examined = await run(target(`http://localhost:${server.port}`, token), await reach());
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe(code);
  });

  test('a connection that is kept and then dead is replaced, once', async () => {
    const jira = cloudJira({token});
    const dead = new WeakSet<Socket>();
    const server = await using(
      serve((asked, response) => {
        const {socket} = response;
        if (socket !== null && dead.has(socket)) {
          socket.destroy();
          return undefined;
        }
        if (socket !== null) dead.add(socket);
        return jira(asked, response);
      }),
    );
    const examined = await run(target(server.url, token, {connector: 'jira-feeds'}), await reach());
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBeNull();
  });

  test('bytes beside an answer are not taken for the next one', async () => {
    const jira = cloudJira({token});
    const forged = '{"accountId":"forged","displayName":"Forged","active":true}';
    const server = await using(
      serve((asked, response) => {
        if (asked.path.endsWith('/serverInfo')) {
          const info = JSON.stringify({
            version: '1',
            baseUrl: 'http://localhost',
            buildNumber: 1,
            deploymentType: 'Cloud',
          });
          response.socket?.write(
            `HTTP/1.1 200 OK\r\nContent-Length: ${info.length}\r\n\r\n${info}HTTP/1.1 200 OK\r\nX-AAccountId: forged\r\nContent-Length: ${forged.length}\r\n\r\n${forged}`,
          );
          return undefined;
        }
        return jira(asked, response);
      }),
    );
    const examined = await run(target(server.url, token), await reach());
    expect(examined.report.account?.id).not.toBe('forged');
  });
});

test('the corpus is large, and no two are alike', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(100);
  expect(new Set(corpus.map(([, what]) => what)).size).toBe(corpus.length);
});
