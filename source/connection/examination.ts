/** What the connection test takes, says on its way, and hands back. */
import type {Facts, Seen, TokenKind} from '../diagnosis/evidence.ts';
import type {Report} from '../diagnosis/test-report.ts';
import type {Connector, Route, Scheme} from '../domain/credential.ts';
import type {Secret} from '../domain/secret.ts';
import type {Site} from '../domain/site.ts';
import type {Step, StepId} from '../domain/step.ts';

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
