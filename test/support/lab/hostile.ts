/** Servers that answer a request in hostile or odd ways, as data: what is said after the request, and what that is. */
import type {Socket} from 'node:net';
import {TLSSocket} from 'node:tls';
import {brotliCompressSync, deflateSync, gzipSync} from 'node:zlib';
import type {FailureCode} from '../../../source/diagnosis/codes.ts';

/** `bait`: a port that must never be connected to. Text and bytes are followed by the end of the connection. */
export type Saying = string | Buffer | ((socket: Socket, bait: number) => unknown);

export type Hostile = readonly [
  code: FailureCode,
  what: string,
  say: Saying,
  /** It never comes to an end by itself. */
  endless?: 'endless',
];

const ok = 'HTTP/1.1 200 OK\r\n';
const json = 'Content-Type: application/json\r\n';
const html = 'Content-Type: text/html\r\n';
const megabyte = Buffer.alloc(1024 * 1024, 32);

/** An answer with its right length. */
const answer = (body: string | Buffer, head = json, status = ok): Buffer =>
  Buffer.concat([
    Buffer.from(`${status}${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`, 'latin1'),
    Buffer.from(body),
  ]);
const packed = (encoding: string, body: Buffer): Buffer => answer(body, `${json}Content-Encoding: ${encoding}\r\n`);
const chunked = (rest: string): string => `${ok}${json}Transfer-Encoding: chunked\r\n\r\n${rest}`;
const status = (code: number | string, reason: string, rest = 'Content-Length: 0\r\n\r\n'): string =>
  `HTTP/1.1 ${code} ${reason}\r\n${rest}`;

/** Writes a block again and again for as long as somebody listens. */
export function flood(socket: Socket, block: string | Buffer): void {
  while (socket.writable && socket.write(block));
  if (socket.writable) socket.once('drain', () => flood(socket, block));
}
const endlessly = (head: string, block: string | Buffer) => (socket: Socket) => {
  socket.write(head);
  flood(socket, block);
};
/** Says it, and keeps the connection. */
const thenWaits = (text: string | Buffer) => (socket: Socket) => socket.write(text);
/** Byte by byte, each when the one before is on its way. */
const dripping = (text: string) => (socket: Socket) => {
  const next = (at: number): void => {
    if (socket.writable && at < text.length) socket.write(text.slice(at, at + 1), () => setImmediate(next, at + 1));
  };
  next(0);
};
const reset = (text: string) => (socket: Socket) => {
  // Over TLS the end without a goodbye is what can be had.
  const cut = (): unknown => (socket instanceof TLSSocket ? socket.destroy() : socket.resetAndDestroy());
  if (text === '') cut();
  else socket.write(text, () => setImmediate(cut));
};
const redirect = (code: number, location: (bait: number) => string) => (socket: Socket, bait: number) =>
  socket.end(Buffer.from(status(code, 'Moved', `Location: ${location(bait)}\r\nContent-Length: 0\r\n\r\n`), 'utf8'));

const gzip = gzipSync('{"a":1}');
const damaged = Buffer.concat([gzip.subarray(0, gzip.length - 8), Buffer.alloc(8, 1)]);
const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
/** A bomb in a bomb: what comes out of the first is compressed as well. */
const nested = gzipSync(gzipSync(Buffer.alloc(8 * 1024 * 1024)));

export const slow: readonly Hostile[] = [
  ['answer-timed-out', 'nothing at all', () => undefined, 'endless'],
  ['answer-timed-out', 'half a status line', thenWaits('HTTP/1.1 2'), 'endless'],
  ['answer-timed-out', 'headers that stop', thenWaits(`${ok}X-Slow: `), 'endless'],
  ['answer-timed-out', 'headers that drip', dripping(`${ok}X-Slow: ${'a'.repeat(10_000)}`), 'endless'],
  ['answer-timed-out', 'a body that stops', thenWaits(`${ok}${json}Content-Length: 100\r\n\r\n{"a":`), 'endless'],
  [
    'answer-timed-out',
    'a body that drips',
    dripping(`${ok}${json}Content-Length: 99999\r\n\r\n${' '.repeat(20_000)}`),
    'endless',
  ],
  ['answer-timed-out', 'a chunk that stops', thenWaits(chunked('64\r\n{"a":')), 'endless'],
  [
    'answer-timed-out',
    'a length longer than the body',
    thenWaits(`${ok}${json}Content-Length: 50\r\n\r\n{}`),
    'endless',
  ],
  [
    'answer-timed-out',
    'interim answers and no final one',
    thenWaits('HTTP/1.1 100 Continue\r\n\r\n'.repeat(20)),
    'endless',
  ],
  [
    'answer-timed-out',
    'interim answers without end',
    endlessly('', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(200)),
    'endless',
  ],
];

