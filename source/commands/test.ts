/** `jirakey test`: what is tested, and what is printed. How one test runs: `connection-test/`. */

import type {Reach} from '../connection/reach.ts';
import type {Target} from '../diagnosis/examination.ts';
import type {Monitored} from '../diagnosis/monitored.ts';
import type {Report} from '../diagnosis/test-report.ts';
import {clean} from '../domain/clean.ts';
import {labels, type SavedCredential} from '../domain/credential.ts';
import {exit} from '../domain/exit.ts';
import {NothingThere, StoreFault, UsageFault} from '../domain/fault.ts';
import {lintToken} from '../domain/token.ts';
import {checkUsername} from '../domain/username.ts';
import {documentOf, mostSevere} from './connection-test/all-tests.ts';
import {
  freshTarget,
  isVerdict,
  printReport,
  siteOf,
  tryOut,
  type Verdict,
  verdictOf,
} from './connection-test/connection-test.ts';
import {failureOf, isObstacle, nothingSaved, type Subject, unbegun} from './connection-test/failures.ts';
import {lastTestsIn} from './connection-test/last-tests.ts';
import {monitored, monitorOf} from './connection-test/monitor.ts';
import {reachOf} from './connection-test/reach-options.ts';
import {keepLearnt, keepReport, noteTests} from './connection-test/record-result.ts';
import {sideBySide} from './connection-test/side-by-side.ts';
import {intervalOf, watch} from './connection-test/watch.ts';
import type {Context, Run} from './context.ts';
import {connectorOf, type Options} from './line/options.ts';
import type {Printer} from './output/printer.ts';
import {findSaved, howToBegin, openSaved, type Unlocking, unlockStore} from './saved/saved.ts';
import {checkSources, type GivenToken, namedSource, readToken, sourceHint} from './secrets/secrets.ts';

/** One thing to test, again and again if need be: passphrase and token are read once. */
type Test = Readonly<{subject: Subject; once: () => Promise<Verdict>}>;

/** Of a saved credential: its two halves as well, where many are asked at once and noted in one write. */
type SavedTest = Test & Readonly<{ask: () => Promise<Verdict>; keep: (verdict: Verdict) => Promise<void>}>;

/** Everything a test needs besides its subject. */
type Kit = Context &
  Readonly<{
    reach: Reach;
    /** Steps are told as they come; not while watching, where each try is one line. */
    live: boolean;
  }>;

export const run: Run = async context => {
  const {args, options, world, printer} = context;
  const interval = intervalOf(options.watch);
  const subject = namedSubject(args[0], options);
  const reach = reachOf(context);
  const monitor = monitorOf(options);
  const kit: Kit = {...context, reach, live: interval === null && monitor === null};
  checkSources(options);
  checkTogether(args[0], options);
  if (monitor !== null) return monitored(monitor, () => testForMonitor(args[0], kit), kit);
  if (options.all) return testAll(kit);
  const begun = async (): Promise<Verdict> => {
    const test =
      options.url === undefined && options.username === undefined
        ? await savedTest(args[0], kit)
        : await adHoc(subject, kit);
    return interval === null ? test.once() : watch(test.once, {...interval, world, printer});
  };
  const verdict = await orVerdict(begun, subject, kit);
  print(verdict.report, kit);
  return verdict.code;
};

/** With --quiet a test says nothing when all is well: cron mails whatever is printed. */
function print(report: Report, kit: Kit): void {
  const {options, live} = kit;
  const well = report.outcome === 'passed' && report.warnings.length === 0;
  if (options.quiet !== true || options.json === true || !well) printReport(report, kit, live);
}

function checkTogether(name: string | undefined, options: Options): void {
  const adHocGiven = options.url !== undefined || options.username !== undefined;
  if (name !== undefined && adHocGiven) {
    throw new UsageFault(
      'NAME tests a saved credential, --url and --username values of your own: give one or the other.',
    );
  }
  if (adHocGiven && options.remember !== undefined) {
    throw new UsageFault('--remember goes with a saved credential; with --url and --username nothing is unlocked.');
  }
  if (options.all && (name !== undefined || adHocGiven)) {
    throw new UsageFault('--all tests every saved credential; leave NAME, --url and --username away.');
  }
  if (options.all && options.watch !== undefined) throw new UsageFault('--watch watches one credential, not --all.');
  const source = namedSource('token', options);
  if (source !== null && !adHocGiven) {
    throw new UsageFault(`--${source} goes with --url and --username; a saved credential has its own token.`);
  }
}

const namedSubject = (name: string | undefined, options: Options): Subject => ({
  name: name ?? null,
  connector: connectorOf(options) ?? 'jira-software',
  url: options.url ?? '',
  username: options.username ?? '',
});

