/** How every way of not succeeding is told, and its exit code. Whatever is not known here is a bug and stays thrown. */
import {Interrupted} from '../../connection/interrupted.ts';
import type {WithoutResult} from '../../diagnosis/documents.ts';
import {exit, exitBySignal} from '../../domain/exit.ts';
import {NothingThere, StoreFault, TokenFault, UnknownName, UsageFault, type UserFault} from '../../domain/fault.ts';
import type {World} from '../../world.ts';
import type {Context} from '../context.ts';
import type {Options} from '../line/options.ts';

/** Number of SIGINT; what Ctrl-C means even where raw mode turned it into a key. */
const interrupt = 2;

/** The exit code of work that was interrupted. */
export function interruptedCode(world: World): number {
  const reason: unknown = world.interrupted.reason;
  return exitBySignal(typeof reason === 'number' ? reason : interrupt);
}

function sentences(error: UserFault): string {
  return [`jirakey: ${error.message}`, ...error.hints.map(hint => `  ${hint}`)].join('\n');
}

/** What is there to speak with, also where the command line could not be read. */
export type Speaker = Pick<Context, 'world' | 'printer' | 'run'> & Readonly<{options: Pick<Options, 'json'>}>;

/** With --json there is one document, whatever happens: this one where the command has printed none. */
function documentIn({options, printer}: Speaker, document: WithoutResult): void {
  if (options.json === true && !printer.hasAnswered()) printer.json(document);
}

const usageOf = ({message, hints}: Pick<UserFault, 'message' | 'hints'>): WithoutResult => ({
  schemaVersion: 1,
  usage: {message, hints},
});

const interruption = {message: 'interrupted before there was a result.', hints: []} as const;

/** @returns the exit code; rethrows what is a bug */
export async function reportError(error: unknown, speaker: Speaker): Promise<number> {
  const {world, printer} = speaker;
  // Work that was given the signal throws its reason.
  const stopped = world.interrupted.aborted && error === world.interrupted.reason;
  if (error instanceof Interrupted || stopped) {
    documentIn(speaker, usageOf(interruption));
    return interruptedCode(world);
  }
  // Known by its name: importing its class here would load Ink for every command.
  if (error instanceof Error && error.name === 'EndedBySignal' && 'number' in error) {
    documentIn(speaker, usageOf(interruption));
    return exitBySignal(Number(error.number));
  }
  if (error instanceof UsageFault || error instanceof NothingThere) {
    documentIn(speaker, usageOf(error));
    printer.alarm(sentences(error));
    return error instanceof UsageFault ? exit.usage : exit.notFound;
  }
  if (error instanceof StoreFault || error instanceof UnknownName || error instanceof TokenFault) {
    const {failureOf} = await import('../connection-test/failures.ts');
    const {exitCodeOfFailure} = await import('../../diagnosis/diagnose.ts');
    const {failureText} = await import('../../diagnosis/report-text.ts');
    const {pageOf} = await import('./page.ts');
    const failure = failureOf(error, speaker);
    documentIn(speaker, {schemaVersion: 1, failure});
    printer.alarm(failureText(failure, pageOf(world.stderr, world)));
    return exitCodeOfFailure(failure);
  }
  throw error;
}
