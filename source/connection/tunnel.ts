import {request} from 'node:http';
import type {Duplex} from 'node:stream';
import {clean} from '../domain/clean.ts';
import {Broken, codeOf, messageOf} from './broken.ts';
import type {Deadline} from './deadline.ts';
import {isRawPacket, spokenIn} from './observe.ts';
import type {ForwardProxy} from './proxy.ts';
import {userAgent} from './user-agent.ts';

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
  const asked = new Promise<Duplex>((resolve, reject) => {
    const connect = request({
      method: 'CONNECT',
      path: authority,
      createConnection: () => socket,
      setHost: false,
      headers: {
        Host: authority,
        'User-Agent': userAgent,
        ...(proxy.authorization === null ? {} : {'Proxy-Authorization': proxy.authorization.reveal()}),
      },
    });
    connect.once('connect', (response, pipe, head) => {
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300) {
        if (head.length > 0) pipe.unshift(head);
        resolve(pipe);
        return;
      }
      pipe.destroy();
      const answer = {status, reason: clean(response.statusMessage), server: clean(response.headers.server)};
      reject(new Broken('proxy', 'PROXY_REFUSED', `The proxy answered ${status}.`, {proxyAnswer: answer}));
    });
    connect.once('error', error => {
      const spoken = isRawPacket(error) ? spokenIn(error.rawPacket) : null;
      reject(new Broken('proxy', codeOf(error), messageOf(error), {spoken}));
    });
    connect.end();
  });
  try {
    return await deadline.limit('proxy', asked);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
