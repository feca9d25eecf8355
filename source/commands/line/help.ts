/** Help, from the two tables. Plain text for 80 columns; command lines are never wrapped. */

import {wrap} from '../../text/wrap.ts';
import {type CommandName, type CommandRow, commandNames, commandRow} from './command-table.ts';
import {
  connecting,
  everywhere,
  newPassphraseSources,
  type OptionName,
  rowOf,
  tokenSources,
  unlocking,
  wordOf,
} from './options.ts';
import {type Passage, type TopicName, topicNames, topicOf} from './topics.ts';

const width = 80;

/** Two columns; a name too long for its column stands on a line of its own. */
function columns(rows: readonly (readonly [string, string])[], left: number): string[] {
  return rows.flatMap(([name, says]) => {
    const texts = wrap(says, width - left - 4);
    const head = `  ${name}`;
    const indent = ' '.repeat(left + 4);
    if (head.length > left + 2) return [head, ...texts.map(text => indent + text)];
    return texts.map((text, index) => (index === 0 ? head.padEnd(left + 4) + text : indent + text));
  });
}

export function optionLine(name: OptionName): readonly [string, string] {
  const {kind, value, says, short, among} = rowOf(name);
  const taken = value === undefined ? '' : kind === 'maybe' ? ` [${value}]` : ` ${value}`;
  const choice = among === undefined || says.includes(among[0] ?? '') ? '' : `: ${among.join(' or ')}`;
  return [`${short === undefined ? '' : `-${short}, `}--${wordOf(name)}${taken}`, says + choice];
}

/** The overview: `jirakey --help`. */
export function overview(): string {
  return [
    'jirakey: a tested, sealed Jira credential for this server,',
    'and the one cause when something is wrong.',
    '',
    'Usage: jirakey [COMMAND] [OPTIONS]',
    '',
    'Commands:',
    ...columns(
      commandNames.map(name => {
        const {takes} = commandRow(name);
        return [takes === undefined ? name : `${name} ${takes}`, commandRow(name).says];
      }),
      16,
    ),
    '',
    'Every command takes:',
    ...columns(everywhere.map(optionLine), 16),
    '',
    'Start here:',
    '  jirakey                 the assistant',
    '  jirakey practice        the same, with a practice Jira instead of yours',
    '  jirakey COMMAND --help  options and examples of one command',
    '',
    'Further help:',
    ...columns(
      topicNames.map(name => [`jirakey help ${name}`, topicOf(name).says]),
      24,
    ),
    '',
  ].join('\n');
}

const groups: readonly (readonly [string, readonly OptionName[]])[] = [
  ['Where the token comes from (else it is asked; JIRA_API_TOKEN is accepted):', tokenSources],
  ['Where the passphrase comes from (else it is asked; JIRAKEY_PASSPHRASE is accepted):', unlocking],
  ['Where the new passphrase comes from (else it is asked):', newPassphraseSources],
  ['Connection:', connecting],
];

/** The options a command takes of its own, those it shares with others under their heading. */
export function optionSections(row: CommandRow): readonly (readonly [string, readonly OptionName[]])[] {
  const grouped = groups.flatMap(([, names]) => names);
  const own = row.options.filter(name => !grouped.includes(name));
  const sections: (readonly [string, readonly OptionName[]])[] = [['Options:', own]];
  for (const [title, names] of groups) sections.push([title, names.filter(name => row.options.includes(name))]);
  return sections.filter(([, names]) => names.length > 0);
}

function optionGroups(row: CommandRow): string[] {
  const shown: ReturnType<typeof optionSections> = [...optionSections(row), ['As everywhere:', everywhere]];
  return shown.flatMap(([title, names]) => ['', title, ...columns(names.map(optionLine), 24)]);
}

/** `jirakey COMMAND --help`. */
export function commandHelp(command: CommandName): string {
  const row = commandRow(command);
  const usage = ['jirakey', command, row.takes, '[OPTIONS]', row.rest === true ? '-- CMD…' : undefined];
  return [
    `jirakey ${command}: ${row.says}`,
    '',
    `Usage: ${usage.filter(part => part !== undefined).join(' ')}`,
    ...(row.more === undefined ? [] : ['', ...wrap(row.more.join(' '), width)]),
    ...optionGroups(row),
    '',
    'Examples:',
    ...row.examples.flatMap(([line, says]) => [`  ${line}`, `      ${says}`]),
    '',
  ].join('\n');
}

function passageLines(passage: Passage): readonly string[] {
  if (typeof passage === 'string') return wrap(passage, width);
  if ('rows' in passage) {
    const longest = Math.max(...passage.rows.map(([name]) => name.length));
    return columns(passage.rows, Math.min(longest, 22));
  }
  return passage.examples.flatMap(([line, says]) => [`  ${line}`, `      ${says}`]);
}

/** `jirakey help TOPIC` */
export function topicHelp(name: TopicName): string {
  const {says, passages} = topicOf(name);
  return [`jirakey: ${says}`, ...passages.flatMap(passage => ['', ...passageLines(passage)]), ''].join('\n');
}
