/** Ports of this machine that swallow connections: a stopped program whose queue of connections is full. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {connect, type Socket} from 'node:net';

export type BlackHole = Readonly<{port: number; addresses: readonly string[]; close(): Promise<void>}>;

const listener = `
const {createServer} = require('node:net');
const addresses = JSON.parse(process.argv[1]);
let port = Number(process.argv[2]);
const next = () => {
  const host = addresses.shift();
  if (host === undefined) return console.log(port);
  const server = createServer().listen({host, port, backlog: 1}, () => { port = server.address().port; next(); });
};
next();`;

/**
 * @param addresses of 127.0.0.0/8; what is sent there to the port is dropped by the kernel without a word
 * @param port a free one of all of them; default any
 */
export async function startBlackHole(addresses: readonly string[] = ['127.0.0.1'], port = 0): Promise<BlackHole> {
  const child = spawn(process.execPath, ['-e', listener, JSON.stringify(addresses), String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const open = Number(String(line));
  child.kill('SIGSTOP');
  const waiting: Socket[] = [];
  for (const address of addresses) {
    // With a queue of one, Linux takes in two; the third is the first that is dropped.
    for (let count = 0; count < 2; count += 1) {
      const socket = connect(open, address);
      socket.on('error', () => undefined);
      waiting.push(socket);
      await once(socket, 'connect');
    }
  }
  const close = async (): Promise<void> => {
    for (const socket of waiting) socket.destroy();
    child.kill('SIGKILL');
    await exited;
  };
  return {port: open, addresses, close};
}
