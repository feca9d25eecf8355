/** The built program against the servers that would eat most memory: it ends with a code, and stays small. */
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {isFailureCode} from '../../source/diagnosis/codes.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {bodies, type Hostile, sizes} from '../support/lab/hostile.ts';
import {type Handler, serve} from '../support/lab/serve.ts';
import {folder, run} from '../support/program.ts';
import {using} from './lab.ts';

const token = syntheticToken();
const limitMiB = 150;
const place = folder();
afterAll(() => place.remove());

/** Told by the program's own process as it ends: getrusage counts the most it ever had. */
const weigh = `data:text/javascript,${encodeURIComponent(
  "import {writeFileSync} from 'node:fs'; process.on('exit', () => writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)));",
)}`;

const worst = [...sizes, ...bodies].filter(([, what]) =>
  /a body without|one-byte|headers without|cookies|bomb|900 kB|deep arrays|title has no end/.test(what),
);

test.each(worst)('%s: %s', async (_code, what, say) => {
  const hostile = say as Hostile[2];
  const jira = cloudJira({token});
  // Where seven questions are asked at once, and at the first look.
  for (const everywhere of [true, false]) {
    const handler: Handler = (asked, response) => {
      const signed = asked.headers.authorization !== undefined && !asked.path.endsWith('/myself');
      if (!(everywhere || signed)) return jira(asked, response);
      if (response.socket !== null && typeof hostile === 'function') hostile(response.socket, 1);
      else if (typeof hostile !== 'function') response.socket?.end(hostile);
      return undefined;
    };
    const server = await using(serve(handler));
    const peak = join(place.path, 'peak');
    const file = join(place.path, 'token');
    writeFileSync(file, token);
    const args = ['test', '--url', server.url, '--username', 'you@acme.com', '--token-file', file];
    const ended = await run([...args, '--connector', 'jira-feeds', '--json', '--timeout', '20'], {
      node: ['--import', weigh],
      env: {PEAK_FILE: peak, JIRAKEY_STORE: join(place.path, 'store')},
    });
    const report = JSON.parse(ended.stdout);
    expect(report.failure === null || isFailureCode(report.failure.code), ended.stdout + ended.stderr).toBe(true);
    expect(ended.code, ended.stderr).not.toBe(1);
    expect(Number(readFileSync(peak, 'utf8')) / 1024, `${what}, MiB`).toBeLessThan(limitMiB);
  }
});
