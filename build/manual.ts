/** The manual pages, from the tables that help and completion read and from docs/security.md. In the macros of man(7). */
import {lexer, type Token, type Tokens} from 'marked';
import {commandNames, commandRow} from '../source/commands/line/command-table.ts';
import {optionLine, optionSections} from '../source/commands/line/help.ts';
import {everywhere, type OptionName} from '../source/commands/line/options.ts';
import {type Passage, type TopicName, topicOf} from '../source/commands/line/topics.ts';

/** A backslash begins an escape; a bare hyphen may be set as a typographic one, which cannot be pasted. */
const plain = (text: string): string =>
  text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('^', '\\(ha').replaceAll('~', '\\(ti');
/** Prose: what stands in backticks is set bold. */
const prose = (text: string): string => plain(text).replace(/`([^`]*)`/g, '\\fB$1\\fR');
/** A line that begins with a dot or an apostrophe is a request. */
const line = (text: string): string => (/^[.']/.test(text) ? `\\&${text}` : text);
const bold = (text: string): string => `\\fB${plain(text)}\\fR`;
const quoted = (text: string): string => `"${plain(text).replaceAll('"', '\\(dq')}"`;

const title = (name: string, section: number, version: string, date: string): string[] => [
  `.TH ${name.toUpperCase()} ${section} ${date} "jirakey ${version}"`,
  // Words are not divided, and lines not stretched: commands stand among them.
  '.nh',
  '.ad l',
];
const section = (name: string): string => `.SH ${quoted(name.toUpperCase())}`;
const entry = (tag: string, text: string): string[] => ['.TP', line(tag), line(text)];
const code = (text: string): string[] => [
  '.PP',
  '.in +4n',
  '.nf',
  ...text.split('\n').map(each => line(plain(each))),
  '.fi',
  '.in',
];
const examples = (rows: readonly (readonly [string, string])[]): string[] =>
  rows.flatMap(([command, says]) => ['.TP', line(bold(command)), line(plain(says))]);

function passage(each: Passage): string[] {
  if (typeof each === 'string') return ['.PP', line(prose(each))];
  if ('rows' in each) return each.rows.flatMap(([name, says]) => entry(bold(name), prose(says)));
  return examples(each.examples);
}
const topic = (name: TopicName): string[] => topicOf(name).passages.flatMap(passage);

const option = (name: OptionName): string[] => {
  const [words, says] = optionLine(name);
  return entry(bold(words), prose(says));
};

function command(name: (typeof commandNames)[number]): string[] {
  const row = commandRow(name);
  const usage = ['jirakey', name, row.takes, row.rest === true ? '-- CMD…' : undefined].filter(
    part => part !== undefined,
  );
  return [
    `.SS ${quoted(usage.join(' '))}`,
    line(prose(`${row.says[0]?.toUpperCase()}${row.says.slice(1)}.`)),
    ...(row.more === undefined ? [] : ['.PP', line(prose(row.more.join(' ')))]),
    ...optionSections(row).flatMap(([heading, names]) => [
      '.PP',
      line(plain(heading)),
      '.RS',
      ...names.flatMap(option),
      '.RE',
    ]),
    '.PP',
    'Examples:',
    '.RS',
    ...examples(row.examples),
    '.RE',
  ];
}

/** jirakey(1) */
export function programPage(version: string, date: string, bugs: string): string {
  return lines([
    ...title('jirakey', 1, version, date),
    section('Name'),
    'jirakey \\- a tested, sealed Jira credential for this server',
    section('Synopsis'),
    `${bold('jirakey')} [\\fICOMMAND\\fR] [\\fIOPTIONS\\fR]`,
    section('Description'),
    'Without a command jirakey starts an assistant that leads from a site, an account and an API token to a credential that has passed its connection test and lies encrypted on this machine.',
    'When something is wrong it names the one cause and prints the checklist for exactly that cause.',
    section('Commands'),
    ...commandNames.flatMap(command),
    section('Options of every command'),
    ...everywhere.flatMap(option),
    section('Environment'),
    ...topic('environment'),
    section('Exit status'),
    ...topic('exit-codes'),
    section('Output'),
    ...topic('formatting'),
    section('Files'),
    ...entry(bold('~/.config/jirakey/config.json'), 'The store; see jirakey\\-store(5).'),
    section('Bugs'),
    plain(bugs),
    section('See also'),
    '.BR jirakey\\-store (5),',
    '.BR age (1),',
    '.BR systemd.exec (5)',
  ]);
}

/** jirakey-store(5): the chapters on files of docs/security.md. */
export function storePage(version: string, date: string, security: string): string {
  return lines([
    ...title('jirakey-store', 5, version, date),
    section('Name'),
    'jirakey\\-store \\- the file in which jirakey keeps credentials',
    ...chapters(lexer(security), [
      'The file',
      'The key',
      'The seal',
      'The first format',
      'Beside the file',
      'The rescue line',
      'Passphrase and work factor',
    ]),
    section('See also'),
    '.BR jirakey (1),',
    '.BR age (1)',
  ]);
}

/** @throws where a chapter is no longer there */
function chapters(tokens: readonly Token[], wanted: readonly string[]): string[] {
  return wanted.flatMap(heading => {
    const start = tokens.findIndex(token => token.type === 'heading' && token.depth === 2 && token.text === heading);
    if (start < 0) throw new Error(`docs/security.md has no chapter “${heading}”`);
    const rest = tokens.slice(start + 1);
    const end = rest.findIndex(token => token.type === 'heading' && token.depth <= 2);
    return [section(heading), ...rest.slice(0, end < 0 ? undefined : end).flatMap(block)];
  });
}

/** @throws for what no page has needed yet, rather than to leave it out */
function block(token: Token): string[] {
  switch (token.type) {
    case 'space':
      return [];
    case 'heading':
      return [`.SS ${quoted(token.text)}`];
    case 'paragraph':
      return ['.PP', line(inline(token.tokens ?? []))];
    case 'code':
      return code(token.text);
    case 'list':
      return (token as Tokens.List).items.flatMap(item => ['.IP \\(bu 2', line(inline(item.tokens))]);
    case 'table':
      return table(token as Tokens.Table);
    default:
      throw new Error(`docs/security.md: ${token.type} has no form in a manual page`);
  }
}

/** A row is its first cell and, below it, the others, each after the word of its column where there are several. */
function table({header, rows}: Tokens.Table): string[] {
  const cell = (each: Tokens.TableCell): string => inline(each.tokens);
  return rows.flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const texts = others.map((each, index) =>
      others.length === 1 ? cell(each) : `${cell(header[index + 1] ?? each)}: ${cell(each)}`,
    );
    return entry(`\\fB${cell(first)}\\fR`, texts.join('. '));
  });
}

function inline(tokens: readonly Token[]): string {
  return tokens
    .map(token => {
      switch (token.type) {
        case 'strong':
          return `\\fB${inline(token.tokens ?? [])}\\fR`;
        case 'em':
          return `\\fI${inline(token.tokens ?? [])}\\fR`;
        case 'link': {
          const text = inline(token.tokens ?? []);
          return /^https:/.test(token.href) ? `${text} <${plain(token.href)}>` : text;
        }
        case 'text':
          return token.tokens === undefined ? plain(oneLine(token.text)) : inline(token.tokens);
        default:
          return plain(oneLine(token.type === 'escape' || token.type === 'codespan' ? token.text : token.raw));
      }
    })
    .join('');
}
const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');
/** A paragraph begins by itself after a heading. */
const lines = (all: readonly string[]): string =>
  `${all.filter((each, index) => each !== '.PP' || !/^\.S[HS] /.test(all[index - 1] ?? '')).join('\n')}\n`;
