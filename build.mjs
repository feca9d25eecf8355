// One file, no runtime dependencies: what a server gets is dist/jirakey.js and Node.
import {chmod, mkdir, readFile, rename, rm} from 'node:fs/promises';
import {build} from 'esbuild';

const {version} = JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8'));

// Two packages Ink brings along that the program is better without.
const replaced = {
  // Imported lazily; as an external it would be a missing module at start.
  'react-devtools-core': 'export default {connectToDevTools() {}};',
  // Writes an escape sequence to stderr on every exit, also where stderr is a file. mount shows the cursor itself.
  'restore-cursor': 'export default () => {};',
};
const withoutThem = {
  name: 'without-them',
  setup(esbuild) {
    const filter = new RegExp(`^(?:${Object.keys(replaced).join('|')})$`);
    esbuild.onResolve({filter}, ({path}) => ({path, namespace: 'replaced'}));
    esbuild.onLoad({filter: /.*/, namespace: 'replaced'}, ({path}) => ({contents: replaced[path]}));
  },
};

await mkdir('dist', {recursive: true});
// Written beside and renamed: a program that is being replaced is never seen half.
const unfinished = `dist/.jirakey-${process.pid}.js`;
try {
  await build({
    entryPoints: ['cli.tsx'],
    outfile: unfinished,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    define: {'process.env.NODE_ENV': '"production"', JIRAKEY_VERSION: JSON.stringify(version)},
    banner: {
      js: [
        '#!/usr/bin/env node',
        // Some bundled packages are CommonJS and ask for node: modules by require.
        "import {createRequire as __createRequire} from 'node:module';",
        'const require = __createRequire(import.meta.url);',
      ].join('\n'),
    },
    plugins: [withoutThem],
    logLevel: 'warning',
  });
  await chmod(unfinished, 0o755);
  await rename(unfinished, 'dist/jirakey.js');
} finally {
  await rm(unfinished, {force: true});
}
