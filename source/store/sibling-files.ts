/** The store's own files in its folder: the file, its backup, and what was kept aside. */
import {lstat, readdir} from 'node:fs/promises';
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
