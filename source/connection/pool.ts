/** The open connections to one endpoint, each handed to one request at a time. */
import {Agent as HttpAgent} from 'node:http';
import {Agent as HttpsAgent} from 'node:https';
import type {Duplex} from 'node:stream';
import type {Deadline} from './deadline.ts';
import type {Line} from './line.ts';

/** An open connection with the agent that makes an HTTP client use it and no other. */
export type Connection = {
  readonly agents: Readonly<{http: HttpAgent; https: HttpsAgent}>;
  readonly stream: Duplex;
  /** Requests served so far. */
  uses: number;
};

type Waiter = {resolve: (connection: Connection) => void; reject: (error: unknown) => void};

const gone = (): Error => Object.assign(new Error('The prepared connection is gone.'), {code: 'ECONNRESET'});

/** Hands out the one stream it was made with; asked for another, it has none, so no connection is made unnoticed. */
function prepared(stream: Duplex): {createConnection: () => Duplex} {
  let given = false;
  return {
    createConnection: () => {
      if (given) throw gone();
      given = true;
      return stream;
    },
  };
}

const onlyOne = {keepAlive: true, maxSockets: 1, maxTotalSockets: 1};

export class Pool {
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();
  readonly #waiters: Waiter[] = [];
  #dialling = 0;
  #busy = 0;

  constructor(
    readonly line: Line,
    readonly deadline: Deadline,
  ) {}

  /** Takes over a stream that is ready for HTTP. */
  adopt(stream: Duplex): void {
    this.#give(this.#wrap(stream));
  }

  /** Starts dialling until `count` connections exist; a failure shows where one is really needed. */
  warm(count: number): void {
    for (let have = this.#all.size + this.#dialling; have < count; have += 1) this.#dial();
  }

  /** A connection for one request: an idle one, or a new one. @throws {Broken} when none can be had */
  take(): Promise<Connection> {
    for (let next = this.#idle.shift(); next !== undefined; next = this.#idle.shift()) {
      if (!next.stream.destroyed && next.stream.writable) {
        this.#busy += 1;
        return Promise.resolve(next);
      }
      this.#all.delete(next);
    }
    return new Promise((resolve, reject) => {
      this.#waiters.push({resolve, reject});
      if (this.#dialling < this.#waiters.length) this.#dial();
    });
  }

  /** A connection that has served no request before, for repeating what an idle one lost. */
  async fresh(): Promise<Connection> {
    const connection = this.#wrap(await this.line.open(this.deadline));
    this.#busy += 1;
    return connection;
  }

  /** Gives a connection back; one that cannot serve again is closed. */
  release(connection: Connection, reusable: boolean): void {
    this.#busy -= 1;
    connection.uses += 1;
    if (reusable && !connection.stream.destroyed) this.#give(connection);
    else this.#discard(connection);
    if (this.#waiters.length > this.#dialling + this.#busy) this.#dial();
  }

  close(): void {
    for (const connection of this.#all) this.#discard(connection);
  }

  #wrap(stream: Duplex): Connection {
    // An idle connection may be closed by the other side at any time; the next request finds out by itself.
    stream.on('error', () => undefined);
    const source = prepared(stream);
    const agents = {
      http: Object.assign(new HttpAgent(onlyOne), source),
      https: Object.assign(new HttpsAgent(onlyOne), source),
    };
    const connection = {agents, stream, uses: 0};
    this.#all.add(connection);
    return connection;
  }

  #give(connection: Connection): void {
    const waiter = this.#waiters.shift();
    if (waiter === undefined) {
      this.#idle.push(connection);
      return;
    }
    this.#busy += 1;
    waiter.resolve(connection);
  }

  #discard(connection: Connection): void {
    this.#all.delete(connection);
    connection.agents.http.destroy();
    connection.agents.https.destroy();
    connection.stream.destroy();
  }

  #dial(): void {
    this.#dialling += 1;
    this.line.open(this.deadline).then(
      stream => {
        this.#dialling -= 1;
        // Too late: the test is over and nobody will close this one.
        if (this.deadline.signal.aborted) stream.destroy();
        else this.#give(this.#wrap(stream));
      },
      error => {
        this.#dialling -= 1;
        // A site that lets only so many connections in still serves the waiting ones, after another.
        if (this.#busy > 0 && !this.deadline.signal.aborted) return;
        while (this.#waiters.length > this.#dialling) this.#waiters.shift()?.reject(error);
      },
    );
  }
}
