import type {Look} from '../diagnosis/examination.ts';
import {type ConnectionSettings, noConnectionSettings} from '../domain/connection-settings.ts';
import {Secret} from '../domain/secret.ts';
import type {Site} from '../domain/site.ts';
import {walkTo} from './examine.ts';
import {Interrupted, throwIfInterrupted} from './interrupted.ts';
import type {Reach} from './reach.ts';
import {Session} from './session.ts';

/**
 * Finds out what is at an address, before any secret is asked for. Sends no credential.
 * @throws {Interrupted} when the signal fired
 * @param connection how it is reached, as kept with a credential or answered
 */
export async function probe(
  site: Site,
  reach: Reach,
  signal: AbortSignal,
  connection: ConnectionSettings = noConnectionSettings,
): Promise<Look> {
  throwIfInterrupted(signal);
  const session = new Session(
    {
      connector: 'jira-software',
      name: null,
      site,
      username: '',
      token: new Secret(''),
      scheme: 'bearer',
      route: 'site',
      cloudId: null,
      expiresAt: null,
      tokenKind: 'unknown',
      connection,
    },
    reach,
    signal,
  );
  try {
    const {failure} = await walkTo(session, 'site', signal);
    const {deployment, title, version, seen} = session;
    return {
      deployment,
      title,
      version,
      failure,
      seen,
      reachable: seen.some(({kind, step}) => kind === 'answer' && step === 'site'),
    };
  } catch (error) {
    if (signal.aborted) throw new Interrupted();
    throw error;
  } finally {
    session.close();
  }
}
