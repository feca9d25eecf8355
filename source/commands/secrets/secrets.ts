/**
 * Where the token and the passphrase come from. An option goes before $CREDENTIALS_DIRECTORY, that before the
 * environment; two options for one secret are an error, never a guess. Asking on the terminal is the caller's.
 */
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {SourceFault, TokenFault, UsageFault} from '../../domain/fault.ts';
import {findToken} from '../../domain/find-token.ts';
import {Secret} from '../../domain/secret.ts';
import type {DecodedText} from '../../domain/text-encoding.ts';
import type {World} from '../../world.ts';
import type {Context} from '../context.ts';
import type {OptionName, Options} from '../line/options.ts';
import {commandLimit, fromCommand, fromFd, fromFile, fromStdin} from './sources.ts';

type Kind = 'token' | 'passphrase' | 'new-passphrase';

const ways = ['stdin', 'file', 'fd', 'command'] as const;
type Way = (typeof ways)[number];
type Chosen = Readonly<{option: OptionName; way: Way; value: string}>;

/** Where each secret lies when no option names a place: systemd's credentials (systemd.exec(5)), then a variable. */
const elsewhere: Readonly<Record<Kind, Readonly<{file: string; variable: string}> | null>> = {
  token: {file: 'jirakey.token', variable: 'JIRA_API_TOKEN'},
  passphrase: {file: 'jirakey.passphrase', variable: 'JIRAKEY_PASSPHRASE'},
  'new-passphrase': null,
};

function chosen(kind: Kind, options: Options): Chosen | null {
  const given: Chosen[] = [];
  for (const way of ways) {
    if (kind === 'new-passphrase' && way === 'stdin') continue;
    const option = `${kind}-${way}` as const satisfies string;
    const value = options[option as keyof Options];
    if (value === true || typeof value === 'string')
      given.push({option: option as OptionName, way, value: String(value)});
  }
  const [first, second] = given;
  if (first !== undefined && second !== undefined) {
    throw new UsageFault(
      `--${first.option} and --${second.option} are both given: there can be one source of the ${kind}.`,
    );
  }
  return first ?? null;
}

const readsStdin = (choice: Chosen | null): boolean =>
  choice !== null && (choice.way === 'stdin' || (choice.way === 'fd' && Number(choice.value) === 0));

/**
 * Contradictions in where secrets come from, before anything is read.
 * @throws UsageFault
 */
export function checkSources(options: Options): void {
  const choices = (['token', 'passphrase', 'new-passphrase'] as const).map(kind => chosen(kind, options));
  if (choices.filter(readsStdin).length > 1) {
    throw new UsageFault('stdin can be the source of one secret only.', [
      'Give the other by a file, a descriptor or a command.',
    ]);
  }
  const descriptors = choices.flatMap(choice => (choice?.way === 'fd' ? [Number(choice.value)] : []));
  if (new Set(descriptors).size < descriptors.length) {
    throw new UsageFault('one descriptor can be the source of one secret only: what is read from it is gone.');
  }
}

/** Is some source there, besides asking? Reads nothing. */
export function hasSource(kind: Kind, options: Options, env: World['env']): boolean {
  return chosen(kind, options) !== null || lying(kind, env) !== null;
}

/** Did an option name a source? The environment may hold a token meant for something else. */
export const namedSource = (kind: Kind, options: Options): OptionName | null => chosen(kind, options)?.option ?? null;

type Lying = Readonly<{path: string}> | Readonly<{variable: string; value: string}>;

function lying(kind: Kind, env: World['env']): Lying | null {
  const place = elsewhere[kind];
  if (place === null) return null;
  const folder = env.CREDENTIALS_DIRECTORY ?? '';
  const path = join(folder, place.file);
  if (folder !== '' && existsSync(path)) return {path};
  const value = env[place.variable] ?? '';
  return value === '' ? null : {variable: place.variable, value};
}

