/** From a request on the wire to a reply on the wire; what the reply says is decided in jira.ts. */
import {randomUUID} from 'node:crypto';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {setTimeout as wait} from 'node:timers/promises';
import type {Asked} from './asked.ts';
import type {Reply} from './play.ts';

/** Requests are small; a body this long is somebody else's protocol. */
const longestPath = 8192;

export function askedOf(request: IncomingMessage): Asked {
  const target = (request.url ?? '/').slice(0, longestPath);
  const mark = target.indexOf('?');
  return {
    method: request.method ?? 'GET',
    host: (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, ''),
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    authorization: request.headers.authorization ?? null,
    hasBody: request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0,
    trace: randomUUID(),
  };
}

/** A near Jira takes 15–55 ms; the same path always takes the same time. */
export function thinkingTime(path: string): number {
  let sum = 0;
  for (const character of path) sum = (sum * 31 + character.charCodeAt(0)) % 41;
  return 15 + sum;
}

/** Sends a reply whole, cut in the middle of its body, or never. */
export async function send(reply: Reply, asked: Asked, time: Date, response: ServerResponse): Promise<void> {
  if (reply.ending === 'never') return;
  // Unreferenced: a stopped practice Jira must not keep the process for an answer nobody waits for.
  await wait(thinkingTime(asked.path), undefined, {ref: false});
  if (response.destroyed) return;
  const text = reply.body === undefined ? '' : typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  const bytes = Buffer.from(text);
  response.writeHead(reply.status, {Date: time.toUTCString(), 'Content-Length': bytes.length, ...reply.headers});
  if (reply.ending === 'cut') response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
  else response.end(asked.method === 'HEAD' ? undefined : bytes);
}
