/** The form of one row of the catalogue: everything jirakey knows about one failure code. */
import type {Clean} from '../../domain/clean.ts';
import type {ExitCode} from '../../domain/exit.ts';
import type {StepId} from '../../domain/step.ts';
import type {Facts, Seen} from '../evidence.ts';
import type {Action, Certainty} from '../test-report.ts';

export type Row = Readonly<{
  /** The steps it belongs to, earliest first; empty for the store, which is no step of the connection test. */
  steps: readonly StepId[];
  exit: ExitCode;
  kind: 'failure' | 'warning' | 'either';
  certainty: Certainty;
  /** Where the evidence of a case is weaker or stronger than usual. */
  certaintyOf?: (facts: Facts, seen: Seen) => Certainty;
  /** When `certaintyOf` gives another than the usual, as a clause for `explain`. */
  certaintyNote?: string;
  /** Whether Jira or Atlassian itself refused the credential or its account; else the test proves nothing about it. */
  refusal: boolean;
  /** One sentence that names the cause. Must read well without any evidence. */
  title: (facts: Facts, seen: Seen) => string;
  /** What proves it, for `explain`. */
  proof: string;
  /** The lines of evidence when the signal is there, null when it is not. Absent where the cause is found offline. */
  signal?: (seen: Seen, facts: Facts) => readonly Clean[] | null;
  /** Two to six actions, most likely first. */
  checklist: (facts: Facts, seen: Seen) => readonly Action[];
  /** Facts that fit this code better than the usual example, for `explain`. */
  example?: (facts: Facts) => Facts;
}>;

export type Rows = Readonly<Record<string, Row>>;

/** A checklist has at most six actions; the least likely give way. */
export const upToSix = (actions: readonly (Action | null)[]): readonly Action[] =>
  actions.filter((each): each is Action => each !== null).slice(0, 6);
