// The connection test over a slow link: against the fewest round trips its evidence needs, and against curl asking the same.
import {once} from 'node:events';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {Agent, get} from 'node:https';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {bundled} from './bundled.mjs';
import {inTurn, row, timed, timeOf} from './measure.mjs';
import {servePractice} from './practice.mjs';
import {slowLink} from './slow-link.mjs';

const roundTrip = 200;
const runs = 5;
const look = '/rest/api/2/serverInfo';
const signIn = '/rest/api/2/myself';
const projects = '/rest/api/3/project/search?maxResults=1';
const permission = key => `/rest/api/2/mypermissions?permissions=${key}`;

export async function roundTrips() {
  const folder = await mkdtemp(join(tmpdir(), 'jirakey-bench-'));
  const practice = await servePractice(folder);
  const link = await slowLink(new URL(practice.url).port, roundTrip);
  try {
    const url = `https://localhost:${link.port}`;
    const ca = await readFile(practice.caFile, 'utf8');
    const examine = await examination(folder);
    const lines = [];
    for (const [connector, asked] of [
      ['jira-software', [look, signIn, projects]],
      ['jira-feeds', [look, signIn, projects, '/rest/api/3/project/ABC/versions']],
    ]) {
      const [ours, fewest] = await inTurn(
        () => timed(() => examine({...practice, url, ca, connector})),
        () => timed(() => oneAfterAnother(url, ca, practice, asked)),
        runs,
      );
      const basis = `TCP + TLS + ${asked.length} requests at ${roundTrip} ms (goal 1.15)`;
      lines.push(row(`connection test, ${connector}`, ours, basis, ours / fewest));
    }
    lines.push(await besideCurl(folder, url, practice));
    return lines;
  } finally {
    link.close();
    practice.child.kill();
    await rm(folder, {recursive: true, force: true});
  }
}

/** The practice Jira in a process of its own, so that its work does not slow the one that is measured. */
/** `examine` of the connection module, without the start of the program around it. */
async function examination(folder) {
  const {examine, parseSite, Secret} = await bundled(
    folder,
    'connection',
    "export {examine} from './source/connection/examine.ts'; export {parseSite} from './source/domain/site.ts'; export {Secret} from './source/domain/secret.ts';",
  );
  return async ({url, username, token, ca, connector}) => {
    const target = {
      connector,
      name: null,
      site: parseSite(url).site,
      username,
      token: new Secret(token),
      scheme: 'basic',
      route: 'site',
      cloudId: null,
      expiresAt: null,
      tokenKind: 'atlassian-user',
    };
    const given = {
      proxy: 'none',
      authorities: {certificates: [ca], from: 'bench'},
      caOnly: false,
      addresses: null,
      timeoutSeconds: 30,
    };
    const steps = examine(target, {env: {}, given, now: () => new Date()}, new AbortController().signal);
    for (;;) {
      const {done, value} = await steps.next();
      if (!done) continue;
      if (value.report.outcome !== 'passed') throw new Error(JSON.stringify(value.report, null, 2));
      return value;
    }
  };
}

const basic = ({username, token}) => `Basic ${Buffer.from(`${username}:${token}`).toString('base64')}`;

/** One connection, one question after the other: what nothing that needs these answers in this order can undercut. */
async function oneAfterAnother(url, ca, practice, paths) {
  const agent = new Agent({keepAlive: true, maxSockets: 1, ca});
  try {
    for (const path of paths) {
      const headers = path === look ? {} : {authorization: basic(practice)};
      const [response] = await once(get(`${url}${path}`, {agent, headers}), 'response');
      await response.resume().toArray();
    }
  } finally {
    agent.destroy();
  }
}

/** Whole processes: ours with its start, curl with one connection kept and the token out of its command line. */
async function besideCurl(folder, url, {username, token, caFile}) {
  const tokenFile = join(folder, 'token');
  const config = join(folder, 'curl');
  await writeFile(tokenFile, token, {mode: 0o600});
  const signedIn = [
    signIn,
    projects,
    ...['BROWSE_PROJECTS', 'VIEW_DEV_TOOLS', 'VIEW_READONLY_WORKFLOW'].map(permission),
  ];
  const asked = path => `url = "${url}${path}"\noutput = "/dev/null"\ncacert = "${caFile}"\nfail\nsilent\n`;
  const all = [asked(look), ...signedIn.map(path => `${asked(path)}user = "${username}:${token}"\n`)].join('next\n');
  await writeFile(config, all, {mode: 0o600});
  const test = ['dist/jirakey.js', 'test', '--url', url, '--username', username];
  const options = ['--token-file', tokenFile, '--ca-file', caFile, '--json'];
  const [ours, curl] = await inTurn(
    () => timeOf(process.execPath, [...test, ...options]),
    () => timeOf('curl', ['--disable', '--config', config]),
    runs,
  );
  return row('jirakey test, with the start of Node', ours, 'curl asking the same, one after another', ours / curl);
}
