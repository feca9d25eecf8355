/** A world of in-memory streams for commands: what they read is given, what they write is kept. No terminal. */
import {PassThrough, Writable} from 'node:stream';
import type {World} from '../../source/world.ts';

export type FakeWorld = Readonly<{
  world: World;
  stdout: () => string;
  stderr: () => string;
  /** As a signal of this number would. */
  interrupt: (number?: number) => void;
}>;

export type FakeOptions = Readonly<{
  env?: Readonly<Record<string, string | undefined>>;
  /** What comes over stdin, to its end. */
  stdin?: string;
  now?: () => Date;
}>;

export function fakeWorld({env = {}, stdin = '', now = () => new Date()}: FakeOptions = {}): FakeWorld {
  const input = new PassThrough();
  input.end(stdin);
  const [out, outText] = sink();
  const [err, errText] = sink();
  const stopper = new AbortController();
  return {
    world: {
      env: {LANG: 'C.UTF-8', ...env},
      stdin: readable(input),
      stdout: out,
      stderr: err,
      interrupted: stopper.signal,
      now,
      version: '0.0.0-test',
    },
    stdout: outText,
    stderr: errText,
    interrupt: (number = 2) => stopper.abort(number),
  };
}

// Commands use of a terminal stream only what a plain stream has, and isTTY, which is false here.
const readable = (stream: object): NodeJS.ReadStream => Object.assign(stream, {isTTY: false}) as NodeJS.ReadStream;
const writable = (stream: object): NodeJS.WriteStream => Object.assign(stream, {isTTY: false}) as NodeJS.WriteStream;

function sink(): [stream: NodeJS.WriteStream, text: () => string] {
  let text = '';
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return [writable(stream), () => text];
}
