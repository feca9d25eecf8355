/** Builds dist/jirakey.js before the tests that start the program, unless it is newer than everything it is made of. */
import {execFileSync} from 'node:child_process';
import {readdirSync, rmSync, statSync} from 'node:fs';
import {join} from 'node:path';

export const program = new URL('../../dist/jirakey.js', import.meta.url).pathname;
const root = new URL('../..', import.meta.url).pathname;

function newest(folder: string): number {
  const times = readdirSync(folder, {withFileTypes: true, recursive: true})
    .filter(entry => entry.isFile())
    .map(entry => statSync(join(entry.parentPath, entry.name)).mtimeMs);
  return Math.max(0, ...times);
}

const made = (path: string): number => statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? 0;

export default function setup(): void {
  const parts = ['cli.tsx', 'build.mjs', 'package.json'].map(name => made(join(root, name)));
  if (made(program) > Math.max(newest(join(root, 'source')), ...parts)) return;
  try {
    execFileSync(process.execPath, ['build.mjs'], {cwd: root, stdio: ['ignore', 'inherit', 'inherit']});
  } catch {
    // The compiler has said why. Without a program the tests that start it fail; the others can still run.
    rmSync(program, {force: true});
  }
}
