// From esbuild's chunks to what is shipped: dist/jirakey.js and the parts it loads by need, as CommonJS. esbuild splits
// ES modules only, and Node 20 keeps compiled code of CommonJS only.
import {mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {transform} from 'esbuild';

const head = '(function(exports,require,module){';
const foot = '})';

/**
 * @param outputFiles of a build with `write: false`
 * @param folder where the program goes
 * @param maps where the source maps go, or null
 */
export async function writeParts(outputFiles, folder, maps) {
  const loader = await readFile(new URL('load-parts.cjs', import.meta.url), 'utf8');
  const {code: loaderCode} = await transform(loader, {minify: true});
  const chunks = outputFiles.filter(({path}) => path.endsWith('.js'));
  const mapOf = new Map(outputFiles.filter(({path}) => path.endsWith('.map')).map(file => [file.path, file.text]));
  await mkdir(join(folder, 'parts'), {recursive: true});
  // The entry last, by renaming: a program that is being replaced is never seen half.
  const entry = chunks.find(({path}) => basename(path) === 'jirakey.js');
  for (const chunk of [...chunks.filter(each => each !== entry), entry]) {
    const {code, map} = await asCommonJs(chunk, mapOf.get(`${chunk.path}.map`));
    const name = basename(chunk.path);
    const isEntry = chunk === entry;
    const before = isEntry
      ? `#!/usr/bin/env node\n'use strict';\n${loaderCode}${head.replace('(', ';(')}\n`
      : `${head}\n`;
    const after = isEntry ? `${foot}(exports,requirePart,module);\n` : `${foot}\n`;
    const path = join(folder, isEntry ? name : `parts/${name}`);
    const unfinished = join(folder, `.${name}-${process.pid}`);
    await writeFile(unfinished, `${before}${code}${after}`, {mode: isEntry ? 0o755 : 0o644});
    await rename(unfinished, path);
    if (maps !== null) await writeFile(join(maps, `${name}.map`), movedDown(map, before.split('\n').length - 1));
  }
  // package.json says that .js files are ES modules; here they are not.
  await writeFile(join(folder, 'package.json'), '{"type": "commonjs"}\n');
  const names = new Set(chunks.map(({path}) => basename(path)));
  for (const name of await readdir(join(folder, 'parts'))) {
    if (!names.has(name)) await rm(join(folder, 'parts', name));
  }
}

async function asCommonJs(chunk, map) {
  const inline =
    map === undefined
      ? ''
      : `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`;
  const text = chunk.text.replace(/\n\/\/# sourceMappingURL=.*\n?$/, '');
  return transform(`${text}${inline}`, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    supported: {'dynamic-import': false},
    minify: true,
    sourcemap: map === undefined ? false : 'external',
    sourcesContent: false,
    legalComments: 'none',
  });
}

/** A source map whose code begins some lines further down. */
function movedDown(map, lines) {
  const parsed = JSON.parse(map);
  return JSON.stringify({...parsed, mappings: `${';'.repeat(lines)}${parsed.mappings}`});
}
