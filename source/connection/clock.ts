import {request} from 'node:http';
import type {Answer} from '../diagnosis/evidence.ts';
import {clean} from '../domain/clean.ts';
import {Broken} from './broken.ts';
import {type Dialled, dial} from './dial.ts';
import {headersOf} from './observe.ts';
import type {Session} from './session.ts';
import {userAgent} from './user-agent.ts';

const longestMs = 3_000;

/**
 * Asks the time of the machine whose certificate does not fit our clock, by the Date header of a bare plain-HTTP answer:
 * port 80 beside 443, else the port itself, where web servers commonly answer "this is the HTTPS port". Nothing of the
 * user's is in the question, and the answer decides nothing but whose clock is likelier wrong.
 * @returns no or one answer
 */
export async function askTime(session: Session, {address, port}: Dialled): Promise<Answer[]> {
  if (session.line.proxy !== null) return [];
  const span = session.deadline.within(longestMs);
  try {
    const family = address.includes(':') ? 6 : 4;
    const {socket} = await dial([{address, family}], port === 443 ? 80 : port, longestMs, span);
    span.signal.addEventListener('abort', () => socket.destroy(), {once: true});
    const {host} = session.target.site;
    const started = performance.now();
    const answer = await span.limit('answer', head(socket, host));
    const headers = headersOf(answer.headers, session.redact);
    return headers.date === undefined
      ? []
      : [
          {
            kind: 'answer',
            step: 'tls',
            purpose: 'status',
            url: clean(`http://${host.includes(':') ? `[${host}]` : host}${port === 443 ? '' : `:${port}`}/`),
            status: answer.statusCode,
            reason: clean(''),
            headers: {date: headers.date},
            body: {type: 'empty'},
            ms: Math.round(performance.now() - started),
          },
        ];
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return [];
  } finally {
    span.stop();
  }
}

type Head = {statusCode: number; headers: Record<string, string | string[] | undefined>};

function head(socket: Dialled['socket'], host: string): Promise<Head> {
  return new Promise((resolve, reject) => {
    const asking = request({
      method: 'HEAD',
      path: '/',
      createConnection: () => socket,
      setHost: false,
      headers: {Host: host.includes(':') ? `[${host}]` : host, 'User-Agent': userAgent},
    });
    asking.once('response', response => {
      response.resume();
      resolve({statusCode: response.statusCode ?? 0, headers: response.headers});
    });
    asking.once('error', () => {
      reject(new Broken('answer', 'ECONNRESET', 'No time was told.'));
    });
    asking.end();
  });
}
