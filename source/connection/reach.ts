/** How this machine reaches the network: proxy, trusted CAs, fixed addresses, time. */
import type {Socket} from 'node:net';
import type {RunSettings} from '../domain/command-line.ts';
import {type ConnectionChoice, chooseConnection, type GivenConnection} from '../domain/connection-choice.ts';
import type {ConnectionSettings} from '../domain/connection-settings.ts';
import {parseFixedAddress} from '../domain/fixed-address.ts';
import type {RunSecrets} from '../domain/run-secrets.ts';

export type Endpoint = Readonly<{protocol: 'https:' | 'http:'; host: string; port: number}>;

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
  /** The options of this run: they go before what the target carries, that before the environment. */
  given: GivenConnection;
  /** Fixed addresses nobody typed: the practice Jira plays Atlassian with them. */
  detours?: readonly ResolveRule[];
  now: () => Date;
  /** What else must not be repeated of an answer: a proxy's password, a passphrase. */
  secrets?: RunSecrets;
  /** What printed commands repeat of this run; absent: nothing. */
  run?: RunSettings;
  /** Stands in for the system's resolver. */
  lookup?: Lookup;
  /** Stands in for the system's TCP. */
  openSocket?: OpenSocket;
  /** Longest wait for one TCP connection, milliseconds; never longer than what is left of the whole test. Default 15 000. */
  connectTimeoutMs?: number;
}>;

/** The way to one site, settled: nothing about it is decided any further down. */
export type Way = Reach &
  Readonly<{
    connection: ConnectionChoice;
    /** All fixed addresses. */
    rules: readonly ResolveRule[];
    /** For the whole test, milliseconds. */
    timeoutMs: number;
  }>;

/** @param settings what is kept with the credential, or was answered */
export function wayOf(reach: Reach, settings: ConnectionSettings): Way {
  const connection = chooseConnection(reach.given, settings);
  const rules = connection.addresses.value.flatMap(text => {
    const fixed = parseFixedAddress(text);
    return fixed === null ? [] : fixed.addresses.map(address => ({host: fixed.host, port: fixed.port, address}));
  });
  return {
    ...reach,
    connection,
    rules: [...(reach.detours ?? []), ...rules],
    timeoutMs: connection.timeoutSeconds.value * 1000,
  };
}
