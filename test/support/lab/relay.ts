/** A relay that is as slow as a far-away network: everything arrives later, in both directions. */
import {connect, type Socket} from 'node:net';
import {type Served, serveRaw} from './serve.ts';

/** @param oneWayMs added to every piece on its way, milliseconds */
export function startRelay(to: number, oneWayMs: number): Promise<Served> {
  const later = (from: Socket, into: Socket): void => {
    const pass = (act: () => void): unknown => setTimeout(act, oneWayMs);
    from.on('data', chunk => pass(() => into.writable && into.write(chunk)));
    from.on('end', () => pass(() => into.end()));
    from.on('close', () => pass(() => into.destroy()));
  };
  return serveRaw(client => {
    const server = connect(to, '127.0.0.1');
    server.on('error', () => client.destroy());
    later(client, server);
    later(server, client);
  });
}
