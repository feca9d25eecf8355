/** After a command that opened a seal of a lower work factor: it is sealed anew at today's, in whichever command. */
import {clean} from '../domain/clean.ts';
import {StoreFault} from '../domain/fault.ts';
import {openStore} from '../store/store.ts';
import {raised} from '../vault/raise.ts';
import type {World} from '../world.ts';
import type {Invocation} from './grammar.ts';
import {directoryOf} from './saved.ts';
import {voiceOf} from './voice.ts';

/** Never fails the command: what cannot be raised now is raised after another one. */
export async function raiseSeals({command, options}: Invocation, world: World): Promise<void> {
  const {workFactor} = world;
  // What is remembered opens the seal as it is; a new one would have to be unlocked again at once.
  if (workFactor === undefined || options.remember !== undefined) return;
  // Waiting for another jirakey that saves is not worth the time of a command that is done.
  const store = openStore(directoryOf(options, world), {now: world.now, waitMs: 500});
  const voice = voiceOf(world, options);
  try {
    const {credentials, draft} = await store.read();
    for (const {name, sealed} of [...credentials, ...(draft === null ? [] : [draft])]) {
      if (world.interrupted.aborted) return;
      const next = sealed === null ? null : await raised(sealed, workFactor === 'highest' ? undefined : workFactor);
      if (sealed === null || next === null) continue;
      if (!(await store.reseal(sealed, next.sealed))) continue;
      // Of exec, stderr is the child's.
      if (command === 'exec') continue;
      voice.note(
        `“${clean(name, 80)}” is sealed anew: guessing its passphrase now costs ${2 ** (next.to - next.from)} times as much (work factor ${next.to}, it was ${next.from}).`,
      );
    }
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
  }
}
