/** Atlassian's gateway: where tokens with scopes work, while the site's own address answers them 401. */
import type {Evidence} from '../diagnosis/evidence.ts';
import {askSignedIn} from './ask.ts';
import type {Client} from './client.ts';
import {readingConnections} from './readings.ts';
import type {Session} from './session.ts';

export const myself = '/rest/api/2/myself';

/** A firewall that drops packets to the gateway must not eat the whole test: the site's answer still wants a verdict. */
const longestMs = 10_000;
const longestConnectMs = 8_000;

/** One client for the whole test: what was connected early is used late. */
function gatewayClient(session: Session, host: string): Client {
  // Silence is told as such, before the limit of the whole question is over.
  const wait = Math.min(session.way.connectTimeoutMs ?? longestConnectMs, longestConnectMs);
  session.gateway ??= session.clientTo({protocol: 'https:', host, port: 443}, {...session.way, connectTimeoutMs: wait});
  return session.gateway;
}

/**
 * Starts the connections that the sign-in and the questions after it will need, while the site is still being asked who
 * it is. TCP and TLS take two round trips, as many as that question and the sign-in: nothing is waited for later.
 */
export function prepareConnections(session: Session): void {
  const host = session.route === 'gateway' && session.cloudId !== null ? session.gatewayHost : null;
  const {pool} = host === null ? session.client : gatewayClient(session, host);
  pool.warm(readingConnections(session.target.connector));
}

/**
 * Asks `/myself` at the gateway, over a connection of its own with its own name, TCP and TLS.
 * @returns the client as well, for what is asked there later
 */
export async function askGateway(session: Session, cloudId: string): Promise<{evidence: Evidence; client: Client}> {
  const authorization = session.gatewayAuthorization(cloudId);
  const client = gatewayClient(session, new URL(authorization.base).hostname);
  const asking = askSignedIn({client, base: authorization.base, authorization}, 'sign-in', 'gateway-sign-in', myself);
  client.pool.warm(readingConnections(session.target.connector));
  // Where the whole test ends sooner, its own end tells how far the question came.
  if (session.deadline.remaining() <= longestMs) return {evidence: await asking, client};
  const span = session.deadline.within(longestMs);
  try {
    return {evidence: await span.limit('answer', asking), client};
  } catch (error) {
    return {evidence: client.timedOut(error, 'sign-in', 'gateway-sign-in', longestMs), client};
  } finally {
    span.stop();
  }
}
