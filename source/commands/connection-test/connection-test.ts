/** One connection test as a command runs it: live lines on the way, one verdict at the end, whatever happens. */

import {examine} from '../../connection/examine.ts';
import type {Reach} from '../../connection/reach.ts';
import {exitCodeOf, fail} from '../../diagnosis/diagnose.ts';
import type {Detail} from '../../diagnosis/evidence.ts';
import type {Examination, Target} from '../../diagnosis/examination.ts';
import {type Circumstances, circumstancesOf, comparedWith} from '../../diagnosis/last-pass.ts';
import {reportJson, reportText, stepLines} from '../../diagnosis/report-text.ts';
import type {Failure, Report} from '../../diagnosis/test-report.ts';
import {clean} from '../../domain/clean.ts';
import type {ExitCode} from '../../domain/exit.ts';
import type {Secret} from '../../domain/secret.ts';
import type {Site} from '../../domain/site.ts';
import {parseSite} from '../../domain/site.ts';
import type {Step, StepId} from '../../domain/step.ts';
import {lintToken} from '../../domain/token.ts';
import {checkUsername} from '../../domain/username.ts';
import type {World} from '../../world.ts';
import type {Context} from '../context.ts';
import {pageOf} from '../output/page.ts';
import {factsOf, type Here, type Subject, unbegun} from './failures.ts';

/** How one test ended. `examination` is null when nothing was sent. */
export type Verdict = Readonly<{report: Report; code: ExitCode; examination: Examination | null}>;

export const verdictOf = (report: Report, examination: Examination | null = null): Verdict => ({
  report,
  code: exitCodeOf(report),
  examination,
});

/** What was typed, and by what it was judged. */
type Typed = Extract<Detail, Readonly<{reason: unknown}>>;

/** A verdict for a cause that is found before anything is sent. */
export function refused(
  subject: Subject,
  here: Here,
  cause: Readonly<{code: Typed['code']; step: StepId; reason: string}>,
): Verdict {
  const facts = factsOf(subject, here, {code: cause.code, reason: clean(cause.reason)});
  const failure: Failure = fail(cause.code, cause.step, facts, [], [clean(cause.reason)]);
  return verdictOf(unbegun(subject, failure, 'not run'));
}

/** The site, or the verdict that it is none. What was changed about the address is said. */
export function siteOf(subject: Subject, context: Context): Site | Verdict {
  const {printer} = context;
  const parsed = parseSite(subject.url);
  if (!parsed.ok) return refused(subject, context, {...parsed.problem, step: 'site'});
  if (parsed.changes.length > 0) printer.note(`Site address: ${parsed.site.url} (${parsed.changes.join(', ')}).`);
  for (const warning of parsed.warnings) printer.note(`Warning: ${warning.title}`);
  return parsed.site;
}

export const isVerdict = (value: object): value is Verdict => 'report' in value;

/** A credential nobody has tried yet: at the site's own address, with the username, as most are. */
export function freshTarget(
  parts: Readonly<{subject: Subject; site: Site; token: Secret; expiresAt: string | null}>,
): Target {
  const {subject, site, token, expiresAt} = parts;
  return {
    connector: subject.connector,
    name: subject.name,
    site,
    username: subject.username,
    token,
    scheme: 'basic',
    route: 'site',
    cloudId: null,
    expiresAt,
    tokenKind: lintToken(token.reveal()).kind,
  };
}

/** What can be refused about a username and a token offline, where the site is Cloud by its address. */
export function refusedOffline(target: Target, subject: Subject, here: Here): Verdict | null {
  const deployment = target.site.atlassianHosted ? 'cloud' : null;
  const username = checkUsername(target.username, deployment);
  if (!username.ok && username.code === 'username-not-email') {
    return refused(subject, here, {code: username.code, step: 'sign-in', reason: username.reason});
  }
  const {problem} = lintToken(target.token.reveal(), deployment);
  if (problem?.code === 'token-wrong-kind') return refused(subject, here, {...problem, step: 'sign-in'});
  return null;
}

/** Tells finished steps as they come, where somebody watches stderr. */
function liveLines(context: Context, live: boolean): ((step: Step) => void) | null {
  const {world, printer} = context;
  if (!live || !world.stderr.isTTY) return null;
  const page = pageOf(world.stderr, world);
  return step => {
    if (step.status !== 'skipped') printer.note(stepLines(step, page).join('\n'));
  };
}

/**
 * The result on stdout; its steps are left out where the live lines stand on the same terminal just above.
 * @param live the steps were told as they came
 */
export function printReport(report: Report, context: Context, live = true): void {
  const {options, world, printer} = context;
  if (options.json) {
    printer.result(reportJson(report));
    return;
  }
  const shown = live && options.quiet !== true && world.stderr.isTTY && world.stdout.isTTY;
  printer.result(reportText(report, {...pageOf(world.stdout, world), steps: !shown}));
}

/**
 * Runs the test.
 * @param live tell the steps as they come
 * @param passed by what the same credential last passed, where that is remembered
 * @throws Interrupted
 */
export async function tryOut(
  target: Target,
  reach: Reach,
  context: Context,
  live = true,
  passed: Circumstances | null = null,
): Promise<Verdict> {
  const {world} = context;
  const show = liveLines(context, live);
  const events = examine(target, reach, world.interrupted);
  for (;;) {
    const next = await events.next();
    if (next.done) {
      const examination = compared(next.value, passed, world);
      return verdictOf(examination.report, examination);
    }
    if (next.value.type === 'finished') show?.(next.value.step);
  }
}

/** With what is another than when it last passed as the first line of its evidence. */
export function compared(examination: Examination, passed: Circumstances | null, world: World): Examination {
  const now = circumstancesOf(examination, {at: world.now(), node: process.version});
  return {...examination, report: comparedWith(examination.report, now, passed)};
}
