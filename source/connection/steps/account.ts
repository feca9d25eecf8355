import {isCustomer, withoutRole} from '../../diagnosis/catalogue/account-rows.ts';
import {diagnose} from '../../diagnosis/diagnose.ts';
import type {Answer} from '../../diagnosis/evidence.ts';
import {json, property} from '../../diagnosis/responder.ts';
import {type Clean, clean} from '../../domain/clean.ts';
import {startReading} from '../readings.ts';
import {doubtful, failed, passed, type Session, type StepResult} from '../session.ts';

/** Who the site says we are. Asks nothing more: it reads the answer that signed us in. */
export async function account(session: Session): Promise<StepResult> {
  const {myself, api} = session;
  if (myself === null || api === null) throw new Error('The account step comes after the sign-in.');
  const body = json(myself);
  const email = text(property(body, 'emailAddress'));
  const id = text(property(body, 'accountId')) ?? text(property(body, 'key')) ?? text(property(body, 'name'));
  const displayName = text(property(body, 'displayName')) ?? id ?? clean('');
  const active = property(body, 'active') !== false && property(body, 'deleted') !== true;
  session.account = {displayName, id: id ?? clean(''), email, active};
  const refused = unusable(session, myself, active);
  if (refused !== null) return failed(refused);
  session.readings = startReading(
    {deployment: session.deployment, scheme: session.scheme, connector: session.target.connector},
    api,
  );
  const shown = `${displayName}${email === null ? '' : ` <${email}>`}`;
  if (!differs(session, email, text(property(body, 'name')))) return passed(`${shown}, active`);
  session.warn({code: 'account-differs', email});
  return doubtful(`${shown}, active; not the name that was typed (${session.target.username})`);
}

const text = (value: unknown): Clean | null => (typeof value === 'string' && value !== '' ? clean(value, 200) : null);

function unusable(session: Session, myself: Answer, active: boolean) {
  // The verdict is about the answer that signed us in, also where the site had refused before the gateway did not.
  const seen = [...session.seen.filter(({purpose}) => purpose === 'look' || purpose === 'look-myself'), myself];
  if (active && !withoutRole(myself) && !isCustomer(myself)) return null;
  const verdict = diagnose('account', seen, session.facts());
  if (verdict.code === 'account-inactive' || verdict.code === 'no-jira-access') return verdict;
  return session.fail('account-inactive', 'account', [clean('The account in the body is marked as deleted')]);
}

/** A token sent as Bearer names its account by itself; only Basic ties it to what was typed. */
function differs({scheme, target}: Session, email: Clean | null, name: Clean | null): boolean {
  const typed = target.username.trim().toLowerCase();
  if (scheme === 'bearer' || typed === '' || email === null) return false;
  const known = [email, name].map(each => each?.toLowerCase());
  return typed.includes('@') && !known.includes(typed);
}
