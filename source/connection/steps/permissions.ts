import {closesAll, diagnose} from '../../diagnosis/diagnose.ts';
import type {Evidence} from '../../diagnosis/evidence.ts';
import {linesOf} from '../../diagnosis/evidence-reading.ts';
import {property, whoAnswered} from '../../diagnosis/responder.ts';
import {own} from '../../domain/clean.ts';
import {isoDate} from '../../domain/credential.ts';
import {expiryNotice} from '../../domain/expiry.ts';
import {isoDay} from '../../domain/time.ts';
import {answers, byStranger, entriesIn, permissionIn, serverFailed, whyNot} from '../readings.ts';
import {doubtful, failed, passed, type Session, type StepResult} from '../session.ts';

/** May the account see anything? Fails only on Jira's word that it may not; what cannot be read is a doubt. */
export async function permissions(session: Session): Promise<StepResult> {
  const {readings} = session;
  if (readings === null) throw new Error('The permissions step comes after the account step.');
  const [browse, projects, expiry, ...advisory] = await Promise.all([
    readings.browse,
    readings.projects,
    readings.expiry,
    ...readings.advisory.map(async ({keys, evidence}) => ({keys, evidence: await evidence})),
  ]);
  if (expiry !== null) readExpiry(session, expiry);
  session.seen.push(...advisory.map(({evidence}) => evidence), projects, browse);
  const lacking = advisory.flatMap(({keys, evidence}) => keys.filter(key => permissionIn(evidence, key) === false));
  if (permissionIn(browse, 'BROWSE_PROJECTS') === false) {
    return failed(
      session.fail('permission-missing', 'permissions', [own('BROWSE_PROJECTS: Jira says havePermission is false')]),
    );
  }
  const visible = entriesIn(projects);
  if (visible?.length === 0) {
    return failed(
      session.fail('permission-missing', 'permissions', [own('The list of projects is empty for this account')]),
    );
  }
  const stopped = stoppedBy(session, browse, projects);
  if (stopped !== null) return stopped;
  if (browse.kind === 'answer' && browse.status >= 500)
    session.warn({code: 'permission-advisory', unread: browse.status});
  if (lacking.length > 0) session.warn({code: 'permission-advisory', permissions: lacking});
  return told(browse, answers(projects), lacking);
}

/** Both questions ended for a reason that lies not with the account: a server at fault, no time left, a scope missing. */
function stoppedBy(session: Session, browse: Evidence, projects: Evidence): StepResult | null {
  if (answers(projects) || permissionIn(browse, 'BROWSE_PROJECTS') === true) return null;
  const verdict = diagnose('permissions', session.seen, session.facts());
  if (serverFailed(browse) && serverFailed(projects)) return failed(verdict);
  // What stands in the way now says nothing about the account, and the feeds would be told the same.
  if (byStranger(browse) && byStranger(projects)) {
    const named = verdict.code === 'feed-unavailable' || verdict.code === 'sign-in-unclear';
    return failed(named ? session.fail('intercepted', 'permissions', linesOf(browse)) : verdict);
  }
  return closesAll(verdict) ? failed(verdict) : null;
}

function told(browse: Evidence, projects: boolean, lacking: readonly string[]): StepResult {
  const without = lacking.length === 0 ? '' : `; without ${lacking.join(' and ')}`;
  const may = permissionIn(browse, 'BROWSE_PROJECTS') === true;
  const unasked = may || !unchecked(browse) ? '' : `BROWSE_PROJECTS could not be checked (${answeredBy(browse)})`;
  if (!may && !projects) return doubtful(`${unasked || 'could not be read'}${without}`);
  if (unasked !== '') return doubtful(`sees projects, but ${unasked}${without}`);
  const detail = may ? 'may browse projects' : 'sees projects';
  // What Jira could not say is a doubt, not silence.
  if (!may && browse.kind === 'answer' && browse.status >= 500)
    return doubtful(`${detail}, but Jira could not say what the account may do (${browse.status})${without}`);
  return lacking.length > 0 ? doubtful(`${detail}${without}`) : passed(detail);
}

/** Whether somebody refused the question itself, which is no word on the permission. */
const unchecked = (browse: Evidence): boolean =>
  byStranger(browse) || (browse.kind === 'answer' && [401, 403, 429].includes(browse.status));

const answeredBy = (browse: Evidence): string =>
  byStranger(browse) || browse.kind === 'trouble'
    ? whyNot(browse)
    : `${browse.status} by ${whoAnswered(browse).party === 'other' ? 'this site' : whoAnswered(browse).name}`;

/** Data Center tells the last day of personal access tokens; only a single one is surely ours. */
function readExpiry(session: Session, evidence: Evidence): void {
  const tokens = entriesIn(evidence);
  if (tokens?.length !== 1) return;
  const told = property(tokens[0], 'expiringAt');
  const day = typeof told === 'string' || typeof told === 'number' ? dayOf(told) : null;
  if (day === null || !isoDate.safeParse(day).success) return;
  session.toldExpiry = day;
  session.expiresAt = day;
  if (['soon', 'expired'].includes(expiryNotice(day, session.way.now()).state)) session.warn('token-expires');
}

function dayOf(told: string | number): string | null {
  const time = new Date(told);
  return Number.isNaN(time.getTime()) ? null : isoDay(time);
}
