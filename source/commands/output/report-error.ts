/** How every way of not succeeding is told, and its exit code. Whatever is not known here is a bug and stays thrown. */
import {Interrupted} from '../../connection/interrupted.ts';
import {exit, exitBySignal} from '../../domain/exit.ts';
import {StoreFault, UsageFault} from '../../domain/fault.ts';
import type {World} from '../../world.ts';
import type {Context} from '../context.ts';

/** Nothing of that name is saved, or nothing at all: exit 3. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
  constructor(
    message: string,
    readonly hints: readonly string[] = [],
  ) {
    super(message);
  }
}

/** Number of SIGINT; what Ctrl-C means even where raw mode turned it into a key. */
const interrupt = 2;

/** The exit code of work that was interrupted. */
export function interruptedCode(world: World): number {
  const reason: unknown = world.interrupted.reason;
  return exitBySignal(typeof reason === 'number' ? reason : interrupt);
}

function sentences(error: UsageFault | NotFound): string {
  return [`jirakey: ${error.message}`, ...error.hints.map(hint => `  ${hint}`)].join('\n');
}

/** What is there to speak with, also where the command line could not be read. */
export type Speaker = Pick<Context, 'world' | 'printer' | 'run'>;

/** @returns the exit code; rethrows what is a bug */
export async function reportError(error: unknown, speaker: Speaker): Promise<number> {
  const {world, printer} = speaker;
  if (error instanceof Interrupted) return interruptedCode(world);
  // Known by its name: importing its class here would load Ink for every command.
  if (error instanceof Error && error.name === 'EndedBySignal' && 'number' in error)
    return exitBySignal(Number(error.number));
  if (error instanceof UsageFault) {
    printer.alarm(sentences(error));
    return exit.usage;
  }
  if (error instanceof NotFound) {
    printer.alarm(sentences(error));
    return exit.notFound;
  }
  if (error instanceof StoreFault) {
    const {storeFailure} = await import('../connection-test/failures.ts');
    const {failureText} = await import('../../diagnosis/report-text.ts');
    const {pageOf} = await import('./page.ts');
    printer.alarm(failureText(storeFailure(error, speaker), pageOf(world.stderr, world)));
    return exit.store;
  }
  throw error;
}
