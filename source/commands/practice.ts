/** `jirakey practice`: everything against the embedded practice Jira, with a store of its own. */
import {mkdir, writeFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import type {Reach} from '../connection/reach.ts';
import {summaryOf} from '../diagnosis/explain.ts';
import {exit} from '../domain/exit.ts';
import {UsageFault} from '../domain/fault.ts';
import {Secret} from '../domain/secret.ts';
import {shellWord} from '../domain/shell.ts';
import type {Practice} from '../practice/practice.ts';
import {practiceFaults, scenarios, unplayable} from '../practice/scenarios.ts';
import {homeFolder} from '../store/home-folder.ts';
import type {World} from '../world.ts';
import {codeNamed} from './explain.ts';
import type {Options} from './line/options.ts';
import type {Run} from './run.ts';
import {pageOf} from './speech/page.ts';
import {interruptedCode} from './speech/tell.ts';
import {type Voice, voiceOf} from './speech/voice.ts';
import {reachOf} from './trial/reach.ts';
import {freshTarget, isVerdict, printReport, siteOf, tryOut} from './trial/trial.ts';

/** Never the folder of the real credentials, unless it is named. */
export function practiceDirectory(options: Options, env: World['env']): string {
  if (options.store !== undefined) return resolve(options.store);
  if ((env.JIRAKEY_STORE ?? '') !== '') return `${resolve(env.JIRAKEY_STORE ?? '')}-practice`;
  const state = env.XDG_STATE_HOME ?? '';
  return join(state.startsWith('/') ? state : join(homeFolder(env), '.local', 'state'), 'jirakey-practice');
}

/** What a connection needs to reach the practice Jira: its authority is trusted for this run, proxies are left alone. */
export function practiceReach(practice: Practice, options: Options, world: World): Reach {
  const usual = reachOf(options, world);
  return {
    ...usual,
    extraCa: [practice.caPem],
    proxy: practice.proxy ?? '',
    timeoutMs: practice.timeoutMs ?? usual.timeoutMs,
    resolve: [...practice.resolve, ...usual.resolve],
  };
}

export const run: Run = async ({options}, world) => {
  const voice = voiceOf(world, options);
  if (options.list) return listFaults(options, world, voice);
  if (options.serve && options['no-input']) throw new UsageFault('--serve asks nothing anyway; leave --no-input away.');
  const fault = options.fault === undefined ? null : codeNamed(options.fault);
  const {canAsk} = await import('./speech/ask.ts');
  const alone = options['no-input'] === true || options.json === true || !canAsk(world);
  const {startPractice} = await import('../practice/practice.ts');
  const practice = await startPractice({fault, now: world.now});
  try {
    if (options.serve) return await serve(practice, options, world, voice);
    if (alone) return await rehearse(practice, options, world, voice);
    const {assist} = await import('./trial/assist.ts');
    return await assist(options, world, practice);
  } finally {
    await practice.stop();
  }
};

function listFaults(options: Options, world: World, voice: Voice): number {
  if (options.json) {
    const faults = practiceFaults.map(code => ({code, title: summaryOf(code).title}));
    voice.json({schemaVersion: 1, faults});
    return exit.done;
  }
  const left = Math.max(...practiceFaults.map(code => code.length));
  const {width} = pageOf(world.stdout, world);
  const row = (code: string, text: string): string =>
    width >= left + 36 ? `${code.padEnd(left)}  ${text}` : `${code}\n    ${text}`;
  voice.result(
    [
      ...scenarios.map(({code, story}) => row(code, story)),
      '',
      'No server can play these; here is how to see them:',
      ...Object.entries(unplayable).map(([code, reason]) => row(code, reason)),
      '',
      'Rehearse one: jirakey practice --fault CODE',
    ].join('\n'),
  );
  return exit.done;
}

/** The connection test against the practice Jira, without a question. */
async function rehearse(practice: Practice, options: Options, world: World, voice: Voice): Promise<number> {
  if (!options.json) voice.note(`Practice Jira at ${practice.url}: ${practice.story}`);
  const subject = {name: null, connector: 'jira-software', url: practice.url, username: practice.username} as const;
  const site = siteOf(subject, world, voice);
  if (isVerdict(site)) throw new Error('the practice Jira has an unusable address');
  const target = freshTarget({subject, site, token: new Secret(practice.token), expiresAt: practice.expiresAt});
  const {report, code} = await tryOut(target, practiceReach(practice, options, world), world, voice);
  printReport(report, options, world, voice);
  return code;
}

/** Keeps the practice Jira running until a signal ends it. */
async function serve(practice: Practice, options: Options, world: World, voice: Voice): Promise<number> {
  const directory = practiceDirectory(options, world.env);
  await mkdir(directory, {recursive: true, mode: 0o700});
  const caFile = join(directory, 'practice-ca.pem');
  await writeFile(caFile, practice.caPem, {mode: 0o600});
  const {url, username, token, fault, expiresAt, proxy} = practice;
  if (options.json) voice.json({schemaVersion: 1, url, username, token, caFile, expiresAt, fault, proxy});
  else {
    voice.result([`URL       ${url}`, `Username  ${username}`, `Token     ${token}`, `CA file   ${caFile}`].join('\n'));
    if (proxy !== null) voice.result(`Proxy     ${proxy}`);
    const command = [
      'jirakey test',
      `--url ${url}`,
      `--username ${username}`,
      `--ca-file ${shellWord(caFile)}`,
      ...(proxy === null ? [] : [`--proxy ${proxy}`]),
    ];
    voice.note(
      `${practice.story}\nThe token is made up and opens nothing else. In another terminal:\n${command.join(' ')}\nCtrl-C ends it.`,
    );
  }
  await aborted(world.interrupted);
  return interruptedCode(world);
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise(done => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), {once: true});
  });
