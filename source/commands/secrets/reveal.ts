import {UsageFault} from '../../domain/fault.ts';
import type {Context} from '../context.ts';

/** A token goes to a terminal only when that was asked for: screens are shared, recorded and scrolled back. @throws UsageFault */
export function refuseTerminal(context: Context): void {
  const {options, world} = context;
  if (!world.stdout.isTTY || options.reveal) return;
  throw new UsageFault('stdout is a terminal, and the token would stand there for all to see.', [
    'Send it where it is needed: … | COMMAND, or > FILE (with umask 077).',
    'Or show it all the same: --reveal',
  ]);
}
