import type {Duplex} from 'node:stream';
import type {Trouble} from '../diagnosis/evidence.ts';
import {clean} from '../domain/clean.ts';
import {codeOf} from '../domain/errno.ts';
import {Broken, messageOf} from './broken.ts';
import type {Deadline} from './deadline.ts';
import {bodyOf, type Redact, readable, redactor, spokenIn} from './observe.ts';
import type {ForwardProxy} from './proxy.ts';
import {userAgent} from './user-agent.ts';

/**
 * Longest head of an answer to CONNECT, interim answers included, in bytes; Node's own limit for headers. Node's HTTP
 * client takes a 100 or 103 for the final answer to CONNECT, so the head is read here.
 */
const headLimit = 16 * 1024;

/**
 * Asks the proxy on the other end of `socket` for a tunnel.
 * @param authority HOST:PORT to be connected to
 * @returns the socket, from now on a plain pipe to that host
 * @throws {Broken} stage `proxy`; `proxyAnswer` holds the proxy's own refusal
 */
export async function tunnel(
  socket: Duplex,
  authority: string,
  proxy: ForwardProxy,
  deadline: Deadline,
): Promise<Duplex> {
  try {
    const {answer, rest} = await deadline.limit('proxy', ask(socket, authority, proxy));
    const opened = answer.status >= 200 && answer.status <= 299;
    if (!opened || bringsPage(answer, rest)) {
      const page = await pageFrom(socket, rest, answer, {proxy, deadline});
      const message = opened
        ? `The proxy answered CONNECT with ${answer.status} and a page of its own.`
        : `The proxy answered ${answer.status}.`;
      throw new Broken('proxy', 'PROXY_REFUSED', message, {proxyAnswer: {...shownOf(answer), ...page}});
    }
    if (rest.length > 0) socket.unshift(rest);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

type ProxyAnswer = NonNullable<Trouble['proxyAnswer']>;
/** `type` and `length` are Content-Type and Content-Length, which an answer that opens a tunnel does not need. */
type Head = ProxyAnswer & Readonly<{type: string; length: number | null}>;
type Answered = Readonly<{answer: Head; rest: Buffer}>;

const shownOf = ({type: _type, length: _length, ...shown}: Head): ProxyAnswer => shown;

/** A tunnel brings nothing before our greeting (RFC 9110 §9.3.6): a page is a portal's or a web server's. */
const bringsPage = ({type, length}: Head, rest: Buffer): boolean =>
  (/html/i.test(type) && (length ?? 0) > 0) || /^\s*</.test(rest.toString('latin1', 0, 64));

/** Longest wait for the rest of a page that only explains a refusal, milliseconds, and the most that is read of it, bytes. */
const [pageMs, pageLimit] = [1_000, 16 * 1024];

/** What the proxy's page says, as far as it comes soon; a page that does not come adds nothing. */
async function pageFrom(
  socket: Duplex,
  rest: Buffer,
  {type, length}: Head,
  {proxy, deadline}: Readonly<{proxy: ForwardProxy; deadline: Deadline}>,
): Promise<Pick<ProxyAnswer, 'page'>> {
  const span = deadline.within(pageMs);
  const chunks = [rest];
  let size = rest.length;
  const most = Math.min(length ?? pageLimit, pageLimit);
  try {
    await span.limit(
      'proxy',
      new Promise<void>(resolve => {
        const more = (): void => {
          for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) {
            chunks.push(chunk);
            size += chunk.length;
          }
          if (size >= most) resolve();
        };
        socket.on('readable', more).once('end', resolve).once('close', resolve).once('error', resolve);
        more();
      }),
    );
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
  } finally {
    span.stop();
  }
  const body = bodyOf(Buffer.concat(chunks).subarray(0, pageLimit), type, redactor(proxy.secrets));
  const told = body.type === 'html' ? [body.title, body.text] : body.type === 'text' ? [body.text] : [];
  const page = clean(told.filter(part => part !== '').join(': '), 200);
  return page === '' ? {} : {page};
}

function ask(socket: Duplex, authority: string, proxy: ForwardProxy): Promise<Answered> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const redact = redactor(proxy.secrets);
    const settle = (): void => {
      socket.off('readable', listen).off('error', broke).off('end', ended).off('close', ended);
      // A destroyed socket may still report; nobody is left to be told.
      socket.on('error', () => undefined);
    };
    const broke = (error: unknown): void => {
      settle();
      reject(error instanceof Broken ? error : new Broken('proxy', codeOf(error) ?? 'UNKNOWN', messageOf(error)));
    };
    const ended = (): void => broke(unfinished(received, redact));
    // Read rather than listened to: a stream that was paused would not flow again for whoever gets it next.
    const listen = (): void => {
      try {
        for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) {
          received = Buffer.concat([received, chunk]);
          const answered = read(received, redact);
          if (answered === null) continue;
          settle();
          resolve(answered);
          return;
        }
      } catch (error) {
        broke(error);
      }
    };
    socket.on('readable', listen).on('error', broke).on('end', ended).on('close', ended);
    const login = proxy.authorization === null ? '' : `Proxy-Authorization: ${proxy.authorization.reveal()}\r\n`;
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\nUser-Agent: ${userAgent}\r\n${login}\r\n`);
  });
}

function unfinished(received: Buffer, redact: Redact): Broken {
  const message = 'The proxy closed the connection before it had answered.';
  return received.length === 0
    ? new Broken('proxy', 'ECONNRESET', message)
    : new Broken('proxy', 'NOT_A_PROXY', 'The proxy closed the connection in the middle of its answer.', {
        spoken: spokenIn(received, redact),
      });
}

/** The final answer once its head is whole, null while it is not. @throws {Broken} when it is none of HTTP/1 */
function read(received: Buffer, redact: Redact): Answered | null {
  for (let from = 0; ; ) {
    const text = received.toString('latin1', from, headLimit);
    if (!mayBeHttp(text)) throw notProxy('What answers does not speak HTTP.', received, redact);
    const end = /\r?\n\r?\n/.exec(text);
    if (end === null) {
      if (received.length >= headLimit)
        throw notProxy(`The answer has no end within ${headLimit} bytes.`, received, redact);
      return null;
    }
    const answer = answerOf(text.slice(0, end.index), redact);
    if (answer === null) throw notProxy('What answers does not speak HTTP.', received, redact);
    from += end.index + end[0].length;
    // 101 would be another protocol; other interim answers announce the final one (RFC 9110 §15.2).
    if (answer.status > 199 || answer.status === 101) return {answer, rest: received.subarray(from)};
  }
}

const mayBeHttp = (text: string): boolean => text.startsWith('HTTP/1.'.slice(0, text.length));

const notProxy = (message: string, received: Buffer, redact: Redact): Broken =>
  new Broken('proxy', 'NOT_A_PROXY', message, {spoken: spokenIn(received.subarray(0, 512), redact)});

function answerOf(head: string, redact: Redact): Head | null {
  const [first = '', ...lines] = head.split(/\r?\n/);
  const found = /^HTTP\/1\.\d (\d{3})(?: (.*))?$/.exec(first);
  if (found === null) return null;
  const valuesOf = (name: string): string =>
    lines
      .filter(line => line.slice(0, name.length + 1).toLowerCase() === `${name}:`)
      .map(line => redact(readable(line.slice(name.length + 1).trim())))
      .join(', ');
  const [location, length] = [valuesOf('location'), valuesOf('content-length')];
  return {
    status: Number(found[1]),
    reason: clean(redact(readable(found[2] ?? '')), 100),
    server: clean(valuesOf('server') || valuesOf('proxy-agent') || valuesOf('via'), 100),
    wants: clean(valuesOf('proxy-authenticate'), 160),
    detail: clean(valuesOf('x-squid-error'), 100),
    ...(location === '' ? {} : {location: clean(location, 300)}),
    type: valuesOf('content-type'),
    length: /^\d{1,9}$/.test(length) ? Number(length) : null,
  };
}