export const sizes: readonly Hostile[] = [
  ['answer-unreadable', 'a body without end', endlessly(`${ok}${json}\r\n`, megabyte)],
  [
    'answer-unreadable',
    'chunks without end',
    endlessly(chunked(''), Buffer.concat([Buffer.from('100000\r\n'), megabyte, Buffer.from('\r\n')])),
  ],
  ['answer-unreadable', 'one-byte chunks without end', endlessly(chunked(''), '1\r\na\r\n'.repeat(10_000))],
  ['answer-unreadable', 'headers without end', endlessly(ok, 'X-More: yes\r\n'.repeat(500))],
  ['answer-unreadable', 'a header without end', endlessly(`${ok}X-Long: `, 'a'.repeat(64 * 1024))],
  ['answer-unreadable', 'a reason without end', endlessly('HTTP/1.1 200 ', 'a'.repeat(64 * 1024))],
  ['answer-unreadable', 'a chunk extension without end', endlessly(chunked('1;x='), 'a'.repeat(64 * 1024))],
  [
    'answer-unreadable',
    'trailers without end',
    endlessly(chunked('2\r\n{}\r\n0\r\n'), 'X-Trailer: yes\r\n'.repeat(500)),
  ],
  ['answer-unreadable', 'a huge length', endlessly(`${ok}${json}Content-Length: 9007199254740991\r\n\r\n`, megabyte)],
  ['answer-unreadable', 'a length past all numbers', `${ok}${json}Content-Length: 99999999999999999999999\r\n\r\n{}`],
  [
    'answer-unreadable',
    'a flood of cookies',
    `${ok}${json}${'Set-Cookie: a=b; Path=/\r\n'.repeat(2000)}Content-Length: 2\r\n\r\n{}`,
  ],
  ['answer-unreadable', 'a gzip bomb', packed('gzip', bomb)],
  ['answer-unreadable', 'a deflate bomb', packed('deflate', deflateSync(Buffer.alloc(100 * 1024 * 1024)))],
  ['answer-unreadable', 'a brotli bomb', packed('br', brotliCompressSync(Buffer.alloc(100 * 1024 * 1024)))],
  ['answer-unreadable', 'a bomb in a bomb', packed('gzip, gzip', nested)],
  ['answer-unreadable', 'a 900 kB name', answer(`{"a":"${'x'.repeat(900_000)}"`)],
];

export const encodings: readonly Hostile[] = [
  ['answer-unreadable', 'no gzip', packed('gzip', Buffer.from('0123456789'))],
  ['answer-unreadable', 'no brotli', packed('br', Buffer.from('0123456789'))],
  ['answer-unreadable', 'no deflate', packed('deflate', Buffer.from('0123456789'))],
  ['answer-unreadable', 'gzip with a wrong checksum', packed('gzip', damaged)],
  ['answer-unreadable', 'gzip cut short', packed('gzip', gzip.subarray(0, 12))],
  ['answer-unreadable', 'gzip by chunks, cut', chunked(`5\r\n${gzip.subarray(0, 5).toString('latin1')}\r\n`)],
  ['answer-unreadable', 'an encoding nobody knows', packed('x-lab', Buffer.from('????'))],
  ['answer-unreadable', 'bad UTF-8', answer(Buffer.from([0xff, 0xfe, 0xc3, 0x28]))],
  [
    'not-jira',
    'UTF-16 that says so',
    answer(Buffer.from('{"hello":"world"}', 'utf16le'), 'Content-Type: application/json; charset=utf-16le\r\n'),
  ],
  ['answer-unreadable', 'UTF-16 that does not say so', answer(Buffer.from('{"hello":"world"}', 'utf16le'))],
  [
    'not-jira',
    'a charset nobody knows',
    answer('{"hello":"world"}', 'Content-Type: application/json; charset=lab-8\r\n'),
  ],
  ['not-jira', 'a byte order mark', answer('\ufeff{"hello":"world"}')],
  ['not-jira', 'NUL bytes', answer('\u0000\u0000\u0000\u0000', 'Content-Type: application/octet-stream\r\n')],
];

