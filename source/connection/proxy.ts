/** Which proxy a connection goes through, by the rules curl and Go follow for the proxy variables. */
import {BlockList, isIP} from 'node:net';
import type {Facts} from '../diagnosis/evidence.ts';
import type {ProxyUse} from '../diagnosis/proxy-use.ts';
import {familyOf, isLoopback} from '../domain/address.ts';
import {clean} from '../domain/clean.ts';
import {type ProxyAddressRead, type ProxySettings, parseProxyAddress} from '../domain/proxy-address.ts';
import {Secret} from '../domain/secret.ts';
import type {Endpoint, Way} from './reach.ts';

export type ForwardProxy = Readonly<{
  protocol: 'http:' | 'https:';
  host: string;
  port: number;
  /** The value of Proxy-Authorization. */
  authorization: Secret | null;
  /** All that must not be shown of what it answers. */
  secrets: readonly Secret[];
  use: ProxyUse;
}>;

/** A proxy variable that names no proxy we can use; `reason` says what is wrong with it. */
export type UnusableProxy = Readonly<{unusable: string; use: ProxyUse}>;

/** How evidence names a proxy that is kept with the credential. */
const savedSettings = 'the saved settings';

/** The proxy for one endpoint, or null for a direct connection. */
export function chooseProxy(
  endpoint: Endpoint,
  {connection, env}: Pick<Way, 'connection' | 'env'>,
): ForwardProxy | UnusableProxy | null {
  const {value, from} = connection.proxy;
  if (value === 'none') return null;
  if (value !== null) {
    const proxy = forwardProxy(value, from === 'option' ? '--proxy' : savedSettings);
    return local(endpoint, proxy) ? proxy : null;
  }
  const named = proxyInEnvironment(endpoint, env);
  if (named === null) return null;
  const {read, because} = named;
  if (!read.ok) return {unusable: read.reason, use: {address: read.shown, because: clean(because)}};
  const proxy = forwardProxy(read.proxy, because);
  return local(endpoint, proxy) ? proxy : null;
}

/** What the proxy variables say for one endpoint, and which of them; null where none counts for it. */
export function proxyInEnvironment(
  endpoint: Pick<Endpoint, 'protocol' | 'host' | 'port'>,
  env: Way['env'],
): Readonly<{read: ProxyAddressRead; because: string}> | null {
  // Lower case first, as curl does: HTTP_PROXY in capitals can be set by a request in CGI programs.
  const names = endpoint.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
  const because = [...names, 'all_proxy', 'ALL_PROXY'].find(name => (env[name] ?? '') !== '');
  if (because === undefined || isExempt(endpoint, env.no_proxy || env.NO_PROXY || '')) return null;
  return {read: parseProxyAddress(env[because] ?? ''), because};
}

/** A proxy variable that is set and does not count for this endpoint, with the reason; null where there is none. */
export function idleProxy(
  endpoint: Endpoint,
  {connection, env}: Pick<Way, 'connection' | 'env'>,
): Facts['idleProxy'] | null {
  if (connection.proxy.value !== null || endpoint.protocol !== 'https:') return null;
  const find = (names: readonly string[]): string | undefined => names.find(name => (env[name] ?? '') !== '');
  const counts = find(['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']);
  const because = counts ?? find(['http_proxy', 'HTTP_PROXY']);
  if (because === undefined) return null;
  if (counts !== undefined && !isExempt(endpoint, env.no_proxy || env.NO_PROXY || '')) return null;
  const read = parseProxyAddress(env[because] ?? '');
  const address = read.ok ? clean(read.proxy.url) : read.shown;
  return {use: {address, because: clean(because)}, why: counts === undefined ? 'http-only' : 'exempt'};
}

/** Plain HTTP must not leave this machine, so only a proxy on this machine may carry it. */
const local = (endpoint: Endpoint, proxy: ForwardProxy): boolean =>
  endpoint.protocol === 'https:' || isLoopback(proxy.host);

function forwardProxy(settings: ProxySettings, because: string): ForwardProxy {
  const url = new URL(settings.url);
  const {username, password} = settings;
  const authorization =
    username === null && password === null
      ? null
      : new Secret(`Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`, 'utf8').toString('base64')}`);
  const protocol = url.protocol === 'https:' ? 'https:' : 'http:';
  return {
    protocol,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (protocol === 'https:' ? 443 : 80),
    authorization,
    secrets: [...(authorization === null ? [] : [authorization]), ...(password ? [new Secret(password)] : [])],
    use: {address: clean(settings.url), because: clean(because), ...(authorization === null ? {} : {login: true})},
  };
}

/**
 * Whether NO_PROXY exempts an endpoint. Entries: `*`, a name (and every name under it), `.name`, `*.name`, an address,
 * an address range in CIDR form, each with an optional `:port`.
 */
export function isExempt(endpoint: Pick<Endpoint, 'host' | 'port'>, noProxy: string): boolean {
  return noProxy
    .split(/[\s,]+/)
    .filter(entry => entry !== '')
    .some(entry => matches(entry.toLowerCase(), endpoint.host.toLowerCase(), endpoint.port));
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  const {name, only} = splitPort(entry);
  if (only !== null && only !== port) return false;
  if (name.includes('/')) return inRange(name, host);
  if (isIP(name) !== 0) return sameAddress(name, host);
  const suffix = name.replace(/^\*?\.+/, '').replace(/\.$/, '');
  return suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`));
}

function splitPort(entry: string): {name: string; only: number | null} {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(entry);
  if (bracketed !== null) return {name: bracketed[1] ?? '', only: bracketed[2] ? Number(bracketed[2]) : null};
  const plain = /^([^:]+):(\d+)$/.exec(entry);
  return plain === null ? {name: entry, only: null} : {name: plain[1] ?? '', only: Number(plain[2])};
}

function inRange(range: string, host: string): boolean {
  const [network = '', bits = ''] = range.split('/');
  const family = isIP(network);
  const width = Number(bits);
  if (family === 0 || isIP(host) !== family || !/^\d+$/.test(bits) || width > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, width, familyOf(network));
  return list.check(host, familyOf(host));
}

function sameAddress(address: string, host: string): boolean {
  if (isIP(host) !== isIP(address)) return false;
  const list = new BlockList();
  list.addAddress(address, familyOf(address));
  return list.check(host, familyOf(host));
}
