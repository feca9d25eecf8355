/** Which proxy a connection goes through, by the rules curl and Go follow for the proxy variables. */
import {BlockList, isIP} from 'node:net';
import type {ProxyUse} from '../diagnosis/proxy-use.ts';
import {familyOf, isLoopback, withoutLogin} from '../domain/address.ts';
import {clean} from '../domain/clean.ts';
import {UsageFault} from '../domain/fault.ts';
import {Secret} from '../domain/secret.ts';
import type {Endpoint} from './line.ts';
import type {Reach} from './reach.ts';

export type ForwardProxy = Readonly<{
  protocol: 'http:' | 'https:';
  host: string;
  port: number;
  /** The value of Proxy-Authorization, from the credentials in the proxy's URL. */
  authorization: Secret | null;
  use: ProxyUse;
}>;

/** A proxy variable that names no proxy we can use; `reason` says what is wrong with it. */
export type UnusableProxy = Readonly<{unusable: string; use: ProxyUse}>;

/**
 * The proxy for one endpoint, or null for a direct connection.
 * @throws {UsageFault} when --proxy itself is not usable
 */
export function chooseProxy(endpoint: Endpoint, reach: Reach): ForwardProxy | UnusableProxy | null {
  if (reach.proxy !== null) {
    if (reach.proxy === '') return null;
    const proxy = readProxy(reach.proxy, '--proxy');
    if ('unusable' in proxy) {
      throw new UsageFault(`--proxy: ${proxy.unusable}`, ['Example: --proxy http://proxy.acme.example:3128']);
    }
    return local(endpoint, proxy) ? proxy : null;
  }
  // Lower case first, as curl does: HTTP_PROXY in capitals can be set by a request in CGI programs.
  const names = endpoint.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
  const because = [...names, 'all_proxy', 'ALL_PROXY'].find(name => (reach.env[name] ?? '') !== '');
  const value = because === undefined ? '' : (reach.env[because] ?? '');
  if (because === undefined || value === '') return null;
  if (isExempt(endpoint, reach.env.no_proxy || reach.env.NO_PROXY || '')) return null;
  const proxy = readProxy(value, because);
  return 'unusable' in proxy || local(endpoint, proxy) ? proxy : null;
}

/** Plain HTTP must not leave this machine, so only a proxy on this machine may carry it. */
const local = (endpoint: Endpoint, proxy: ForwardProxy): boolean =>
  endpoint.protocol === 'https:' || isLoopback(proxy.host);

/**
 * A character in the login that ends it, or the whole authority, where an address is read (RFC 3986 §3.2), so that a piece
 * of the login would be taken for the host. Looked for by the laxest grammar: all between “//” and the last “@”.
 */
function strayIn(full: string): string | null {
  const login = /^[^/]*:\/\/(.*)@/s.exec(full)?.[1] ?? '';
  return /[/\\?#@\s]/.exec(login)?.[0] ?? null;
}

const percentOf = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

function readProxy(given: string, because: string): ForwardProxy | UnusableProxy {
  const text = given.trim();
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const bare = clean(withoutLogin(full));
  const unusable = (reason: string): UnusableProxy => ({
    unusable: reason,
    use: {address: bare, because: clean(because)},
  });
  const stray = strayIn(full);
  if (stray !== null) {
    const shown = stray.trim() === '' ? 'a space' : `“${stray}”`;
    return unusable(`its user or password holds ${shown}, which must be written as ${percentOf(stray)} there.`);
  }
  let url: URL;
  try {
    url = new URL(full);
  } catch {
    return unusable('it is not an address like http://proxy.acme.example:3128.');
  }
  if (url.protocol.startsWith('socks')) return unusable('SOCKS proxies are not supported; an HTTP proxy is needed.');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return unusable('it must start with http:// or https://.');
  if (url.hostname === '') return unusable('it names no host.');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  // curl's default for a proxy without a port is 1080; every browser and Go take the scheme's own port.
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const authorization = authorizationOf(url);
  const address = clean(`${url.protocol}//${url.hostname}:${port}`);
  return {
    protocol: url.protocol,
    host,
    port,
    authorization,
    use: {address, because: clean(because), ...(authorization === null ? {} : {login: true})},
  };
}

function authorizationOf(url: URL): Secret | null {
  if (url.username === '' && url.password === '') return null;
  const pair = `${decoded(url.username)}:${decoded(url.password)}`;
  return new Secret(`Basic ${Buffer.from(pair, 'utf8').toString('base64')}`);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
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
