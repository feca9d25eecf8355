/** TLS over an open pipe, verified always: there is no handshake in this program that accepts an unknown peer. */
import {isIP} from 'node:net';
import type {Duplex} from 'node:stream';
import {checkServerIdentity, connect as connectTls, type PeerCertificate, type TLSSocket} from 'node:tls';
import type {CertificateFacts} from '../diagnosis/evidence.ts';
import {codeOf} from '../domain/errno.ts';
import {Broken, messageOf} from './broken.ts';
import {chainOf} from './chain.ts';
import type {Deadline} from './deadline.ts';
import type {Greeting, Trust} from './trust.ts';

/**
 * As Node's own check, but a common name counts for nothing: RFC 9525 §2 and every browser since 2017 want an alternative
 * name, and so do Go's and Python's TLS, which connectors are written in. Node would fall back to it.
 */
function checkName(host: string, certificate: PeerCertificate): Error | undefined {
  if (isIP(host) === 0 && !/(?:^|, ?)DNS:/.test(certificate.subjectaltname ?? '')) {
    const message = `Hostname/IP does not match certificate's altnames: the certificate has no alternative name, only the common name ${certificate.subject?.CN ?? '(none)'}`;
    return Object.assign(new Error(message), {code: 'ERR_TLS_CERT_ALTNAME_INVALID'});
  }
  return checkServerIdentity(host, certificate);
}

/** Node keeps its verdict on the chain here before it destroys the connection; nothing else is kept here. */
const isRefused = ({authorizationError}: TLSSocket): boolean => Boolean(authorizationError);

/**
 * @param stream the pipe; it belongs to the handshake from now on and is destroyed when that fails
 * @param host the name the certificate must be for
 * @returns the verified connection
 * @throws {Broken} stage `handshake`, with the peer's chain when it was the verification that failed
 */
export async function handshake(
  stream: Duplex,
  host: string,
  trust: Trust,
  deadline: Deadline,
  greeting: Greeting = 'usual',
): Promise<TLSSocket> {
  let chain: readonly CertificateFacts[] = [];
  const socket = connectTls({
    socket: stream,
    host,
    ...(isIP(host) === 0 ? {servername: host} : {}),
    secureContext: trust.context(greeting),
    rejectUnauthorized: true,
    checkServerIdentity: checkName,
    ALPNProtocols: ['http/1.1'],
  });
  // Node destroys the connection on a failed verification before it says so, and the peer's chain with it. This event
  // comes just before Node's own look at the result: the chain is known without ever accepting the peer.
  socket.prependOnceListener('secure', () => {
    chain = chainOf(socket);
  });
  const ready = new Promise<TLSSocket>((resolve, reject) => {
    const failed = (error: unknown): void =>
      reject(
        new Broken('handshake', codeOf(error) ?? 'UNKNOWN', messageOf(error), {chain, refusedChain: isRefused(socket)}),
      );
    socket.once('error', failed);
    socket.once('close', () => failed({code: 'ECONNRESET'}));
    socket.once('secureConnect', () => {
      socket.off('error', failed);
      resolve(socket);
    });
  });
  try {
    return await deadline.limit('handshake', ready);
  } catch (error) {
    socket.destroy();
    stream.destroy();
    throw error;
  } finally {
    // A destroyed socket may still report; nobody is left to be told.
    socket.on('error', () => undefined);
  }
}
