// Finds the terminal to ask on: the process's own streams, else /dev/tty, so that a token can come through a pipe
// while the passphrase is typed.
import {closeSync, openSync} from 'node:fs';
import {ReadStream, WriteStream} from 'node:tty';
import {UsageFault} from '../domain/fault.ts';
import type {World} from '../world.ts';

export type Terminal = Readonly<{
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  /** Closes what was opened here; the process's own streams stay open. */
  close: () => void;
}>;

/**
 * @returns where keys come from and where the view is drawn: standard input and output, or for what is piped standard
 *   error and /dev/tty
 * @throws UsageFault when no terminal can be reached
 */
export function openTerminal(world: World): Terminal {
  const opened: (ReadStream | WriteStream)[] = [];
  const close = () => {
    for (const stream of opened) stream.destroy();
  };
  try {
    const input = world.stdin.isTTY ? world.stdin : keep(opened, new ReadStream(openDevice()));
    return {input, output: outputOf(world, opened), close};
  } catch (error) {
    close();
    if (error instanceof UsageFault) throw error;
    throw new UsageFault('There is no terminal to ask on.', [
      'Run it in a terminal (over SSH: ssh -t), or',
      'give every answer as an option and add --no-input.',
    ]);
  }
}

/** Whether `openTerminal` would find a terminal. */
export function canAsk(world: World): boolean {
  if (world.stdin.isTTY && (world.stdout.isTTY || world.stderr.isTTY)) return true;
  try {
    closeSync(openDevice());
    return true;
  } catch {
    return false;
  }
}

// Opening /dev/tty fails with ENXIO where the process has no controlling terminal (cron, systemd, a container).
const openDevice = (): number => openSync(process.platform === 'win32' ? 'CON' : '/dev/tty', 'r+');

function outputOf(world: World, opened: (ReadStream | WriteStream)[]): NodeJS.WriteStream {
  if (world.stdout.isTTY) return world.stdout;
  if (world.stderr.isTTY) return world.stderr;
  const device = keep(opened, new WriteStream(openDevice()));
  return world.guard?.(device) ?? device;
}

function keep<S extends ReadStream | WriteStream>(opened: (ReadStream | WriteStream)[], stream: S): S {
  opened.push(stream);
  return stream;
}
