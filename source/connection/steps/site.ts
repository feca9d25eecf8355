/** Is this Jira? An unauthenticated look: no credential goes to anything that has not shown itself to be Jira. */

import {siteBehind} from '../../diagnosis/catalogue/own-address.ts';
import {diagnose} from '../../diagnosis/diagnose.ts';
import type {Answer, Evidence, Trouble} from '../../diagnosis/evidence.ts';
import {answersAsJira} from '../../diagnosis/evidence-reading.ts';
import {readRedirect} from '../../diagnosis/redirect.ts';
import {deploymentOf, header, isJira, json, property, whoAnswered} from '../../diagnosis/responder.ts';
import {clean} from '../../domain/clean.ts';
import type {StepId} from '../../domain/step.ts';
import {askOpenly} from '../ask.ts';
import {Broken} from '../broken.ts';
import {certificateWanted, speaksTls, tlsSpoken, wantsCertificate} from '../inquire.ts';
import {failed, passed, type Session, type StepResult} from '../session.ts';
import {troubleOf} from '../trouble.ts';

export async function site(session: Session): Promise<StepResult> {
  const look = await askOpenly(session, 'site', 'look', '/rest/api/2/serverInfo');
  if (look.kind === 'trouble') return failed(await brokenLook(session, look));
  if (look.status === 200 && isJira(look)) return recognised(session, look);
  // Web servers say so in a page of their own, each in other words; the status is the same (nginx, Apache, Go).
  if (look.status === 400 && (await isSecure(session))) return failed(overTls(session));
  const redirect = readRedirect(look, session.target.site.url);
  if (redirect !== null && staysInside(redirect.target, session)) {
    const state = await stateOf(session);
    if (state !== null && state !== 'RUNNING') return failed(diagnose('site', session.seen, session.facts()));
    // Many a Jira sends every visitor without a login to one, REST paths included, and takes a token all the same.
    if (isJira(look) && redirect.kind !== 'loop') return recognised(session, look);
  }
  if (redirect?.kind === 'login' && isJira(look)) return recognised(session, look);
  if (decides(look, session)) return failed(await unavailable(session));
  // serverInfo is a hint, never a requirement: firewalls close it, and some Data Centers ask for a login there.
  const second = await askOpenly(session, 'site', 'look-myself', '/rest/api/2/myself');
  if (second.kind === 'answer' && answersAsJira(second)) return recognised(session, look);
  return failed(await unavailable(session));
}

const staysInside = (target: string, {target: {site}}: Session): boolean =>
  URL.canParse(target) && new URL(target).origin === site.origin;

/** The state a Data Center tells of itself; null on Cloud, and where nothing tells. */
async function stateOf(session: Session): Promise<string | null> {
  if (session.deployment === 'cloud') return null;
  const answer = await askOpenly(session, 'site', 'status', '/status');
  const state = answer.kind === 'answer' ? property(json(answer), 'state') : null;
  return typeof state === 'string' ? state.toUpperCase() : null;
}

/** Whether a first answer settles the matter, so that a second question would tell nothing new. */
function decides(look: Answer, session: Session): boolean {
  if (look.status === 429 || look.status === 503 || header(look, 'atl-missing-tcs') !== null) return true;
  const location = header(look, 'location');
  if (look.status < 300 || look.status > 399 || location === null || !URL.canParse(location, look.url)) return false;
  return new URL(location, look.url).origin !== session.target.site.origin;
}

function recognised(session: Session, look: Answer): StepResult {
  const answers = session.seen.filter((each): each is Answer => each.kind === 'answer');
  session.deployment = deploymentOf(answers, session.target.site);
  const info = json(look);
  if (look.status === 200) {
    session.version = textOf(property(info, 'version'), 60);
    session.title = textOf(property(info, 'serverTitle'), 120);
  }
  // A custom domain in front of a site: the pair goes to the site itself or nowhere.
  if (siteBehind(session.seen, session.facts()) !== null)
    return failed(diagnose('site', session.seen, session.facts()));
  const kind =
    session.deployment === 'cloud' ? 'Jira Cloud' : session.deployment === 'data-center' ? 'Jira Data Center' : 'Jira';
  const called = session.title === null ? '' : ` “${session.title}”`;
  const version = session.version === null || session.deployment === 'cloud' ? '' : ` ${session.version}`;
  return passed(`${kind}${version}${called}${ownAddress(session, property(info, 'baseUrl'))}`);
}

const textOf = (value: unknown, limit: number) =>
  typeof value === 'string' && value !== '' ? clean(value, limit) : null;

/** The site's own idea of its address, where it is another: a vanity host, a context path, or http for https. */
function ownAddress(session: Session, baseUrl: unknown): string {
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) return '';
  const told = baseUrl.replace(/\/+$/, '');
  return told.toLowerCase() === session.target.site.url.toLowerCase() ? '' : `; it calls itself ${told}`;
}

/** A failing site that may be a Data Center is asked for its state, which tells a start or maintenance from a crash. */
async function unavailable(session: Session) {
  const last = session.seen.at(-1);
  if (
    last?.kind === 'answer' &&
    last.status >= 500 &&
    whoAnswered(last).party !== 'atlassian-edge' &&
    session.deployment !== 'cloud'
  ) {
    await askOpenly(session, 'site', 'status', '/status');
  }
  return diagnose('site', session.seen, session.facts());
}

/**
 * A first exchange that was cut before any answer says more about the connection than about the site. With TLS 1.3 the
 * refusal of a client without certificate comes only now, after a handshake that looked complete.
 */
async function brokenLook(session: Session, trouble: Trouble) {
  const secure = session.target.site.protocol === 'https:';
  const step: StepId = secure ? 'tls' : 'connect';
  if (trouble.stage === 'request' && secure && /^(?:ECONNRESET|EPIPE|ERR_SSL_)/.test(trouble.code)) {
    const wanted =
      /CERTIFICATE_REQUIRED/.test(trouble.code) || (await wantsCertificate(session.line, session.deadline));
    if (wanted) {
      const {code, message, stage} = certificateWanted(new Broken('handshake', trouble.code, trouble.message));
      replaceLast(session, {...trouble, code, stage, message: clean(message)});
      return diagnose('tls', session.seen, session.facts());
    }
  }
  if (!secure && /^(?:ECONNRESET|EPIPE|HPE_)/.test(trouble.code) && (await isSecure(session))) return overTls(session);
  const cut = trouble.stage === 'request' && trouble.code !== 'TIMEOUT';
  return diagnose(cut ? step : 'site', session.seen, session.facts());
}

/** Whether the port of an address with http:// speaks TLS. */
async function isSecure({target: {site}, line, deadline}: Session): Promise<boolean> {
  return site.protocol === 'http:' && (await speaksTls(line, deadline));
}

function overTls(session: Session) {
  replaceLast(session, troubleOf(tlsSpoken(), session.line, 'connect', 'look', 0));
  return diagnose('connect', session.seen, session.facts());
}

function replaceLast(session: Session, evidence: Evidence): void {
  session.seen.splice(-1, 1, evidence);
}
