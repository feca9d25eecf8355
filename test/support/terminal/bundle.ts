// Bundles a small program out of the sources, as the build does, so that a pty test runs what a user would run.
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {build} from 'esbuild';

/** As in build.mjs. */
const replaced: Readonly<Record<string, string>> = {
  'react-devtools-core': 'export default {connectToDevTools() {}};',
  'restore-cursor': 'export default () => {};',
};

/** @returns the path of the bundle, and how to remove it */
export async function bundle(entry: string): Promise<{path: string; remove: () => Promise<void>}> {
  const folder = await mkdtemp(join(tmpdir(), 'jirakey-test-'));
  const path = join(folder, 'program.mjs');
  await build({
    entryPoints: [entry],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    define: {'process.env.NODE_ENV': '"production"'},
    banner: {
      js: "import {createRequire as __createRequire} from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    plugins: [
      {
        name: 'without-them',
        setup({onResolve, onLoad}) {
          const filter = /^(?:react-devtools-core|restore-cursor)$/;
          onResolve({filter}, ({path}) => ({path, namespace: 'replaced'}));
          onLoad({filter: /.*/, namespace: 'replaced'}, ({path}) => ({contents: replaced[path] ?? ''}));
        },
      },
    ],
    logLevel: 'silent',
  });
  return {path, remove: () => rm(folder, {recursive: true, force: true, maxRetries: 20, retryDelay: 50})};
}
