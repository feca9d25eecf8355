/** `jirakey practice`: everything against the embedded practice Jira, with a store of its own. */
import {summaryOf} from '../diagnosis/explain.ts';
import {exit} from '../domain/exit.ts';
import {UsageFault} from '../domain/fault.ts';
import {Secret} from '../domain/secret.ts';
import {practiceFaults, scenarios, unplayable} from '../practice/scenarios.ts';
import {freshTarget, isVerdict, printReport, siteOf, tryOut} from './connection-test/connection-test.ts';
import {type PracticeSetting, settle} from './connection-test/practice-setting.ts';
import type {Context, Run} from './context.ts';
import {codeNamed} from './explain.ts';
import type {Options} from './line/options.ts';
import {pageOf} from './output/page.ts';
import {interruptedCode} from './output/report-error.ts';

export const run: Run = async context => {
  const {options, world} = context;
  if (options.list) return listFaults(context);
  if (options.serve && options['no-input']) throw new UsageFault('--serve never asks for input; remove --no-input.');
  const fault = options.fault === undefined ? null : codeNamed(options.fault);
  const {canAsk} = await import('./output/prompt.ts');
  const alone = options['no-input'] === true || options.json === true || !canAsk(world);
  const {startPractice} = await import('../practice/practice.ts');
  const port = portOf(options);
  const setting = await settle(await startPractice({fault, now: world.now, port}), context);
  try {
    if (options.serve) return await serve(setting);
    if (alone) return await rehearse(setting);
    const {assist} = await import('./assistant-host/assist.ts');
    return await assist(setting.context, {practice: setting});
  } finally {
    await setting.end();
  }
};

/** @throws UsageFault */
function portOf({port, serve}: Options): number {
  if (port === undefined) return 0;
  if (serve !== true) throw new UsageFault('--port goes with --serve.');
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) throw new UsageFault('--port takes a port from 1 to 65535.');
  return number;
}

function listFaults(context: Context): number {
  const {options, world, printer} = context;
  if (options.json) {
    const faults = practiceFaults.map(code => ({code, title: summaryOf(code).title}));
    printer.json({schemaVersion: 1, faults});
    return exit.done;
  }
  const left = Math.max(...practiceFaults.map(code => code.length));
  const {width} = pageOf(world.stdout, world);
  const row = (code: string, text: string): string =>
    width >= left + 36 ? `${code.padEnd(left)}  ${text}` : `${code}\n    ${text}`;
  printer.result(
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
async function rehearse({practice, context, reach}: PracticeSetting): Promise<number> {
  const {options, printer} = context;
  if (!options.json) printer.note(`Practice Jira at ${practice.url}: ${practice.story}`);
  const subject = {name: null, connector: 'jira-software', url: practice.url, username: practice.username} as const;
  const site = siteOf(subject, context);
  if (isVerdict(site)) throw new Error('the practice Jira has an unusable address');
  const target = freshTarget({subject, site, token: new Secret(practice.token), expiresAt: practice.expiresAt});
  const {report, code} = await tryOut(target, reach, context);
  printReport(report, context);
  return code;
}

/** Keeps the practice Jira running until a signal ends it. */
async function serve({practice, context, caFile}: PracticeSetting): Promise<number> {
  const {options, world, printer} = context;
  const {url, username, token, fault, expiresAt, proxy} = practice;
  if (options.json) {
    const document = {schemaVersion: 1, url, username, token, caFile, expiresAt, fault, proxy};
    printer.handOut(JSON.stringify(document, null, 2));
  } else {
    printer.handOut(
      [`URL       ${url}`, `Username  ${username}`, `Token     ${token}`, `CA file   ${caFile}`].join('\n'),
    );
    if (proxy !== null) printer.handOut(`Proxy     ${proxy}`);
    const command = context.commandLine('test', {options: ['--url', url, '--username', username]});
    printer.note(
      `${practice.story}\nThe token is made up and opens nothing else. In another terminal:\n${command}\nCtrl-C ends it.`,
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