async function raw(kind: Kind, context: Context): Promise<string | null> {
  const read = await source(kind, context);
  if (read === null || typeof read === 'string') return read;
  if (read.encoding === 'UTF-16') context.printer.note(`The ${kind} was read as UTF-16 text.`);
  return read.text;
}

/** What `--timeout` says of it is checked where the connection begins. */
const secondsOf = ({timeout}: Options): number => {
  const seconds = Number(timeout);
  return seconds >= 1 && seconds <= 600 ? seconds : commandLimit;
};

async function source(kind: Kind, context: Context): Promise<DecodedText | string | null> {
  const {options, world, printer} = context;
  const choice = chosen(kind, options);
  if (choice !== null) {
    const option = `--${choice.option}`;
    switch (choice.way) {
      case 'stdin':
        return fromStdin(kind, world);
      case 'file':
        return fromFile(option, choice.value, world, printer.note);
      case 'fd':
        return fromFd(kind, choice.value, world);
      case 'command': {
        const other = kind === 'token' ? chosen('passphrase', options) : chosen('token', options);
        const stdinTaken = readsStdin(other);
        return fromCommand(option, choice.value, {
          world,
          stdinTaken,
          seconds: secondsOf(options),
          notice: printer.note,
        });
      }
    }
  }
  const place = lying(kind, world.env);
  if (place === null) return null;
  if ('path' in place) return fromFile('$CREDENTIALS_DIRECTORY', place.path, world, () => {});
  printer.note(
    `Warning: the ${kind} is taken from ${place.variable}. Every process you start from here inherits it; --${kind}-file or --${kind}-command is safer.`,
  );
  return place.value;
}

export type GivenToken = Readonly<{
  token: Secret;
  /** From `email:token` or base64 of it, when that was given as the token. */
  username: string | null;
}>;

/**
 * The token from its source, tidied; what was removed is said. Null when no source is given.
 * @throws TokenFault when the source cannot be read, or holds nothing that could be sent
 */
export async function readToken(context: Context): Promise<GivenToken | null> {
  const text = await rawToken(context);
  return text === null ? null : tidied(text, context);
}

async function rawToken(context: Context): Promise<string | null> {
  try {
    return await raw('token', context);
  } catch (error) {
    if (error instanceof SourceFault) throw new TokenFault(error.message, error.hints);
    throw error;
  }
}

/** Cleans a token the same way wherever it comes from. @throws TokenFault */
export function tidied(text: string, {printer, secrets}: Pick<Context, 'printer' | 'secrets'>): GivenToken {
  const found = findToken(text);
  if (found.kind === 'unusable') throw new TokenFault(found.sentence);
  const {token, removed, username} = found;
  if (removed.length > 0) printer.note(`API Token cleaned: ${listed(removed)} removed.`);
  return {token: secrets.add(new Secret(token)), username};
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/**
 * The passphrase from its source, without the one line end that ends a file; nothing else is taken off.
 * @throws UsageFault when the source cannot be read or is empty
 */
export async function readPassphrase(
  context: Context,
  kind: 'passphrase' | 'new-passphrase' = 'passphrase',
): Promise<Secret | null> {
  const text = await raw(kind, context);
  if (text === null) return null;
  const passphrase = text.replace(/\r?\n$/, '');
  if (passphrase === '') throw new UsageFault(`the source of the ${kind.replace('-', ' ')} is empty.`);
  return context.secrets.add(new Secret(passphrase));
}

/** What to say when a secret is missing and nothing can be asked. */
export function sourceHint(kind: 'token' | 'passphrase'): string {
  const {variable = '', file = ''} = elsewhere[kind] ?? {};
  const options = `--${kind}-stdin, --${kind}-file F, --${kind}-fd N, --${kind}-command CMD`;
  return `${kind}: ${options}, $CREDENTIALS_DIRECTORY/${file}, or ${variable}`;
}
