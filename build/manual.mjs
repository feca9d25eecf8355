// Writes the manual pages into the folder of the program. Their texts are TypeScript, so they are bundled first.
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {build} from 'esbuild';

/** The day of the newest release in the change log, so that the same sources make the same bytes. */
export async function writeManual(folder, {version, bugs}) {
  const outfile = join(folder, `.manual-${process.pid}.mjs`);
  await build({
    entryPoints: ['build/manual.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  try {
    const {programPage, storePage} = await import(pathToFileURL(outfile).href);
    const [changes, security] = await Promise.all(
      ['CHANGELOG.md', 'docs/security.md'].map(name => readFile(name, 'utf8')),
    );
    const date = /\d{4}-\d{2}-\d{2}/.exec(changes)?.[0] ?? '""';
    await mkdir(join(folder, 'man'), {recursive: true});
    await writeFile(join(folder, 'man/jirakey.1'), programPage(version, date, bugs));
    await writeFile(join(folder, 'man/jirakey-store.5'), storePage(version, date, security));
  } finally {
    await rm(outfile, {force: true});
  }
}
