/** `test --watch`: again until it passes, one line a try, and never where another try could do harm. */
import {afterEach, describe, expect, it} from 'vitest';
import {retryBlocker} from '../../../source/diagnosis/retry.ts';
import {program} from '../../support/build.ts';
import {cloudJira, dataCenterJira, syntheticPat} from '../../support/jira.ts';
import {type Handler, type Served, serve} from '../../support/lab/serve.ts';
import {startInPty, stopPtys} from '../../support/terminal/pty.ts';
import {bench, username} from '../bench.ts';

const {token, jirakey, directory} = bench();
const given = {JIRA_API_TOKEN: token};
const servers: Served[] = [];
afterEach(async () => {
  await stopPtys();
  await Promise.all(servers.splice(0).map(server => server.close()));
});

async function jira(handler: Handler): Promise<Served> {
  const served = await serve(handler);
  servers.push(served);
  return served;
}

const adHoc = (url: string, ...more: string[]): string[] => ['test', '--url', url, '--username', username, ...more];
const signIns = ({requests}: Served): number =>
  requests.filter(({headers}) => headers.authorization !== undefined).length;

/** Refuses the first tries with this answer, then is healthy. */
function downFor(tries: number, answer: ReturnType<Handler>): Handler {
  const healthy = cloudJira({username, token});
  let looks = 0;
  return (asked, response) => {
    if (asked.path === '/rest/api/2/serverInfo') looks += 1;
    return looks > tries ? healthy(asked, response) : answer;
  };
}

const unavailable = {status: 503, headers: {server: 'AtlassianEdge'}, body: 'down'};

describe('jirakey test --watch', () => {
  it('tells each try in one line, counted, with the time since the first', async () => {
    const {url} = await jira(downFor(2, unavailable));
    let clock = Date.parse('2026-11-23T02:00:15Z');
    const now = () => {
      clock += 1000;
      return new Date(clock);
    };
    const {code, stderr} = await jirakey(adHoc(url, '--watch', '1', '--json'), {env: given, now});
    expect(code).toBe(0);
    const [first, second, third, ...rest] = stderr.trim().split('\n').slice(-3);
    expect(rest).toEqual([]);
    expect(first).toMatch(/^Not yet: .*\. Again in 1 s; Ctrl-C leaves\.$/);
    expect(second).toMatch(/^Not yet: still site-unavailable\. 2nd try, \d+ s since the first\. Again in 1 s;/);
    expect(third).toMatch(/^Passed: 3rd try, \d+ s since the first \(02:00:\d\d UTC\)\.$/);
  });

  it('leaves the site alone as long as it asks', async () => {
    const limited = {status: 429, headers: {server: 'AtlassianEdge', 'retry-after': '2'}, body: ''};
    const {url} = await jira(downFor(1, limited));
    const {code, stderr} = await jirakey(adHoc(url, '--watch', '1', '--json'), {env: given});
    expect(code).toBe(0);
    expect(stderr).toContain('Again in 2 s');
  });

  it.each([
    ['Cloud', cloudJira({username, token, accepts: 'nowhere'})],
    ['Data Center', dataCenterJira({username, token, accepts: 'nowhere'})],
  ])('ends at a refused Basic sign-in (%s): each further one could lock the account', async (_, handler) => {
    const served = await jira(handler);
    const {code, stderr} = await jirakey(adHoc(served.url, '--watch', '1'), {env: given});
    expect(code).toBe(4);
    expect(stderr).toContain('Repeated sign-ins could lock the account, so watching ends here.');
    expect(stderr).not.toContain('Again in');
    expect(signIns(served)).toBeLessThanOrEqual(3);
    expect(served.requests.filter(({path}) => path === '/rest/api/2/serverInfo')).toHaveLength(1);
  });

  it('ends there also when the failure has another name in the end', async () => {
    // The sign-in is refused by Basic and taken as Bearer; then a later step fails. Each try would be one more refusal.
    const pat = syntheticPat();
    const healthy = dataCenterJira({username, token: pat, scheme: 'bearer'});
    const none = {body: {permissions: {BROWSE_PROJECTS: {key: 'BROWSE_PROJECTS', havePermission: false}}}};
    const served = await jira((asked, response) =>
      asked.path === '/rest/api/2/mypermissions' ? none : healthy(asked, response),
    );
    const {code, stdout} = await jirakey(adHoc(served.url, '--watch', '1', '--json'), {env: {JIRA_API_TOKEN: pat}});
    expect(code).toBe(5);
    expect(JSON.parse(stdout).failure.code).toBe('permission-missing');
    expect(served.requests.filter(({path}) => path === '/rest/api/2/serverInfo')).toHaveLength(1);
  });

  it('in a terminal: no live steps between the lines; Ctrl-C leaves with 130', async () => {
    const {url} = await jira(() => unavailable);
    const pty = startInPty(process.execPath, [program, ...adHoc(url, '--watch', '1')], {
      env: {...given, JIRAKEY_STORE: directory(), HOME: directory()},
      columns: 100,
    });
    await pty.waitFor('3rd try');
    const lines = pty.scrollback().filter(line => line.trim() !== '');
    expect(lines.filter(line => /Not yet:/.test(line)).length).toBeGreaterThanOrEqual(3);
    expect(lines.filter(line => /^. (dns|connect|site) /.test(line))).toEqual([]);
    pty.write('\u0003');
    expect((await pty.exited).code).toBe(130);
  });
});

describe('whether the same test may be run again by itself', () => {
  it('not where nothing was sent', () => {
    const report = {site: {deployment: null}, failure: {code: 'url-invalid', step: 'site'}};
    expect(retryBlocker(report as Parameters<typeof retryBlocker>[0], [])).toContain('does not change by waiting');
  });
});
