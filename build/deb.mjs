// The package for Debian and Ubuntu: `npm run build`, then `npm run build:deb`. Needs dpkg-deb; prints the file it made.
import {execFile} from 'node:child_process';
import {chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {gzipSync} from 'node:zlib';

const run = promisify(execFile);
const {version, description, homepage, license} = JSON.parse(await readFile('package.json', 'utf8'));
const [folder = 'dist-packages'] = process.argv.slice(2);

const root = await mkdtemp(join(tmpdir(), 'jirakey-deb-'));
try {
  await mkdir(folder, {recursive: true});
  await fill(root);
  const path = join(folder, `jirakey_${version}_all.deb`);
  // The same sources make the same bytes: files belong to root and have the time of the release.
  const env = {...process.env, SOURCE_DATE_EPOCH: process.env.SOURCE_DATE_EPOCH ?? '0'};
  await run('dpkg-deb', ['--build', '--root-owner-group', '-Zxz', root, path], {env});
  console.log(path);
} finally {
  await rm(root, {recursive: true, force: true});
}

async function fill(into) {
  const put = async (path, content, mode = 0o644) => {
    await mkdir(join(into, path, '..'), {recursive: true});
    await writeFile(join(into, path), content);
    await chmod(join(into, path), mode);
  };
  const library = join(into, 'usr/lib/jirakey');
  await mkdir(library, {recursive: true});
  for (const name of ['jirakey.js', 'package.json', 'parts', 'sbom.cdx.json']) {
    await cp(join('dist', name), join(library, name), {recursive: true});
  }
  await put('usr/bin/jirakey', '#!/bin/sh\nexec /usr/bin/node /usr/lib/jirakey/jirakey.js "$@"\n', 0o755);
  for (const name of await readdir('dist/man')) {
    const section = name.at(-1);
    // Policy 12.1: compressed, without a name and time inside.
    await put(`usr/share/man/man${section}/${name}.gz`, gzipSync(await readFile(join('dist/man', name)), {level: 9}));
  }
  const completions = {
    bash: 'usr/share/bash-completion/completions/jirakey',
    zsh: 'usr/share/zsh/vendor-completions/_jirakey',
    fish: 'usr/share/fish/vendor_completions.d/jirakey.fish',
  };
  for (const [shell, path] of Object.entries(completions)) {
    const {stdout} = await run(process.execPath, ['dist/jirakey.js', 'completion', shell]);
    await put(path, stdout);
  }
  const notices = await readFile('dist/THIRD-PARTY-NOTICES.txt', 'utf8');
  await put(
    'usr/share/doc/jirakey/copyright',
    `jirakey ${version}\n\n${await readFile('LICENSE', 'utf8')}\n\n${notices}`,
  );
  await put('usr/share/doc/jirakey/changelog.gz', gzipSync(await readFile('CHANGELOG.md'), {level: 9}));
  await cp('schemas', join(into, 'usr/share/doc/jirakey/schemas'), {recursive: true});
  await put('DEBIAN/control', control(await kilobytes(join(into, 'usr'))));
}

async function kilobytes(path) {
  const entries = await readdir(path, {recursive: true, withFileTypes: true});
  const sizes = await Promise.all(
    entries.filter(entry => entry.isFile()).map(entry => stat(join(entry.parentPath, entry.name))),
  );
  return Math.ceil(sizes.reduce((sum, {size}) => sum + size, 0) / 1024);
}

// Nothing runs when it is installed or removed, and it owns no file outside /usr: what users have saved stays theirs.
function control(size) {
  return [
    'Package: jirakey',
    `Version: ${version}`,
    'Architecture: all',
    'Maintainer: jirakey maintainers <maintainers@users.noreply.github.com>',
    `Installed-Size: ${size}`,
    'Depends: nodejs (>= 20.19)',
    'Recommends: util-linux',
    'Suggests: age, jq, keyutils',
    'Section: admin',
    'Priority: optional',
    `Homepage: ${homepage}`,
    `Description: tested, sealed Jira credentials for servers`,
    ` ${description}.`,
    ` License: ${license}.`,
    '',
  ].join('\n');
}
