/** The store's own files in its folder: the file, its backup, and what was kept aside. */
import {lstat, readdir, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {isMissing} from './system-errors.ts';

export type Sibling = Readonly<{
  name: string;
  path: string;
  /** Permission bits; null for what is no plain file. */
  mode: number | null;
  link: boolean;
  uid: number;
}>;

/** Looks at every name that begins with the file's own; links are not followed. */
export async function findSiblings(file: string): Promise<Sibling[]> {
  const [folder, own] = [dirname(file), basename(file)];
  const names = (await readdir(folder)).filter(name => name === own || name.startsWith(`${own}.`)).sort();
  const found = await Promise.all(names.map(name => statusOf(join(folder, name), name)));
  return found.filter(one => one !== null);
}

async function statusOf(path: string, name: string): Promise<Sibling | null> {
  try {
    const status = await lstat(path);
    const mode = status.isFile() ? status.mode & 0o7777 : null;
    return {name, path, mode, link: status.isSymbolicLink(), uid: status.uid};
  } catch (error) {
    // A save may have renamed it since the folder was read.
    if (isMissing(error)) return null;
    throw error;
  }
}

/** How the names begin that older originals are kept under when a store is brought to a newer version. */
export const originalOf = (file: string, version: number): string => `${file}.v${version}-`;

export async function findOriginals(file: string): Promise<Sibling[]> {
  const beside = await findSiblings(file);
  return beside.filter(({name, mode}) => mode !== null && /\.v\d+-\d{8}T\d{6}Z(?:-\d+)?$/.test(name));
}

/** Removes the originals kept before a migration: by now a save of the newer version has gone well. */
export async function forgetOriginals(file: string): Promise<void> {
  await Promise.all((await findOriginals(file)).map(({path}) => rm(path, {force: true})));
}
