/** A forward proxy for the scenarios that need one. It tunnels to the practice Jira and to nowhere else. */
import {once} from 'node:events';
import {createServer} from 'node:http';
import {connect, type Socket} from 'node:net';
import {listen} from './listener.ts';
import type {ProxyPlay} from './play.ts';

export type PracticeProxy = Readonly<{url: string; mend(): Promise<void>; stop(): Promise<void>}>;

const refusals: Readonly<Record<Exclude<ProxyPlay, 'closed'>, string>> = {
  'wants-password': [
    'HTTP/1.1 407 Proxy Authentication Required',
    'Server: PracticeProxy/1.0',
    'Proxy-Authenticate: Basic realm="Practice proxy"',
    'Content-Length: 0',
    'Connection: close',
  ].join('\r\n'),
  refuses: ['HTTP/1.1 403 Forbidden', 'Server: PracticeProxy/1.0', 'Content-Length: 0', 'Connection: close'].join(
    '\r\n',
  ),
};

async function tunnel(client: Socket, head: Buffer, port: number): Promise<void> {
  const upstream = connect({host: '127.0.0.1', port});
  const end = (): void => {
    client.destroy();
    upstream.destroy();
  };
  upstream.on('error', end).on('close', end);
  client.on('error', end).on('close', end);
  await once(upstream, 'connect');
  client.write('HTTP/1.1 200 Connection established\r\n\r\n');
  upstream.write(head);
  client.pipe(upstream).pipe(client);
}

/**
 * @param play what the proxy does until it is mended
 * @param port of the practice Jira, the only place it leads to, whatever name was asked for
 */
export async function startProxy(play: ProxyPlay, port: number): Promise<PracticeProxy> {
  let mended = false;
  const http = createServer((_request, response) => response.writeHead(405, {Allow: 'CONNECT'}).end());
  http.on('connect', (_request, client: Socket, head: Buffer) => {
    if (mended || play === 'closed') tunnel(client, head, port).catch(() => client.destroy());
    else client.end(`${refusals[play]}\r\n\r\n`);
  });
  const listener = await listen(0, socket => void http.emit('connection', socket));
  if (play === 'closed') await listener.shut();
  return {
    url: `http://127.0.0.1:${listener.port}`,
    mend: async () => {
      mended = true;
      await listener.open();
    },
    stop: () => listener.shut(),
  };
}
