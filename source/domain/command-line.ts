/**
 * Command lines of jirakey as they are printed: each works as it stands, in another terminal and from any folder. So
 * each carries what this run was given and another would not know: the store, and how the site is reached.
 */
import {shellWord} from './shell.ts';

/** What a printed command has to repeat of this run. */
export type RunSettings = Readonly<{
  /** Folder of the store, absolute; null where it is the one a plain command finds. */
  store: string | null;
  /** Options of the connection as words, not quoted: `--ca-file`, `/etc/acme.pem`. Never a password. */
  connection: readonly (readonly [option: string, ...value: string[]])[];
}>;

/** Nothing was given: plain commands do. */
export const plainRun: RunSettings = {store: null, connection: []};

export type CommandParts = Readonly<{
  /** The saved credential it is for. */
  name?: string | null;
  /** Options and their values, each a word, not quoted. */
  options?: readonly string[];
  /** Options that are text for the shell already, such as `--proxy "$PROXY"`. */
  raw?: readonly string[];
  /** What `exec` runs. */
  rest?: readonly string[];
}>;

/** Commands that connect take all that says how; doctor takes what it can look at without connecting. */
const connects: readonly string[] = ['', 'setup', 'test', 'edit', 'fix', 'rotate'];
const takes = (command: string, option: string): boolean =>
  connects.includes(command) || (command === 'doctor' && ['--ca-file', '--ca-only', '--proxy'].includes(option));
/** Commands that never open the store. */
const withoutStore: readonly string[] = ['explain', 'completion', 'practice'];

/**
 * @param command the command's word; '' for plain `jirakey`
 * @returns one line for a POSIX shell
 */
export function commandLine(run: RunSettings, command: string, parts: CommandParts = {}): string {
  const {name = null, options = [], raw = [], rest = []} = parts;
  const given = (option: string): boolean =>
    options.includes(option) || raw.some(each => each === option || each.startsWith(`${option} `));
  const again = run.connection.filter(([option]) => takes(command, option) && !given(option)).flat();
  const store = run.store === null || withoutStore.includes(command) ? [] : ['--store', run.store];
  // A name may begin with a dash; after `--` it cannot be taken for an option.
  const dashed = name?.startsWith('-') === true;
  const before = [...(command === '' ? [] : [command]), ...(name === null || dashed ? [] : [name]), ...options];
  const last = dashed && name !== null ? ['--', name] : rest.length > 0 ? ['--', ...rest] : [];
  const after = [...again, ...store, ...last];
  return ['jirakey', ...before.map(shellWord), ...raw, ...after.map(shellWord)].join(' ');
}

/** `commandLine` of one run, for those who print commands and know nothing of the run. */
export type CommandLine = (command: string, parts?: CommandParts) => string;
export const plainLine: CommandLine = (command, parts) => commandLine(plainRun, command, parts);
