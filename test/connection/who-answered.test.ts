/** Every verdict on an HTTP answer says who gave it, and what strangers say is never held against the credential. */
import {describe, expect, test} from 'vitest';
import {catalogue} from '../../source/diagnosis/catalogue/index.ts';
import type {Target} from '../../source/diagnosis/examination.ts';
import {cloudId, cloudJira, dataCenterJira, type JiraOptions, type Routes, syntheticToken} from '../support/jira.ts';
import {type Handler, type Reply, serve} from '../support/lab/serve.ts';
import {type Stranger, spoken, strangers} from '../support/lab/strangers.ts';
import {atlassianAt, bench, codeOf, type Examined, reach, run, target, using} from './lab.ts';

const token = syntheticToken();

/** A healthy Jira, with a stranger in front of some paths. */
const guarded =
  (jira: Handler, by: Stranger, where: (path: string, signed: boolean) => boolean): Handler =>
  (asked, response) => {
    if (!where(asked.path, asked.headers.authorization !== undefined)) return jira(asked, response);
    response.socket?.end(spoken(by));
    return undefined;
  };

async function examine(handler: Handler, site: 'cloud' | 'own', changes: Partial<Target> = {}): Promise<Examined> {
  const server = await using(serve(handler, {tls: (await bench()).issued}));
  const url = site === 'cloud' ? 'https://acme.atlassian.net' : server.url;
  return run(target(url, token, changes), await reach({resolve: atlassianAt(server.port)}));
}

const answeredBy = ({report}: Examined): string =>
  report.failure?.evidence.find(line => line.startsWith('Answered by ')) ?? '';

/** Says nothing against the credential, and says who answered. */
function blameless(examined: Examined): void {
  const code = codeOf(examined);
  expect(code).not.toBeNull();
  const shown = JSON.stringify(examined.report.failure);
  expect(examined.report.outcome, shown).toBe('unverified');
  expect(catalogue[examined.report.failure?.code ?? 'unknown-answer'].refusal, shown).toBe(false);
  expect(answeredBy(examined), shown).toMatch(/^Answered by .+: no mark of Atlassian or Jira$/);
  expect(examined.report.failure?.title).not.toMatch(/\b(?:your|this|the) (?:token|password) (?:is|has|was)\b/i);
}

describe.each(strangers)('$status by $what', stranger => {
  test('in front of everything', async () => {
    for (const site of ['cloud', 'own'] as const)
      blameless(
        await examine(
          guarded(cloudJira({token}), stranger, () => true),
          site,
        ),
      );
  });

  test('in front of what carries a credential', async () => {
    const jira = cloudJira({token});
    const cloud = await examine(
      guarded(jira, stranger, (_path, signed) => signed),
      'cloud',
    );
    blameless(cloud);
    blameless(
      await examine(
        guarded(dataCenterJira({token}), stranger, (_path, signed) => signed),
        'own',
      ),
    );
  });

  test('in front of everything after the sign-in', async () => {
    const after = (path: string, signed: boolean): boolean => signed && !path.endsWith('/myself');
    for (const connector of ['jira-software', 'jira-feeds'] as const) {
      blameless(await examine(guarded(cloudJira({token}), stranger, after), 'cloud', {connector}));
    }
  });

  test('in front of the gateway: the site’s refusal stands alone and proves nothing, and that is said', async () => {
    const at = (path: string): boolean => path.startsWith(`/ex/jira/${cloudId}`);
    const examined = await examine(guarded(cloudJira({token, accepts: 'nowhere'}), stranger, at), 'cloud');
    blameless(examined);
    const {failure} = examined.report;
    expect(failure?.step).toBe('sign-in');
    expect(failure?.title).toContain('acme.atlassian.net refused this username and token (401)');
    const told = failure?.evidence.join('\n') ?? '';
    expect(told).toMatch(/At Atlassian’s gateway: HTTP \d+/);
    expect(told).toMatch(/At the site: HTTP 401[^\n]*\nAnswered by Jira · /);
    expect(told).toContain('cannot be ruled out until the gateway answers');
    expect(failure?.checklist[0]?.action).toContain('api.atlassian.com:443');
  });
});

