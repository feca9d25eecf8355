/** After a command that opened a seal of a lower work factor: it is sealed anew at today's, in whichever command. */
import {clean} from '../../domain/clean.ts';
import {StoreFault} from '../../domain/fault.ts';
import {openStore} from '../../store/store.ts';
import {openUnlockCache} from '../../unlock-cache/unlock-cache.ts';
import {SealFault} from '../../vault/seal-fault.ts';
import {type Raised, raised} from '../../vault/upgrade-seal.ts';
import {openKeeping} from '../../vault/wrap-key.ts';
import type {World} from '../../world.ts';
import type {Context} from '../context.ts';
import {directoryOf} from '../line/store-folder.ts';

/** Never fails the command: what cannot be raised now is raised after another one. */
export async function upgradeSeals({command, options, world, printer}: Context): Promise<void> {
  const {workFactor} = world;
  if (workFactor === undefined) return;
  // Waiting for another jirakey that saves is not worth the time of a command that is done.
  const store = openStore(directoryOf(options, world.env), {now: world.now, waitMs: 500});
  try {
    const {credentials, draft} = await store.read();
    for (const {name, sealed} of [...credentials, ...(draft === null ? [] : [draft])]) {
      if (world.interrupted.aborted) return;
      const next = sealed === null ? null : await raised(sealed, workFactor === 'highest' ? undefined : workFactor);
      if (sealed === null || next === null) continue;
      if (!(await store.reseal(sealed, next.sealed))) continue;
      await carryMemory(sealed, next, world);
      // Of exec, stderr is the child's.
      if (command === 'exec') continue;
      printer.note(
        `“${clean(name, 80)}” is sealed anew: guessing its passphrase now costs ${2 ** (next.to - next.from)} times as much (work factor ${next.to}, it was ${next.from}).`,
      );
    }
  } catch (error) {
    if (!(error instanceof StoreFault || error instanceof SealFault)) throw error;
  }
}

/** An unlock that is remembered for the old seal goes on with the new one, for as long as it had left. */
async function carryMemory(before: string, {sealed, passphrase}: Raised, world: World): Promise<void> {
  const memory = openUnlockCache(world.env, world.now);
  const found = await memory.find(before);
  if (found === null) return;
  try {
    const {key} = await openKeeping(sealed, passphrase);
    await memory.keep(key, (found.until.getTime() - world.now().getTime()) / 60_000);
  } catch {
    // No room, or no memory to derive the key: then the passphrase is asked next time.
  }
  await memory.forget([before]);
}
