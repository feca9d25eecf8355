/** After a command that unlocked a key of a lower work factor than today's: it is locked anew, in whichever command. */
import {StoreFault} from '../../domain/fault.ts';
import type {Store} from '../../store/store.ts';
import type {Context} from '../context.ts';

/** Never fails the command: what cannot be raised now is raised after another one. */
export async function raiseWorkFactor(store: Store, {command, world, printer}: Context): Promise<void> {
  const {workFactor} = world;
  if (workFactor === undefined || world.interrupted.aborted) return;
  try {
    const raised = await store.raiseWorkFactor(workFactor === 'highest' ? undefined : workFactor);
    // Of exec, stderr is the child's.
    if (raised === null || command === 'exec') return;
    const {from, to} = raised;
    printer.note(
      `Guessing the passphrase of this store now costs ${2 ** (to - from)} times as much (work factor ${to}, it was ${from}).`,
    );
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
  }
}