describe('Jira’s own refusals count in any order, case and language', () => {
  const realm = 'OAuth realm="https%3A%2F%2Facme.atlassian.net"';
  type Told = readonly [code: string, who: RegExp, what: string, site: 'cloud' | 'own', reply: Reply];
  const told: readonly Told[] = [
    [
      'credentials-rejected',
      /^Answered by Jira · X-ARequestId/,
      'German',
      'cloud',
      {
        status: 401,
        headers: {'X-AREQUESTID': 'a', SERVER: 'AtlassianEdge', 'ATL-TRACEID': '0'},
        body: 'Sie müssen sich anmelden, um auf diese Ressource zuzugreifen.',
      },
    ],
    [
      'credentials-rejected',
      /^Answered by Jira · WWW-Authenticate/,
      'Japanese, by its challenge',
      'cloud',
      {
        status: 401,
        headers: {'www-AUTHENTICATE': realm, 'content-type': 'application/json'},
        body: 'このリソースにアクセスするには認証が必要です。',
      },
    ],
    [
      'credentials-rejected',
      /^Answered by Jira Data Center · /,
      'French Data Center',
      'own',
      {
        status: 401,
        headers: {'x-seraph-LOGINREASON': 'AUTHENTICATED_FAILED', 'X-anodeid': 'n1', 'content-type': 'text/html'},
        body: '<html><head><title>Non autorisé (401)</title></head></html>',
      },
    ],
    [
      'credentials-rejected',
      /^Answered by Jira · X-Seraph/,
      'no body at all',
      'own',
      {status: 401, headers: {'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED'}},
    ],
    [
      'captcha-required',
      /^Answered by Jira/,
      'Portuguese',
      'own',
      {
        status: 403,
        headers: {'content-type': 'text/html', 'x-AUTHENTICATION-denied-reason': 'CAPTCHA_CHALLENGE; login-url=x'},
        body: '<title>Proibido (403)</title>',
      },
    ],
    [
      'sign-in-unclear',
      /^Answered by Atlassian’s edge · Server/,
      'Korean, by the edge',
      'cloud',
      {status: 403, headers: {Server: 'AtlassianEdge'}, body: '금지됨'},
    ],
    [
      'no-jira-access',
      /^Answered by Jira/,
      'English, to the account',
      'cloud',
      {
        status: 403,
        headers: {'X-ARequestId': 'a', server: 'AtlassianEdge'},
        body: {message: 'Current user not permitted to use Jira'},
      },
    ],
    [
      'rate-limited',
      /^Answered by Atlassian’s edge/,
      'Turkish',
      'cloud',
      {status: 429, headers: {'RETRY-AFTER': '9', 'atl-request-id': 'x'}, body: 'Çok fazla istek'},
    ],
  ];
  test.each(told)('%s (%s): %s', async (code, who, _what, site, reply) => {
    const routes: Routes = {
      '/rest/api/2/myself': asked =>
        asked.headers.authorization === undefined ? {status: 401, headers: {'x-arequestid': 'x'}} : reply,
    };
    const options: JiraOptions = {token, routes, accepts: 'nowhere'};
    const examined = await examine(site === 'cloud' ? cloudJira(options) : dataCenterJira(options), site);
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe(code);
    expect(answeredBy(examined)).toMatch(who);
  });

  test('the gateway is named where it judged', async () => {
    const routes: Routes = {[`/ex/jira/${cloudId}/rest/api/2/myself`]: {status: 401}};
    const jira = cloudJira({token, accepts: 'nowhere', routes});
    const handler: Handler = (asked, response) =>
      asked.path.startsWith('/ex/')
        ? {
            status: 401,
            headers: {'X-FAILURE-Category': 'FAILURE_CLIENT_SCOPE_CHECK'},
            body: {code: 401, message: 'Nicht erlaubt'},
          }
        : jira(asked, response);
    const examined = await examine(handler, 'cloud');
    expect(codeOf(examined)).toBe('token-scope-missing');
    expect(answeredBy(examined)).toMatch(/^Answered by Atlassian’s gateway · X-Failure-Category/);
  });
});

test('there are strangers of every kind that matters', () => {
  expect(strangers.length).toBeGreaterThanOrEqual(20);
  expect(new Set(strangers.map(({status}) => status))).toEqual(new Set([200, 302, 303, 307, 401, 403, 407, 511]));
});
