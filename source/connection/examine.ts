/** The connection test: eight steps in order, up to the first that fails; the rest is skipped. */
import type {Examination, ExamineEvent, Target} from '../diagnosis/examination.ts';
import type {Failure} from '../diagnosis/test-report.ts';
import {type Clean, clean, own} from '../domain/clean.ts';
import {type Step, type StepId, type StepStatus, stepIds} from '../domain/step.ts';
import {prepareConnections} from './gateway.ts';
import {Interrupted, throwIfInterrupted} from './interrupted.ts';
import {doubtUsername, precheck} from './precheck.ts';
import type {Reach} from './reach.ts';
import {assemble} from './report.ts';
import {Session, type StepResult} from './session.ts';
import {account} from './steps/account.ts';
import {connect} from './steps/connect.ts';
import {dns} from './steps/dns.ts';
import {feeds} from './steps/feeds.ts';
import {permissions} from './steps/permissions.ts';
import {signIn} from './steps/sign-in.ts';
import {site} from './steps/site.ts';
import {tls} from './steps/tls.ts';

const stepsInOrder: Readonly<Record<StepId, (session: Session) => Promise<StepResult>>> = {
  dns,
  connect,
  tls,
  site,
  'sign-in': signIn,
  account,
  permissions,
  feeds,
};

/**
 * Tests a credential. Yields what happens as it happens; a step that turns out later to be the one to blame (a client
 * certificate is refused only after the handshake) is finished a second time.
 * @param signal ends everything at once
 * @returns the report with all eight steps, and how the credential turned out to be used
 * @throws {Interrupted} when the signal fired
 */
export async function* examine(
  target: Target,
  reach: Reach,
  signal: AbortSignal,
): AsyncGenerator<ExamineEvent, Examination> {
  throwIfInterrupted(signal);
  const session = new Session(target, reach, signal);
  try {
    const {steps, failure} = yield* walk(session, stepIds, signal);
    const report = assemble(session, steps, failure);
    const {scheme, route, cloudId, toldExpiry, seen} = session;
    return {report, scheme, route, cloudId, toldExpiry, seen, facts: session.facts()};
  } catch (error) {
    // Whatever breaks while everything is being torn down is the interruption's doing.
    if (signal.aborted) throw new Interrupted();
    throw error;
  } finally {
    session.close();
  }
}

type Walked = Readonly<{steps: readonly Step[]; failure: Failure | null}>;

async function* walk(
  session: Session,
  ids: readonly StepId[],
  signal: AbortSignal,
): AsyncGenerator<ExamineEvent, Walked> {
  const steps = new Map<StepId, Step>();
  let failure = precheck(session);
  const told = new Map<StepId, Step>();
  // The CAs are parsed before any step is timed: some 50 ms of work here would else pass for the resolver's or the site's.
  if (failure === null && session.target.site.protocol === 'https:') session.trust.context();
  for (const id of ids) {
    if (failure !== null) break;
    yield {type: 'started', id};
    if (id === 'site' && ids.includes('permissions')) prepareConnections(session);
    const started = performance.now();
    const result = await stepsInOrder[id](session);
    throwIfInterrupted(signal);
    const ms = Math.round(performance.now() - started);
    if (result.status === 'failed') {
      failure = result.failure;
      if (failure.step !== id) steps.set(id, {id, ...passedOver(id, failure), ms});
      const detail = result.detail ?? detailOf(failure);
      steps.set(failure.step, {id: failure.step, status: 'failed', ms, detail});
    } else {
      const step = {id, status: result.status, ms, detail: result.detail};
      steps.set(id, step);
      told.set(id, step);
      yield {type: 'finished', step};
    }
    if (id === 'site' && failure === null) doubtUsername(session);
  }
  if (failure === null) return {steps: ids.map(id => steps.get(id) ?? unreached(id)), failure: null};
  const all = ids.map(id => settled(id, steps, failure));
  for (const step of all) if (told.get(step.id)?.status !== step.status) yield {type: 'finished', step};
  return {steps: all, failure};
}

/** A step that found a later one to blame: Jira answered the sign-in, and what it said is about the account. */
const passedOver = (id: StepId, failure: Failure): Pick<Step, 'status' | 'detail'> =>
  id === 'sign-in' && failure.step === 'account'
    ? {status: 'warning', detail: detailOf(failure)}
    : {status: 'skipped', detail: own('not reached')};

const unreached = (id: StepId): Step => ({id, status: 'skipped', ms: 0, detail: own('not reached')});

/** A step as it stands in the report of a test that failed: nothing after the failed one counts. */
function settled(id: StepId, steps: ReadonlyMap<StepId, Step>, failure: Failure | null): Step {
  const known = steps.get(id);
  if (failure?.step === id)
    return known?.status === 'failed' ? known : {id, status: failed, ms: 0, detail: detailOf(failure)};
  const after = failure !== null && stepIds.indexOf(id) > stepIds.indexOf(failure.step);
  return known === undefined || after ? {...unreached(id), ms: known?.ms ?? 0} : known;
}

const failed: StepStatus = 'failed';
const detailOf = (failure: Failure): Clean => clean(failure.evidence[0] ?? failure.title);

/** The steps up to `last` on their own, for a look that carries no credential. */
export async function walkTo(session: Session, last: StepId, signal: AbortSignal): Promise<Walked> {
  const steps = walk(session, stepIds.slice(0, stepIds.indexOf(last) + 1), signal);
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return next.value;
  }
}
