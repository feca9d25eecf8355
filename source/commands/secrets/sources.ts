/** Reading a secret from where the command line points: bytes in, text out. What the text means is `secrets.ts`. */
import {spawn} from 'node:child_process';
import {closeSync, fstatSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, statSync} from 'node:fs';
import {Socket} from 'node:net';
import type {Readable} from 'node:stream';
import {isatty} from 'node:tty';
import {Interrupted} from '../../connection/interrupted.ts';
import {codeOf} from '../../domain/errno.ts';
import {SourceFault, UsageFault} from '../../domain/fault.ts';
import {type DecodedText, decodeText} from '../../domain/text-encoding.ts';
import type {World} from '../../world.ts';

/** Far more than a token or a passphrase; a wrong file is noticed before it fills the memory. Bytes. */
const largest = 64 * 1024;

/** Everything a stream gives, as text. @throws Interrupted, UsageFault when it is too long */
async function drain(stream: Readable, what: string, interrupted: AbortSignal): Promise<DecodedText> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Interrupted());
    if (interrupted.aborted) return stop();
    interrupted.addEventListener('abort', stop, {once: true});
    stream.on('data', (chunk: Buffer | string) => {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      chunks.push(bytes);
      if (size <= largest) return;
      stream.destroy();
      reject(tooLong(what));
    });
    stream.on('error', error =>
      reject(new SourceFault(`${what} cannot be read (${codeOf(error) ?? 'unknown error'}).`)),
    );
    stream.on('end', () => {
      try {
        resolve(textOf(Buffer.concat(chunks), what));
      } catch (error) {
        reject(error);
      }
    });
  });
}

const tooLong = (what: string): SourceFault =>
  new SourceFault(`${what} is longer than ${largest / 1024} KiB: that is no secret.`);

/** Bytes that are no text would silently become other characters, many of them the same one. @throws UsageFault */
function textOf(bytes: Buffer, what: string): DecodedText {
  const decoded = decodeText(bytes);
  if (decoded !== null) return decoded;
  throw new SourceFault(`${what} is not UTF-8 text, so it cannot be used as it is.`, [
    'Bytes at random become text with, for example: base64',
  ]);
}

/** @param secret "token" or "passphrase" */
export async function fromStdin(secret: string, world: World): Promise<DecodedText> {
  if (world.stdin.isTTY) {
    throw new UsageFault(`--${secret}-stdin wants a pipe or a file, and stdin is a terminal, which would show it.`, [
      `Leave --${secret}-stdin away: the ${secret} is asked and never shown.`,
    ]);
  }
  return drain(world.stdin, 'stdin', world.interrupted);
}

/** Files and devices at once, pipes and sockets as streams: a waiting read must not outlive Ctrl-C. */
async function fromDescriptor(fd: number, what: string, world: World): Promise<DecodedText> {
  const stat = fstatSync(fd);
  if (stat.isDirectory()) throw new SourceFault(`${what} is a folder.`);
  if (stat.isFIFO() || stat.isSocket()) {
    return drain(new Socket({fd, readable: true, writable: false}), what, world.interrupted);
  }
  try {
    const bytes = readUpTo(fd, largest + 1);
    if (bytes.length > largest) throw tooLong(what);
    return textOf(bytes, what);
  } finally {
    closeSync(fd);
  }
}

