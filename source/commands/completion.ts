// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what looks like a template here is the shell's.
/** `jirakey completion`: what the shell offers on Tab, written from the same tables as the grammar and the help. */
import {failureCodes} from '../diagnosis/codes.ts';
import {exit} from '../domain/exit.ts';
import {UsageFault} from '../domain/fault.ts';
import {practiceFaults} from '../practice/scenarios.ts';
import type {Run} from './context.ts';
import {type CommandName, commandNames, commandRow} from './line/command-table.ts';
import {everywhere, type OptionName, optionTable, rowOf, wordOf} from './line/options.ts';
import {didYouMean} from './line/suggest.ts';
import {topicNames} from './line/topics.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];
const isShell = (name: string): name is Shell => (shells as readonly string[]).includes(name);

export const run: Run = async context => {
  const {
    args: [name = ''],
    options,
    printer,
  } = context;
  if (!isShell(name)) throw new UsageFault(`completion is there for ${shells.join(', ')}.`, didYouMean(name, shells));
  const script = scripts[name]();
  if (options.json) printer.json({schemaVersion: 1, shell: name, script});
  else printer.result(script);
  return exit.done;
};

const optionsOf = (command: CommandName): readonly OptionName[] => [...commandRow(command).options, ...everywhere];
const flags = (names: readonly OptionName[]): string => names.map(name => `--${wordOf(name)}`).join(' ');

/** What a command's first word can be: a saved name (asked when Tab is pressed), one of a list, or nothing we know. */
type Words = 'names' | readonly string[] | null;
function wordsOf(command: CommandName): Words {
  if (command === 'explain') return failureCodes;
  if (command === 'completion') return shells;
  return commandRow(command).takes?.includes('NAME') ? 'names' : null;
}

/** What stands before a name: `jirakey help` is no command of the table. */
const firstWords: readonly string[] = [...commandNames, 'help'];
const helpWords: readonly string[] = [...commandNames, ...topicNames];

/** Options whose values are known; those of one command alone first, where another has the same word. */
const valued: readonly (readonly [OptionName, readonly string[]])[] = [
  ...(Object.keys(optionTable) as OptionName[]).flatMap((name): (readonly [OptionName, readonly string[]])[] => {
    const {among} = rowOf(name);
    return among === undefined ? [] : [[name, among]];
  }),
  ['fault', practiceFaults] as const,
].sort(([one], [other]) => Number(wordOf(other) !== other) - Number(wordOf(one) !== one));
/** What stands before such a value, as a pattern for the command and the word before it. */
const before = (name: OptionName): string =>
  wordOf(name) === name
    ? `*" --${name}"`
    : commandNames
        .filter(command => commandRow(command).options.some(option => option === name))
        .map(command => `"${command} --${wordOf(name)}"`)
        .join('|');
const files: readonly OptionName[] = ['ca-file', 'token-file', 'passphrase-file', 'new-passphrase-file', 'store'];

/** The saved names, one a line, from the program itself: no passphrase is needed for that. */
const names = `jirakey list --json 2>/dev/null | sed -n 's/^ *"name": "\\(.*\\)",$/\\1/p'`;

/** What is looked up for a command: its options, and its words as the shell's own expression. */
const branches = (
  list: (words: readonly string[]) => string,
  lookup: string,
): readonly (readonly [CommandName, string, string])[] =>
  commandNames.map(command => {
    const words = wordsOf(command);
    return [command, flags(optionsOf(command)), words === 'names' ? lookup : list(words ?? [])];
  });

const filePattern = files.map(before).join('|');

/** Where a command has for a flag what is another's word for a value, nothing is to be completed after it. */
const flagWords = commandNames.flatMap(command =>
  commandRow(command)
    .options.filter(name => wordOf(name) !== name && rowOf(name).kind === 'flag')
    .map(name => `"${command} --${wordOf(name)}"`),
);
const forgetFlag = `  case "$command $previous" in ${flagWords.join('|')}) previous="" ;; esac`;

