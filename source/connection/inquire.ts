/**
 * A second handshake with a listener on the wire, after one that broke without a reason that says enough: what was
 * spoken instead of TLS, and whether a client certificate was asked for. Verification stays on and no request is sent.
 */
import {Duplex} from 'node:stream';
import {Broken} from './broken.ts';
import type {Deadline} from './deadline.ts';
import {handshake} from './handshake.ts';
import type {Line} from './line.ts';
import {spokenIn} from './observe.ts';
import type {Greeting} from './trust.ts';

/** Passes everything on and keeps the first bytes of either direction. */
class Tap extends Duplex {
  readonly received: Buffer[] = [];
  readonly sent: Buffer[] = [];
  readonly #inner: Duplex;

  constructor(inner: Duplex) {
    super();
    this.#inner = inner;
    inner.on('data', (chunk: Buffer) => {
      keep(this.received, chunk);
      if (!this.push(chunk)) inner.pause();
    });
    inner.on('end', () => this.push(null));
    inner.on('error', error => this.destroy(error));
    inner.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#inner.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    keep(this.sent, chunk);
    this.#inner.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#inner.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#inner.destroy();
    done(error);
  }
}

function keep(chunks: Buffer[], chunk: Buffer): void {
  if (chunks.reduce((sum, {length}) => sum + length, 0) < 16_384) chunks.push(Buffer.from(chunk));
}

const longestMs = 5_000;

/**
 * The second handshake's greeting is small: it offers no post-quantum key exchange, which makes a greeting of more than
 * one packet, and devices on the way that expect a single one drop it (tldr.fail). Where that is the difference, the
 * usual greeting is tried once more, so that a passing fault is not taken for it.
 * @param broken how the first handshake ended
 * @returns the same, enriched with what the second showed; a second that cannot be made adds nothing
 */
export async function inquire(broken: Broken, line: Line, deadline: Deadline): Promise<Broken> {
  const heard = await overhear(line, deadline, 'classical');
  if (heard === null) return broken;
  if (asksForCertificate(heard.sent)) return certificateWanted(broken);
  const cut = ['ECONNRESET', 'EPIPE', 'TIMEOUT'].includes(broken.code);
  if (heard.secured && cut && (await overhear(line, deadline, 'usual'))?.secured !== true)
    return new Broken(broken.stage, broken.code, broken.message, {...broken.particulars, smallGreeting: true});
  const first = heard.received;
  // An alert of a number OpenSSL has no name for ends in a bare cut.
  if (broken.code === 'ECONNRESET' && first[0] === 21 && first.readUInt16BE(3) === 2 && first.length >= 7) {
    const message = `The peer broke off the handshake: SSL alert number ${first[6]}`;
    return new Broken('handshake', 'EPROTO', message, broken.particulars);
  }
  // Record types 20 to 23 of version 3.x are TLS (RFC 8446 §5.1); anything else was no answer to our greeting.
  const isTls = first.length === 0 || ((first[0] ?? 0) >= 20 && (first[0] ?? 0) <= 23 && first[1] === 3);
  const spoken = isTls ? null : spokenIn(first);
  return new Broken(broken.stage, broken.code, broken.message, {...broken.particulars, spoken});
}

/** Whether the endpoint asks for a client certificate, to be found out after a connection that was cut once it stood. */
export async function wantsCertificate(line: Line, deadline: Deadline): Promise<boolean> {
  const heard = await overhear(line, deadline, 'usual');
  return heard !== null && asksForCertificate(heard.sent);
}

/** Whether a port that was asked in plain HTTP speaks TLS. A greeting is sent, and no request. */
export async function speaksTls(line: Line, deadline: Deadline): Promise<boolean> {
  const heard = await overhear(line, deadline, 'usual');
  // A ServerHello (handshake record, RFC 8446 §5.1), whatever became of the handshake then.
  return heard !== null && (heard.secured || (heard.received[0] === 22 && heard.received[1] === 3));
}

export const tlsSpoken = (): Broken =>
  new Broken('request', 'TLS_SPOKEN', 'It was asked in plain HTTP, and answers a TLS greeting.');

export function certificateWanted(broken: Broken): Broken {
  const message =
    'The server asked for a client certificate, got none (certificate required) and closed the connection.';
  return new Broken('handshake', 'CLIENT_CERTIFICATE_REQUIRED', message, broken.particulars);
}

type Heard = Readonly<{sent: Buffer; received: Buffer; secured: boolean}>;

async function overhear(line: Line, deadline: Deadline, greeting: Greeting): Promise<Heard | null> {
  const span = deadline.within(longestMs);
  try {
    const {stream} = await line.connect(span);
    const tap = new Tap(stream);
    let secured = false;
    try {
      await handshake(tap, line.endpoint.host, line.trust, span, greeting);
      secured = true;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      // A chain that is refused came whole: the greeting was not what broke the handshake.
      secured = error.particulars.refusedChain === true;
    } finally {
      tap.destroy();
    }
    return {sent: Buffer.concat(tap.sent), received: Buffer.concat(tap.received), secured};
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return null;
  } finally {
    span.stop();
  }
}

/**
 * A client sends a Certificate message, empty or not, only when it was asked to. In TLS 1.2 it is readable (handshake
 * type 11); in TLS 1.3 it is one more encrypted record in front of the Finished one.
 */
export function asksForCertificate(sent: Buffer): boolean {
  let encrypted = 0;
  for (let at = 0; at + 5 <= sent.length; at += 5 + sent.readUInt16BE(at + 3)) {
    const type = sent[at];
    if (type === 22 && sent[at + 5] === 11) return true;
    if (type === 23) encrypted += 1;
  }
  return encrypted > 1;
}
