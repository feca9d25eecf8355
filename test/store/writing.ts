/** Runs writer.ts, migrator.ts and holder.ts as processes of their own: bundled once, for Node 20 runs no TypeScript. */
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync} from 'node:fs';
import {join} from 'node:path';
import {build} from 'esbuild';

export const bundleWriter = (folder: string): Promise<string> => bundle(folder, 'writer');

export async function bundle(folder: string, name: 'writer' | 'migrator' | 'holder'): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    define: {JIRAKEY_TEST_WORK_FACTOR: '10'},
    banner: {js: "import {createRequire as __cr} from 'node:module'; const require = __cr(import.meta.url);"},
    logLevel: 'warning',
  });
  // Some tests run it as another user.
  chmodSync(folder, 0o755);
  chmodSync(outfile, 0o644);
  return outfile;
}

export type Written = Readonly<{
  code: number | null;
  signal: string | null;
  /** Number of the last save that was reported done; -1 for none. */
  last: number;
  fault: Readonly<{code: string; message: string; problem: Readonly<Record<string, unknown>>}> | null;
  stderr: string;
}>;

type Running = Readonly<{child: ChildProcess; firstSave: Promise<void>; finished: Promise<Written>}>;

/** Starts `command` with `args`; `firstSave` resolves when a save was reported, or the process ended before one. */
export function start(
  command: string,
  args: readonly string[],
  options: {uid?: number; env?: NodeJS.ProcessEnv} = {},
): Running {
  const owner = options.uid === undefined ? {} : {uid: options.uid, gid: options.uid};
  const env = {...process.env, ...options.env};
  const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', env, ...owner});
  let stdout = '';
  let stderr = '';
  child.stderr?.on('data', data => {
    stderr += data;
  });
  const closed = once(child, 'close');
  const firstSave = new Promise<void>(resolve => {
    child.stdout?.on('data', data => {
      stdout += data;
      resolve();
    });
    child.once('close', () => resolve());
  });
  const finished = closed.then(([code, signal]): Written => {
    // Killed in the middle of a line, the line does not count.
    const lines = stdout.split('\n').slice(0, -1);
    const fault = lines.find(line => line.startsWith('{'));
    const last = Number(lines.findLast(line => /^\d+$/.test(line)) ?? -1);
    return {code, signal, last, fault: fault === undefined ? null : JSON.parse(fault), stderr};
  });
  return {child, firstSave, finished};
}

export const has = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;
