/** What one connection test knows and holds while it goes through its steps. */

import type {FailureCode} from '../diagnosis/codes.ts';
import {fail, warn} from '../diagnosis/diagnose.ts';
import type {Answer, Detail, Evidence, Facts, Trouble} from '../diagnosis/evidence.ts';
import type {Target} from '../diagnosis/examination.ts';
import type {Account, Failure, Warning} from '../diagnosis/test-report.ts';
import {type Clean, clean} from '../domain/clean.ts';
import {plainRun} from '../domain/command-line.ts';
import {noConnectionSettings} from '../domain/connection-settings.ts';
import type {Deployment, Route, Scheme} from '../domain/credential.ts';
import {gatewayHostOf, gatewayOf} from '../domain/gateway.ts';
import type {StepId} from '../domain/step.ts';
import {lintToken} from '../domain/token.ts';
import type {Api} from './ask.ts';
import {type Authorization, gatewayAuthorization, siteAuthorization} from './authorization.ts';
import type {Broken} from './broken.ts';
import {Client} from './client.ts';
import {Deadline} from './deadline.ts';
import {Line, type Pipe} from './line.ts';
import {type Redact, redactor} from './observe.ts';
import {trustedElsewhere} from './other-tools.ts';
import {Pool} from './pool.ts';
import {idleProxy} from './proxy.ts';
import {type Endpoint, type Reach, type Way, wayOf} from './reach.ts';
import type {Readings} from './readings.ts';
import {troubleOf} from './trouble.ts';
import {loadTrust, type Trust} from './trust.ts';

/** Longest line of a step, in UTF-16 units: a chain of four certificates fits. */
const detailLimit = 640;

export type StepResult =
  | Readonly<{status: 'passed' | 'warning' | 'skipped'; detail: Clean}>
  /** `detail` where the step has more to tell than the first line of the evidence. */
  | Readonly<{status: 'failed'; failure: Failure; detail?: Clean}>;

export const passed = (detail: string): StepResult => ({status: 'passed', detail: clean(detail, detailLimit)});
export const doubtful = (detail: string): StepResult => ({status: 'warning', detail: clean(detail)});
export const skipped = (detail: string): StepResult => ({status: 'skipped', detail: clean(detail)});
export const failed = (failure: Failure, detail?: string): StepResult => ({
  status: 'failed',
  failure,
  ...(detail === undefined ? {} : {detail: clean(detail, detailLimit)}),
});

export class Session {
  readonly deadline: Deadline;
  readonly trust: Trust;
  readonly line: Line;
  readonly client: Client;
  readonly redact: Redact;
  readonly seen: Evidence[] = [];
  readonly warnings: Warning[] = [];
  readonly #further: Pool[] = [];

  /** The client of Atlassian's gateway, once there is one. */
  gateway: Client | null = null;
  /** The first pipe, between the connect and the tls step. */
  pipe: Pipe | null = null;
  deployment: Deployment | null;
  version: Clean | null = null;
  title: Clean | null = null;
  scheme: Scheme;
  route: Route;
  cloudId: string | null;
  expiresAt: string | null;
  toldExpiry: string | null = null;
  /** The body of the `/myself` that signed us in. */
  myself: Answer | null = null;
  account: Account | null = null;
  api: Api | null = null;
  readings: Readings | null = null;

  readonly way: Way;

  constructor(
    readonly target: Target,
    reach: Reach,
    signal: AbortSignal,
  ) {
    const {site} = target;
    this.deployment = site.atlassianHosted ? 'cloud' : null;
    this.scheme = target.scheme;
    this.route = target.route;
    this.cloudId = target.cloudId;
    this.expiresAt = target.expiresAt;
    this.way = wayOf(reach, target.connection ?? noConnectionSettings);
    this.trust = loadTrust(this.way);
    this.line = new Line(site, this.way, this.trust);
    reach.secrets?.addText(target.connection?.proxy?.password ?? '');
    this.redact = redactor([target.token], reach.secrets?.all());
    this.deadline = new Deadline(this.way.timeoutMs, signal);
    this.client = new Client(new Pool(this.line, this.deadline), this.redact);
  }