/** @throws UsageFault that names everything missing at once */
async function adHoc(subject: Subject, kit: Kit): Promise<Test> {
  const {options, world, printer, reach, live} = kit;
  if (options.url === undefined) throw missing(options, null);
  const site = siteOf(subject, kit);
  if (isVerdict(site)) return {subject, once: async () => site};
  const given = (await readToken(kit)) ?? (await askedToken(kit));
  const username = options.username ?? given?.username ?? '';
  tellOtherAccount(given, kit);
  if (given === null || username === '') throw missing({...options, ...(username === '' ? {} : {username})}, given);
  const whole = {...subject, url: site.url, username: usableUsername(username, printer)};
  const target = freshTarget({subject: whole, site, token: given.token, expiresAt: null});
  const kept = lastTestsIn((await kit.openStore()).directory, world);
  const once = async (): Promise<Verdict> => {
    const verdict = await tryOut(target, reach, kit, live);
    await keepReport(kept, verdict, null, [given.token]);
    return verdict;
  };
  return {subject: whole, once};
}

/** A pair pasted as the token names its account; another one than asked for is the commonest cause of a refusal. */
function tellOtherAccount(given: GivenToken | null, context: Context): void {
  const {options, printer} = context;
  const came = given?.username ?? null;
  if (came === null || options.username === undefined || came.toLowerCase() === options.username.trim().toLowerCase())
    return;
  printer.note(
    `Warning: the token came with the username ${clean(came, 120)}, and --username is ${clean(options.username, 120)}: the test uses the latter.`,
  );
}

/** Whether it must be an e-mail is judged later, where a refusal has a code of its own. @throws UsageFault */
function usableUsername(text: string, printer: Printer): string {
  const checked = checkUsername(text, null);
  if (!checked.ok) throw new UsageFault(`${labels.username}: ${checked.reason}`);
  for (const said of checked.changes) printer.note(`${labels.username}: ${said}`);
  return checked.username;
}

async function askedToken(kit: Kit): Promise<GivenToken | null> {
  const {askToken, canAsk} = await import('./output/prompt.ts');
  return canAsk(kit.world) && kit.options.username !== undefined ? askToken(kit) : null;
}

function missing(options: Options, given: GivenToken | null): UsageFault {
  const hints = [
    ...(options.url === undefined ? ['site: --url URL'] : []),
    ...(options.username === undefined ? ['username: --username U'] : []),
    ...(given === null ? [sourceHint('token')] : []),
  ];
  return new UsageFault('a test without a saved credential needs more input:', hints);
}

/** The credential named, or the only one there is. @throws NothingThere, UsageFault */
function pick(name: string | undefined, credentials: readonly SavedCredential[], kit: Kit): SavedCredential {
  if (name !== undefined) return findSaved(credentials, name);
  const [only, ...others] = credentials;
  if (only === undefined) throw nothingToTest(kit);
  if (others.length > 0) {
    throw new UsageFault('several credentials are saved: name one, or test them with --all.', [
      `Saved: ${credentials.map(one => one.name).join(', ')}`,
    ]);
  }
  return only;
}

const subjectOf = ({name, connector, url, username}: SavedCredential, options: Options): Subject => ({
  name,
  connector: connectorOf(options) ?? connector,
  url,
  username,
  saved: true,
});

async function savedTest(name: string | undefined, kit: Kit): Promise<Test> {
  const {credentials} = await (await kit.openStore()).read();
  return testOf(pick(name, credentials, kit), kit);
}

/** The passphrase is read when the test is made; its faults are the test's result, with the credential named. */
async function testOf(saved: SavedCredential, kit: Kit, known: Unlocking | null = null): Promise<SavedTest> {
  const {options, world, reach, live} = kit;
  const subject = subjectOf(saved, options);
  const opened = await orVerdict(() => openSaved(saved, kit, known), subject, kit);
  const ended = (verdict: Verdict): SavedTest => ({
    subject,
    ask: async () => verdict,
    keep: async () => {},
    once: async () => verdict,
  });
  if (isVerdict(opened)) return ended(opened);
  const {content, passphrase} = opened;
  const site = siteOf(subject, kit);
  if (isVerdict(site)) return ended(site);
  const target: Target = {
    ...content,
    saved: true,
    connector: subject.connector,
    site,
    token: opened.token,
    tokenKind: lintToken(opened.token.reveal()).kind,
  };
  const store = await kit.openStore();
  const kept = lastTestsIn(store.directory, world);
  const ask = async (): Promise<Verdict> => tryOut(target, reach, kit, live, await kept.passedBy(saved.name));
  const keep = async (verdict: Verdict): Promise<void> => {
    await keepLearnt({store, saved, opened, verdict}, kit);
    await keepReport(kept, verdict, saved.name, passphrase === null ? [opened.token] : [opened.token, passphrase]);
  };
  const once = async (): Promise<Verdict> => {
    const verdict = await ask();
    await noteTests(store, [{saved, verdict}], kit);
    await keep(verdict);
    return verdict;
  };
  return {subject, ask, keep, once};
}

