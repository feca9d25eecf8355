/**
 * What stands between a connection and the practice Jira's answers: TLS as the scenario wants it, then HTTP. Real
 * front ends answer plain HTTP on a TLS port with a 400 and their Date header, and so does this one.
 */
import {
  createServer as createHttp,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import {createServer as createHttps, type ServerOptions} from 'node:https';
import type {Socket} from 'node:net';
import type {ServerCertificate} from './certificate.ts';
import type {Wire} from './play.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Takes a fresh connection and sees to it. */
export type Front = (socket: Socket) => void;

/** First byte of a TLS record that carries a handshake (RFC 8446, 5.1). */
const handshakeRecord = 0x16;

const wires: Readonly<Record<'old-tls' | 'client-certificate', ServerOptions>> = {
  'old-tls': {minVersion: 'TLSv1', maxVersion: 'TLSv1.1'},
  'client-certificate': {requestCert: true, rejectUnauthorized: true},
};

function secure(certificate: ServerCertificate, wire: Wire | null, handler: Handler): HttpServer {
  const how = wire === 'old-tls' || wire === 'client-certificate' ? wires[wire] : {};
  const server = createHttps({...certificate, ...how}, handler);
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

/** Waits for the client's first bytes, puts them back, and lets `choose` name who takes over. */
function afterFirstBytes(socket: Socket, choose: (first: number) => HttpServer): void {
  // Not 'data': its flowing mode would hand the bytes to nobody before the TLS layer has taken hold of the socket.
  const look = (): void => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    socket.off('readable', look);
    socket.unshift(chunk);
    choose(chunk[0] ?? 0).emit('connection', socket);
  };
  socket.on('readable', look);
}

/**
 * @param wire what goes wrong before HTTP; null for nothing
 * @param answer a request that came through TLS, or in clear when the scenario is a server without TLS
 * @param inClear a request in clear on the TLS port
 */
export function makeFront(wire: Wire | null, certificate: ServerCertificate, answer: Handler, inClear: Handler): Front {
  if (wire === 'reset') return socket => void socket.once('data', () => socket.resetAndDestroy());
  const clear = createHttp(wire === 'plain-http' ? answer : inClear);
  if (wire === 'plain-http') return socket => void clear.emit('connection', socket);
  const tls = secure(certificate, wire, answer);
  return socket => afterFirstBytes(socket, first => (first === handshakeRecord ? tls : clear));
}
