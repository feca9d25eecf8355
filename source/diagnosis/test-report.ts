/** The one result of a connection test: the screen, the scrollback, `--json`, `report` and the exit code all read this. */
import type {Clean} from '../domain/clean.ts';
import type {Connector, Deployment, Outcome, Route} from '../domain/credential.ts';
import type {Step, StepId} from '../domain/step.ts';
import type {FailureCode} from './codes.ts';

export type Certainty = 'proven' | 'likely' | 'possible';
/** Who may have to do what the reader cannot. Public values of `--for`. */
export const admins = ['jira-admin', 'network-admin'] as const;
export type Admin = (typeof admins)[number];
export type Who = 'you' | Admin;

/** One line of a checklist. `command` can be pasted into a shell, `url` opened in a browser, both with real values. */
export type Action = Readonly<{action: string; why: string; who: Who; command?: string; url?: string}>;

export type Failure = Readonly<{
  code: FailureCode;
  step: StepId;
  title: Clean;
  certainty: Certainty;
  evidence: readonly Clean[];
  checklist: readonly Action[];
}>;

export type Warning = Readonly<{code: FailureCode; title: Clean}>;

/** Who the site says we are. */
export type Account = Readonly<{displayName: Clean; id: Clean; email: Clean | null; active: boolean}>;

export type Report = Readonly<{
  schemaVersion: 1;
  outcome: Outcome;
  credential: Readonly<{name: Clean | null; connector: Connector; url: Clean; username: Clean}>;
  route: Route;
  site: Readonly<{deployment: Deployment | null; version: Clean | null; title: Clean | null; cloudId: Clean | null}>;
  account: Account | null;
  /** Always all eight, in order. */
  steps: readonly Step[];
  failure: Failure | null;
  warnings: readonly Warning[];
}>;
