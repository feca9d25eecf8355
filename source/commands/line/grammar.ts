/**
 * argv → what was asked for. Node's parseArgs splits the words; the rules and the sentences are ours, because a wrong
 * word may be a secret that must not be repeated on a screen or in a log.
 */
import {parseArgs} from 'node:util';
import {UsageFault} from '../../domain/fault.ts';
import {type CommandName, type CommandRow, commandNames, commandRow, isCommandName} from './command-table.ts';
import {everywhere, isOptionName, type OptionName, type Options, optionTable, rowOf, wordOf} from './options.ts';
import {refuseSecretOption} from './secret-options.ts';
import {didYouMean, suggest} from './suggest.ts';
import {isTopicName, type TopicName} from './topics.ts';

export type Invocation = Readonly<{
  command: CommandName;
  args: readonly string[];
  /** What follows `--`, for commands that run something. */
  rest: readonly string[];
  options: Options;
}>;

/** What the command line asks for; `help` without a command is the overview. */
export type Request =
  | Readonly<{ask: 'version'}>
  | Readonly<{ask: 'help'; command: CommandName | null}>
  | Readonly<{ask: 'topic'; topic: TopicName}>
  | Readonly<{ask: 'run'; invocation: Invocation}>;

type Token =
  | Readonly<{kind: 'option'; name: string; value: string | undefined; inline: boolean}>
  | Readonly<{kind: 'positional'; value: string}>;

/** Repeated back only when it cannot be a secret: a short plain word. */
const harmless = (word: string): boolean => /^[a-z][a-z-]{0,24}$/i.test(word);
const looksLikeToken = (word: string): boolean => /AT[A-Z]TT3x/.test(word);

/** Options that a command has under a word which means another one elsewhere. */
function settleWords(argv: readonly string[]): readonly string[] {
  const command = argv.find(isCommandName);
  const own = command === undefined ? [] : commandRow(command).options.filter(name => wordOf(name) !== name);
  return argv.map(word => {
    const name = own.find(each => word === `--${wordOf(each)}` || word.startsWith(`--${wordOf(each)}=`));
    return name === undefined ? word : word.replace(`--${wordOf(name)}`, `--${name}`);
  });
}

/** The value of `--watch` may be left out, which parseArgs cannot say: only a number after it belongs to it. */
function settleOptionalValues(argv: readonly string[]): string[] {
  const words: string[] = [];
  let awaiting = '';
  for (const word of argv) {
    if (awaiting !== '') {
      const taken = /^-?\d+(?:\.\d+)?$/.test(word);
      words.push(`${awaiting}=${taken ? word : ''}`);
      awaiting = '';
      if (taken) continue;
    }
    const name = word.slice(2);
    if (word.startsWith('--') && isOptionName(name) && rowOf(name).kind === 'maybe') awaiting = word;
    else words.push(word);
  }
  return awaiting === '' ? words : [...words, `${awaiting}=`];
}

function tokenise(words: string[]): Token[] {
  const options: Record<string, {type: 'string' | 'boolean'; short?: string; multiple: true}> = {};
  for (const [name, row] of Object.entries(optionTable)) {
    const short = 'short' in row ? {short: row.short} : {};
    options[name] = {type: row.kind === 'flag' ? 'boolean' : 'string', multiple: true, ...short};
  }
  const {tokens} = parseArgs({args: words, options, strict: false, allowPositionals: true, tokens: true});
  return tokens.flatMap((token): Token[] => {
    if (token.kind === 'positional') return [{kind: 'positional', value: token.value}];
    if (token.kind === 'option') {
      return [{kind: 'option', name: token.name, value: token.value, inline: token.inlineValue === true}];
    }
    return [];
  });
}

function refuseToken(): never {
  throw new UsageFault(
    'there is an API token on the command line: every user of this machine can read it there, and your shell keeps it.',
    [
      'Give it by --token-stdin, --token-file F, --token-fd N or --token-command CMD, or let it be asked.',
      'Revoke that token and make a new one if others use this machine.',
    ],
  );
}

/** Looked for before any word is repeated. */
function refuseSecretOptions(tokens: readonly Token[]): void {
  for (const token of tokens) {
    if (token.kind === 'option') refuseSecretOption(token.name);
  }
}

