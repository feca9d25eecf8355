/** Reading a secret from where the command line points: bytes in, text out. What the text means is `secrets.ts`. */
import {spawn} from 'node:child_process';
import {closeSync, fstatSync, openSync, readFileSync} from 'node:fs';
import {Socket} from 'node:net';
import type {Readable} from 'node:stream';
import {isatty} from 'node:tty';
import {Interrupted} from '../connection/interrupted.ts';
import {UsageFault} from '../domain/fault.ts';
import type {World} from '../world.ts';

/** Far more than a token or a passphrase; a wrong file is noticed before it fills the memory. Bytes. */
const largest = 64 * 1024;

/** Everything a stream gives, as UTF-8. @throws Interrupted, UsageFault when it is too long */
async function drain(stream: Readable, what: string, interrupted: AbortSignal): Promise<string> {
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
      if (size > largest) reject(new UsageFault(`${what} is longer than ${largest / 1024} KiB: that is no secret.`));
    });
    stream.on('error', error => reject(new UsageFault(`${what} cannot be read (${codeOf(error)}).`)));
    stream.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}

const codeOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown error';
};

/** @param secret "token" or "passphrase" */
export async function fromStdin(secret: string, world: World): Promise<string> {
  if (world.stdin.isTTY) {
    throw new UsageFault(`--${secret}-stdin wants a pipe or a file, and stdin is a terminal, which would show it.`, [
      `Leave --${secret}-stdin away: the ${secret} is asked and never shown.`,
    ]);
  }
  return drain(world.stdin, 'stdin', world.interrupted);
}

/** Files and devices at once, pipes and sockets as streams: a waiting read must not outlive Ctrl-C. */
async function fromDescriptor(fd: number, what: string, world: World): Promise<string> {
  const stat = fstatSync(fd);
  if (stat.isDirectory()) throw new UsageFault(`${what} is a folder.`);
  if (stat.isFIFO() || stat.isSocket()) {
    return drain(new Socket({fd, readable: true, writable: false}), what, world.interrupted);
  }
  if (stat.size > largest) throw new UsageFault(`${what} is longer than ${largest / 1024} KiB: that is no secret.`);
  try {
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

/** A descriptor the caller opened for us, as in `--token-fd 3 3<file`. */
export async function fromFd(secret: string, text: string, world: World): Promise<string> {
  const option = `--${secret}-fd`;
  const fd = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (fd === 0) return fromStdin(secret, world);
  if (fd < 3)
    throw new UsageFault(`${option} wants the number of an open descriptor, 3 or higher.`, [
      `Example: ${option} 3 3<file`,
    ]);
  if (isatty(fd)) throw new UsageFault(`${option} ${fd} is a terminal, which would show the ${secret}.`);
  try {
    return await fromDescriptor(fd, `${option} ${fd}`, world);
  } catch (error) {
    if (error instanceof UsageFault || error instanceof Interrupted) throw error;
    throw new UsageFault(`${option} ${fd} cannot be read (${codeOf(error)}): nobody opened it for us.`, [
      `Example: ${option} ${fd} ${fd}<file`,
    ]);
  }
}

/** @param notice told when other users may read the file */
export async function fromFile(
  option: string,
  path: string,
  world: World,
  notice: (text: string) => void,
): Promise<string> {
  try {
    const fd = openSync(path, 'r');
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
    throw new UsageFault(`${option} ${path}: ${reason}.`);
  }
}

/**
 * What a shell command prints. Its stderr is passed through, so that a password manager can say what it wants.
 * @throws UsageFault when it does not end with status 0
 */
export async function fromCommand(option: string, command: string, world: World, stdinTaken: boolean): Promise<string> {
  const child = spawn('sh', ['-c', command], {
    env: {...world.env},
    stdio: [stdinTaken || !world.stdin.isTTY ? 'ignore' : 'inherit', 'pipe', 'pipe'],
  });
  child.stderr.on('data', chunk => world.stderr.write(chunk));
  const ended = new Promise<string | null>(resolve => {
    child.on('error', error => resolve(`cannot be started (${codeOf(error)})`));
    child.on('close', (status, signal) => {
      resolve(status === 0 ? null : signal === null ? `ended with status ${status}` : `was ended by ${signal}`);
    });
  });
  try {
    const text = await drain(child.stdout, `what ${option} prints`, world.interrupted);
    const problem = await ended;
    if (problem !== null) throw new UsageFault(`the command of ${option} ${problem}; nothing it printed was used.`);
    return text;
  } finally {
    if (child.exitCode === null && child.signalCode === null) child.kill();
  }
}
