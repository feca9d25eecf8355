/**
 * TCP over several addresses. Node's own attempt gives each address 250 ms and then reports ETIMEDOUT, which is false on
 * a slow link (nodejs/node#54359); here a further address joins in after 250 ms (RFC 8305) and none is cut off.
 */
import {connect as connectTcp, type Socket} from 'node:net';
import {clean} from '../domain/clean.ts';
import {codeOf} from '../domain/errno.ts';
import {type Attempt, Broken} from './broken.ts';
import type {Deadline} from './deadline.ts';
import type {Address, OpenSocket} from './reach.ts';

const staggerMs = 250;

export type Dialled = Readonly<{socket: Socket; address: string; port: number; failed: readonly Attempt[]}>;

/**
 * The first of the addresses that accepts.
 * @param timeoutMs longest wait for all of them, milliseconds
 * @throws {Broken} stage `connect`, with every attempt and what became of it
 */
export function dial(
  addresses: readonly Address[],
  port: number,
  timeoutMs: number,
  deadline: Deadline,
  open: OpenSocket = connectTcp,
): Promise<Dialled> {
  const waiting = interleaved(addresses);
  const pending = new Map<Socket, string>();
  const failed: Attempt[] = [];
  return new Promise<Dialled>((resolve, reject) => {
    let stagger: NodeJS.Timeout | undefined;
    const settle = (): void => {
      clearTimeout(stagger);
      clearTimeout(limit);
      deadline.signal.removeEventListener('abort', timeUp);
      for (const socket of pending.keys()) socket.destroy();
      pending.clear();
    };
    const timeUp = (): void => {
      const late = [...[...pending.values()], ...waiting.map(next => next.address)];
      failed.push(...late.map(address => ({address: clean(address), code: 'TIMEOUT'})));
      settle();
      reject(allFailed(failed));
    };
    const next = (): void => {
      clearTimeout(stagger);
      const candidate = waiting.shift();
      if (candidate === undefined) {
        if (pending.size > 0) return;
        settle();
        reject(allFailed(failed));
        return;
      }
      const socket = open({host: candidate.address, port, family: candidate.family, noDelay: true});
      pending.set(socket, candidate.address);
      socket.on('error', error => {
        if (!pending.delete(socket)) return;
        failed.push({address: clean(candidate.address), code: codeOf(error) ?? 'UNKNOWN'});
        next();
      });
      socket.once('connect', () => {
        // What is still pending when a later address wins did not fail; it was slower than the stagger.
        pending.delete(socket);
        const slower = [...pending.values()].map(address => ({address: clean(address), code: 'SLOW'}));
        settle();
        resolve({socket, address: candidate.address, port, failed: [...failed, ...slower]});
      });
      if (waiting.length > 0) stagger = setTimeout(next, staggerMs);
    };
    const limit = setTimeout(timeUp, Math.min(timeoutMs, deadline.remaining()));
    if (deadline.signal.aborted) return timeUp();
    deadline.signal.addEventListener('abort', timeUp, {once: true});
    next();
  });
}

/** The resolver's first address first, then the families in turn, so that one broken family cannot hold up the other. */
export function interleaved(addresses: readonly Address[]): Address[] {
  const first = addresses[0]?.family;
  const own = addresses.filter(({family}) => family === first);
  const other = addresses.filter(({family}) => family !== first);
  return own.flatMap((address, index) => [address, ...other.slice(index, index + 1)]).concat(other.slice(own.length));
}

// What says most about the far side goes first; "no route" is often only this machine lacking IPv6.
const telling = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EACCES',
  'EPERM',
  'TIMEOUT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
];

function allFailed(attempts: readonly Attempt[]): Broken {
  const code =
    telling.find(candidate => attempts.some(attempt => attempt.code === candidate)) ?? attempts[0]?.code ?? 'TIMEOUT';
  const list = attempts.map(attempt => `${attempt.address} ${attempt.code}`).join(', ');
  return new Broken('connect', code, `No connection: ${list}`, {attempts});
}
