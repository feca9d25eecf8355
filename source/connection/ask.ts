/** The words for asking the site: unauthenticated looks and requests of a signed-in session. */
import type {Evidence, Purpose} from '../diagnosis/evidence.ts';
import type {StepId} from '../domain/step.ts';
import type {Api, Session} from './session.ts';

/** Asks the site itself without any credential, and remembers the answer. */
export async function askOpenly(session: Session, step: StepId, purpose: Purpose, path: string): Promise<Evidence> {
  const url = `${session.target.site.url}${path}`;
  const evidence = await session.client.get({step, purpose, url, authorization: null});
  session.seen.push(evidence);
  return evidence;
}

/** Asks with the credential, at the route in use; the caller remembers the answer, parallel ones in a fixed order. */
export function askSignedIn(api: Api, step: StepId, purpose: Purpose, path: string): Promise<Evidence> {
  return api.client.get({step, purpose, url: `${api.base}${path}`, authorization: api.authorization});
}
