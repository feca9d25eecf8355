// What the build changes in bundled packages, and why. See docs/decisions/patches-in-the-build.md.
import {readFile} from 'node:fs/promises';
import {builtinModules} from 'node:module';
import {dirname} from 'node:path';
import {pathToFileURL} from 'node:url';
import {brotliCompressSync, constants} from 'node:zlib';
import compress from '@zxcvbn-ts/dictionary-compression/compress';

// Packages that come along and that the program is better without.
const replaced = {
  // Writes an escape sequence to stderr on every exit, also where stderr is a file. mount shows the cursor itself.
  'restore-cursor': 'export default () => {};',
  // Comes with conf: on SIGHUP, SIGINT and SIGTERM it signals the process once more, so that each would arrive twice.
  'when-exit': 'export default () => () => {};',
  // conf's JSON Schema checks, which the store does not use (zod reads its file): 200 KB that every start would parse.
  'ajv/dist/2020.js': 'export class Ajv2020 {}',
  'ajv-formats': 'export default () => {};',
  // For conf's migrations, which the store does not use either.
  semver: 'export default {};',
  // The store writes its file itself: conf only reads it.
  atomically: 'export const readFileSync = null; export const writeFileSync = null;',
  // Containers of certificates and keys that the practice's certificates are never put into.
  '@peculiar/asn1-pfx': 'export class PFX {}',
  '@peculiar/asn1-cms': ['SignedData', 'EncapsulatedContent', 'CertificateChoices', 'CertificateSet', 'ContentInfo']
    .concat('SignerInfo', 'Attribute', 'CMSVersion')
    .map(name => `export class ${name} {}`)
    .concat('export const id_signedData = "1.2.840.113549.1.7.2";', 'export const id_data = "1.2.840.113549.1.7.1";')
    .join('\n'),
  // got's cache of answers, which is never switched on.
  'cacheable-request': 'export default class CacheableRequest {} export class CacheError extends Error {}',
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

// What makes JSON Schemas of zod's: the schemas that ship are files, made by the tests. Each of its functions stands at
// every schema, so that nothing but a replacement leaves it out.
const withoutJsonSchema = {
  name: 'without-json-schema',
  setup(esbuild) {
    const filter =
      /\/zod\/v4\/(?:core\/(?:to-json-schema|json-schema-processors|json-schema-generator)|classic\/from-json-schema)\.js$/;
    esbuild.onLoad({filter}, async ({path}) => {
      const text = await readFile(path, 'utf8');
      const names = Array.from(text.matchAll(/^export (?:const|function|class) (\w+)/gm), ([, name]) => name);
      if (names.length === 0) throw new Error(`${path} is not what it was: it exports nothing`);
      return {contents: names.map(name => `export const ${name} = () => undefined;`).join('\n')};
    });
  },
};

// Imports of Node's own modules stand at the top of an ES module and load them all at start. As functions of the modules
// that use them they are loaded when such a module is.
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

// Not reported upstream yet. Yoga's loader fetches its WebAssembly from a data: URL, which loads Node's whole fetch: a fifth
// of the time to the first frame. Given the bytes it does not; and made at once, without a promise, it needs no top-level
// await, which CommonJS does not have.
/** Source of a module that exports these bytes; base64 of brotli takes a third less in a package than base64 alone. */
function unpacked(name, bytes) {
  const options = {params: {[constants.BROTLI_PARAM_LGWIN]: 24}};
  const packed = brotliCompressSync(bytes, options).toString('base64');
  return `import {brotliDecompressSync} from 'node:zlib';
    export const ${name} = brotliDecompressSync(Buffer.from('${packed}', 'base64'));`;
}

const yogaAtOnce = `
const assembly = {
  instantiateWasm(imports, done) {
    done(new WebAssembly.Instance(new WebAssembly.Module(wasmBinary), imports));
    return {};
  },
};
loadYoga(assembly);
const Yoga = wrapAssembly(assembly);`;
const yogaBytes = {
  name: 'yoga-bytes',
  setup(esbuild) {
    esbuild.onLoad({filter: /yoga-layout\/dist\/src\/index\.js$/}, ({path}) =>
      changed(
        path,
        [/import loadYoga from/, 'import loadYoga, {wasmBinary} from'],
        [/^const Yoga = wrapAssembly\(await loadYoga\(\)\);$/m, yogaAtOnce],
      ),
    );
    esbuild.onLoad({filter: /yoga-wasm-base64-esm\.js$/}, ({path}) =>
      changed(path, [
        /"data:application\/octet-stream;base64,([A-Za-z0-9+/=]+)"([\s\S]*)$/,
        (_, base64, rest) =>
          `"data:application/octet-stream;base64,"${rest}\n${unpacked('wasmBinary', Buffer.from(base64, 'base64'))}`,
      ]),
    );
  },
};

// https://github.com/vadimdemedes/ink/issues/571 and 886. Where DEV is set, Ink waits for React's devtools while it is
// loaded. The package is optional and not here, and CommonJS has no top-level await.
const withoutDevtools = {
  name: 'without-devtools',
  setup(esbuild) {
    esbuild.onLoad({filter: /ink\/build\/reconciler\.js$/}, ({path}) =>
      changed(path, [/if \(process\.env\['DEV'\] === 'true'\)/g, 'if (false)']),
    );
  },
};

// Not reported upstream yet. string-width makes a segmenter and five classes of characters when it is loaded, which costs
// every command 15 to 25 ms; most of them measure ASCII only.
const lateSegmenter = {
  name: 'late-segmenter',
  setup(esbuild) {
    esbuild.onLoad({filter: /string-width\/index\.js$/}, ({path}) =>
      changed(
        path,
        [/const segmenter = new Intl\.Segmenter\(\);/, 'let segmenter;'],
        [/segmenter\.segment\(string\)/, '(segmenter ??= new Intl.Segmenter()).segment(string)'],
        [/(?<!const )\b(\w+Regex)\b/g, '$1()'],
        [/^const (\w+Regex) = (\/.*\/[a-z]*);$/gm, 'let $1Made; const $1 = () => ($1Made ??= $2);'],
      ),
    );
  },
};

/**
 * Leaked passwords are listed by how common they are, which hardly compresses. Their rank counts in orders of magnitude
 * only: within ranks that differ by less than half they are sorted by the alphabet. Half of the list's size in a package.
 */
function byMagnitude(passwords) {
  const groups = [];
  for (let at = 0; at < passwords.length; at += groups.at(-1).length) {
    groups.push(passwords.slice(at, at + Math.max(8, Math.floor(at / 2))).sort());
  }
  return groups.flat();
}
const packedLists = {
  name: 'packed-lists',
  setup(esbuild) {
    esbuild.onLoad({filter: /language-common\/dist\/(?:passwords|diceware)\.json\.[cm]js$/}, async ({path}) => {
      const {default: words} = await import(pathToFileURL(path.replace(/\.cjs$/, '.mjs')).href);
      const list = path.includes('passwords') ? byMagnitude(words) : words;
      const packed = brotliCompressSync(compress(list), {params: {[constants.BROTLI_PARAM_LGWIN]: 24}}).toString(
        'base64',
      );
      const unpacked = `brotliDecompressSync(Buffer.from('${packed}', 'base64')).toString()`;
      return {
        // Whoever requires the list wants the list itself, not a module that has it as its default.
        contents: path.endsWith('.cjs')
          ? `const {brotliDecompressSync} = require('node:zlib');
            const decompress = require('@zxcvbn-ts/dictionary-compression/decompress');
            module.exports = (decompress.default ?? decompress)(${unpacked});`
          : `import {brotliDecompressSync} from 'node:zlib';
            import decompress from '@zxcvbn-ts/dictionary-compression/decompress';
            export default decompress(${unpacked});`,
        resolveDir: dirname(path),
      };
    });
  },
};

export const patches = [
  packedLists,
  withoutThem,
  withoutDevtools,
  withoutLocales,
  withoutJsonSchema,
  ageStreams,
  yogaBytes,
  lateSegmenter,
  lazyNode,
];
