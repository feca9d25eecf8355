// What the terminal can do, read from the environment alone. Imports no Ink, so that colour can be settled before it.

/** What is read of a `World`, which has it all. */
export type Surroundings = Readonly<{
  env: Readonly<Record<string, string | undefined>>;
  stdin: Readonly<{isTTY?: boolean}>;
  stdout: Screen;
  stderr: Screen;
  plain?: boolean;
}>;
type Screen = Readonly<{isTTY?: boolean; columns?: number; rows?: number}>;

export type Capabilities = Readonly<{
  /** A person can be asked: keys come from a terminal and there is one to draw on. */
  interactive: boolean;
  colour: boolean;
  unicode: boolean;
  screenReader: boolean;
  /** `--plain`, TERM=dumb or unset: cursor movements would be printed as text, nothing may be drawn twice. */
  dumb: boolean;
  /** A VT100 or not much more: serial consoles and the emulations that call themselves so. */
  basic: boolean;
  /** Size in cells; 80 × 24 where nobody says. */
  columns: number;
  rows: number;
  /** JIRAKEY_MOTION: how much may move. */
  motion: 'full' | 'reduced' | 'none';
  multiplexer: 'tmux' | 'screen' | null;
  ssh: boolean;
}>;

const given = (value: string | undefined): boolean => value !== undefined && value !== '';
const yes = (value: string | undefined): boolean => given(value) && value !== '0' && value !== 'false';

/** What the terminal around this process can do. */
export function capabilities(world: Surroundings): Capabilities {
  const {env, stdin, stdout, stderr, plain = false} = world;
  const screen = stdout.isTTY ? stdout : stderr;
  const dumb = plain || (given(env.TERM) ? env.TERM === 'dumb' : process.platform !== 'win32');
  return {
    interactive: stdin.isTTY === true && screen.isTTY === true,
    colour: hasColour(env, screen.isTTY === true, dumb),
    unicode: hasUnicode(env),
    screenReader: plain || yes(env.ACCESSIBLE) || yes(env.INK_SCREEN_READER),
    dumb,
    basic: isBasic(env),
    columns: screen.columns || 80,
    rows: screen.rows || 24,
    motion: env.JIRAKEY_MOTION === 'none' || env.JIRAKEY_MOTION === 'reduced' ? env.JIRAKEY_MOTION : 'full',
    multiplexer: given(env.TMUX) ? 'tmux' : given(env.STY) || env.TERM?.startsWith('screen') ? 'screen' : null,
    ssh: given(env.SSH_CONNECTION) || given(env.SSH_TTY),
  };
}

// https://no-color.org: any value but the empty one. FORCE_COLOR is the more specific wish and wins, as in Node itself.
function hasColour(env: Surroundings['env'], isTerminal: boolean, dumb: boolean): boolean {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && !given(env.NO_COLOR) && !dumb && !isBasic(env) && !/-(?:m|mono)$/.test(env.TERM ?? '');
}

const isBasic = (env: Surroundings['env']): boolean => /^vt(?:5[02]|1\d\d|2\d\d)\b/.test(env.TERM ?? '');

// POSIX: LC_ALL outranks LC_CTYPE outranks LANG. None at all is the C locale. The Linux console has no braille.
function hasUnicode(env: Surroundings['env']): boolean {
  if (env.TERM === 'linux') return false;
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find(given) ?? '';
  return /utf-?8/i.test(locale);
}

/**
 * Settles colour for Ink, whose chalk reads FORCE_COLOR once, when it is imported, and knows no NO_COLOR. To be called
 * before the first `await import` of anything that imports Ink; afterwards it has no effect.
 * @param noColour `--no-color` was given
 */
export function prepareColour(world: Surroundings, noColour = false): void {
  if (noColour || !capabilities(world).colour) process.env.FORCE_COLOR = '0';
  else process.env.FORCE_COLOR = /^[123]$/.test(world.env.FORCE_COLOR ?? '') ? world.env.FORCE_COLOR : '1';
}
