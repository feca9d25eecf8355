/** HTTP proxies that open tunnels, or refuse to. */
import {once} from 'node:events';
import {createServer, type IncomingMessage} from 'node:http';
import {createServer as createSecureServer, type ServerOptions} from 'node:https';
import {type AddressInfo, connect, type Socket} from 'node:net';
import type {Duplex} from 'node:stream';

export type ProxyOptions = Readonly<{
  tls?: ServerOptions;
  /** USER:PASSWORD it wants to see; without it answers 407. */
  login?: string;
  /** Answered to every CONNECT instead of a tunnel. */
  refuse?: Readonly<{status: number; reason: string; headers?: Readonly<Record<string, string>>}>;
  /** Every tunnel ends at this port of 127.0.0.1, whatever name was asked for. */
  to?: number;
  /** What it says when the tunnel stands; by a function, how it says that. */
  opening?: string | ((client: Socket, text: string) => void);
}>;

export type Proxied = Readonly<{
  port: number;
  url: string;
  /** What each CONNECT asked for, with its headers. */
  tunnels: readonly Readonly<{authority: string; headers: IncomingMessage['headers']}>[];
  close(): Promise<void>;
}>;

const established = 'HTTP/1.1 200 Connection established\r\n\r\n';

export async function startProxy(options: ProxyOptions = {}): Promise<Proxied> {
  const tunnels: {authority: string; headers: IncomingMessage['headers']}[] = [];
  const sockets = new Set<Duplex>();
  const server = options.tls === undefined ? createServer() : createSecureServer(options.tls);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    client.on('error', () => undefined);
    const authority = request.url ?? '';
    tunnels.push({authority, headers: request.headers});
    const refusal = refusalOf(options, request);
    if (refusal !== null) {
      client.end(refusal);
      return;
    }
    const port = options.to ?? Number(authority.split(':').at(-1));
    const upstream = connect(port, '127.0.0.1', () => {
      const {opening = established} = options;
      if (typeof opening === 'function') opening(client as Socket, established);
      else client.write(opening);
      upstream.pipe(client);
      client.pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {port, url: `${options.tls === undefined ? 'http' : 'https'}://localhost:${port}`, tunnels, close};
}

function refusalOf({login, refuse}: ProxyOptions, request: IncomingMessage): string | null {
  if (refuse !== undefined) {
    const headers = Object.entries(refuse.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
    return `HTTP/1.1 ${refuse.status} ${refuse.reason}\r\n${headers.join('')}\r\n`;
  }
  if (login === undefined) return null;
  const wanted = `Basic ${Buffer.from(login).toString('base64')}`;
  if (request.headers['proxy-authorization'] === wanted) return null;
  return 'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="lab"\r\n\r\n';
}
