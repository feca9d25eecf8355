/** A line to one host and port: name, TCP or tunnel, TLS. The first one is drawn step by step, further ones the same way. */
import type {Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import type {TLSSocket} from 'node:tls';
import {isLoopback} from '../domain/address.ts';
import {Broken} from './broken.ts';
import type {Deadline} from './deadline.ts';
import {type Dialled, dial} from './dial.ts';
import {handshake} from './handshake.ts';
import {chooseProxy, type ForwardProxy, type UnusableProxy} from './proxy.ts';
import type {Endpoint, Way} from './reach.ts';
import {type Destination, resolveHost, ruled} from './resolve.ts';
import type {Trust} from './trust.ts';
import {tunnel} from './tunnel.ts';

/** A pipe to the endpoint before TLS: the socket itself, or the tunnel through a proxy. */
export type Pipe = Readonly<{stream: Duplex; dialled: Dialled}>;

const usualConnectTimeoutMs = 15_000;

export class Line {
  readonly proxy: ForwardProxy | UnusableProxy | null;
  #destination: Destination | null = null;

  constructor(
    readonly endpoint: Endpoint,
    readonly way: Way,
    readonly trust: Trust,
  ) {
    this.proxy = chooseProxy(endpoint, way);
  }

  /** The name that is looked up here: the proxy's when there is one, the site's name being the proxy's job then. */
  get dialledHost(): Readonly<{host: string; port: number}> {
    const {proxy, endpoint} = this;
    return proxy !== null && !('unusable' in proxy) ? proxy : endpoint;
  }

  /** @throws {Broken} stage `resolve`, or `proxy` when it is the proxy's name or setting that fails */
  async resolve(deadline: Deadline): Promise<Destination> {
    if (this.proxy !== null && 'unusable' in this.proxy) {
      throw new Broken('proxy', 'PROXY_UNUSABLE', `${this.proxy.use.because}: ${this.proxy.unusable}`);
    }
    const {host, port} = this.dialledHost;
    this.#destination ??= await this.#viaProxy(() => resolveHost(host, port, this.way, deadline));
    return this.#destination;
  }

  /** @throws {Broken} stages `connect` and `proxy` */
  async connect(deadline: Deadline): Promise<Pipe> {
    const {addresses, port, by} = await this.resolve(deadline);
    const timeoutMs = this.way.connectTimeoutMs ?? usualConnectTimeoutMs;
    if (this.endpoint.protocol === 'http:' && !addresses.every(({address}) => isLoopback(address))) {
      throw new Broken('connect', 'PLAIN_HTTP_ABROAD', 'Plain HTTP is for this machine only.');
    }
    const dialled = await this.#viaProxy(() => dial(addresses, port, timeoutMs, deadline, this.way.openSocket));
    // What answered once goes first from now on, so that further connections do not wait for a broken address again.
    const first = addresses.filter(({address}) => address === dialled.address);
    const others = addresses.filter(({address}) => address !== dialled.address);
    this.#destination = {addresses: [...first, ...others], port, by};
    const stream = await this.#through(dialled.socket, deadline);
    return {stream, dialled};
  }

  /** @throws {Broken} stage `handshake` */
  secure(stream: Duplex, deadline: Deadline): Promise<TLSSocket> {
    return handshake(stream, this.endpoint.host, this.trust, deadline);
  }

  /** A whole line, ready for HTTP. @throws {Broken} */
  async open(deadline: Deadline): Promise<Duplex> {
    const {stream} = await this.connect(deadline);
    return this.endpoint.protocol === 'https:' ? this.secure(stream, deadline) : stream;
  }

  async #through(socket: Socket, deadline: Deadline): Promise<Duplex> {
    const {proxy, endpoint} = this;
    if (proxy === null || 'unusable' in proxy) return socket;
    // A fixed address holds through a proxy, too: the proxy is then asked for the address.
    const fixed = ruled(endpoint.host, endpoint.port, this.way);
    const host = fixed?.addresses[0]?.address ?? endpoint.host;
    const authority = `${host.includes(':') ? `[${host}]` : host}:${fixed?.port ?? endpoint.port}`;
    return this.#viaProxy(async () => {
      const outer = proxy.protocol === 'https:' ? await handshake(socket, proxy.host, this.trust, deadline) : socket;
      return tunnel(outer, authority, proxy, deadline);
    });
  }

  /** What fails on the way to the proxy is the proxy's failure, not the site's. */
  async #viaProxy<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Broken) || this.proxy === null) throw error;
      throw new Broken('proxy', error.code, error.message, error.particulars);
    }
  }
}