  /** A client for another endpoint, dialled the same way unless another is given. */
  clientTo(endpoint: Endpoint, way: Way = this.way): Client {
    const pool = new Pool(new Line(endpoint, way, this.trust), this.deadline);
    this.#further.push(pool);
    return new Client(pool, this.redact);
  }

  /** Host of the gateway that this site's credentials may be sent to; null where its cloud's gateway is not known. */
  get gatewayHost(): string | null {
    return gatewayHostOf(this.target.site.host);
  }

  /** The header for the site itself. */
  siteAuthorization(scheme: Scheme): Authorization {
    return siteAuthorization(this.target.site, scheme, this.target.username, this.target.token);
  }

  /**
   * The header for the gateway of the site's own cloud, under one cloudId.
   * @throws {Error} where that gateway is not known: ask `gatewayHost` first
   */
  gatewayAuthorization(cloudId: string): Authorization {
    const gateway = gatewayOf(this.target.site.host, cloudId);
    if (gateway === null) throw new Error('A credential was about to be sent to the gateway of another cloud.');
    return gatewayAuthorization(gateway.base, this.scheme, this.target.username, this.target.token);
  }

  facts(): Facts {
    const {target, line} = this;
    const refused = this.seen.findLast((each): each is Trouble => each.kind === 'trouble' && each.chain.length > 0);
    const elsewhere = refused === undefined ? null : trustedElsewhere(this.way.env, refused.chain);
    const idle = line.proxy === null ? idleProxy(line.endpoint, this.way) : null;
    // Nothing to judge before a token is asked for.
    const lint = target.token.length === 0 ? null : lintToken(target.token.reveal(), this.deployment);
    return {
      connector: target.connector,
      url: clean(target.site.url, 2048),
      host: clean(target.site.host),
      port: target.site.port,
      username: clean(target.username),
      deployment: this.deployment,
      tokenKind: target.tokenKind,
      checksum: lint?.checksum ?? 'none',
      looksLike: lint?.doubt?.kind ?? null,
      scheme: this.scheme,
      route: this.route,
      cloudId: this.cloudId === null ? null : clean(this.cloudId),
      expiresAt: this.expiresAt,
      now: this.way.now(),
      run: this.way.run ?? plainRun,
      proxy: line.proxy?.use ?? null,
      ...(idle === null || idle === undefined ? {} : {idleProxy: idle}),
      trust: this.trust.sources,
      ...(elsewhere === null ? {} : {trustedElsewhere: elsewhere}),
      addresses: this.way.connection.addresses.value.map(each => clean(each)),
      timeoutSeconds: Math.round(this.way.timeoutMs / 1000),
      name: target.saved && target.name !== null ? clean(target.name) : null,
      detail: null,
    };
  }

  /** @param cause a code, or one with what is known of it beside the evidence */
  warn(cause: FailureCode | Detail): void {
    const {code, detail} = causeOf(cause);
    if (this.warnings.some(warning => warning.code === code)) return;
    this.warnings.push(warn(code, {...this.facts(), detail}, this.seen));
  }

  fail(cause: FailureCode | Detail, step: StepId, evidence: readonly Clean[] = []): Failure {
    const {code, detail} = causeOf(cause);
    return fail(code, step, {...this.facts(), detail}, this.seen, evidence);
  }

  /** Remembers what broke on the way up as evidence. */
  broke(broken: Broken, step: StepId, started: number): Trouble {
    const trouble = troubleOf(broken, this.line, step, null, performance.now() - started);
    this.seen.push(trouble);
    return trouble;
  }

  close(): void {
    this.pipe?.stream.destroy();
    this.client.pool.close();
    for (const pool of this.#further) pool.close();
    this.deadline.stop();
  }
}

const causeOf = (cause: FailureCode | Detail): Readonly<{code: FailureCode; detail: Detail | null}> =>
  typeof cause === 'string' ? {code: cause, detail: null} : {code: cause.code, detail: cause};