/** Words are compared, never expanded: a saved name may hold anything. */
function bash(): string {
  const lines = (words: readonly string[]): string => `$'${words.join('\\n')}'`;
  return [
    '# jirakey completion for bash. Use: source <(jirakey completion bash)',
    '_jirakey() {',
    '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" command="" options="" lines="" word',
    '  COMPREPLY=()',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    '    case "$word" in --) return ;; -*) ;; *) command="$word"; break ;; esac',
    '  done',
    forgetFlag,
    '  case "$command $previous" in',
    ...valued.map(([name, values]) => `    ${before(name)}) options=""; lines=${lines(values)} ;;`),
    `    ${filePattern}) COMPREPLY=($(compgen -f -- "$current")); return ;;`,
    '    *) case "$command" in',
    `      "") options="${flags(everywhere)} --version"; lines=${lines(firstWords)} ;;`,
    `      help) options=""; lines=${lines(helpWords)} ;;`,
    ...branches(lines, `"$(${names})"`).map(
      ([command, options, words]) => `      ${command}) options="${options}"; lines=${words} ;;`,
    ),
    '    esac ;;',
    '  esac',
    '  if [[ "$current" == -* ]]; then lines="${options// /$\'\\n\'}"; fi',
    '  while IFS= read -r word; do',
    '    if [[ -n "$word" && "$word" == "$current"* ]]; then COMPREPLY+=("$(printf %q "$word")"); fi',
    '  done <<< "$lines"',
    '}',
    'complete -F _jirakey jirakey',
  ].join('\n');
}

// Not `options`: that is a parameter of zsh's own.
function zsh(): string {
  const list = (words: readonly string[]): string => `(${words.join(' ')})`;
  return [
    '#compdef jirakey',
    '# jirakey completion for zsh. Use, after compinit: source <(jirakey completion zsh)',
    '_jirakey() {',
    '  local command="" word current="${words[CURRENT]}" previous="${words[CURRENT-1]}"',
    '  local -a flags offered',
    '  for word in "${(@)words[2,CURRENT-1]}"; do',
    '    case "$word" in --) return ;; -*) ;; *) command="$word"; break ;; esac',
    '  done',
    forgetFlag,
    '  case "$command $previous" in',
    ...valued.map(([name, values]) => `    ${before(name)}) compadd -- ${values.join(' ')}; return ;;`),
    `    ${filePattern}) _files; return ;;`,
    '  esac',
    '  case "$command" in',
    `    "") flags=(${flags(everywhere)} --version); offered=${list(firstWords)} ;;`,
    `    help) flags=(); offered=${list(helpWords)} ;;`,
    ...branches(list, `("\${(@f)$(${names})}")`).map(
      ([command, options, words]) => `    ${command}) flags=(${options}); offered=${words} ;;`,
    ),
    '  esac',
    '  if [[ "$current" == -* ]]; then compadd -- "${flags[@]}"; else compadd -- "${offered[@]}"; fi',
    '}',
    'compdef _jirakey jirakey',
  ].join('\n');
}

const fishWord = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function fishOption(name: OptionName, condition: string): string {
  const {kind, says, short} = rowOf(name);
  const values = valued.find(([known]) => known === name)?.[1];
  const parameter =
    kind === 'flag'
      ? ''
      : values !== undefined
        ? ` -x -a ${fishWord(values.join(' '))}`
        : files.includes(name)
          ? ' -r -F'
          : kind === 'maybe'
            ? ''
            : ' -x';
  return `complete -c jirakey ${condition}-l ${wordOf(name)}${short === undefined ? '' : ` -s ${short}`}${parameter} -d ${fishWord(says)}`;
}

function fish(): string {
  return [
    '# jirakey completion for fish. Use: jirakey completion fish | source',
    'complete -c jirakey -f',
    ...commandNames.map(
      name => `complete -c jirakey -n __fish_use_subcommand -a ${name} -d ${fishWord(commandRow(name).says)}`,
    ),
    `complete -c jirakey -n __fish_use_subcommand -a help -d 'help on a command or a topic'`,
    `complete -c jirakey -n '__fish_seen_subcommand_from help' -a ${fishWord(helpWords.join(' '))}`,
    ...everywhere.map(name => fishOption(name, '')),
    ...commandNames.flatMap(command => {
      const condition = `-n '__fish_seen_subcommand_from ${command}' `;
      const words = wordsOf(command);
      const list =
        words === 'names'
          ? `"(${names.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('$', '\\$')})"`
          : fishWord((words ?? []).join(' '));
      const offered = words === null ? [] : [`complete -c jirakey ${condition}-a ${list}`];
      return [...offered, ...commandRow(command).options.map(name => fishOption(name, condition))];
    }),
  ].join('\n');
}

const scripts: Readonly<Record<Shell, () => string>> = {bash, zsh, fish};