/** Devices such as /dev/zero have no end. */
function readUpTo(fd: number, most: number): Buffer {
  const bytes = Buffer.alloc(most);
  let length = 0;
  while (length < most) {
    const count = readSync(fd, bytes, length, most - length, null);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

/** Is it a descriptor of Node's own (an event queue, a pipe to itself), which has the number because nobody gave us one? */
function isNodesOwn(fd: number): boolean {
  const folder = '/proc/self/fd';
  const target = linkOf(`${folder}/${fd}`);
  if (target === null || target.startsWith('anon_inode:')) return target !== null;
  if (!target.startsWith('pipe:')) return false;
  // Whoever holds both ends of a pipe talks to himself.
  return readdirSync(folder).some(other => linkOf(`${folder}/${other}`) === target && isForWriting(other));
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

/** proc(5), fdinfo: the access mode is the last octal digit of the flags; 1 is writing only. */
function isForWriting(fd: string): boolean {
  try {
    return /^flags:\s*\d*1$/m.test(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'));
  } catch {
    return false;
  }
}

/** A descriptor the caller opened for us, as in `--token-fd 3 3<file`. */
export async function fromFd(secret: string, text: string, world: World): Promise<DecodedText> {
  const option = `--${secret}-fd`;
  const fd = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (fd === 0) return fromStdin(secret, world);
  if (fd < 3)
    throw new UsageFault(`${option} wants the number of an open descriptor, 3 or higher.`, [
      `Example: ${option} 3 3<file`,
    ]);
  if (isatty(fd)) throw new UsageFault(`${option} ${fd} is a terminal, which would show the ${secret}.`);
  const unopened = (code: string) =>
    new SourceFault(`${option} ${fd} cannot be read (${code}): nobody opened it for us.`, [
      `Example: ${option} ${fd} ${fd}<file`,
    ]);
  if (isNodesOwn(fd)) throw unopened('EBADF');
  try {
    return await fromDescriptor(fd, `${option} ${fd}`, world);
  } catch (error) {
    if (error instanceof UsageFault || error instanceof Interrupted) throw error;
    throw unopened(codeOf(error) ?? 'unknown error');
  }
}

/**
 * A named pipe opens when somebody writes to it, and no thread of ours may wait for that: Ctrl-C would not be heard, nor
 * could the process end. (The pipes of `<(…)`, under /dev or /proc, have their writer already.)
 */
const waitsForWriter = (path: string): boolean =>
  !/^\/(?:dev|proc)\//.test(path) && statSync(path, {throwIfNoEntry: false})?.isFIFO() === true;

async function fromNamedPipe(path: string, what: string, world: World): Promise<DecodedText> {
  const child = spawn('cat', ['--', path], {stdio: ['ignore', 'pipe', 'ignore']});
  child.on('error', () => child.stdout.destroy(new Error('no cat')));
  try {
    return await drain(child.stdout, what, world.interrupted);
  } finally {
    child.kill();
  }
}

/** @param notice told when other users may read the file */
export async function fromFile(
  option: string,
  path: string,
  world: World,
  notice: (text: string) => void,
): Promise<DecodedText> {
  try {
    if (waitsForWriter(path)) return await fromNamedPipe(path, option, world);
    const fd = openSync(path, 'r');
    if (isatty(fd)) throw new UsageFault(`${option} ${path} is a terminal, which would show what is typed.`);
    const stat = fstatSync(fd);
    const mode = stat.mode & 0o777;
    if (stat.isFile() && (mode & 0o077) !== 0 && process.platform !== 'win32') {
      notice(
        `${option}: other users may read ${path} (mode ${mode.toString(8).padStart(4, '0')}). Cure: chmod 600 ${path}`,
      );
    }
    return await fromDescriptor(fd, option, world);
  } catch (error) {
    if (error instanceof UsageFault || error instanceof Interrupted) throw error;
    const code = codeOf(error);
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'it may not be read' : code;
    throw new SourceFault(`${option} ${path}: ${reason}.`);
  }
}

/** What a command may take, in seconds, where `--timeout` does not say: somebody may have to touch a key or type a PIN. */
export const commandLimit = 120;
/** After so many milliseconds it is said what is waited for. */
const silentMs = 2000;

export type CommandTerms = Readonly<{
  world: World;
  /** Another secret comes over stdin. */
  stdinTaken: boolean;
  seconds: number;
  /** Called when the command takes its time. */
  notice: (text: string) => void;
}>;

/**
 * What a shell command prints. Its stderr is passed through, so that a password manager can say what it wants.
 * @throws UsageFault when it does not end with status 0, or not in time
 */
export async function fromCommand(option: string, command: string, terms: CommandTerms): Promise<DecodedText> {
  const {world, stdinTaken, seconds, notice} = terms;
  const child = spawn('sh', ['-c', command], {
    env: {...world.env},
    stdio: [stdinTaken || !world.stdin.isTTY ? 'ignore' : 'inherit', 'pipe', 'pipe'],
  });
  child.stderr.on('data', chunk => world.stderr.write(chunk));
  const ended = new Promise<string | null>((resolve, reject) => {
    child.on('error', error => resolve(`cannot be started (${codeOf(error) ?? 'unknown error'})`));
    child.on('close', (status, signal) => {
      // Ctrl-C is for both of us, and the command may hear it first.
      if (signal === 'SIGINT') reject(new Interrupted());
      resolve(status === 0 ? null : signal === null ? `ended with status ${status}` : `was ended by ${signal}`);
    });
  });
  // Whatever ended us may have ended it as well; that it did is then nobody's concern.
  ended.catch(() => {});
  const waiting = setTimeout(
    () => notice(`Waiting for the command of ${option}, for ${seconds} s at most.`),
    Math.min(silentMs, seconds * 500),
  );
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    limit = setTimeout(() => reject(tooSlow(option, seconds)), seconds * 1000);
  });
  try {
    const text = await Promise.race([drain(child.stdout, `what ${option} prints`, world.interrupted), late]);
    const problem = await Promise.race([ended, late]);
    if (problem !== null) throw new SourceFault(`the command of ${option} ${problem}; nothing it printed was used.`);
    return text;
  } finally {
    clearTimeout(waiting);
    clearTimeout(limit);
    if (child.exitCode === null && child.signalCode === null) child.kill();
    // What the command has started may keep its pipes open, and with them this process.
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

const tooSlow = (option: string, seconds: number): SourceFault =>
  new SourceFault(
    `the command of ${option} took longer than ${seconds} s and was ended; nothing it printed was used.`,
    ['Run it by itself to see what it waits for, or give it longer with --timeout.'],
  );
