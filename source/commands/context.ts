import type {World} from '../world.ts';
import type {Invocation} from './line/grammar.ts';

/** A command. Returns the exit code; throws UsageFault, NotFound, StoreFault or Interrupted. */
export type Run = (invocation: Invocation, world: World) => Promise<number>;
