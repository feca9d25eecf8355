/** What the connection test and the probe of a site take, say on their way, and hand back. */
import type {Clean} from '../domain/clean.ts';
import type {ConnectionSettings} from '../domain/connection-settings.ts';
import type {Connector, Deployment, Route, Scheme} from '../domain/credential.ts';
import type {Secret} from '../domain/secret.ts';
import type {Site} from '../domain/site.ts';
import type {Step, StepId} from '../domain/step.ts';
import type {TokenKind} from '../domain/token-shape.ts';
import type {Facts, Seen} from './evidence.ts';
import type {Failure, Report} from './test-report.ts';

export type Target = Readonly<{
  connector: Connector;
  name: string | null;
  site: Site;
  username: string;
  token: Secret;
  scheme: Scheme;
  route: Route;
  cloudId: string | null;
  /** It lies in the store under `name`, so checklists may speak of commands that take its name. */
  saved?: boolean;
  /** YYYY-MM-DD as remembered, null when never told. */
  expiresAt: string | null;
  tokenKind: TokenKind;
  /** How it reaches its site, as kept with it or answered; absent: as this machine does. Options of the run go first. */
  connection?: ConnectionSettings;
}>;

export type ExamineEvent = Readonly<{type: 'started'; id: StepId}> | Readonly<{type: 'finished'; step: Step}>;

/** `scheme`, `route` and `cloudId` are what worked: what to store after a pass. */
export type Examination = Readonly<{
  report: Report;
  scheme: Scheme;
  route: Route;
  cloudId: string | null;
  /** The expiry date the site itself told (Data Center), else null. */
  toldExpiry: string | null;
  seen: Seen;
  facts: Facts;
}>;

/** What an unauthenticated probe of a site found. `failure` is null when Jira answered. */
export type Look = Readonly<{
  deployment: Deployment | null;
  title: Clean | null;
  version: Clean | null;
  /** An HTTP answer came, from whomever. */
  reachable: boolean;
  failure: Failure | null;
  /** Everything seen on the way; absent where a test stands in for the network. */
  seen?: Seen;
}>;
