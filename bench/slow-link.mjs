// A slow link on this machine: a loopback relay through which every byte takes half a round trip.
import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import {setTimeout as wait} from 'node:timers/promises';

/**
 * Relays to a port of this machine.
 * @param roundTrip milliseconds. The kernel completes TCP's handshake with the relay at once; the round trip that it takes
 * over a real link is added before the first byte of each connection.
 */
export async function slowLink(port, roundTrip) {
  const sockets = new Set();
  const server = createServer({noDelay: true}, near => {
    const far = connect({host: '127.0.0.1', port, noDelay: true});
    const established = performance.now() + roundTrip;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    forward(near, far, () => Math.max(0, established - performance.now()) + roundTrip / 2);
    forward(far, near, () => roundTrip / 2);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Each piece waits for the one before it: bytes that came in order leave in order. */
function forward(from, to, delay) {
  let before = Promise.resolve();
  const later = act => {
    before = Promise.all([before, wait(delay())]).then(act);
  };
  from.on('data', chunk => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
}
