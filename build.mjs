// One file, no runtime dependencies: what a server gets is dist/jirakey.js and Node.
import {chmod, mkdir, readFile, rename, rm} from 'node:fs/promises';
import {build} from 'esbuild';

const {version} = JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8'));

// Ink imports its developer tools lazily; as an external they would be a missing module at start.
const withoutDevtools = {
  name: 'without-devtools',
  setup(esbuild) {
    esbuild.onResolve({filter: /^react-devtools-core$/}, () => ({path: 'react-devtools-core', namespace: 'empty'}));
    esbuild.onLoad({filter: /.*/, namespace: 'empty'}, () => ({contents: 'export default {connectToDevTools() {}};'}));
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
    plugins: [withoutDevtools],
    logLevel: 'warning',
  });
  await chmod(unfinished, 0o755);
  await rename(unfinished, 'dist/jirakey.js');
} finally {
  await rm(unfinished, {force: true});
}
