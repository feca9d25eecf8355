/** Each field of Jira's answers in every wrong type: the test ends with a code or a pass, never with a crash. */
import {describe, expect, test} from 'vitest';
import {isFailureCode} from '../../source/diagnosis/codes.ts';
import {exitCodeOf} from '../../source/diagnosis/diagnose.ts';
import {reportJson, reportText} from '../../source/diagnosis/report-text.ts';
import {cloudJira, dataCenterJira, syntheticPat, syntheticToken} from '../support/jira.ts';
import {type Handler, type Reply, serve} from '../support/lab/serve.ts';
import {codeOf, reach, run, target, using} from './lab.ts';

/** As JSON text, for some of them no JavaScript value has a form of its own. */
const wrong: readonly (readonly [what: string, json: string])[] = [
  ['null', 'null'],
  ['zero', '0'],
  ['infinity', '1e999'],
  ['an escape', '"\\u001b]0;x\\u0007"'],
  ['a list of lists', '[[[]],null]'],
  ['an object that cannot be text', '{"toString":null,"valueOf":1}'],
  ['__proto__', '{"__proto__":{"accountId":"x","active":true,"displayName":"x"}}'],
];

const marker = 'MARKER-OF-THIS-TEST';

/** The value itself, and every value inside it. */
function places(value: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, each]) => places(each, [...at, key]))];
}

/** The JSON of a value with one place in it replaced. */
function replaced(value: unknown, at: readonly (string | number)[], json: string): string {
  if (at.length === 0) return json;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  let inner = copy;
  for (const key of at.slice(0, -1)) inner = inner[key] as Record<string | number, unknown>;
  inner[at.at(-1) ?? ''] = marker;
  return JSON.stringify(copy).replace(JSON.stringify(marker), () => json);
}

type Kind = Readonly<{
  jira: Handler;
  token: string;
  username: string;
  scheme: 'basic' | 'bearer';
  paths: readonly string[];
}>;
const cloudToken = syntheticToken();
const pat = syntheticPat();
const kinds: Readonly<Record<string, Kind>> = {
  cloud: {
    jira: cloudJira({token: cloudToken}),
    token: cloudToken,
    username: 'you@acme.com',
    scheme: 'basic',
    paths: [
      'serverInfo',
      'myself',
      'mypermissions',
      'project/search',
      'search/jql',
      'users/search',
      'versions',
      'board',
      'sprint',
    ],
  },
  'data center': {
    jira: dataCenterJira({token: pat, scheme: 'bearer'}),
    token: pat,
    username: 'you',
    scheme: 'bearer',
    paths: ['serverInfo', 'myself', 'mypermissions', 'pat/latest/tokens', '2/project', '2/search', 'board'],
  },
};

describe.each(Object.keys(kinds))('%s', name => {
  const kind = kinds[name] as Kind;
  test.each(kind.paths)('%s', async path => {
    let body: unknown;
    let mutate: ((reply: Reply) => Reply) | null = null;
    const server = await using(
      serve((asked, response) => {
        const reply = kind.jira(asked, response);
        if (reply === undefined || !asked.path.endsWith(path)) return reply;
        // The healthy answer is kept from the first, unchanged, run. Of two permissions the first is enough.
        body ??= reply.status === 200 || reply.status === undefined ? reply.body : undefined;
        return mutate === null ? reply : mutate(reply);
      }),
    );
    const subject = target(server.url, kind.token, {
      username: kind.username,
      scheme: kind.scheme,
      connector: /serverInfo|myself|mypermissions|tokens|2.project$|project.search/.test(path)
        ? 'jira-software'
        : 'jira-feeds',
    });
    const through = await reach();
    const healthy = await run(subject, through);
    expect(codeOf(healthy), JSON.stringify(healthy.report.failure)).toBeNull();
    expect(body).toBeDefined();
    for (const at of places(body)) {
      for (const [what, json] of wrong) {
        mutate = reply => ({
          ...reply,
          headers: {...reply.headers, 'content-type': 'application/json'},
          body: replaced(body, at, json),
        });
        const examined = await run(subject, through);
        const where = `${path} ${at.join('.')}: ${what}`;
        const code = codeOf(examined);
        expect(code === null || isFailureCode(code), where).toBe(true);
        expect([0, 4, 5, 9], where).toContain(exitCodeOf(examined.report));
        expect(reportText(examined.report, {width: 80, unicode: true}), where).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|undefined|\[object/,
        );
        expect(JSON.parse(reportJson(examined.report)), where).toMatchObject({schemaVersion: 1});
      }
    }
  });
});
