/** HTTP servers on loopback that remember what they were asked. */
import {once} from 'node:events';
import {createServer, type IncomingMessage, type RequestListener, type ServerResponse} from 'node:http';
import {createServer as createSecureServer, type ServerOptions} from 'node:https';
import {type AddressInfo, createServer as createTcpServer, type Server, type Socket} from 'node:net';
import {createServer as createTlsServer, type TLSSocket, type TlsOptions} from 'node:tls';

export type Asked = Readonly<{
  method: string;
  /** Path and query as asked. */
  url: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}>;

export type Reply = Readonly<{
  status?: number;
  headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Anything but text and bytes is sent as JSON. */
  body?: unknown;
}>;

/** What to answer; undefined when the handler has answered, or will not, by `response` itself. */
export type Handler = (asked: Asked, response: ServerResponse) => Reply | undefined;

export type Served = Readonly<{
  port: number;
  /** With `localhost` as host. */
  url: string;
  requests: readonly Asked[];
  /** TCP connections accepted so far. */
  connections: () => number;
  close(): Promise<void>;
}>;

/** Listens on a free port of 127.0.0.1 and ends every open connection on close. */
async function listen(server: Server): Promise<{port: number; connections: () => number; close: () => Promise<void>}> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let closing = false;
  server.on('connection', socket => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    // One that was still in the queue would be waited for until it is idle long enough.
    if (closing) socket.destroy();
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    closing = true;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {port, connections: () => connections, close};
}

/** Sends an answer by hand, for a handler that answered undefined. */
export function send(response: ServerResponse, reply: Reply): void {
  const {status = 200, headers = {}, body} = reply;
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  const content = body === undefined ? '' : raw ? body : JSON.stringify(body);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value as string | string[]);
  if (!raw && body !== undefined && !response.hasHeader('content-type')) {
    response.setHeader('content-type', 'application/json;charset=UTF-8');
  }
  response.writeHead(status);
  response.end(content);
}

export async function serve(
  handler: Handler,
  options: {tls?: ServerOptions; onConnection?: () => void} = {},
): Promise<Served> {
  const requests: Asked[] = [];
  const listener: RequestListener = async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const url = request.url ?? '';
    const asked = {method: request.method ?? '', url, path: url.split('?')[0] ?? '', headers: request.headers, body};
    requests.push(asked);
    const reply = handler(asked, response);
    if (reply !== undefined) send(response, reply);
  };
  const server = options.tls === undefined ? createServer(listener) : createSecureServer(options.tls, listener);
  server.on('tlsClientError', () => undefined);
  const {port, close, connections} = await listen(server);
  if (options.onConnection !== undefined) server.on('connection', options.onConnection);
  return {
    port,
    url: `${options.tls === undefined ? 'http' : 'https'}://localhost:${port}`,
    requests,
    connections,
    close,
  };
}

/** A server that speaks bytes: `script` is run for each connection, after the handshake where there is TLS. */
export async function serveRaw(
  script: (socket: Socket | TLSSocket) => void,
  options: {tls?: TlsOptions} = {},
): Promise<Served> {
  const guarded = (socket: Socket): void => {
    socket.on('error', () => undefined);
    script(socket);
  };
  const server = options.tls === undefined ? createTcpServer(guarded) : createTlsServer(options.tls, guarded);
  server.on('tlsClientError', () => undefined);
  const {port, close, connections} = await listen(server);
  return {port, url: `https://localhost:${port}`, requests: [], connections, close};
}

/** A port on which nothing listens: it was free a moment ago. */
export async function closedPort(): Promise<number> {
  const {port, close} = await listen(createTcpServer());
  await close();
  return port;
}
