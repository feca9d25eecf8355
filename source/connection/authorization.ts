/** The Authorization header and the only places it may go. */

import {isLoopback} from '../domain/address.ts';
import type {Scheme} from '../domain/credential.ts';
import {Secret} from '../domain/secret.ts';
import type {Site} from '../domain/site.ts';

/** A header value bound to one base address; `base` has no trailing slash. */
export type Authorization = Readonly<{value: Secret; base: string}>;

function headerValue(scheme: Scheme, username: string, token: Secret): Secret {
  if (scheme === 'bearer') return new Secret(`Bearer ${token.reveal()}`);
  return new Secret(`Basic ${Buffer.from(`${username}:${token.reveal()}`, 'utf8').toString('base64')}`);
}

/** For requests to the site itself. */
export function siteAuthorization(site: Site, scheme: Scheme, username: string, token: Secret): Authorization {
  return {value: headerValue(scheme, username, token), base: site.url};
}

/** For requests to the gateway at one base address (`gatewayBase` of domain/gateway.ts). */
export function gatewayAuthorization(base: string, scheme: Scheme, username: string, token: Secret): Authorization {
  return {value: headerValue(scheme, username, token), base};
}

/**
 * Stops the program before a credential goes anywhere but under the address it is bound to, or over plain HTTP to
 * another machine. What trips this is a mistake in this program, not in the user's world.
 * @throws {Error}
 */
export function permit(url: string, authorization: Authorization): void {
  const asked = new URL(url);
  const bound = new URL(authorization.base);
  const path = bound.pathname.replace(/\/$/, '');
  const inside = asked.origin === bound.origin && asked.pathname.startsWith(`${path}/`);
  const covered = asked.protocol === 'https:' || isLoopback(asked.hostname.replace(/^\[(.*)\]$/, '$1'));
  if (!inside || !covered || asked.username !== '' || asked.password !== '') {
    throw new Error('A credential was about to be sent outside the address it belongs to.');
  }
}
