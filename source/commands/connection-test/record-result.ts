/** What a test leaves behind: its result, the way that turned out to work, and its report. */
import {type LastTest, type SavedCredential, type SealedContent, savedFrom} from '../../domain/credential.ts';
import {StoreFault} from '../../domain/fault.ts';
import type {Secret} from '../../domain/secret.ts';
import type {Store} from '../../store/store.ts';
import type {Context} from '../context.ts';
import type {Printer} from '../output/printer.ts';
import type {Opened} from '../saved/opened.ts';
import type {Verdict} from './connection-test.ts';
import type {LastTests} from './last-tests.ts';

/** A test that cannot be noted is still a test: its result stands, the trouble is said. */
async function orSay(work: () => Promise<void>, what: string, printer: Printer): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    printer.alarm(`${what} could not be kept: ${error.message} (jirakey explain ${error.code})`);
  }
}

/** Notes the results of tests beside their credentials, in one write. */
export async function noteTests(
  store: Store,
  tests: readonly Readonly<{saved: SavedCredential; verdict: Verdict}>[],
  {world, printer}: Context,
): Promise<void> {
  const at = world.now().toISOString();
  const results = tests.map(({saved: {name}, verdict: {report}}) => {
    const lastTest: LastTest = {outcome: report.outcome, code: report.failure?.code ?? null, at};
    return [name, lastTest] as const;
  });
  try {
    await store.recordTests(new Map(results));
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    // A store that is mounted read-only stays so: a word of it each hour would only fill somebody's mailbox.
    const {problem} = error;
    if (problem.code === 'store-unwritable' && problem.errno === 'EROFS') return;
    printer.alarm(`The result could not be kept: ${error.message} (jirakey explain ${error.code})`);
  }
}

/**
 * Keeps the whole report for `jirakey report`, of a test in which something was asked.
 * @param of name of the saved credential; null for values that were not saved
 */
export async function keepReport(
  kept: LastTests,
  {report, examination}: Verdict,
  of: string | null,
  secrets: readonly Secret[],
): Promise<void> {
  if (examination !== null) await kept.note({of, report, facts: examination.facts, secrets});
}

/**
 * After a pass, a route or scheme other than the sealed one is sealed, so that `exec` and `export` name the address
 * that works; a date the site told is kept as well.
 */
export async function keepLearnt(
  test: Readonly<{store: Store; saved: SavedCredential; opened: Opened; verdict: Verdict}>,
  {world, printer}: Context,
): Promise<void> {
  const {store, saved, opened, verdict} = test;
  const {report, examination} = verdict;
  if (report.outcome !== 'passed' || examination === null) return;
  const {scheme, route, cloudId, toldExpiry} = examination;
  const before = opened.content;
  const expiresAt = toldExpiry ?? before.expiresAt;
  const same =
    scheme === before.scheme && route === before.route && cloudId === before.cloudId && expiresAt === before.expiresAt;
  if (same) return;
  await orSay(
    async () => {
      const content: SealedContent = {
        ...before,
        scheme,
        route,
        cloudId,
        expiresAt,
        token: opened.token.reveal(),
        seq: before.seq + 1,
        sealedAt: world.now().toISOString(),
      };
      const sealed = await opened.unlocked.seal(content);
      const lastTest = {outcome: report.outcome, code: null, at: world.now().toISOString()};
      await store.save(savedFrom(content, sealed, lastTest), {replace: true, sealedStill: saved.sealed});
    },
    'The way that works',
    printer,
  );
}
