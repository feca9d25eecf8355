/** A plain client for the practice Jira: node:https with nothing but the practice authority trusted. */
import {request as clearRequest, type IncomingHttpHeaders} from 'node:http';
import {request} from 'node:https';
import {connect} from 'node:net';
import {type PeerCertificate, connect as tlsConnect} from 'node:tls';
import type {Practice} from '../../source/practice/practice.ts';

export type Got = {status: number; headers: IncomingHttpHeaders; text: string; json: unknown};

export type Question = {
  path?: string;
  method?: string;
  /** 'practice' is the credential handed out, as Basic. */
  as?: 'nobody' | 'practice' | 'practice-bearer' | 'stranger';
  headers?: Record<string, string>;
  body?: string;
  address?: string;
  ca?: string;
};

export const basic = (username: string, secret: string): string =>
  `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;

function authorization(practice: Practice, as: Question['as']): Record<string, string> {
  if (as === 'practice') return {Authorization: basic(practice.username, practice.token)};
  if (as === 'practice-bearer') return {Authorization: `Bearer ${practice.token}`};
  if (as === 'stranger') return {Authorization: basic(practice.username, 'not-the-token')};
  return {};
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** One request on a connection of its own. Rejects with Node's error when there is no whole answer. */
export function ask(practice: Practice, question: Question = {}): Promise<Got> {
  const {path = '/rest/api/2/myself', method = 'GET', as = 'nobody', headers = {}, body} = question;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: question.address ?? '127.0.0.1',
        servername: 'localhost',
        port: practice.port,
        path,
        method,
        agent: false,
        ca: question.ca ?? practice.caPem,
        headers: {
          Host: `localhost:${practice.port}`,
          ...authorization(practice, as),
          ...(body === undefined ? {} : {'Content-Length': String(Buffer.byteLength(body))}),
          ...headers,
        },
      },
      answer => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => {
          text += part;
        });
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({status: answer.statusCode ?? 0, headers: answer.headers, text, json: parsed(text)}),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** The same over plain HTTP. */
export function askInClear(url: string): Promise<{status: number; headers: IncomingHttpHeaders; body: Buffer}> {
  return new Promise((resolve, reject) => {
    const outgoing = clearRequest(url, {agent: false}, answer => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts)}),
      );
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** Node's or OpenSSL's code of whatever went wrong; 'none' when nothing did. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

/** The certificate that is served, whoever signed it. */
export function certificateOf(practice: Practice): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = tlsConnect(
      {host: '127.0.0.1', port: practice.port, servername: 'localhost', rejectUnauthorized: false},
      () => {
        resolve(socket.getPeerCertificate(false));
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });
}

/** Whether a TCP connection to the address is taken. */
export function connects(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({host, port});
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

export type Tunnelled = {status: number; headers: IncomingHttpHeaders; certificate: PeerCertificate | null};

/** What a proxy answers to CONNECT, and whose certificate shows at the other end of the tunnel. */
export function throughProxy(proxy: string, target: string): Promise<Tunnelled> {
  return new Promise((resolve, reject) => {
    const outgoing = clearRequest(proxy, {method: 'CONNECT', path: target, agent: false});
    outgoing.on('connect', ({statusCode: status = 0, headers}, socket) => {
      socket.on('error', reject);
      if (status !== 200) {
        socket.destroy();
        resolve({status, headers, certificate: null});
        return;
      }
      const secure = tlsConnect({socket, servername: 'localhost', rejectUnauthorized: false}, () => {
        resolve({status, headers, certificate: secure.getPeerCertificate(false)});
        secure.destroy();
      });
      secure.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
