// The project's own modules for measurements in this process.
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {build} from 'esbuild';

/**
 * @param folder where the bundle may lie
 * @param exports module text that names what is wanted, with paths from the project's top folder
 * @returns the bundle's address and what it exports
 */
export async function bundled(folder, name, exports) {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    stdin: {contents: exports, resolveDir: process.cwd(), loader: 'ts'},
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: {js: "import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);"},
    // The work factor is the one that ships.
    define: {JIRAKEY_TEST_WORK_FACTOR: 'undefined'},
  });
  const {href} = pathToFileURL(outfile);
  return {href, ...(await import(href))};
}
