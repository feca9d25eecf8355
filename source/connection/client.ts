/** One GET at a time over a prepared connection, by got; the only file that knows it. */
import type {ClientRequest, IncomingMessage} from 'node:http';
import type {Duplex} from 'node:stream';
import got from 'got';
import type {Answer, Evidence, Purpose, Trouble} from '../diagnosis/evidence.ts';
import {type Clean, clean} from '../domain/clean.ts';
import {codeOf} from '../domain/errno.ts';
import type {StepId} from '../domain/step.ts';
import {type Authorization, permit} from './authorization.ts';
import {Broken} from './broken.ts';
import {bodyOf, headersOf, isRawPacket, type Redact, readable, spokenIn} from './observe.ts';
import type {Connection, Pool} from './pool.ts';
import {troubleOf} from './trouble.ts';
import {userAgent} from './user-agent.ts';

/** Longest body taken, in bytes, compressed and decompressed alike. */
export const bodyLimit = 1024 * 1024;

/** Longest answer on the wire, in bytes: chunks of one byte each take six times their content, and as much of our time. */
const wireLimit = bodyLimit + 128 * 1024;
/** Bytes a pipe has brought so far; what is no socket does not count them. */
const broughtBy = (pipe: Duplex): number =>
  'bytesRead' in pipe && typeof pipe.bytesRead === 'number' ? pipe.bytesRead : 0;

const unaskedUpgrade = 'The answer is “101 Switching Protocols” to a request that asked for no other protocol.';

export type Question = Readonly<{
  step: StepId;
  purpose: Purpose;
  /** Absolute. */
  url: string;
  /** Null sends no credential. */
  authorization: Authorization | null;
}>;

/** What a request's own failure looks like once nothing of got's is left in it. */
type Loss = Readonly<{
  stage: 'request' | 'answer';
  code: string;
  message: Clean;
  spoken: Clean | null;
}>;

export class Client {
  constructor(
    readonly pool: Pool,
    readonly redact: Redact,
  ) {}

  /** Asks once and tells what became of it; never throws for anything the network did. */
  async get(question: Question): Promise<Evidence> {
    const started = performance.now();
    if (question.authorization !== null) permit(question.url, question.authorization);
    try {
      const connection = await this.pool.take();
      const result = await this.#exchange(question, connection, started);
      // RFC 9112 §9.3.1: an idle connection may have been closed as we wrote; nobody has read the request then.
      if (result.kind === 'trouble' && connection.uses > 1 && isStale(result) && !this.pool.deadline.signal.aborted) {
        return await this.#exchange(question, await this.pool.fresh(), started);
      }
      return result;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      return troubleOf(error, this.pool.line, question.step, question.purpose, performance.now() - started);
    }
  }

  /** What a limited wait for this endpoint ended with, as evidence. Rethrows what is no end of time. */
  timedOut(error: unknown, step: StepId, purpose: Purpose, ms: number): Trouble {
    if (!(error instanceof Broken)) throw error;
    return troubleOf(error, this.pool.line, step, purpose, ms);
  }