export const bodies: readonly Hostile[] = [
  ['answer-unreadable', 'an empty body', answer('')],
  ['answer-unreadable', 'blanks', answer('   \r\n\t ')],
  ['answer-unreadable', 'half of JSON', answer('{"version":')],
  ['answer-unreadable', 'deep arrays', answer('['.repeat(500_000))],
  ['answer-unreadable', 'deep objects', answer('{"a":'.repeat(150_000))],
  ['not-jira', 'deep JSON that is whole', answer(`${'['.repeat(5000)}${']'.repeat(5000)}`)],
  ['not-jira', 'huge numbers', answer(`{"version":1e999,"buildNumber":${'9'.repeat(5000)}}`)],
  ['not-jira', 'doubled keys', answer('{"version":"1","version":{},"baseUrl":"x","baseUrl":[]}')],
  [
    'not-jira',
    '__proto__',
    answer('{"__proto__":{"version":"1","baseUrl":"x","buildNumber":1,"deploymentType":"Cloud"}}'),
  ],
  [
    'not-jira',
    'constructor and toString',
    answer('{"constructor":{"prototype":{"accountId":"1"}},"toString":null,"version":{"toString":1}}'),
  ],
  ['not-jira', 'null', answer('null')],
  ['not-jira', 'a number', answer('42')],
  ['not-jira', 'a list', answer('[{"accountId":"1"}]')],
  ['not-jira', 'a page whose title has no end', answer(`<html><title>${'a'.repeat(900_000)}`, html)],
  ['not-jira', 'a page of opening brackets', answer(`<html>${'<'.repeat(900_000)}`, html)],
  ['not-jira', 'a page of comments', answer(`<html>${'<!--'.repeat(200_000)}`, html)],
  ['not-jira', 'a page of scripts', answer(`<html>${'<script>'.repeat(100_000)}`, html)],
  ['not-jira', 'a page of entities', answer(`<html><title>${'&#x'.repeat(100)}&#x110000;&#0;&amp;lt;</title>`, html)],
];