/** Words of other tools (gh, acli, rclone, git) for what is called otherwise here. */
const elsewhere: Readonly<Record<string, string>> = {
  ...{login: 'setup', add: 'setup', new: 'setup', status: 'list', ls: 'list'},
  ...{rm: 'remove NAME', delete: 'remove NAME', logout: 'remove NAME', version: '--version'},
  ...{repair: 'fix NAME', mend: 'fix NAME'},
};

/** Our own words first; then those of other tools, which are mistyped as well. */
function mistyped(word: string): string[] {
  const own = didYouMean(word, commandNames, 'jirakey ');
  const [other] = own.length > 0 ? [] : suggest(word, Object.keys(elsewhere));
  return other === undefined ? own : [`Did you mean ${other}? Here it is: jirakey ${elsewhere[other]}`];
}

/** The command is the first plain word; none means the assistant. */
function commandOf(tokens: readonly Token[]): Readonly<{command: CommandName; named: boolean}> {
  const first = tokens.find(token => token.kind === 'positional');
  if (first === undefined) return {command: 'setup', named: false};
  const word = first.value ?? '';
  if (isCommandName(word)) return {command: word, named: true};
  // An unknown option in front may have meant to take this word as its value: then it is not ours to repeat.
  const stray = tokens.find(token => token.kind === 'option' && !isOptionName(token.name));
  if (stray?.kind === 'option') unknownOption(stray.name, 'jirakey', Object.keys(optionTable), 'See jirakey --help.');
  if (looksLikeToken(word)) refuseToken();
  if (!harmless(word)) throw new UsageFault('the first word is not a command.', ['See jirakey --help.']);
  const meant = elsewhere[word.toLowerCase()];
  const near = meant === undefined ? mistyped(word) : [`Here it is: jirakey ${meant}`];
  const hints = [...near, 'See jirakey --help for all commands.'];
  throw new UsageFault(`there is no command “${word}”.`, hints);
}

function unknownOption(name: string, program: string, known: readonly string[], help: string): never {
  if (!harmless(name)) throw new UsageFault(`${program} does not know one of these options.`, [help]);
  const dash = name.length === 1 ? '-' : '--';
  throw new UsageFault(`${program} does not know ${dash}${name}.`, [...didYouMean(name, known, '--'), help]);
}

function checkKnown(
  name: string,
  {command, named}: Readonly<{command: CommandName; named: boolean}>,
  row: CommandRow,
): asserts name is OptionName {
  const taken: readonly string[] = [...row.options, ...everywhere];
  if (taken.includes(name)) return;
  const help = `See jirakey ${command} --help.`;
  if (isOptionName(name)) {
    const word = wordOf(name);
    const others = commandNames.filter(other => commandRow(other).options.some(option => wordOf(option) === word));
    const hint = others.length === 0 ? [] : [`It belongs to: ${others.join(', ')}.`];
    throw new UsageFault(`jirakey ${command} does not take --${word}.`, [...hint, help]);
  }
  const program = named ? `jirakey ${command}` : 'jirakey';
  unknownOption(name, program, taken, row.rest === true ? `${restHint(command)} ${help}` : help);
}

const restHint = (command: CommandName): string =>
  `What to run goes after --: jirakey ${command} ${commandRow(command).takes} -- CMD…`;

/** An empty description is one; an empty proxy or CA file means none, also of those kept with the credential. */
// An empty address is a bad address: `test --json` answers it with its code, like any other.
const mayBeEmpty: readonly OptionName[] = ['description', 'proxy', 'ca-file', 'url'];

function checkValue(name: OptionName, value: string | undefined, inline: boolean): string {
  const {value: word = 'VALUE', among} = rowOf(name);
  const option = `--${wordOf(name)}`;
  if (value === undefined || (!inline && /^-./.test(value))) {
    const hint = value === undefined ? [] : [`A value that begins with “-” is written ${option}=VALUE.`];
    throw new UsageFault(`${option} needs a value: ${option} ${word}.`, hint);
  }
  if (!name.endsWith('-command') && looksLikeToken(value)) refuseToken();
  if (value === '' && rowOf(name).kind !== 'maybe' && !mayBeEmpty.includes(name)) {
    throw new UsageFault(`${option} is empty: ${option} ${word}.`);
  }
  if (among !== undefined && !among.includes(value)) {
    throw new UsageFault(`${option} takes one of: ${among.join(', ')}.`, didYouMean(value, among));
  }
  return value;
}

