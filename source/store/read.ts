/** Reads the store's file through conf, which locates it and reads it anew each time. */
import {lstat} from 'node:fs/promises';
import {basename, dirname, extname} from 'node:path';
import {readOwnFile} from './own-file.ts';
import {damaged, type Migrations, nothing, type Parsed, parse} from './store-document.ts';
import {isMissing} from './system-errors.ts';

// Thousands of credentials fit; whatever is larger was not written by this program.
export const largest = 16 * 1024 * 1024;

/**
 * What the file at `path` holds; an empty store where there is no file.
 * @throws StoreFault store-damaged or store-newer; the system's error where it cannot be read
 */
export async function readDocument(path: string, steps?: Migrations): Promise<Parsed> {
  const empty: Parsed = {contents: nothing, migratedFrom: null};
  if (!(await isThereAsText(path))) return empty;
  // conf brings its schema compiler along: loaded only when there is a file to read.
  const {default: Conf} = await import('conf');
  const extension = extname(path);
  let known: {text: string; parsed: Parsed} | null = null;
  const conf = new Conf<{parsed?: Parsed}>({
    cwd: dirname(path),
    configName: basename(path, extension),
    fileExtension: extension.slice(1),
    projectSuffix: '',
    clearInvalidConfig: false,
    accessPropertiesByDotNotation: false,
    // Ours, so that conf neither takes a list or a number for an empty store nor words the errors. It is called twice.
    deserialize: text => {
      if (text !== known?.text) known = {text, parsed: parse(text, path, steps)};
      return {parsed: known.parsed};
    },
  });
  return conf.get('parsed') ?? empty;
}

/**
 * Whether there is a file. conf would make the folder of a missing one, and reads bytes that are no UTF-8 as question
 * marks, which a later save would write back.
 */
async function isThereAsText(path: string): Promise<boolean> {
  try {
    const stats = await lstat(path);
    if (stats.isFile() && stats.size > largest) throw damaged(path, 'it is larger than 16 MiB');
    const file = await readOwnFile(path, largest);
    if (file === null) return false;
    new TextDecoder('utf-8', {fatal: true}).decode(file.bytes);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    if (error instanceof TypeError) throw damaged(path, 'it is not UTF-8 text');
    throw error;
  }
}
