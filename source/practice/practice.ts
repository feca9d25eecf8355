/**
 * The practice Jira: a small HTTPS server on this machine that behaves like Jira, healthy or with one chosen fault, so
 * that everything can be rehearsed without an account. Each start makes its own certificate authority, token and port.
 */
import type {FailureCode} from '../diagnosis/codes.ts';
import type {Deployment} from '../domain/credential.ts';
import {daysLater, isoDay} from '../domain/time.ts';
import type {Account, Jira} from './asked.ts';
import {type Authority, daysFrom, makeAuthority} from './certificate.ts';
import {gatewayHost} from './cloud.ts';
import {askedOf, send} from './exchange.ts';
import {type Front, type Handler, makeFront} from './front.ts';
import {type Identity, makeIdentity} from './identity.ts';
import {answer} from './jira.ts';
import {type Listener, listen} from './listener.ts';
import type {Play, Scenario} from './play.ts';
import {type PracticeProxy, startProxy} from './practice-proxy.ts';
import {findScenario} from './scenarios.ts';
import {certificateFor, issuerPath} from './served-certificate.ts';

/** `host:port` is answered at `address` and `toPort`; fits the connection's own rules. */
export type PracticeRule = Readonly<{host: string; port: number; address: string; toPort: number}>;

export type Practice = Readonly<{
  /** https://localhost:PORT */
  url: string;
  port: number;
  /** Addresses it is bound to: loopback only. */
  addresses: readonly string[];
  deployment: Deployment;
  username: string;
  /** Synthetic, made at start, worth nothing anywhere else. */
  token: string;
  /** YYYY-MM-DD, the day to give as the token's expiry date. */
  expiresAt: string;
  /** The authority to trust for this run, PEM. */
  caPem: string;
  /** Leads api.atlassian.com to this server, so that the gateway can be played. */
  resolve: PracticeRule[];
  /** The proxy to use, where the scenario has one. */
  proxy: string | null;
  /** A whole-test timeout that keeps the rehearsal short, milliseconds; null where the usual one does. */
  timeoutMs: number | null;
  fault: FailureCode | null;
  /** One sentence: what has gone wrong in this little world. */
  story: string;
  /** Healthy from now on: same address, same authority, same credential. Resolves once that is so. */
  mend(): Promise<void>;
  /** Ends the server and every connection to it. */
  stop(): Promise<void>;
}>;

/** `port` 0 or absent takes any free one; `now` is this machine's clock. */
export type PracticeOptions = Readonly<{fault?: FailureCode | null; port?: number; now?: () => Date}>;

/** What one running practice Jira is made of; `play` and `front` change when it is mended. */
type Stage = {
  play: Play;
  front: Front;
  readonly world: Omit<Jira, 'play' | 'time'>;
  readonly authority: Authority;
  readonly listener: Listener;
  readonly now: () => Date;
};

/** The account behind the credential, as the scenario bends it. Read for each request: mending straightens it. */
const accountOf = (identity: Identity, play: Play): Account => ({
  id: '712020:5d1e8a34-7b6c-4f20-9a3e-0c1b2d3e4f50',
  name: identity.username,
  email: play.account?.email ?? identity.email,
  displayName: 'Practice Account',
  active: play.account?.active ?? true,
});

const timeOf = (stage: Stage): Date => daysLater(stage.now(), stage.play.clockDays ?? 0);

/** Requests over TLS, or in clear where the scenario is a server without TLS. */
const jiraHandler =
  (stage: Stage): Handler =>
  (request, response) => {
    request.resume();
    const asked = askedOf(request);
    const time = timeOf(stage);
    const {world, play} = stage;
    const account = accountOf({username: world.username, email: world.account.email, secret: world.secret}, play);
    const reply = answer(asked, {...world, account, play, time});
    send(reply, asked, time, response).catch(() => response.destroy());
  };

/** Plain HTTP on the TLS port: the issuer's certificate for whoever follows the AIA address, else a refusal. */
const clearHandler =
  (stage: Stage, issuer: Buffer): Handler =>
  (request, response) => {
    request.resume();
    response.setHeader('Date', timeOf(stage).toUTCString());
    response.setHeader('Connection', 'close');
    if (request.url === issuerPath) {
      response.writeHead(200, {'Content-Type': 'application/pkix-cert'}).end(issuer);
      return;
    }
    response.writeHead(400, {'Content-Type': 'text/html'});
    response.end('<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>');
  };

/** Puts up the front for what the stage plays now. Connections made before keep the one they came through. */
async function raise(stage: Stage): Promise<void> {
  const {certificate = null, clockDays = 0, wire = null} = stage.play;
  const served = await certificateFor(certificate, stage.authority, stage.listener.port, clockDays, stage.now());
  stage.front = makeFront(wire, served.certificate, jiraHandler(stage), clearHandler(stage, served.issuer));
}

/** What stays of a scenario after mending: the kind of credential that was handed out. */
const mendedPlay = (play: Play): Play => ({
  ...(play.secret === undefined ? {} : {secret: play.secret}),
  ...(play.token === 'bearer' ? {token: play.token} : {}),
});

async function mendStage(stage: Stage): Promise<void> {
  const {wire, certificate} = stage.play;
  stage.play = mendedPlay(stage.play);
  if (wire === undefined && certificate === undefined) return;
  await raise(stage);
  stage.listener.drop();
  await stage.listener.open();
}

async function makeStage({deployment, play}: Omit<Scenario, 'code'>, port: number, now: () => Date): Promise<Stage> {
  const identity = makeIdentity(deployment, play);
  const authority = await makeAuthority('Practice Jira CA', daysFrom(now(), -400, 800));
  let stage: Stage | null = null;
  const listener = await listen(port, socket => (stage === null ? socket.destroy() : stage.front(socket)));
  const world = {
    deployment,
    url: `https://localhost:${listener.port}`,
    username: identity.username,
    secret: identity.secret,
    account: accountOf(identity, {}),
  };
  stage = {play, front: socket => socket.destroy(), world, authority, listener, now};
  await raise(stage);
  if (play.wire === 'closed') await listener.shut();
  return stage;
}

/**
 * Starts the practice Jira on this machine's loopback addresses.
 * @throws {UsageFault} when the fault cannot be played by a server, or the port is taken
 */
export async function startPractice(options: PracticeOptions = {}): Promise<Practice> {
  const now = options.now ?? (() => new Date());
  const scenario = findScenario(options.fault ?? null);
  const {play} = scenario;
  const stage = await makeStage(scenario, options.port ?? 0, now);
  const {port, addresses} = stage.listener;
  let proxy: PracticeProxy | null = null;
  if (play.proxy !== undefined) proxy = await startProxy(play.proxy, port);
  return {
    url: stage.world.url,
    port,
    addresses,
    deployment: scenario.deployment,
    username: stage.world.username,
    token: stage.world.secret,
    expiresAt: isoDay(daysLater(now(), play.expiresInDays ?? 90)),
    caPem: stage.authority.caPem,
    resolve: [{host: gatewayHost, port: 443, address: '127.0.0.1', toPort: port}],
    proxy: proxy?.url ?? null,
    timeoutMs: play.timeoutMs ?? null,
    fault: options.fault ?? null,
    story: scenario.story,
    mend: async () => {
      await Promise.all([mendStage(stage), proxy?.mend()]);
    },
    stop: async () => {
      await Promise.all([stage.listener.shut(), proxy?.stop()]);
    },
  };
}
