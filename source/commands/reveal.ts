/** What contains the token goes to a pipe or a file; to a terminal, where it would stay in view, only when asked for. */
import {UsageFault} from '../domain/fault.ts';
import type {World} from '../world.ts';
import type {Options} from './options.ts';

/**
 * @param what stands in the sentence, as in "the token"
 * @throws UsageFault when stdout is a terminal and --reveal was not given
 */
export function guardTerminal(what: string, options: Options, world: World): void {
  if (!world.stdout.isTTY || options.reveal === true) return;
  throw new UsageFault(`${what} would stand on this terminal and stay in its scrollback, so it is not shown.`, [
    'Into a pipe or a file it is written as it is.',
    'To see it here all the same: --reveal',
  ]);
}
