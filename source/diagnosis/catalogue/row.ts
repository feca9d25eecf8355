/** The form of one row of the catalogue: everything jirakey knows about one failure code. */
import type {Clean} from '../../domain/clean.ts';
import type {ExitCode} from '../../domain/exit.ts';
import type {StepId} from '../../domain/step.ts';
import type {Facts, Seen} from '../evidence.ts';
import type {Remedy} from '../remedy.ts';
import type {Action, Certainty} from '../test-report.ts';

/** What a code is about: whoever handles several codes alike asks for this. */
export type Concern =
  | 'address'
  | 'network'
  | 'proxy'
  | 'certificate'
  | 'site'
  /** Asked too often, or answered too slowly: true of every request alike. */
  | 'pace'
  | 'credential'
  | 'expiry'
  | 'scopes'
  | 'account'
  | 'store'
  | 'unclear';

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
  concerns: Concern;
  /**
   * Whether the same test may be run again by itself: it may help, is of no use before something is changed, or does
   * harm because Jira counts it as one more failed login.
   */
  again: 'may-help' | 'useless' | 'harmful';
  /** What the assistant can do about it in place, the likeliest first; empty where that is nothing. */
  remedies: readonly Remedy[];
  /**
   * Whether the walk stops at the URL when the probe meets it: it is about the address or the way there, and holds until
   * somebody changes something. What may pass by itself, such as a site that starts, stops nobody before the test.
   */
  stopsAtUrl: boolean;
  /** Whether Jira may still take the same token as Bearer: the refusal says nothing against a personal access token. */
  bearerMayCure: boolean;
  /** One sentence that names the cause. Must read well without any evidence. */
  title: (facts: Facts, seen: Seen) => string;
  /** What proves it, for `explain`. */
  proof: string;
  /** The lines of evidence when the signal is there, null when it is not. Absent where the cause is found offline. */
  signal?: (seen: Seen, facts: Facts) => readonly Clean[] | null;
  /** For what is found offline: what was typed, and by what it was judged. Never a secret. */
  judged?: (facts: Facts) => readonly string[];
  /** Two to six actions, most likely first. */
  checklist: (facts: Facts, seen: Seen) => readonly Action[];
  /** Facts that fit this code better than the usual example, for `explain`. */
  example?: (facts: Facts) => Facts;
}>;

export type Rows = Readonly<Record<string, Row>>;

/** What causes have in common in which no server was asked for anything. */
export const nobodyAsked = {kind: 'failure', certainty: 'proven', refusal: false, bearerMayCure: false} as const;

/** A checklist has at most six actions; the least likely give way. */
export const upToSix = (actions: readonly (Action | null)[]): readonly Action[] =>
  actions.filter((each): each is Action => each !== null).slice(0, 6);
