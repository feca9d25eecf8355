// dist/jirakey.js and the parts it loads by need. No runtime dependencies: what a server gets is this folder and Node.
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {build} from 'esbuild';
import {compileParts} from './build/compile.mjs';
import {writeManual} from './build/manual.mjs';
import {writeParts} from './build/parts.mjs';
import {patches} from './build/patches.mjs';
import {billOfMaterials, bundledPackages, notices} from './build/third-party.mjs';

const {version, bugs} = JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8'));

// The tests seal thousands of times. Their own build, in a folder of its own, differs in the cost of a seal and nothing
// else; what ships has no switch for it.
const forTests = process.argv.includes('--for-tests');
const folder = forTests ? 'dist-test' : 'dist';
// Not shipped; kept for each release, so that the frames of a crash can be read back (build/read-frames.mjs).
const maps = forTests ? null : 'dist-map';

await mkdir(folder, {recursive: true});
if (maps !== null) await mkdir(maps, {recursive: true});
const {metafile, outputFiles} = await build({
  entryPoints: {jirakey: 'cli.tsx'},
  outdir: folder,
  write: false,
  bundle: true,
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  platform: 'node',
  format: 'esm',
  minifySyntax: true,
  target: 'node20.19',
  // What the comments would say stands in the notices, as a whole.
  legalComments: 'none',
  metafile: true,
  sourcemap: maps === null ? false : 'external',
  sourcesContent: false,
  define: {
    'process.env.NODE_ENV': '"production"',
    JIRAKEY_VERSION: JSON.stringify(version),
    JIRAKEY_ISSUES: JSON.stringify(bugs),
    JIRAKEY_TEST_WORK_FACTOR: forTests ? '10' : 'undefined',
  },
  plugins: patches,
  logLevel: 'warning',
});
await writeParts(outputFiles, folder, maps);
const packages = await bundledPackages(Object.keys(metafile.inputs), new URL('.', import.meta.url));
const lock = JSON.parse(await readFile('package-lock.json', 'utf8'));
await writeFile(`${folder}/THIRD-PARTY-NOTICES.txt`, notices(packages));
await writeFile(`${folder}/sbom.cdx.json`, `${JSON.stringify(billOfMaterials(packages, {version}, lock), null, 2)}\n`);
await writeManual(folder, {version, bugs});
await compileParts(folder);
