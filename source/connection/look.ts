import type {Failure} from '../diagnosis/test-report.ts';
import type {Clean} from '../domain/clean.ts';
import type {Deployment} from '../domain/credential.ts';
import {Secret} from '../domain/secret.ts';
import type {Site} from '../domain/site.ts';
import {walkTo} from './examine.ts';
import {Interrupted, throwIfInterrupted} from './interrupted.ts';
import type {Reach} from './reach.ts';
import {Session} from './session.ts';

/** What an unauthenticated look at a site found. `failure` is null when Jira answered. */
export type Look = Readonly<{
  deployment: Deployment | null;
  title: Clean | null;
  version: Clean | null;
  /** An HTTP answer came, from whomever. */
  reachable: boolean;
  failure: Failure | null;
}>;

/**
 * Finds out what is at an address, before any secret is asked for. Sends no credential.
 * @throws {Interrupted} when the signal fired
 * @throws {UsageFault} when --ca-file or --proxy is not usable
 */
export async function look(site: Site, reach: Reach, signal: AbortSignal): Promise<Look> {
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
      reachable: seen.some(({kind, step}) => kind === 'answer' && step === 'site'),
    };
  } catch (error) {
    if (signal.aborted) throw new Interrupted();
    throw error;
  } finally {
    session.close();
  }
}
