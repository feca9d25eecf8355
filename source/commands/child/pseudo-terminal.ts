/**
 * A program on a terminal of its own, whose output still comes through here: util-linux's `script` makes the terminal,
 * hands keys and window sizes to it, and writes what the program draws to a pipe of ours. Native modules that could do
 * the same cannot be bundled; Python and socat are on fewer servers.
 *
 * `script` itself never has the credential: the shell between it and the program reads the variables from a socket,
 * tells its process number there, and becomes the program.
 */
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {accessSync, constants, readFileSync, statSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {type Duplex, Readable} from 'node:stream';
import {shellWord} from '../../domain/shell.ts';
import type {World} from '../../world.ts';

/** One argument of a program may have 128 KiB on Linux (execve(2), MAX_ARG_STRLEN); the program's words become one. */
const longestCommand = 100_000;

type Env = Readonly<Record<string, string | undefined>>;

export type Task = Readonly<{
  words: readonly string[];
  /** The environment but for the credential. */
  env: Env;
  /** The credential. */
  variables: Readonly<Record<string, string>>;
}>;

export type Terminal = Readonly<{
  /** `script`: its stdout brings what the program draws, its fourth stream the program's stderr when `apart`. */
  child: ChildProcess;
  output: Readable;
  errors: Readable | null;
  signal: (signal: NodeJS.Signals) => void;
  /** To be called when it has ended, however it did. */
  restore: () => void;
}>;

/** Where the program can have a terminal of its own: somebody sits at ours, we are in front, and `script` is there. */
export function canMakeTerminal({words, env, variables}: Task, world: World): boolean {
  const [program = ''] = words;
  return (
    process.platform === 'linux' &&
    world.stdin.isTTY &&
    world.stdout.isTTY &&
    'fd' in world.stdin &&
    inForeground() &&
    // Whatever cannot be started is told by whoever starts it in the plain way.
    isProgram(program, env) &&
    commandLine(words, env, Object.keys(variables), false).length < longestCommand &&
    !Object.values(variables).some(value => /[\n\0]/.test(value)) &&
    hasScript(env)
  );
}

/** @param apart stderr is no terminal: the program's goes where ours goes, not onto the terminal */
export function startOnTerminal({words, env, variables}: Task, apart: boolean): Terminal {
  const settings = terminalSettings();
  const names = Object.keys(variables);
  const line = commandLine(words, env, names, apart);
  const child = spawn('script', ['-q', '-e', '-f', '-c', line, '/dev/null'], {
    env: {...without(env, names), SHELL: '/bin/sh'},
    stdio: ['inherit', 'pipe', 'inherit', 'pipe', apart ? 'pipe' : 'ignore'],
  });
  const [, , , door, errors] = child.stdio;
  let pid: number | null = null;
  const socket = door as Duplex | null;
  socket?.on('error', () => {});
  socket?.once('data', (data: Buffer) => {
    pid = Number(data.toString().trim()) || null;
  });
  socket?.end(names.map(name => `${variables[name] ?? ''}\n`).join(''));
  child.once('exit', () => {
    pid = null;
  });
  return {
    child,
    output: child.stdout ?? Readable.from([]),
    errors: apart && errors instanceof Readable ? errors : null,
    signal: signal => {
      // Straight to the program: `script` would make SIGTERM of each and end with a status of its own.
      if (pid === null) child.kill(signal);
      else send(pid, signal);
    },
    restore: () => {
      // `script` sets the terminal back itself, unless it was killed.
      if (settings !== null) spawnSync('stty', [settings], {stdio: ['inherit', 'ignore', 'ignore']});
    },
  };
}

/** It may have ended just now. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {}
}

function commandLine(words: readonly string[], env: Env, names: readonly string[], apart: boolean): string {
  const reads = names.map(name => `IFS= read -r ${name} <&3`).join(' && ');
  const shell = env.SHELL === undefined ? 'unset SHELL' : `SHELL=${shellWord(env.SHELL)}; export SHELL`;
  const program = words.map(shellWord).join(' ');
  return [
    `{ ${reads}; } || exit 126`,
    'echo $$ >&3',
    'exec 3>&-',
    `export ${names.join(' ')}`,
    shell,
    `exec ${program}${apart ? ' 2>&4 4>&-' : ''}`,
  ].join('; ');
}

const without = (env: Env, names: readonly string[]): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));

/** A program in the background may not set the terminal; the kernel would stop it (proc(5): pgrp and tpgid of stat). */
function inForeground(): boolean {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return fields[2] === fields[5];
  } catch {
    return false;
  }
}

function isProgram(word: string, env: Env): boolean {
  const places = word.includes('/')
    ? [word]
    : (env.PATH ?? '').split(delimiter).map(folder => join(folder || '.', word));
  return places.some(path => {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  });
}

/** Other systems have a `script` with other options. */
function hasScript(env: Env): boolean {
  const {stdout} = spawnSync('script', ['--version'], {
    env: {...env},
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return typeof stdout === 'string' && stdout.includes('util-linux');
}

function terminalSettings(): string | null {
  const {status, stdout} = spawnSync('stty', ['-g'], {encoding: 'utf8', stdio: ['inherit', 'pipe', 'ignore']});
  return status === 0 ? stdout.trim() : null;
}
