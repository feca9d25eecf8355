// One file, no runtime dependencies: what a server gets is dist/jirakey.js and Node.
import {chmod, mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {builtinModules} from 'node:module';
import {build} from 'esbuild';
import {billOfMaterials, bundledPackages, notices} from './build/third-party.mjs';

const {version, bugs} = JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8'));

// Packages that come along and that the program is better without.
const replaced = {
  // https://github.com/vadimdemedes/ink/issues/571 and 886. Imported lazily; as an external it would be a missing module at start.
  'react-devtools-core': 'export default {connectToDevTools() {}};',
  // Writes an escape sequence to stderr on every exit, also where stderr is a file. mount shows the cursor itself.
  'restore-cursor': 'export default () => {};',
  // Comes with conf: on SIGHUP, SIGINT and SIGTERM it signals the process once more, so that each would arrive twice.
  'when-exit': 'export default () => () => {};',
  // conf's JSON Schema checks, which the store does not use (zod reads its file): 200 KB that every start would parse.
  'ajv/dist/2020.js': 'export class Ajv2020 {}',
  'ajv-formats': 'export default () => {};',
};
const withoutThem = {
  name: 'without-them',
  setup(esbuild) {
    const filter = new RegExp(`^(?:${Object.keys(replaced).join('|').replaceAll('.', '\\.')})$`);
    esbuild.onResolve({filter}, ({path}) => ({path, namespace: 'replaced'}));
    esbuild.onLoad({filter: /.*/, namespace: 'replaced'}, ({path}) => ({contents: replaced[path]}));
  },
};

// zod's messages in fifty languages; ours are our own. https://github.com/colinhacks/zod/issues/6050: closed there, but
// this version still brings them.
const withoutLocales = {
  name: 'without-locales',
  setup(esbuild) {
    esbuild.onLoad({filter: /\/zod\/v4\/locales\/index\.js$/}, () => ({contents: 'export {};'}));
  },
};

// Imports of Node's own modules stand at the top of an ES module and load them all at start. As functions of the rooms
// that use them they are loaded when such a room is.
const lazyNode = {
  name: 'lazy-node',
  setup(esbuild) {
    const own = new Set(builtinModules);
    esbuild.onResolve({filter: /^(?:node:)?[a-z_/0-9]+$/}, ({path, namespace}) => {
      const name = path.replace(/^node:/, '');
      if (namespace === 'node' || !own.has(name)) return undefined;
      return {path: name, namespace: 'node'};
    });
    esbuild.onLoad({filter: /.*/, namespace: 'node'}, ({path}) => ({
      contents: `module.exports = require(${JSON.stringify(`node:${path}`)});`,
    }));
  },
};

/** The text of a library's file with changes; what is not found any more stops the build. */
async function changed(path, ...changes) {
  let text = await readFile(path, 'utf8');
  for (const [from, to] of changes) {
    if (!from.test(text)) throw new Error(`${path} is not what it was: ${from}`);
    text = text.replace(from, to);
  }
  return {contents: text};
}

// Not reported upstream yet. age collects its streams by Response, which loads Node's whole fetch: time at every unlock, and WebAssembly that
// reserves 10 GB of addresses, which `ulimit -v` refuses.
const ageStreams = {
  name: 'age-streams',
  setup(esbuild) {
    esbuild.onLoad({filter: /age-encryption\/dist\/io\.js$/}, ({path}) =>
      changed(
        path,
        [/new Uint8Array\(await new Response\(stream\)\.arrayBuffer\(\)\)/, 'await collected(stream)'],
        [/await new Response\(stream\)\.text\(\)/, 'new TextDecoder().decode(await collected(stream))'],
        [
          /$/,
          '\nasync function collected(stream) { const all = []; for await (const one of stream) all.push(one); return new Uint8Array(Buffer.concat(all)); }\n',
        ],
      ),
    );
  },
};

// Not reported upstream yet. Yoga's loader fetches its WebAssembly from a data: URL, which loads Node's whole fetch: a fifth of the time to the
// first frame. Given the bytes it does not.
const yogaBytes = {
  name: 'yoga-bytes',
  setup(esbuild) {
    esbuild.onLoad({filter: /yoga-layout\/dist\/src\/index\.js$/}, ({path}) =>
      changed(
        path,
        [/import loadYoga from/, 'import loadYoga, {wasmBinary} from'],
        [/loadYoga\(\)/, 'loadYoga({wasmBinary})'],
      ),
    );
    esbuild.onLoad({filter: /yoga-wasm-base64-esm\.js$/}, ({path}) =>
      changed(path, [
        /"data:application\/octet-stream;base64,([A-Za-z0-9+/=]+)"([\s\S]*)$/,
        (_, base64, rest) =>
          `"data:application/octet-stream;base64,"${rest}\nexport const wasmBinary = Buffer.from("${base64}", "base64");`,
      ]),
    );
  },
};

// Not reported upstream yet. string-width makes a segmenter when it is loaded, which costs every command 10 to 15 ms; most of them measure ASCII only.
const lateSegmenter = {
  name: 'late-segmenter',
  setup(esbuild) {
    esbuild.onLoad({filter: /string-width\/index\.js$/}, ({path}) =>
      changed(
        path,
        [/const segmenter = new Intl\.Segmenter\(\);/, 'let segmenter;'],
        [/segmenter\.segment\(string\)/, '(segmenter ??= new Intl.Segmenter()).segment(string)'],
      ),
    );
  },
};

// The tests seal thousands of times. Their own build, in a folder of its own, differs in the cost of a seal and nothing
// else; what ships has no switch for it.
const forTests = process.argv.includes('--for-tests');
const folder = forTests ? 'dist-test' : 'dist';
const testWorkFactor = forTests ? '10' : 'undefined';

await mkdir(folder, {recursive: true});
await mkdir('dist-map', {recursive: true});
// Written beside and renamed: a program that is being replaced is never seen half.
const unfinished = `${folder}/.jirakey-${process.pid}.js`;
try {
  const {metafile} = await build({
    entryPoints: ['cli.tsx'],
    outfile: unfinished,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    // What the comments would say stands in the notices, as a whole.
    legalComments: 'none',
    metafile: true,
    // Not shipped; kept for each release, so that the frames of a crash can be read back (build/read-frames.mjs).
    sourcemap: forTests ? false : 'external',
    sourcesContent: false,
    define: {
      'process.env.NODE_ENV': '"production"',
      JIRAKEY_VERSION: JSON.stringify(version),
      JIRAKEY_ISSUES: JSON.stringify(bugs),
      JIRAKEY_TEST_WORK_FACTOR: testWorkFactor,
    },
    banner: {
      js: [
        '#!/usr/bin/env node',
        // Some bundled packages are CommonJS and ask for node: modules by require.
        "import {createRequire as __createRequire} from 'node:module';",
        'const require = __createRequire(import.meta.url);',
      ].join('\n'),
    },
    plugins: [withoutThem, withoutLocales, ageStreams, yogaBytes, lateSegmenter, lazyNode],
    logLevel: 'warning',
  });
  const packages = await bundledPackages(Object.keys(metafile.inputs), new URL('.', import.meta.url));
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8'));
  await writeFile(`${folder}/THIRD-PARTY-NOTICES.txt`, notices(packages));
  await writeFile(
    `${folder}/sbom.cdx.json`,
    `${JSON.stringify(billOfMaterials(packages, {version}, lock), null, 2)}\n`,
  );
  if (!forTests) await rename(`${unfinished}.map`, 'dist-map/jirakey.js.map');
  await chmod(unfinished, 0o755);
  await rename(unfinished, `${folder}/jirakey.js`);
} finally {
  await rm(unfinished, {force: true});
  await rm(`${unfinished}.map`, {force: true});
}
