/** Every option of every command, once. Grammar, help and completion read this table; a command names what it takes. */
import {admins} from '../../diagnosis/admins.ts';
import {monitors} from '../../diagnosis/monitored.ts';
import {type Connector, connectors, isConnector} from '../../domain/credential.ts';

/** `flag`: present or not. `value`: one value. `many`: repeatable. `maybe`: the value may be left out. */
type Kind = 'flag' | 'value' | 'many' | 'maybe';
export type OptionRow = Readonly<{
  kind: Kind;
  /** The word for the value in help. */
  value?: string;
  /** What it does, one line. */
  says: string;
  short?: string;
  /** The word on the command line where that is another: two commands may mean two things by one word. */
  written?: string;
  /** The only values it takes. */
  among?: readonly string[];
}>;

export const exportFormats = [
  'env',
  'dotenv',
  'mcp-atlassian',
  'kubernetes',
  'airbyte',
  'template',
  'netrc',
  'json',
  'jira-cli',
  'nexla-form',
  'nexla-cli',
] as const;

export const optionTable = {
  help: {kind: 'flag', short: 'h', says: 'this help'},
  version: {kind: 'flag', says: 'print the version'},
  store: {kind: 'value', value: 'DIR', says: 'folder of the store (else JIRAKEY_STORE, else your config folder)'},
  json: {kind: 'flag', says: 'JSON on stdout, and nothing else there'},
  'no-color': {kind: 'flag', says: 'no colours (NO_COLOR does the same)'},
  plain: {kind: 'flag', says: 'plain lines instead of screens (ACCESSIBLE=1 does the same)'},
  quiet: {kind: 'flag', says: 'only errors on stderr'},

  'ca-file': {kind: 'value', value: 'PEM', says: 'trust the CAs of this file as well'},
  'ca-only': {kind: 'flag', says: 'trust these CAs and no others'},
  proxy: {kind: 'value', value: 'URL', says: 'connect through this proxy (else HTTPS_PROXY, HTTP_PROXY, NO_PROXY)'},
  timeout: {kind: 'value', value: 'SECONDS', says: 'time for the whole test, 1 to 600 (30)'},
  resolve: {
    kind: 'many',
    value: 'HOST:PORT:ADDRESS[,ADDRESS]',
    says: 'reach HOST:PORT at ADDRESS; names and certificates stay checked',
  },

  'keep-connection': {kind: 'flag', says: 'save the proxy and the CAs that variables name here as well'},
  'no-connection': {kind: 'flag', says: 'leave the proxy and the CAs of the credential out of the environment'},

  'token-stdin': {kind: 'flag', says: 'read the token from stdin'},
  'token-file': {kind: 'value', value: 'F', says: 'read the token from file F'},
  'token-fd': {kind: 'value', value: 'N', says: 'read the token from file descriptor N'},
  'token-command': {kind: 'value', value: 'CMD', says: 'read the token from what CMD prints (sh -c)'},
  'passphrase-stdin': {kind: 'flag', says: 'read the passphrase from stdin'},
  'passphrase-file': {kind: 'value', value: 'F', says: 'read the passphrase from file F'},
  'passphrase-fd': {kind: 'value', value: 'N', says: 'read the passphrase from file descriptor N'},
  'passphrase-command': {kind: 'value', value: 'CMD', says: 'read the passphrase from what CMD prints (sh -c)'},
  'identity-file': {
    kind: 'value',
    value: 'F',
    says: 'open the store by the age identity in file F, a further key of it',
  },
  recipient: {kind: 'value', value: 'age1…', says: 'the age recipient whose identity is to open the store'},
  'new-key': {kind: 'flag', says: 'seal everything anew, to a key that the removed one does not reach'},
  remember: {
    kind: 'value',
    value: 'MINUTES',
    says: 'need no passphrase for what is opened here, for 1 to 720 minutes; 0 forgets',
  },
  'new-passphrase-file': {kind: 'value', value: 'F', says: 'read the new passphrase from file F'},
  'new-passphrase-fd': {kind: 'value', value: 'N', says: 'read the new passphrase from file descriptor N'},
  'new-passphrase-command': {kind: 'value', value: 'CMD', says: 'read the new passphrase from what CMD prints'},

  connector: {kind: 'value', value: 'C', among: connectors, says: 'what the credential is for'},
  name: {kind: 'value', value: 'NAME', says: 'Credential Name'},
  description: {kind: 'value', value: 'TEXT', says: 'Credential Description'},
  url: {kind: 'value', value: 'URL', says: 'JIRA Software URL, as in the browser'},
  username: {kind: 'value', value: 'U', says: 'Username: the e-mail on Cloud, the login name on Data Center'},
  expires: {kind: 'value', value: 'YYYY-MM-DD', says: 'last day on which the token works'},
  'no-input': {kind: 'flag', says: 'ask nothing; name what is missing and exit 2'},
  'save-untested': {kind: 'flag', says: 'with --no-input: save without a test, marked untested'},
  replace: {kind: 'flag', says: 'with --no-input: change the credential of that name if there is one'},

  'lost-passphrase': {kind: 'flag', says: 'the passphrase is lost: new token, new passphrase; all else is kept'},
  watch: {kind: 'maybe', value: 'SECONDS', says: 'test again, every SECONDS (15), until it passes'},
  all: {kind: 'flag', says: 'every saved credential'},
  yes: {kind: 'flag', says: 'do not ask'},
  reveal: {kind: 'flag', says: 'show the token on this terminal'},
  'token-in-file': {
    kind: 'flag',
    written: 'token-file',
    says: 'the token in a file in memory, gone at the end; its path in JIRA_API_TOKEN_FILE',
  },
  'no-masking': {kind: 'flag', says: 'leave the output of CMD as it is'},
  format: {kind: 'value', value: 'FORMAT', among: exportFormats, says: exportFormats.join(', ')},
  template: {
    kind: 'value',
    value: 'TEXT',
    says: 'with --format template: text with {url}, {username}, {token} and others',
  },
  'monitor-format': {
    kind: 'value',
    written: 'format',
    value: 'FORMAT',
    among: monitors,
    says: 'for monitors: metrics, or the line and exit codes of a plugin: prometheus or nagios',
  },
  fix: {kind: 'flag', says: 'mend what is safe to mend, ask before the rest (--yes: do not ask)'},
  fault: {kind: 'value', value: 'CODE', says: 'play this failure'},
  list: {kind: 'flag', says: 'name the faults that can be played'},
  for: {
    kind: 'value',
    value: 'WHO',
    among: admins,
    says: 'a message to that admin: jira-admin, network-admin or org-admin',
  },
  copy: {kind: 'flag', says: 'also ask the terminal to copy the text (OSC 52)'},
  port: {kind: 'value', value: 'N', says: 'with --serve: listen on this port'},
  serve: {kind: 'flag', says: 'only serve it; print URL, username and token'},
} as const satisfies Readonly<Record<string, OptionRow>>;

