/**
 * Builds the program before the tests that start it, unless it is newer than everything it is made of: once as it
 * ships, and once with cheap seals.
 */
import {execFileSync} from 'node:child_process';
import {readdirSync, rmSync, statSync} from 'node:fs';
import {join} from 'node:path';
import type {TestProject} from 'vitest/node';

/** As it ships, but that a seal costs little. What nearly all tests start. */
export const program = new URL('../../dist-test/jirakey.js', import.meta.url).pathname;
/** What ships: for the few tests that are about the cost of a seal or the files of a release. */
export const shippedProgram = new URL('../../dist/jirakey.js', import.meta.url).pathname;

const root = new URL('../..', import.meta.url).pathname;

function newest(folder: string): number {
  const times = readdirSync(folder, {withFileTypes: true, recursive: true})
    .filter(entry => entry.isFile())
    .map(entry => statSync(join(entry.parentPath, entry.name)).mtimeMs);
  return Math.max(0, ...times);
}

const made = (path: string): number => statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? 0;

export default function setup(project: TestProject): void {
  buildAll();
  // `npm run dev` watches: what the next run starts is what stands in the sources.
  project.onTestsRerun(async () => buildAll());
}

function buildAll(): void {
  const parts = ['cli.tsx', 'build.mjs', 'package.json', 'package-lock.json'].map(name => made(join(root, name)));
  const newestPart = Math.max(newest(join(root, 'source')), newest(join(root, 'build')), ...parts);
  build(shippedProgram, [], newestPart);
  build(program, ['--for-tests'], newestPart);
}

function build(result: string, options: readonly string[], newestPart: number): void {
  if (made(result) > newestPart) return;
  try {
    execFileSync(process.execPath, ['build.mjs', ...options], {cwd: root, stdio: ['ignore', 'inherit', 'inherit']});
  } catch {
    // The compiler has said why. Without a program the tests that start it fail; the others can still run.
    rmSync(result, {force: true});
  }
}
