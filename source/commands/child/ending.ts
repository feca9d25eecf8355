/** When a program has ended, and with which status: as a shell would see it, whoever else keeps its output open. */
import type {ChildProcess} from 'node:child_process';
import {constants} from 'node:os';
import type {Readable} from 'node:stream';
import {clean} from '../../domain/clean.ts';
import {codeOf} from '../../domain/errno.ts';
import {exitBySignal} from '../../domain/exit.ts';
import type {Printer} from '../output/printer.ts';

/** As shells have it (POSIX, "Exit status for commands"): not found 127, found but not startable 126. */
const notFound = 127;
const notStartable = 126;

/** What is left in the pipes of a program that has ended comes at once; what comes later is from others, who keep them open. */
const quietMs = 200;

/**
 * @param outputs what comes from the program
 * @param passedOn settled when all of that has been written
 */
export async function statusOf(
  child: ChildProcess,
  command: string,
  outputs: readonly Readable[],
  passedOn: Promise<unknown>,
  printer: Printer,
): Promise<number> {
  const status = await new Promise<number>(resolve => {
    child.once('error', error => {
      const code = codeOf(error) ?? 'unknown error';
      const reason = code === 'ENOENT' ? 'there is no such program' : code === 'EACCES' ? 'it may not be run' : code;
      printer.alarm(`jirakey: ${clean(command, 80)} cannot be started: ${reason}.`);
      resolve(code === 'ENOENT' ? notFound : notStartable);
    });
    child.once('exit', (code, signal) =>
      resolve(signal === null ? (code ?? 0) : exitBySignal(constants.signals[signal])),
    );
  });
  const stop = endWhenQuiet(outputs);
  await passedOn;
  stop();
  return status;
}

function endWhenQuiet(outputs: readonly Readable[]): () => void {
  const end = (): void => {
    // A reader of ours that takes its time is no quiet.
    if (outputs.some(stream => stream.readableLength > 0 || stream.isPaused())) {
      timer.refresh();
      return;
    }
    for (const stream of outputs) {
      if (stream.readableEnded || stream.destroyed) continue;
      stream.on('error', () => {});
      stream.once('end', () => stream.destroy());
      stream.push(null);
      if (stream.readableFlowing === null) stream.destroy();
    }
  };
  const timer = setTimeout(end, quietMs);
  for (const stream of outputs) stream.on('data', () => timer.refresh());
  return () => clearTimeout(timer);
}
