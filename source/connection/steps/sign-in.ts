/** Does Jira take the credential? `/myself` is the one endpoint that does not answer anonymously as if nothing were wrong. */
import {catalogue} from '../../diagnosis/catalogue/index.ts';
import {diagnose} from '../../diagnosis/diagnose.ts';
import type {Answer, Evidence} from '../../diagnosis/evidence.ts';
import {scopeRefused, seraphReasons} from '../../diagnosis/evidence-reading.ts';
import {accountIn, deploymentOf, header, json, property} from '../../diagnosis/responder.ts';
import type {Scheme} from '../../domain/credential.ts';
import {expiryNotice} from '../../domain/expiry.ts';
import {isServiceAccount} from '../../domain/service-account.ts';
import {madeByMachine} from '../../domain/token-shape.ts';
import {type Api, askOpenly, askSignedIn} from '../ask.ts';
import type {Authorization} from '../authorization.ts';
import type {Client} from '../client.ts';
import {askGateway, myself} from '../gateway.ts';
import {precheck} from '../precheck.ts';
import {doubtful, failed, passed, type Session, type StepResult} from '../session.ts';

export async function signIn(session: Session): Promise<StepResult> {
  const refused = precheck(session);
  if (refused !== null) return failed(refused);
  const straight = session.route === 'gateway' || isServiceAccount(session.target.tokenKind, session.target.username);
  if (straight && session.gatewayHost !== null && session.deployment !== 'data-center') {
    const cloudId = session.cloudId ?? (await tenant(session));
    if (cloudId !== null) return atGateway(session, cloudId);
  }
  const evidence = await askSite(session, session.scheme, 'sign-in');
  const answer = accepted(evidence);
  if (answer !== null) return welcome(session, answer, siteApi(session), 'signed in');
  if (evidence.kind !== 'answer') return rejected(session);
  const turnedDown = evidence.status === 401 || evidence.status === 403;
  return turnedDown || mayBeBearer(session, evidence) ? secondTry(session, evidence) : rejected(session);
}

const siteApi = (session: Session): Api => apiOf(session.client, session.siteAuthorization(session.scheme));
const apiOf = (client: Client, authorization: Authorization): Api => ({
  client,
  base: authorization.base,
  authorization,
});

const rejected = (session: Session): StepResult => failed(diagnose('sign-in', session.seen, session.facts()));

async function askSite(session: Session, scheme: Scheme, purpose: 'sign-in' | 'sign-in-bearer'): Promise<Evidence> {
  const api = apiOf(session.client, session.siteAuthorization(scheme));
  const evidence = await askSignedIn(api, 'sign-in', purpose, myself);
  session.seen.push(evidence);
  return evidence;
}

/**
 * A refusal is not repeated, as failed logins lead to a CAPTCHA, with two exceptions that only another kind of request can
 * settle: a token with scopes (gateway), and a personal access token given as a password (Bearer).
 */
async function secondTry(session: Session, evidence: Answer): Promise<StepResult> {
  const verdict = diagnose('sign-in', session.seen, session.facts());
  if (mayBeBearer(session, evidence))
    return catalogue[verdict.code].bearerMayCure ? asBearer(session) : failed(verdict);
  const unnamed = ['credentials-rejected', 'token-expired'].includes(verdict.code);
  if (!unnamed || session.deployment === 'data-center') return failed(verdict);
  const cloudId = session.gatewayHost === null ? null : await tenant(session);
  return cloudId === null ? rejected(session) : afterSite(session, cloudId);
}

/**
 * A personal access token is tried as Bearer wherever Basic did not sign in: refused, sent to a login page, or taken for
 * nobody. Another secret that no person would choose as a password is, once, unless a 401 judged it: Bearer raises no
 * counter of failed logins. An overloaded or broken server is left alone.
 */
function mayBeBearer({deployment, scheme, target}: Session, {status}: Answer): boolean {
  if (deployment === 'cloud' || scheme !== 'basic' || status === 429 || status >= 500) return false;
  return target.tokenKind === 'data-center-pat' || (status !== 401 && madeByMachine(target.token.reveal()));
}