function optionsOf(tokens: readonly Token[], asked: Readonly<{command: CommandName; named: boolean}>): Options {
  const row = commandRow(asked.command);
  const given: Partial<Record<OptionName, true | string | string[]>> = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const {name} = token;
    checkKnown(name, asked, row);
    const {kind} = rowOf(name);
    if (kind === 'flag') {
      if (token.inline) throw new UsageFault(`--${wordOf(name)} takes no value.`);
      given[name] = true;
      continue;
    }
    const value = checkValue(name, token.value, token.inline);
    const before = given[name];
    if (kind === 'many') given[name] = [...(Array.isArray(before) ? before : []), value];
    else if (before !== undefined) throw new UsageFault(`--${wordOf(name)} is given twice.`);
    else given[name] = value;
  }
  // Each kind was stored as its own type just above; TypeScript cannot follow that through the table.
  return given as Options;
}

function checkCount(command: CommandName, args: readonly string[]): void {
  const {count = [0, 0], takes = ''} = commandRow(command);
  if (args.some(looksLikeToken)) refuseToken();
  const line = `jirakey ${command}${takes === '' ? '' : ` ${takes}`}`;
  if (args.length < count[0]) throw new UsageFault(`something is missing: ${line}`, [`See jirakey ${command} --help.`]);
  if (args.length > count[1]) {
    const what = count[1] === 0 ? 'takes no argument' : 'has too many arguments';
    throw new UsageFault(`jirakey ${command} ${what}.`, [`It is: ${line}`, 'A name with spaces needs quotes.']);
  }
}

/** Where a program to run begins without `--` before it, its words are not ours to read. */
function ownWords(tokens: readonly Token[], cut: boolean): readonly Token[] {
  const plain = tokens.flatMap((token, index) => (token.kind === 'positional' ? [{word: token.value, index}] : []));
  const [first, , begins] = plain;
  const runs = first !== undefined && isCommandName(first.word) && commandRow(first.word).rest === true;
  return runs && !cut && begins !== undefined ? tokens.slice(0, begins.index + 1) : tokens;
}

/** `-v` and `-V` are what others call `--version`; `-v` alone, for elsewhere it may mean something else. */
const asksVersion = (argv: readonly string[]): boolean => argv.length === 1 && /^-[vV]$/.test(argv[0] ?? '');

/**
 * @param argv the words after the program's name
 * @throws UsageFault with hints; never with a word that could be a secret in it
 */
export function parse(argv: readonly string[]): Request {
  if (asksVersion(argv)) return {ask: 'version'};
  const cut = argv.indexOf('--');
  const words = cut < 0 ? argv : argv.slice(0, cut);
  const rest = cut < 0 ? [] : argv.slice(cut + 1);
  const tokens = ownWords(tokenise(settleOptionalValues(settleWords(words))), cut >= 0);
  refuseSecretOptions(tokens);
  const asked = (name: string) => tokens.some(token => token.kind === 'option' && token.name === name);
  if (tokens[0]?.kind === 'positional' && tokens[0].value === 'help') {
    const next = tokens.find((token, index) => index > 0 && token.kind === 'positional');
    if (next?.kind === 'positional' && isTopicName(next.value)) return {ask: 'topic', topic: next.value};
    return {ask: 'help', command: next === undefined ? null : commandOf([next]).command};
  }
  const {command, named} = commandOf(tokens);
  if (asked('help')) return {ask: 'help', command: named ? command : null};
  if (!named && asked('version')) return {ask: 'version'};
  const options = optionsOf(tokens, {command, named});
  const args = tokens.flatMap(token => (token.kind === 'positional' ? [token.value] : [])).slice(named ? 1 : 0);
  const row = commandRow(command);
  if (row.rest === true) {
    if (args.some(looksLikeToken)) refuseToken();
    if (rest.length === 0) throw new UsageFault(`${command} needs a program to run.`, [restHint(command)]);
    checkCount(command, args);
    return {ask: 'run', invocation: {command, args, rest, options}};
  }
  const all = [...args, ...rest];
  checkCount(command, all);
  return {ask: 'run', invocation: {command, args: all, rest: [], options}};
}
