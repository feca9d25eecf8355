import type {Duplex} from 'node:stream';
import type {TLSSocket} from 'node:tls';
import {chainTold} from '../../diagnosis/certificates.ts';
import {diagnose} from '../../diagnosis/diagnose.ts';
import {Broken} from '../broken.ts';
import {chainOf} from '../chain.ts';
import {askTime} from '../clock.ts';
import {inquire} from '../inquire.ts';
import {failed, passed, type Session, type StepResult, skipped} from '../session.ts';

const dateCodes = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

/** Secures the pipe and verifies who is on its other end. */
export async function tls(session: Session): Promise<StepResult> {
  const {pipe, line, deadline, target, client} = session;
  if (pipe === null) throw new Error('The tls step comes after the connect step.');
  session.pipe = null;
  if (target.site.protocol === 'http:') {
    client.pool.adopt(pipe.stream);
    return skipped('plain HTTP, this machine only');
  }
  const started = performance.now();
  try {
    const socket = await firstHandshake(session, pipe.stream);
    client.pool.adopt(socket);
    return passed(told(socket));
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    // The server's time goes before the trouble, so that the trouble stays what the verdict is about.
    if (dateCodes.has(error.code)) session.seen.push(...(await askTime(session, pipe.dialled)));
    const known = error.particulars.chain?.length ? error : await inquire(error, line, deadline);
    const trouble = session.broke(known, 'tls', started);
    const failure = diagnose('tls', session.seen, session.facts());
    const chain = chainTold(trouble.chain);
    return failed(failure, chain === '' ? undefined : `${trouble.code}; ${chain}`);
  }
}

/** A greeting that vanishes on the way must leave time for a second, smaller one that tells why. */
async function firstHandshake({line, deadline}: Session, stream: Duplex): Promise<TLSSocket> {
  const span = deadline.within(deadline.remaining() / 2);
  try {
    return await line.secure(stream, span);
  } finally {
    span.stop();
  }
}

function told(socket: TLSSocket): string {
  const protocol = (socket.getProtocol() ?? 'TLS').replace(/^TLSv/, 'TLS ');
  // Of a chain that holds, the server's own certificate says enough.
  const leaf = chainTold(chainOf(socket).slice(0, 1));
  return leaf === '' ? protocol : `${protocol}; ${leaf}`;
}
