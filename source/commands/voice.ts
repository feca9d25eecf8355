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

/** What is said may quote a name out of an edited file: no control character of it reaches the terminal. */
const harmless = (text: string): string => line(text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ''));

export function voiceOf(world: World, options: Options): Voice {
  return {
    result: text => void world.stdout.write(line(text)),
    json: value => void world.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    note: text => {
      if (options.quiet !== true) world.stderr.write(harmless(text));
    },
    alarm: text => void world.stderr.write(harmless(text)),
  };
}
