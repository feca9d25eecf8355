/** The words a scenario is written in: what the practice Jira does on the wire, in its certificate and in its answers. */
import type {FailureCode} from '../diagnosis/codes.ts';
import type {Deployment} from '../domain/credential.ts';

export type Json = null | boolean | number | string | readonly Json[] | Readonly<{[key: string]: Json}>;

/** One HTTP answer as plain data. A string body goes out as it is, anything else as JSON. */
export type Reply = Readonly<{
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: Json;
  /** How the answer ends: whole, broken off in the middle of the body, or not begun at all. */
  ending?: 'whole' | 'cut' | 'never';
}>;

/** The addresses the practice Jira knows; `page` is the web interface, `unknown` a REST path nobody serves. */
export type Endpoint =
  | 'server-info'
  | 'myself'
  | 'my-permissions'
  | 'projects'
  | 'project'
  | 'issues'
  | 'users'
  | 'groups'
  | 'configuration'
  | 'versions'
  | 'components'
  | 'boards'
  | 'sprints'
  | 'tenant-info'
  | 'status'
  | 'token-list'
  | 'page'
  | 'unknown';

/**
 * An answer given instead of the healthy one. In header values and text bodies `{url}` stands for the practice address,
 * `{path}` for the path asked and `{trace}` for the trace id.
 */
export type Rule = Readonly<{
  at: 'anything' | readonly Endpoint[];
  /** Only requests that carry an Authorization header. */
  signed?: true;
  /** Whose headers the answer wears: Jira's to a signed-in account, Jira's, those of Atlassian's edge alone, or nobody's. */
  marks: 'account' | 'jira' | 'edge' | 'none';
  reply: Reply;
}>;

/** What happens before HTTP. */
export type Wire =
  /** Nobody listens on the port. */
  | 'closed'
  /** The connection is reset as soon as the client has spoken. */
  | 'reset'
  /** HTTP without TLS. */
  | 'plain-http'
  /** TLS 1.0 and 1.1 only. */
  | 'old-tls'
  /** TLS that demands a certificate from the client. */
  | 'client-certificate';

export type CertificatePlay =
  | 'foreign-authority'
  | 'expired'
  | 'not-yet-valid'
  | 'wrong-host'
  | 'leaf-only'
  /** Valid only by the clock the server tells in its Date header. */
  | 'server-clock';

export type ProxyPlay = 'closed' | 'wants-password' | 'refuses';

/** Where the issued token is accepted. */
export type TokenPlay =
  | 'site'
  /** A token with scopes: refused at the site, accepted at the gateway. */
  | 'gateway'
  /** A token with scopes, none of which covers what is asked. */
  | 'no-scope'
  | 'nowhere'
  /** A Data Center personal access token: accepted as Bearer only. */
  | 'bearer';

export type AccountPlay = Readonly<{active?: boolean; email?: string}>;

export type Play = Readonly<{
  wire?: Wire;
  certificate?: CertificatePlay;
  proxy?: ProxyPlay;
  token?: TokenPlay;
  /** What kind of secret the practice Jira hands out; a token that fits the deployment when absent. */
  secret?: 'token' | 'password';
  account?: AccountPlay;
  /** Permissions the account lacks. */
  lacks?: readonly string[];
  answers?: readonly Rule[];
  /** How far the server's clock is from this machine's, days. */
  clockDays?: number;
  /** Last day of the token, days from today; 90 when absent. */
  expiresInDays?: number;
  /** A whole-test timeout that makes this rehearsal short, milliseconds. */
  timeoutMs?: number;
}>;

/** One rehearsal. `story` says in one sentence what has gone wrong in this little world. */
export type Scenario = Readonly<{code: FailureCode; story: string; deployment: Deployment; play: Play}>;
