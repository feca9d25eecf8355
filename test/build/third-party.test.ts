/** What accompanies the program: the licences of all that is bundled, and the map that reads a crash's frames back. */
import {execFileSync} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {z} from 'zod';
import {bundledPackages, packageFolders} from '../../build/third-party.mjs';
import {shippedProgram} from '../support/build.ts';
import {folder} from '../support/program.ts';

const root = resolve(import.meta.dirname, '../..');
const maps = join(root, 'dist-map');
const shipped = (name: string): string => readFileSync(resolve(shippedProgram, '..', name), 'utf8');
const manifest = z.object({name: z.string(), version: z.string(), license: z.string()});
const bill = z.object({
  components: z.array(
    z.object({
      group: z.string().optional(),
      name: z.string(),
      version: z.string(),
      hashes: z.array(z.object({content: z.string().length(128)})).length(1),
    }),
  ),
});

/** Packages whose code stands in the parts, by the maps of the build rather than by the list it was made from. */
function packagesInMap(): z.infer<typeof manifest>[] {
  const one = z.object({sources: z.array(z.string())});
  const all = ['jirakey.js', ...readdirSync(resolve(shippedProgram, '../parts'))];
  const sources = all.flatMap(file => one.parse(JSON.parse(readFileSync(join(maps, `${file}.map`), 'utf8'))).sources);
  const paths = sources.map(source => source.replace(/^(?:\.\.\/)+/, ''));
  return packageFolders(paths).map(path =>
    manifest.parse(JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'))),
  );
}

describe('what is bundled', () => {
  it('is named in the notices, with its licence', () => {
    const text = shipped('THIRD-PARTY-NOTICES.txt');
    const packages = packagesInMap();
    expect(packages.map(({name}) => name)).toEqual(expect.arrayContaining(['ink', 'react', 'yoga-layout', 'zod']));
    const missing = packages.filter(one => !text.includes(`\n${one.name} ${one.version} (${one.license})\n`));
    expect(missing).toEqual([]);
    // BSD-3-Clause asks for exactly this sentence's list of conditions.
    expect(text).toContain('Redistributions in binary form must reproduce');
  });

  it('is a component of the bill of materials, with the hash of its published package', () => {
    const {components} = bill.parse(JSON.parse(shipped('sbom.cdx.json')));
    const listed = components.map(
      ({group, name, version}) => `${group === undefined ? '' : `${group}/`}${name}@${version}`,
    );
    expect(listed).toEqual(expect.arrayContaining(packagesInMap().map(({name, version}) => `${name}@${version}`)));
  });

  it('is shipped with the notices; the bill lies beside the release, as the map does', () => {
    const [packed] = z
      .array(z.object({size: z.number(), files: z.array(z.object({path: z.string()}))}))
      .parse(
        JSON.parse(
          execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {cwd: root, encoding: 'utf8'}),
        ),
      );
    const files = packed?.files.map(({path}) => path) ?? [];
    expect(files).toEqual(expect.arrayContaining(['dist/jirakey.js', 'dist/THIRD-PARTY-NOTICES.txt', 'LICENSE']));
    expect(files.filter(path => path.endsWith('.map'))).toEqual([]);
    // Nothing else: the program, its manual, the schemas, and what npm always adds.
    const known =
      /^(?:dist\/(?:jirakey\.js|package\.json|parts\/[\w-]+\.js|man\/[\w-]+\.[15]|THIRD-PARTY-NOTICES\.txt)|schemas\/[\w-]+\.schema\.json|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/;
    expect(files.filter(path => !known.test(path))).toEqual([]);
    expect(packed?.size).toBeLessThan(800 * 1024);
  });
});

describe('a package that cannot be shipped', () => {
  let place: ReturnType<typeof folder>;
  beforeEach(() => {
    place = folder();
  });
  afterEach(() => place.remove());

  /** A package of these files, as the build finds it. */
  function found(license: string | undefined, files: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const path = join(place.path, 'node_modules/some-package');
    mkdirSync(path, {recursive: true});
    const all = {'package.json': JSON.stringify({name: 'some-package', version: '1.0.0', license}), ...files};
    for (const [name, text] of Object.entries(all)) writeFileSync(join(path, name), text);
    return bundledPackages(['node_modules/some-package/index.js'], pathToFileURL(`${place.path}/`));
  }

  it.each(['GPL-3.0-only', 'SEE LICENSE IN EULA', undefined])('by its licence %s stops the build', async license => {
    await expect(found(license, {LICENSE: 'a text'})).rejects.toThrow('some-package 1.0.0 has the licence');
  });

  it('for want of a text stops the build', async () => {
    await expect(found('MIT')).rejects.toThrow('without the text of its licence');
    await expect(found('MIT', {'license.md': ' \n'})).rejects.toThrow('without the text of its licence');
    await expect(found('MIT', {'LICENSE.txt': 'Permission …'})).resolves.toHaveLength(1);
  });
});

describe('the frames of a crash', () => {
  /** What `npm run frames` makes of a frame that points at this text of this file of the program. */
  function frameAt(file: string, text: string): string {
    const lines = readFileSync(resolve(shippedProgram, '..', file), 'utf8').split('\n');
    const row = lines.findIndex(line => line.includes(text));
    const column = lines[row]?.indexOf(text) ?? -1;
    const crash = `    at f (/opt/jirakey/dist/${file}:${row + 1}:${column + 1})\n    at somewhere else`;
    return execFileSync(process.execPath, ['build/read-frames.mjs', maps], {cwd: root, input: crash, encoding: 'utf8'});
  }

  const partWith = (text: string): string =>
    `parts/${readdirSync(resolve(shippedProgram, '../parts')).find(file => shipped(`parts/${file}`).includes(text))}`;

  it.each([
    ['jirakey.js', 'jirakey itself failed', 'cli.tsx'],
    [partWith('it is not UTF-8 text'), 'it is not UTF-8 text', 'source/store/read.ts'],
  ])('in %s are read back into the sources', (file, text, source) => {
    const read = frameAt(file, text);
    const at = new RegExp(`at f \\(${source.replace('.', '\\.')}:(\\d+):\\d+\\)`).exec(read);
    const lines = readFileSync(join(root, source), 'utf8').split('\n');
    // A template or an array is one expression: the mapping is that of its beginning or of the line itself.
    expect(lines.slice(Number(at?.[1]) - 1, Number(at?.[1]) + 3).join('\n')).toContain(text);
    expect(read).toContain('at somewhere else');
  });
});
