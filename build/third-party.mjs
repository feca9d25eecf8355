// What is bundled and under which licence: the notices every one of these licences asks for, and the same list for
// programs that read a software bill of materials. The build stops where one of them cannot be made whole.
import {readdir, readFile} from 'node:fs/promises';

/** Licences whose conditions the notices fulfil. Another one is a decision, not a line here. */
const accepted = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT'];

/** Packages that come without the text of their licence; each text says why. */
const ownTexts = {'yoga-layout': new URL('licences/yoga-layout.txt', import.meta.url)};

/**
 * Folders of the packages that have given the bundle a file.
 * @param inputs keys of the metafile's inputs
 */
export function packageFolders(inputs) {
  const folders = inputs.map(path => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(folders.filter(folder => folder !== undefined))].sort();
}

/**
 * @param root URL of the folder the inputs are relative to
 * @returns name, version, licence and its text, folder; sorted, one for each version
 */
export async function bundledPackages(inputs, root) {
  const found = await Promise.all(packageFolders(inputs).map(folder => described(folder, root)));
  const once = new Map(found.map(one => [`${one.name}@${one.version}`, one]));
  return [...once.values()].sort((a, b) => (a.name < b.name || (a.name === b.name && a.version < b.version) ? -1 : 1));
}

async function described(folder, root) {
  const base = new URL(`${folder}/`, root);
  const {name, version, license} = JSON.parse(await readFile(new URL('package.json', base), 'utf8'));
  if (!accepted.includes(license))
    throw new Error(`${name} ${version} has the licence ${license}, which is not accepted`);
  const files = (await readdir(base))
    .filter(file => /^(?:licen[cs]e|copying|notice)(?:\.(?:md|txt))?$/i.test(file))
    .sort();
  const texts = await Promise.all(files.map(file => readFile(new URL(file, base), 'utf8')));
  if (ownTexts[name] !== undefined) texts.push(await readFile(ownTexts[name], 'utf8'));
  const text = texts.map(one => one.trim()).join('\n\n');
  if (text === '')
    throw new Error(`${name} ${version} comes without the text of its licence: add it to build/licences`);
  return {name, version, license, text, folder};
}

/** The text that accompanies every copy of the program. */
export function notices(packages) {
  const intro = 'jirakey contains the packages below. Each stays under its own licence, whose text follows its name.\n';
  const parts = packages.map(({name, version, license, text}) => `${name} ${version} (${license})\n\n${text}\n`);
  return [intro, ...parts].join(`\n${'-'.repeat(80)}\n\n`);
}

/**
 * CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/). Without a time and a serial number, which are optional: the
 * same sources give the same bytes.
 * @param lock package-lock.json, whose hashes are those of the packages as they are published
 */
export function billOfMaterials(packages, {version}, lock) {
  const components = packages.map(one => {
    const purl = `pkg:npm/${one.name.replace('@', '%40')}@${one.version}`;
    const [algorithm, hash] = lock.packages[one.folder]?.integrity?.split('-') ?? [];
    const hashes =
      algorithm === 'sha512' ? [{alg: 'SHA-512', content: Buffer.from(hash, 'base64').toString('hex')}] : [];
    return {
      type: 'library',
      'bom-ref': purl,
      ...(one.name.startsWith('@') ? {group: one.name.split('/')[0], name: one.name.split('/')[1]} : {name: one.name}),
      version: one.version,
      ...(hashes.length === 0 ? {} : {hashes}),
      licenses: [{license: {id: one.license}}],
      purl,
    };
  });
  const self = {type: 'application', 'bom-ref': `pkg:npm/jirakey@${version}`, name: 'jirakey', version};
  return {bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, metadata: {component: self}, components};
}
