/** How this machine reaches the network: proxy, trusted CAs, fixed addresses, time. Made once from options and environment. */
import {isIP, type Socket} from 'node:net';
import type {RunSettings} from '../domain/command-line.ts';
import {UsageFault} from '../domain/fault.ts';
import type {RunSecrets} from '../domain/run-secrets.ts';

/** `host:port` is answered by `address`; names and certificates stay checked, as with curl's --resolve. */
export type ResolveRule = Readonly<{
  host: string;
  port: number;
  address: string;
  /** Another port at that address. Not reachable from the command line: the practice Jira plays the gateway with it. */
  toPort?: number;
}>;

export type Address = Readonly<{address: string; family: 4 | 6}>;

/** Every address of a name, in the resolver's order. Rejects as `dns.lookup` does (an Error with `code`). */
export type Lookup = (host: string) => Promise<readonly Address[]>;

/** Starts one TCP connection and returns at once, as `net.connect` does. */
export type OpenSocket = (to: Readonly<{host: string; port: number; family: 4 | 6; noDelay: true}>) => Socket;

export type Reach = Readonly<{
  env: Readonly<Record<string, string | undefined>>;
  /** --ca-file: a PEM file whose certificates are trusted too. */
  caFile: string | null;
  /** Further trusted certificates in PEM (the practice Jira's). */
  extraCa: readonly string[];
  /** --proxy: goes before every proxy variable; an empty string means "no proxy". */
  proxy: string | null;
  /** For the whole test, milliseconds. */
  timeoutMs: number;
  resolve: readonly ResolveRule[];
  now: () => Date;
  /** What printed commands repeat of this run; absent: nothing. */
  run?: RunSettings;
  /** What else must not be repeated of an answer: a proxy's password, a passphrase. */
  secrets?: RunSecrets;
  /** Stands in for the system's resolver. */
  lookup?: Lookup;
  /** Stands in for the system's TCP. */
  openSocket?: OpenSocket;
  /** Longest wait for one TCP connection, milliseconds; never longer than what is left of `timeoutMs`. Default 15 000. */
  connectTimeoutMs?: number;
}>;

const rulePattern = /^(\[[0-9a-f:.]+\]|[^:[\]\s]+):(\d{1,5}):(\[?[0-9a-f:.]+\]?)$/i;
const unbracketed = (text: string): string => text.replace(/^\[(.*)\]$/, '$1');

/**
 * Reads one --resolve value.
 * @param text HOST:PORT:ADDRESS; IPv6 addresses with or without brackets
 * @throws {UsageFault} when it has another form
 */
export function parseResolve(text: string): ResolveRule {
  const found = rulePattern.exec(text.trim());
  const host = unbracketed(found?.[1] ?? '').toLowerCase();
  const port = Number(found?.[2] ?? 0);
  const address = unbracketed(found?.[3] ?? '');
  if (found === null || port < 1 || port > 65_535 || isIP(address) === 0) {
    throw new UsageFault('--resolve wants HOST:PORT:ADDRESS, with an IP address last.', [
      'Example: --resolve jira.acme.example:443:10.0.0.7',
    ]);
  }
  return {host, port, address};
}
