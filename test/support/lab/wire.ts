/** A listener on the wire: what a client sends before anything decrypts it, and what it says inside TLS. */
import {connect, type Socket} from 'node:net';
import type {TlsOptions} from 'node:tls';
import {type Served, serveRaw} from './serve.ts';

export type Wire = Served &
  Readonly<{
    /** The first bytes of each connection, as they came. */
    greetings: readonly Buffer[];
    /** Everything a client said inside TLS. */
    inside: () => string;
  }>;

const isTls = (bytes: Buffer): boolean => bytes[0] === 22 && bytes[1] === 3;

/** The rest of a connection whose first bytes were read, to the server that understands them. */
function forward(socket: Socket, first: Buffer, port: number): void {
  const upstream = connect(port, '127.0.0.1', () => {
    upstream.write(first);
    upstream.pipe(socket);
    socket.pipe(upstream);
  });
  upstream.on('error', () => socket.destroy());
  upstream.on('close', () => socket.destroy());
  socket.on('close', () => upstream.destroy());
}

/**
 * A TLS server behind a wire that is listened to.
 * @param plain answered to what is no TLS; without it such a connection is closed
 */
export async function tapped(tls: TlsOptions, plain = ''): Promise<Wire> {
  const said: Buffer[] = [];
  const inner = await serveRaw(socket => void socket.on('data', chunk => said.push(chunk)), {tls});
  const outer = await eavesdrop((socket, first) =>
    isTls(first) ? forward(socket, first, inner.port) : void socket.end(plain),
  );
  const close = async (): Promise<void> => {
    await outer.close();
    await inner.close();
  };
  return {...outer, close, inside: () => Buffer.concat(said).toString('latin1')};
}

/** A port that does what it is told once it has heard the first bytes of a connection. */
export async function eavesdrop(script: (socket: Socket, first: Buffer) => void): Promise<Wire> {
  const greetings: Buffer[] = [];
  const served = await serveRaw(socket =>
    socket.once('data', first => {
      greetings.push(first);
      script(socket, first);
    }),
  );
  return {...served, greetings, inside: () => ''};
}

/** What was said in clear text on any connection. */
export const inClear = ({greetings}: Wire): string =>
  greetings
    .filter(first => !isTls(first))
    .map(first => first.toString('latin1'))
    .join('');
