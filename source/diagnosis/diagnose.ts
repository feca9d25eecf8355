/** From evidence to the one failure: the first row of the catalogue whose signal is there. */
import {type Clean, clean} from '../domain/clean.ts';
import type {Outcome} from '../domain/credential.ts';
import {type ExitCode, exit} from '../domain/exit.ts';
import {type StepId, stepIds} from '../domain/step.ts';
import {catalogue} from './catalogue/index.ts';
import {answeredInstead} from './catalogue/interception-rows.ts';
import {precedence} from './catalogue/precedence.ts';
import type {Row} from './catalogue/row.ts';
import type {FailureCode} from './codes.ts';
import type {Facts, Seen} from './evidence.ts';
import {linesOf} from './evidence-reading.ts';
import {gatewayObstacle, gatewayReason} from './obstacle.ts';
import type {Action, Failure, Report, Warning} from './test-report.ts';

/**
 * Names the cause of a step that did not pass. Pure: decides from the evidence and the facts alone.
 * @param step the step that stopped; a cause that shows itself at a later step (an account without Jira is seen at the
 * sign-in) is reported at that later step
 * @param seen everything seen so far, in order
 */
export function diagnose(step: StepId, seen: Seen, facts: Facts): Failure {
  const verdict = firstOf(step, seen, facts);
  if (verdict.code !== 'credentials-rejected' && verdict.code !== 'token-expired') return verdict;
  const reason = gatewayReason(seen, facts, (only, there) => firstOf(step, only, there));
  if (reason !== null) return reason;
  if (verdict.code === 'token-expired') return verdict;
  const obstacle = gatewayObstacle(
    seen,
    facts,
    (only, there) => firstOf(step, only, there),
    (only, there) => fail('intercepted', step, there, only),
  );
  return obstacle === null ? verdict : {...obstacle, checklist: obstacle.checklist.map(tidy)};
}

function firstOf(step: StepId, seen: Seen, facts: Facts): Failure {
  // Who answered is decided before what the status means.
  const stranger = answeredInstead(seen, facts);
  if (stranger !== null) return fail('intercepted', step, facts, seen, stranger);
  for (const code of precedence) {
    const evidence = catalogue[code].signal?.(seen, facts) ?? null;
    if (evidence !== null) return fail(code, step, facts, seen, evidence);
  }
  return fail('unknown-answer', step, facts, seen);
}

/** A failure whose cause is already known: found offline, in the store, or by a step itself. */
export function fail(
  code: FailureCode,
  step: StepId,
  facts: Facts,
  seen: Seen = [],
  evidence: readonly Clean[] = [],
): Failure {
  const row = catalogue[code];
  return {
    code,
    step: laterOf(step, row.steps[0] ?? step),
    title: clean(row.title(facts, seen), 400),
    certainty: row.certaintyOf?.(facts, seen) ?? row.certainty,
    evidence: proofOf(row, facts, seen, evidence).map(each => clean(each, 400)),
    checklist: row.checklist(facts, seen).map(tidy),
  };
}

/** No failure without a line of evidence: what a step saw, what was typed and how it was judged, or the rule itself. */
function proofOf(row: Row, facts: Facts, seen: Seen, evidence: readonly Clean[]): readonly string[] {
  if (evidence.length > 0) return evidence;
  const last = seen.at(-1);
  return row.judged?.(facts) ?? (last === undefined ? [row.proof] : linesOf(last));
}

/** A warning beside a test that goes on. */
export function warn(code: FailureCode, facts: Facts, seen: Seen = []): Warning {
  return {code, title: clean(catalogue[code].title(facts, seen), 400)};
}

/** Whether it closes every list of the account alike, and so is named itself and not one of the lists. */
export const closesAll = ({code}: Pick<Failure, 'code'>): boolean =>
  ['scopes', 'pace'].includes(catalogue[code].concerns);

/** Whether it is the token's end that is told. */
export const aboutExpiry = ({code}: Pick<Warning, 'code'>): boolean => catalogue[code].concerns === 'expiry';

const laterOf = (one: StepId, other: StepId): StepId => (stepIds.indexOf(one) >= stepIds.indexOf(other) ? one : other);

/** Actions quote hosts, names and headers from outside; whatever they hold, a line stays one harmless line. */
function tidy({kind, action, why, who, request, command, url, remedy, value}: Action): Action {
  return {
    kind,
    action: clean(action, 600),
    why: clean(why, 600),
    who,
    ...(request === undefined ? {} : {request: clean(request, 600)}),
    ...(command === undefined ? {} : {command: clean(command, 2000)}),
    ...(url === undefined ? {} : {url: clean(url, 1000)}),
    ...(remedy === undefined ? {} : {remedy}),
    ...(value === undefined ? {} : {value: clean(value, 1000)}),
  };
}

export const exitCodeOfFailure = (failure: Pick<Failure, 'code'>): ExitCode => catalogue[failure.code].exit;

export const exitCodeOf = (report: Report): ExitCode =>
  report.failure === null ? exit.done : exitCodeOfFailure(report.failure);

/** `failed` when Jira or Atlassian itself refused the credential or its account, `unverified` when nothing proves anything. */
export function outcomeOf(failure: Pick<Failure, 'code'> | null): Outcome {
  if (failure === null) return 'passed';
  return catalogue[failure.code].refusal ? 'failed' : 'unverified';
}
