/** The words for asking the site: unauthenticated looks and requests of a signed-in session. */
import type {Evidence, Purpose} from '../diagnosis/evidence.ts';
import type {StepId} from '../domain/step.ts';
import type {Authorization} from './authorization.ts';
import type {Client} from './client.ts';

/** Where requests go after the sign-in, and with what. `base` has no trailing slash. */
export type Api = Readonly<{client: Client; base: string; authorization: Authorization}>;

/** Who asks a site, and remembers what it answered. */
type Asker = Readonly<{target: Readonly<{site: Readonly<{url: string}>}>; client: Client; seen: Evidence[]}>;

/** Asks the site itself without any credential, and remembers the answer. */
export async function askOpenly(asker: Asker, step: StepId, purpose: Purpose, path: string): Promise<Evidence> {
  const url = `${asker.target.site.url}${path}`;
  const evidence = await asker.client.get({step, purpose, url, authorization: null});
  asker.seen.push(evidence);
  return evidence;
}

/** Asks with the credential, at the route in use; the caller remembers the answer, parallel ones in a fixed order. */
export function askSignedIn(api: Api, step: StepId, purpose: Purpose, path: string): Promise<Evidence> {
  return api.client.get({step, purpose, url: `${api.base}${path}`, authorization: api.authorization});
}
