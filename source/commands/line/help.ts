/** Help, from the two tables. Plain text for 80 columns; command lines are never wrapped. */

import {wrap} from '../../text/wrap.ts';
import {type CommandName, type CommandRow, commandNames, commandRow} from './command-table.ts';
import {
  connecting,
  everywhere,
  newPassphraseSources,
  type OptionName,
  passphraseSources,
  rowOf,
  tokenSources,
  wordOf,
} from './options.ts';

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

function optionLine(name: OptionName): readonly [string, string] {
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
  ].join('\n');
}

const groups: readonly (readonly [string, readonly OptionName[]])[] = [
  ['Where the token comes from (else it is asked; JIRA_API_TOKEN is accepted):', tokenSources],
  ['Where the passphrase comes from (else it is asked; JIRAKEY_PASSPHRASE is accepted):', passphraseSources],
  ['Where the new passphrase comes from (else it is asked):', newPassphraseSources],
  ['Connection:', connecting],
];

function optionGroups(row: CommandRow): string[] {
  const grouped = groups.flatMap(([, names]) => names);
  const own = row.options.filter(name => !grouped.includes(name));
  const sections: (readonly [string, readonly OptionName[]])[] = [['Options:', own]];
  for (const [title, names] of groups) sections.push([title, names.filter(name => row.options.includes(name))]);
  sections.push(['As everywhere:', everywhere]);
  return sections.flatMap(([title, names]) =>
    names.length === 0 ? [] : ['', title, ...columns(names.map(optionLine), 24)],
  );
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
