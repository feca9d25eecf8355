/** Starts the built program as a user's shell would, with an environment of its own. */
import {type ChildProcess, spawn} from 'node:child_process';
import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {program} from './build.ts';
import {checkDocument} from './documents.ts';
import {removeFolder} from './remove-folder.ts';

export type Ended = Readonly<{code: number | null; signal: string | null; stdout: string; stderr: string}>;

export type ProgramOptions = Readonly<{
  /** Another build than the one with cheap seals. */
  program?: string;
  env?: Readonly<Record<string, string | undefined>>;
  stdin?: string;
  /** stdin is left open: `onStart` writes to it. */
  stdinOpen?: boolean;
  /** Arguments of node itself. */
  node?: readonly string[];
  /** Called when it runs, to send it signals or read on the way. */
  onStart?: (child: ChildProcess) => void;
}>;

/** A folder for one test, and how to remove it. */
export function folder(): {path: string; remove: () => void} {
  const path = mkdtempSync(join(tmpdir(), 'jirakey-test-'));
  return {path, remove: () => removeFolder(path)};
}

/** Only what a bare login shell has: nothing of the machine that runs the tests leaks in. */
const bare = (): Record<string, string> => ({
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  HOME: process.env.HOME ?? '/',
  LANG: 'C.UTF-8',
});

export function run(args: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
  const child = spawn(process.execPath, [...(options.node ?? []), options.program ?? program, ...args], {
    env: {...bare(), ...options.env},
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  options.onStart?.(child);
  child.stdin.on('error', () => {});
  if (options.stdinOpen !== true) child.stdin.end(options.stdin ?? '');
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', chunk => stdout.push(chunk));
  child.stderr.on('data', chunk => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const ended = {code, signal, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString()};
      try {
        checkDocument(args, ended.stdout);
        resolve(ended);
      } catch (error) {
        reject(error);
      }
    });
  });
}