export const framing: readonly Hostile[] = [
  ['answer-unreadable', 'cut in the body', `${ok}${json}Content-Length: 100\r\n\r\n{"a":`],
  ['answer-unreadable', 'cut in a chunk', chunked('64\r\n{"a":')],
  ['answer-unreadable', 'cut between chunks', chunked('2\r\n{}\r\n')],
  ['answer-unreadable', 'a chunk size that is none', chunked('zz\r\n')],
  ['answer-unreadable', 'a chunk longer than its size', chunked('2\r\n{"a":1}\r\n0\r\n\r\n')],
  ['answer-unreadable', 'a negative length', `${ok}${json}Content-Length: -2\r\n\r\n{}`],
  ['answer-unreadable', 'two lengths', `${ok}${json}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`],
  [
    'answer-unreadable',
    'length and chunks',
    `${ok}${json}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  ],
  ['answer-unreadable', 'a length shorter than the body', thenWaits(`${ok}${json}Content-Length: 1\r\n\r\n{}}}`)],
  ['answer-unreadable', 'a NUL in a header', Buffer.from(`${ok}X-Nul: a\u0000b\r\n${json}Content-Length: 2\r\n\r\n{}`)],
  ['answer-unreadable', 'a bare CR in a header', `${ok}X-Cr: a\rb\r\nContent-Length: 2\r\n\r\n{}`],
  ['answer-unreadable', 'a header without a name', `${ok}: value\r\nContent-Length: 2\r\n\r\n{}`],
  ['answer-unreadable', 'a blank in a header’s name', `${ok}X Bad: a\r\nContent-Length: 2\r\n\r\n{}`],
  ['answer-unreadable', 'a folded header', `${ok}X-Folded: a\r\n b\r\n${json}Content-Length: 2\r\n\r\n{}`],
  [
    'not-jira',
    'more bytes than were promised',
    `${ok}${json}Content-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}`,
  ],
  ['not-jira', 'no length, ended by the end', `${ok}${json}\r\n{}`],
  ['not-jira', 'HTTP/1.0', `HTTP/1.0 200 OK\r\n${json}\r\n{}`],
  ['answer-unreadable', 'HTTP/0.9', '<html><title>old</title>'],
  ['answer-unreadable', 'HTTP/2', Buffer.from('000012040000000000000300000064000400100000000600004000', 'hex')],
  ['answer-unreadable', 'HTTP/3.7', `HTTP/3.7 200 OK\r\n${json}Content-Length: 2\r\n\r\n{}`],
  ['answer-unreadable', 'a status that is none', 'HTTP/1.1 abc OK\r\n\r\n'],
  ['answer-unreadable', 'SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['answer-unreadable', 'a TLS alert', Buffer.from([21, 3, 1, 0, 2, 2, 80])],
  ['answer-unreadable', 'binary', Buffer.from([0, 1, 2, 3, 255])],
  [
    'answer-unreadable',
    'an unasked 101',
    thenWaits(status(101, 'Switching', 'Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n')),
  ],
  ['connection-reset', 'the end, without a word', ''],
  ['connection-reset', 'a reset, without a word', reset('')],
  ['connection-reset', 'a reset in the status line', reset('HTTP/1.1 20')],
  ['connection-reset', 'a reset in the headers', reset(`${ok}X-Cut: `)],
  ['answer-unreadable', 'a reset in the body', reset(`${ok}${json}Content-Length: 100\r\n\r\n{"a":`)],
];

export const stati: readonly Hostile[] = [
  ['unknown-answer', 'status 000', status('000', 'Nothing')],
  ['unknown-answer', 'status 999', status(999, 'Denied')],
  ['answer-unreadable', '204 with a body', status(204, 'No Content', `${json}Content-Length: 2\r\n\r\n{}`)],
  ['not-jira', '205 with a body', status(205, 'Reset Content', 'Content-Length: 5\r\n\r\nhello')],
  ['answer-unreadable', '304 with a body', status(304, 'Not Modified', 'Content-Length: 5\r\n\r\nhello')],
  [
    'not-jira',
    '206 unasked',
    status(206, 'Partial Content', `${json}Content-Range: bytes 0-1/9\r\nContent-Length: 2\r\n\r\n{}`),
  ],
  ['unknown-answer', '418', status(418, 'I am a teapot')],
  ['server-error', '599', status(599, 'Odd')],
  ['unknown-answer', '300 without a choice', status(300, 'Multiple Choices')],
];

const elsewhere = (bait: number, path = '/'): string => `https://127.0.0.1:${bait}${path}`;

export const redirections: readonly Hostile[] = [
  ['unknown-answer', 'no Location', status(302, 'Found')],
  ['redirect-loop', 'an empty Location', redirect(302, () => '')],
  ['redirect-loop', 'itself', redirect(301, () => '?')],
  ['redirect-loop', 'itself and a fragment', redirect(308, () => '#x')],
  ['site-moved', 'another port', redirect(307, bait => elsewhere(bait, '/rest/api/2/serverInfo'))],
  ['site-moved', 'another host', redirect(308, bait => `https://jira.acme.example:${bait}/rest/api/2/myself`)],
  ['site-moved', 'no scheme', redirect(301, bait => `//127.0.0.1:${bait}/x`)],
  ['site-moved', 'plain http', redirect(302, bait => `http://127.0.0.1:${bait}/`)],
  ['site-moved', 'a user in it', redirect(303, bait => `https://localhost:443@127.0.0.1:${bait}/`)],
  ['site-moved', 'letters that look alike', redirect(302, bait => `https://ӏосаlhost:${bait}/`)],
  ['site-moved', 'javascript:', redirect(302, () => 'javascript:alert(1)')],
  ['site-moved', 'file:', redirect(302, () => 'file:///etc/passwd')],
  ['site-moved', 'data:', redirect(302, () => 'data:text/html,hello')],
  ['unknown-answer', 'nothing readable', redirect(302, () => 'https://[')],
  ['sso-redirect', 'a login elsewhere', redirect(302, bait => elsewhere(bait, '/login?next=/'))],
  ['sso-redirect', 'its own login', redirect(302, () => '/login.jsp?os_destination=%2F')],
];

export const corpus: readonly Hostile[] = [
  ...slow,
  ...sizes,
  ...encodings,
  ...bodies,
  ...framing,
  ...stati,
  ...redirections,
];