  async #exchange(question: Question, connection: Connection, started: number): Promise<Evidence> {
    const outcome = await this.#ask(question, connection);
    const ms = Math.round(performance.now() - started);
    if ('stage' in outcome) {
      this.pool.release(connection, false);
      const {stage, code, message, spoken} = outcome;
      const broken = new Broken(stage, code, message, {spoken});
      return troubleOf(broken, this.pool.line, question.step, question.purpose, ms);
    }
    const {response, body} = outcome;
    const {headers} = response;
    const reusable = !/close/i.test(headers.connection ?? '') && response.httpVersion === '1.1';
    this.pool.release(connection, reusable);
    return {
      kind: 'answer',
      step: question.step,
      purpose: question.purpose,
      url: clean(question.url, 1000),
      status: response.statusCode ?? 0,
      reason: clean(this.redact(readable(response.statusMessage ?? '')), 100),
      headers: headersOf(headers, this.redact),
      body: bodyOf(body, headers['content-type'] ?? '', this.redact),
      ms,
    } satisfies Answer;
  }

  /**
   * got's errors carry the request with its Authorization header; none leaves this function. What is kept of one is a
   * code, a line of text without our secrets, and the bytes the parser stumbled over.
   */
  async #ask(question: Question, connection: Connection): Promise<{response: IncomingMessage; body: Buffer} | Loss> {
    const {signal} = this.pool.deadline;
    const before = broughtBy(connection.stream);
    const request = got.stream(question.url, {
      agent: connection.agents,
      headers: {
        accept: 'application/json',
        'user-agent': userAgent,
        ...(question.authorization === null ? {} : {authorization: question.authorization.value.reveal()}),
      },
      followRedirect: false,
      retry: {limit: 0},
      throwHttpErrors: false,
      http2: false,
      signal,
    });
    let response: IncomingMessage | null = null;
    request.once('response', (received: IncomingMessage) => {
      response = received;
    });
    let upgraded = false;
    request.once('request', (sent: ClientRequest) => {
      // A 101 nobody asked for (RFC 9110 §15.2.2) is followed by no answer, and would be waited for to the end. Node calls
      // it an upgrade where it names a protocol, else a response without an end.
      const refuse = (): void => {
        upgraded = true;
        request.destroy();
        sent.destroy();
      };
      sent.once('upgrade', refuse);
      sent.once('response', ({statusCode}) => {
        if (statusCode === 101) refuse();
      });
    });
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of request) {
        chunks.push(chunk);
        size += chunk.length;
        if (size > bodyLimit) return lost('answer', 'TOO_LARGE', `The body is longer than ${bodyLimit} bytes.`);
        if (broughtBy(connection.stream) - before > wireLimit) {
          return lost('answer', 'TOO_LARGE', `The answer is longer than ${wireLimit} bytes on the wire.`);
        }
      }
      // The loop has run the listener; the type checker cannot know.
      if (upgraded as boolean) return lost('answer', 'UNASKED_UPGRADE', unaskedUpgrade);
      const received = response as IncomingMessage | null;
      if (received === null) return lost('request', 'ECONNRESET', 'The connection ended without an answer.');
      return {response: received, body: Buffer.concat(chunks)};
    } catch (error) {
      if (upgraded as boolean) return lost('answer', 'UNASKED_UPGRADE', unaskedUpgrade);
      return this.#lossOf(error, response, question.authorization !== null);
    } finally {
      request.destroy();
    }
  }

  #lossOf(error: unknown, response: IncomingMessage | null, confidential: boolean): Loss {
    const stage = response === null ? 'request' : 'answer';
    if (this.pool.deadline.signal.aborted) return lost(stage, 'TIMEOUT', 'No whole answer in time.');
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    const code = codeOf(cause) ?? codeOf(error) ?? 'UNKNOWN';
    const packet = isRawPacket(cause) ? cause.rawPacket : null;
    const said = clean(this.redact(error instanceof Error ? error.message : 'unknown error'));
    if (/^Z_|^ERR_(?:_ERROR_|BROTLI|ZSTD|PADDING|STREAM_DATA)|BROTLI/.test(code)) {
      return lost('answer', 'BAD_ENCODING', said);
    }
    if (packet !== null || code.startsWith('HPE_')) {
      // What came back to a credential may hold a piece of it, too short to be recognised.
      const spoken = packet === null || confidential ? null : spokenIn(packet, this.redact);
      return {stage: 'answer', code, message: said, spoken};
    }
    // Once the head was there, whatever ends the exchange has cut the body.
    if (response !== null) return lost('answer', 'CUT', said);
    return lost('request', code === 'UNKNOWN' || code === 'ERR_GOT_REQUEST_ERROR' ? 'ECONNRESET' : code, said);
  }
}

function lost(stage: Loss['stage'], code: string, message: string): Loss {
  return {stage, code, message: clean(message), spoken: null};
}

const isStale = (trouble: Trouble): boolean =>
  trouble.stage === 'request' && (trouble.code === 'ECONNRESET' || trouble.code === 'EPIPE');
