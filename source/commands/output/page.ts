/** How wide and in which characters plain text may be written to a stream. */
import {capabilities} from '../../terminal/capabilities.ts';
import type {World} from '../../world.ts';

export type Page = Readonly<{width: number; unicode: boolean}>;

/** Text that goes into a file or a pipe is set for this many columns. */
const usual = 80;
/** Longer lines are hard to read, however wide the terminal. */
const widest = 100;

export function pageOf(stream: NodeJS.WriteStream, world: World): Page {
  const columns = stream.isTTY && stream.columns > 0 ? stream.columns : usual;
  return {width: Math.min(columns, widest), unicode: capabilities(world).unicode};
}