async function asBearer(session: Session): Promise<StepResult> {
  const evidence = await askSite(session, 'bearer', 'sign-in-bearer');
  const answer = accepted(evidence);
  if (answer === null) {
    // What Bearer was answered is told as such: the username played no part in it.
    const facts = session.facts();
    return failed(diagnose('sign-in', session.seen, evidence.kind === 'answer' ? {...facts, scheme: 'bearer'} : facts));
  }
  session.scheme = 'bearer';
  session.warn('pat-needs-bearer');
  return welcome(session, answer, siteApi(session), 'accepted as Bearer, refused as Basic');
}

/** The same pair at the gateway after the site's 401. */
async function afterSite(session: Session, cloudId: string): Promise<StepResult> {
  const {answer, client} = await byEitherScheme(session, cloudId);
  if (answer === null) return rejected(session);
  session.route = 'gateway';
  session.cloudId = cloudId;
  session.warn('token-needs-gateway');
  const api = apiOf(client, session.gatewayAuthorization(cloudId));
  return welcome(session, answer, api, 'refused at the site, accepted at Atlassian’s gateway');
}

/**
 * Asks the gateway who we are. Sources conflict about the scheme of a service account's token (Atlassian's page for its
 * API tokens says Basic, several connectors use Bearer), so a plain refusal of one is settled by the other.
 */
async function byEitherScheme(session: Session, cloudId: string): Promise<{answer: Answer | null; client: Client}> {
  const first = await askGateway(session, cloudId);
  session.seen.push(first.evidence);
  const answer = accepted(first.evidence);
  if (
    answer !== null ||
    !refusedPair(first.evidence) ||
    !isServiceAccount(session.target.tokenKind, session.target.username)
  )
    return {answer, client: first.client};
  const tried = session.scheme;
  session.scheme = tried === 'basic' ? 'bearer' : 'basic';
  const second = await askGateway(session, cloudId);
  session.seen.push(second.evidence);
  const other = accepted(second.evidence);
  if (other === null) session.scheme = tried;
  return {answer: other, client: second.client};
}

/** A 401 that says nothing of a scope: the pair itself was refused, by this scheme. */
const refusedPair = (evidence: Evidence): boolean =>
  evidence.kind === 'answer' && evidence.status === 401 && !scopeRefused(evidence);

/** A token known to work at the gateway only: the site's own address is never asked with it. */
async function atGateway(session: Session, cloudId: string): Promise<StepResult> {
  const known = session.target.route === 'gateway';
  session.route = 'gateway';
  session.cloudId = cloudId;
  const {answer, client} = await byEitherScheme(session, cloudId);
  if (answer === null) return rejected(session);
  if (!known) session.warn('token-needs-gateway');
  const api = apiOf(client, session.gatewayAuthorization(cloudId));
  return welcome(session, answer, api, 'signed in at Atlassian’s gateway');
}

/** The site's cloudId, which anyone may ask for; null when it does not tell. */
async function tenant(session: Session): Promise<string | null> {
  const answer = await askOpenly(session, 'sign-in', 'tenant-info', '/_edge/tenant_info');
  if (answer.kind !== 'answer' || answer.status !== 200) return null;
  const id = property(json(answer), 'cloudId');
  // It becomes part of an address a credential is sent to: a UUID, and nothing that could leave its place there.
  return typeof id === 'string' && /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/.test(id) ? id : null;
}

/** The answer, if it proves a sign-in: an account in the body, and no header that says "nobody". */
function accepted(evidence: Evidence): Answer | null {
  if (evidence.kind !== 'answer' || evidence.status !== 200) return null;
  if ((header(evidence, 'x-ausername') ?? '').trim().toLowerCase() === 'anonymous') return null;
  const reasons = seraphReasons(evidence);
  const out = reasons.some(reason => reason === 'OUT' || reason.endsWith('_FAILED') || reason.endsWith('_DENIED'));
  return (!out || reasons.includes('OK')) && accountIn(json(evidence)) ? evidence : null;
}

function welcome(session: Session, answer: Answer, api: Api, detail: string): StepResult {
  session.myself = answer;
  session.api = api;
  const byBody = property(json(answer), 'accountId') === undefined ? 'data-center' : 'cloud';
  session.deployment ??= deploymentOf([answer], session.target.site) ?? byBody;
  if (['soon', 'expired'].includes(expiryNotice(session.expiresAt, session.way.now()).state))
    session.warn('token-expires');
  const changed = session.scheme !== session.target.scheme || session.route !== session.target.route;
  return changed ? doubtful(detail) : passed(detail);
}
