/** What a command says: the result on stdout, everything said on the way on stderr. */
import {asAscii} from '../../text/ascii.ts';
import {wrap} from '../../text/wrap.ts';
import type {World} from '../../world.ts';
import type {Options} from '../line/options.ts';
import type {Door} from './door.ts';
import {pageOf} from './page.ts';

export type Printer = Readonly<{
  /** The result, to stdout. A line end is added when there is none. */
  result: (text: string) => void;
  /** One JSON document, to stdout. */
  json: (value: unknown) => void;
  /** A result that holds a secret which was asked for: the only text in which one may stand. */
  handOut: (text: string) => void;
  /** Said on the way, to stderr; not with --quiet. */
  note: (text: string) => void;
  /** What went wrong, to stderr, with --quiet too. */
  alarm: (text: string) => void;
  /** Something was written to stdout, so there is a document already. */
  hasAnswered: () => boolean;
}>;

const line = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

/** What is said may quote a name out of an edited file: no control character of it reaches the terminal. */
const harmless = (text: string): string => text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '');

/** What is to be pasted stays in one piece; what is set in columns already fits. */
const fixed = (text: string): boolean => /^\s*(?:jirakey |https?:\/\/|ssh )/.test(text) || /\S {2}/.test(text);

/** As the terminal takes it: sentences broken at words, ASCII where it has no more. A pipe or a file gets whole lines. */
function set(text: string, world: World): string {
  const {width, unicode} = pageOf(world.stderr, world);
  const written = unicode ? text : asAscii(text);
  if (!world.stderr.isTTY) return line(written);
  const lines = written.split('\n').flatMap(each => {
    const indent = /^ */.exec(each)?.[0] ?? '';
    return fixed(each) ? [each] : wrap(each.trim(), width, indent, indent);
  });
  return line(lines.join('\n'));
}

export function printerOf({world, secrets, handOut}: Door, options: Options): Printer {
  let answered = false;
  const toStdout = (text: string): void => {
    answered = true;
    world.stdout.write(text);
  };
  return {
    result: text => toStdout(line(text)),
    json: value => toStdout(`${JSON.stringify(secrets.redactValue(value), null, 2)}\n`),
    handOut: text => {
      answered = true;
      handOut(line(text));
    },
    note: text => {
      if (options.quiet !== true) world.stderr.write(set(harmless(text), world));
    },
    alarm: text => void world.stderr.write(set(harmless(text), world)),
    hasAnswered: () => answered,
  };
}
