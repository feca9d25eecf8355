/** What a command says: the result on stdout, everything said on the way on stderr. */
import type {World} from '../world.ts';
import type {Options} from './options.ts';

export type Voice = Readonly<{
  /** The result, to stdout. A line end is added when there is none. */
  result: (text: string) => void;
  /** One JSON document, to stdout. */
  json: (value: unknown) => void;
  /** Said on the way, to stderr; not with --quiet. */
  note: (text: string) => void;
  /** What went wrong, to stderr, with --quiet too. */
  alarm: (text: string) => void;
}>;

const line = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

export function voiceOf(world: World, options: Options): Voice {
  return {
    result: text => void world.stdout.write(line(text)),
    json: value => void world.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    note: text => {
      if (options.quiet !== true) world.stderr.write(line(text));
    },
    alarm: text => void world.stderr.write(line(text)),
  };
}