/**
 * What the store refuses is a result with its code. So is everything else that could not begin where a document is
 * due; a person is told the cause alone, without eight steps that did not run.
 */
async function orVerdict<T>(work: () => Promise<T>, subject: Subject, context: Context): Promise<T | Verdict> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreFault || (context.options.json === true && isObstacle(error)))
      return verdictOf(unbegun(subject, failureOf(error, context, subject), 'not run'));
    if (error instanceof NothingThere && context.options.json === true)
      return verdictOf(unbegun(subject, nothingSaved(error, context), 'not run'));
    throw error;
  }
}

const isShut = ({report}: Verdict): boolean => report.failure?.code === 'passphrase-wrong';

type Tested = Readonly<{saved: SavedCredential; verdict: Verdict}>;

/**
 * Side by side, handed out in their order. What they brought is kept at the end, also where only some were waited for.
 * @param credentials the store's, at least one
 */
async function* testEach(credentials: readonly SavedCredential[], kit: Kit): AsyncGenerator<Tested> {
  const store = await kit.openStore();
  const quiet: Kit = {...kit, live: false};
  const unlocking = await orFault(() => unlockStore(kit));
  const tests: SavedTest[] = [];
  for (const saved of credentials) tests.push(await testWith(unlocking, saved, quiet));
  const asking = sideBySide(tests, {
    site: ({subject}) => (URL.canParse(subject.url) ? new URL(subject.url).origin : subject.url),
    run: test => test.ask(),
  });
  const done: Tested[] = [];
  try {
    for (const [at, saved] of credentials.entries()) {
      const verdict = await asking[at];
      if (verdict === undefined) continue;
      done.push({saved, verdict});
      yield {saved, verdict};
    }
  } finally {
    await noteTests(
      store,
      done.filter(({verdict}) => verdict.examination !== null),
      kit,
    );
    for (const [at, {verdict}] of done.entries()) await tests[at]?.keep(verdict);
  }
}

async function testForMonitor(name: string | undefined, kit: Kit): Promise<readonly Monitored[]> {
  const {credentials} = await (await kit.openStore()).read();
  if (credentials.length === 0) throw nothingToTest(kit);
  const tests: Monitored[] = [];
  for await (const {saved, verdict} of testEach(kit.options.all ? credentials : [pick(name, credentials, kit)], kit)) {
    const {report, code, examination} = verdict;
    tests.push({report, code, expiresAt: examination?.toldExpiry ?? saved.expiresAt});
  }
  return tests;
}

const nothingToTest = (kit: Kit): NothingThere =>
  new NothingThere('nothing is saved yet, so there is nothing to test.', [howToBegin(kit)]);

/** The exit code is that of the most severe failure. */
async function testAll(kit: Kit): Promise<number> {
  const {options, printer} = kit;
  const {credentials} = await (await kit.openStore()).read();
  if (credentials.length === 0) {
    // No test is a result as well, for whoever reads the summary.
    if (options.json) {
      printer.json(documentOf([]));
      return exit.notFound;
    }
    throw nothingToTest(kit);
  }
  const verdicts: Verdict[] = [];
  for await (const {saved, verdict} of testEach(credentials, kit)) {
    if (!options.json) printer.note(`${verdicts.length === 0 ? '' : '\n'}${clean(saved.name, 80)}`);
    const again = isShut(verdict) && verdicts.some(isShut);
    verdicts.push(verdict);
    if (options.json) continue;
    // What one passphrase does not open is one fault: its checklist is read once.
    if (again) printer.note('Not tested: the passphrase does not open this one either.');
    else print(verdict.report, {...kit, live: false});
  }
  if (options.json) printer.json(documentOf(verdicts.map(({report}) => report)));
  return mostSevere(verdicts.map(({code}) => code));
}

/** What is wrong with the store as a whole is the result of each test. */
async function testWith(unlocking: Unlocking | StoreFault, saved: SavedCredential, kit: Kit): Promise<SavedTest> {
  if (!(unlocking instanceof StoreFault)) return testOf(saved, kit, unlocking);
  const subject = subjectOf(saved, kit.options);
  const verdict = await orVerdict(() => Promise.reject(unlocking), subject, kit);
  return {subject, ask: async () => verdict, keep: async () => {}, once: async () => verdict};
}

async function orFault<T>(work: () => Promise<T>): Promise<T | StoreFault> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreFault) return error;
    throw error;
  }
}
