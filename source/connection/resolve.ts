import {ADDRCONFIG} from 'node:dns';
import {lookup as systemLookup} from 'node:dns/promises';
import {isIP} from 'node:net';
import {codeOf} from '../domain/errno.ts';
import {Broken, messageOf} from './broken.ts';
import type {Deadline} from './deadline.ts';
import type {Address, Way} from './reach.ts';

/** Where to dial, and who said so. */
export type Destination = Readonly<{
  addresses: readonly Address[];
  port: number;
  by: 'literal' | 'option' | 'resolver';
}>;

const addressOf = (text: string): Address => ({address: text, family: isIP(text) === 6 ? 6 : 4});

/** What --resolve says about a host and port, or null when it says nothing. */
export function ruled(host: string, port: number, way: Way): Destination | null {
  const rules = way.rules.filter(rule => rule.host.toLowerCase() === host && rule.port === port);
  const first = rules[0];
  if (first === undefined) return null;
  return {addresses: rules.map(rule => addressOf(rule.address)), port: first.toPort ?? port, by: 'option'};
}

/**
 * All addresses of a host: itself when it is one, --resolve, or the system's resolver (so /etc/hosts and search domains
 * count as for every other program here).
 * @throws {Broken} stage `resolve`, with the resolver's code, ENOTFOUND when it has no address, TIMEOUT
 */
export async function resolveHost(host: string, port: number, way: Way, deadline: Deadline): Promise<Destination> {
  const fixed = ruled(host, port, way);
  if (fixed !== null) return fixed;
  if (isIP(host) !== 0) return {addresses: [addressOf(host)], port, by: 'literal'};
  const addresses = await deadline.limit('resolve', ask(host, way));
  if (addresses.length === 0) throw new Broken('resolve', 'ENOTFOUND', `${host} has no address.`);
  return {addresses, port, by: 'resolver'};
}

async function ask(host: string, way: Way): Promise<readonly Address[]> {
  try {
    if (way.lookup !== undefined) return await way.lookup(host);
    return await askSystem(host);
  } catch (error) {
    throw new Broken('resolve', codeOf(error) ?? 'UNKNOWN', messageOf(error));
  }
}

/**
 * ADDRCONFIG leaves out IPv6 addresses on a machine without IPv6, which would only fail. Where nothing but loopback is
 * configured it can leave out everything, so an empty-handed answer is asked for again without it.
 */
async function askSystem(host: string): Promise<readonly Address[]> {
  const all = (hints: number): Promise<readonly Address[]> =>
    systemLookup(host, {all: true, verbatim: true, hints}).then(list =>
      list.map(({address, family}): Address => ({address, family: family === 6 ? 6 : 4})),
    );
  try {
    return await all(ADDRCONFIG);
  } catch (error) {
    if (codeOf(error) !== 'ENOTFOUND') throw error;
    return all(0);
  }
}