export type OptionName = keyof typeof optionTable;

type Parsed<Row extends OptionRow> = Row['kind'] extends 'flag'
  ? true
  : Row['kind'] extends 'many'
    ? readonly string[]
    : string;

/** What was given. An option that was not given is not there; `--watch` without a value is ''. */
export type Options = Readonly<{[Name in OptionName]?: Parsed<(typeof optionTable)[Name]>}>;

/** The connector asked for; null when none was. */
export const connectorOf = ({connector = ''}: Options): Connector | null => (isConnector(connector) ? connector : null);

/** An option's word on the command line. */
export const wordOf = (name: OptionName): string => rowOf(name).written ?? name;
export const rowOf = (name: OptionName): OptionRow => optionTable[name];
export const isOptionName = (name: string): name is OptionName => Object.hasOwn(optionTable, name);

/** Options every command takes. */
export const everywhere = [
  'store',
  'json',
  'no-color',
  'plain',
  'quiet',
  'help',
] as const satisfies readonly OptionName[];
export const connecting = [
  'ca-file',
  'ca-only',
  'proxy',
  'timeout',
  'resolve',
] as const satisfies readonly OptionName[];
export const tokenSources = [
  'token-stdin',
  'token-file',
  'token-fd',
  'token-command',
] as const satisfies readonly OptionName[];
export const passphraseSources = [
  'passphrase-stdin',
  'passphrase-file',
  'passphrase-fd',
  'passphrase-command',
] as const satisfies readonly OptionName[];
/** What opens a store that is there. */
export const unlocking = [...passphraseSources, 'identity-file'] as const satisfies readonly OptionName[];
export const newPassphraseSources = [
  'new-passphrase-file',
  'new-passphrase-fd',
  'new-passphrase-command',
] as const satisfies readonly OptionName[];
