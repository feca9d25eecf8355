/** Help topics: what concerns every command. `jirakey help TOPIC`, the manual page and completion read this table. */
import {monitors} from '../../diagnosis/monitored.ts';
import type {exit} from '../../domain/exit.ts';
import {exportFormats} from './options.ts';

/** A paragraph, rows of a name and what it means, or command lines with what each does. */
export type Passage =
  | string
  | Readonly<{rows: readonly (readonly [string, string])[]}>
  | Readonly<{examples: readonly (readonly [string, string])[]}>;

export type Topic = Readonly<{says: string; passages: readonly Passage[]}>;

/** What each exit code means. The area of a failure code: `jirakey explain N` lists the codes behind each number. */
const exitCodes: Readonly<Record<keyof typeof exit, readonly [string, string]>> = {
  done: ['0', 'done; the test passed, warnings allowed'],
  bug: ['1', 'a fault of jirakey itself, or its output could not be written'],
  usage: ['2', 'the command line, or input is missing and nobody can be asked'],
  notFound: ['3', 'no credential of that name; nothing is saved'],
  rejected: ['4', 'sign-in rejected, or the account cannot be used'],
  permission: ['5', 'signed in, but a permission or scope is missing'],
  dns: ['6', 'DNS'],
  network: ['7', 'the connection, or the proxy'],
  tls: ['8', 'TLS: certificates, protocol versions'],
  site: ['9', 'the site or its answer: not Jira, not there, unavailable, rate-limited'],
  store: ['10', 'the passphrase or the store'],
};

export const topics = {
  environment: {
    says: 'environment variables',
    passages: [
      'An option always goes before a variable. An empty variable counts as not set.',
      {
        rows: [
          ['JIRAKEY_STORE', 'folder of the store, as --store'],
          ['XDG_CONFIG_HOME', 'the store is in its folder jirakey; else in ~/.config/jirakey (APPDATA on Windows)'],
          ['HOME', 'where ~ is; without it the home folder of your account'],
          [
            'XDG_RUNTIME_DIR',
            'where exec --token-file, and --remember without keyctl, keep what must not reach a disk',
          ],
          ['CREDENTIALS_DIRECTORY', 'set by systemd: its files jirakey.token and jirakey.passphrase are read'],
          [
            'JIRA_API_TOKEN',
            'the token of setup, test --url and rotate. Other processes of yours can read it: prefer a file',
          ],
          ['JIRAKEY_PASSPHRASE', 'the passphrase. Other processes of yours can read it: prefer a file'],
          ['HTTPS_PROXY, HTTP_PROXY, ALL_PROXY', 'the proxy for https, for http, for both; lower case goes first'],
          ['NO_PROXY', 'hosts that are reached without a proxy: names, .suffixes, addresses, networks, *'],
          ['SSL_CERT_FILE, SSL_CERT_DIR', 'CAs of the system, where they are not in the usual place'],
          ['NODE_EXTRA_CA_CERTS', 'a file of further CAs'],
          ['NO_COLOR, FORCE_COLOR', 'no colours; colours where there is no terminal'],
          ['TERM', 'dumb: plain lines instead of screens, as --plain'],
          ['LC_ALL, LC_CTYPE, LANG', 'without UTF-8 in them everything is written in ASCII'],
          ['JIRAKEY_MOTION', 'full, reduced or none: how much of the screen moves'],
          ['ACCESSIBLE, INK_SCREEN_READER', '1: for screen readers, line by line and without motion, as --plain'],
          ['TMUX, STY', 'set by tmux and screen: how the clipboard is reached'],
          ['SSH_CONNECTION, SSH_TTY', 'set by sshd: how far away the terminal is'],
          ['SHELL', 'the shell of commands that are printed, and of exec’s terminal'],
          ['SUDO_UID', 'set by sudo: whose store it is'],
          ['NODE_OPTIONS, NODE_DEBUG, NODE_DEBUG_NATIVE', 'refused where they would open a debugger or print secrets'],
          ['NODE_TLS_REJECT_UNAUTHORIZED', 'ignored: certificates are always verified'],
        ],
      },
      'exec sets for its program: JIRA_URL, JIRA_BASE_URL, JIRA_SITE, JIRA_USERNAME, JIRA_API_TOKEN, JIRA_AUTH_TYPE; of a personal access token also JIRA_PERSONAL_TOKEN; with --token-file JIRA_API_TOKEN_FILE instead of the token.',
    ],
  },
  'exit-codes': {
    says: 'exit codes, and what a script can do with them',
    passages: [
      {rows: [...Object.values(exitCodes), ['128+N', 'ended by signal N: 130 by Ctrl-C, 143 by SIGTERM']]},
      'Two commands exit otherwise. exec passes on the code of its program, 127 where there is none of that name. test --format nagios exits 0, 1, 2 or 3 as plugins do.',
      'test --all exits with the code of the most severe failure: the store first, then sign-in and permission, then what lies between here and Jira.',
      {
        examples: [
          ['jirakey explain 7', 'the failure codes that end with this number'],
          ['jirakey test acme --json | jq -r ".failure.code"', 'the one cause, for a script'],
        ],
      },
    ],
  },
  formatting: {
    says: 'what is printed where: text, JSON, colours, formats of other tools',
    passages: [
      'Results go to stdout, everything said on the way to stderr. With --quiet only errors are said; test --quiet is silent when all is well.',
      'With --json stdout holds one JSON document, also when a command fails before it has a result. Each has a JSON Schema in the folder schemas of the package. A field is never removed or changed in meaning while schemaVersion stays the same; new ones may come.',
      {
        examples: [
          ['jirakey list --json | jq -r ".credentials[].name"', 'the saved names'],
          [
            'jirakey list --json | jq -r ".credentials[] | select(.lastTest.outcome != \\"passed\\").name"',
            'what did not pass last',
          ],
          ['jirakey test --all --json | jq ".summary"', 'how many passed, failed, expire'],
        ],
      },
      `export --format takes ${exportFormats.join(', ')}; test --format takes ${monitors.join(', ')}.`,
      'Colours are left out on a pipe, with NO_COLOR and with --no-color. Without a UTF-8 locale everything is written in ASCII. Screens fit 40 columns and 15 rows.',
    ],
  },
} as const satisfies Readonly<Record<string, Topic>>;

export type TopicName = keyof typeof topics;
export const isTopicName = (name: string): name is TopicName => Object.hasOwn(topics, name);
export const topicNames = Object.keys(topics).filter(isTopicName);
export const topicOf = (name: TopicName): Topic => topics[name];
