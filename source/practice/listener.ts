/** Accepts connections on this machine's loopback addresses only, IPv4 and, where it exists, IPv6, on one port. */
import {once} from 'node:events';
import {createServer, type Server, type Socket} from 'node:net';
import {codeOf} from '../domain/errno.ts';
import {UsageFault} from '../domain/fault.ts';

export type Listener = Readonly<{
  port: number;
  /** Addresses it is bound to, for the curious and the tests. */
  addresses: readonly string[];
  /** Listens again on the same port after `shut`; rejects with a UsageFault when somebody took it meanwhile. */
  open(): Promise<void>;
  /** Nobody listens any more; the port number stays remembered. */
  shut(): Promise<void>;
  /** Ends every connection that is open. */
  drop(): void;
}>;

async function bind(host: string, port: number, accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer({noDelay: true}, accept);
  server.listen({host, port, ipv6Only: host === '::1'});
  await once(server, 'listening');
  return server;
}

const unbind = (server: Server): Promise<void> =>
  new Promise(resolve => {
    server.close(() => resolve());
  });

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** Both addresses with the same port, or IPv4 alone where this machine has no IPv6 loopback. */
async function bindBoth(port: number, accept: (socket: Socket) => void): Promise<Server[]> {
  const first = await bind('127.0.0.1', port, accept);
  try {
    return [first, await bind('::1', portOf(first), accept)];
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') return [first];
    await unbind(first);
    throw error;
  }
}

/** A random port may be free on IPv4 and taken on IPv6: then another is tried. */
async function bindSomewhere(port: number, accept: (socket: Socket) => void): Promise<Server[]> {
  for (let attempts = port === 0 ? 20 : 1; ; attempts -= 1) {
    try {
      return await bindBoth(port, accept);
    } catch (error) {
      if (attempts > 1 && codeOf(error) === 'EADDRINUSE') continue;
      throw new UsageFault(
        `The practice Jira cannot listen on port ${port} of this machine: ${codeOf(error) ?? 'unknown error'}.`,
        ['Leave out the port, and a free one is taken.'],
      );
    }
  }
}

/**
 * @param port 0 for any free one
 * @throws {UsageFault} when the port is taken or not allowed
 */
export async function listen(port: number, onConnection: (socket: Socket) => void): Promise<Listener> {
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client may leave at any moment; that is no error of the server.
    socket.on('error', () => socket.destroy());
    onConnection(socket);
  };
  let servers = await bindSomewhere(port, accept);
  const taken = servers[0] === undefined ? port : portOf(servers[0]);
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: taken,
    addresses: servers.map(server => {
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.address : '';
    }),
    open: async () => {
      if (servers.length === 0) servers = await bindSomewhere(taken, accept);
    },
    shut: async () => {
      const closing = servers.map(unbind);
      servers = [];
      drop();
      await Promise.all(closing);
    },
    drop,
  };
}
