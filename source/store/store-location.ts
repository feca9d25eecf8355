/** Where the store lies, and whether that place can be trusted: ours, and written by nobody else. */
import type {Stats} from 'node:fs';
import {lstat, realpath, stat} from 'node:fs/promises';
import {dirname, isAbsolute, join, resolve} from 'node:path';
import {StoreFault} from '../domain/fault.ts';
import {shellWord} from '../domain/shell.ts';
import {homeFolder} from './home-folder.ts';
import {isMissing} from './system-errors.ts';

export const fileName = 'config.json';

/** The real file behind the store's path. `null` modes belong to what does not exist yet. */
export type Place = Readonly<{
  /** Folder of the real file: temporary files, the lock and the backup lie beside it. */
  folder: string;
  file: string;
  folderMode: number | null;
  fileMode: number | null;
}>;

/**
 * The store's folder when `--store` does not name one: `JIRAKEY_STORE`, else `jirakey` in the platform's config folder.
 * A relative `XDG_CONFIG_HOME` is ignored, as the XDG base directory specification demands.
 */
export function storeDirectory(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.JIRAKEY_STORE) return resolve(env.JIRAKEY_STORE);
  const configHome = env.XDG_CONFIG_HOME;
  if (configHome && isAbsolute(configHome)) return join(configHome, 'jirakey');
  const home = homeFolder(env);
  if (platform === 'darwin') return join(home, 'Library', 'Preferences', 'jirakey');
  if (platform === 'win32') return join(env.APPDATA || join(home, 'AppData', 'Roaming'), 'jirakey', 'Config');
  return join(home, '.config', 'jirakey');
}

/** File permission bits as people write them: "0644". */
export const octal = (mode: number): string => `0${(mode & 0o777).toString(8).padStart(3, '0')}`;

/**
 * Looks at folder and file without changing anything.
 * @throws StoreFault store-unsafe with the path, mode and owner that are wrong
 */
export async function inspect(directory: string): Promise<Place> {
  const folderStats = await trusted(directory, 'folder');
  if (folderStats === null) {
    return {folder: directory, file: join(directory, fileName), folderMode: null, fileMode: null};
  }
  const realFolder = await realpath(directory);
  const path = join(directory, fileName);
  const fileStats = await trusted(path, 'file');
  if (fileStats === null) {
    return {folder: realFolder, file: join(realFolder, fileName), folderMode: folderStats.mode, fileMode: null};
  }
  const file = await realpath(path);
  const folder = dirname(file);
  // The file may be a link into another folder of ours, as dotfile managers make them; that one is written to then.
  const targetStats = folder === realFolder ? folderStats : await trusted(folder, 'folder');
  return {folder, file, folderMode: (targetStats ?? folderStats).mode, fileMode: fileStats.mode};
}

/** Status of the link's target, or null where nothing is. */
async function trusted(path: string, kind: 'folder' | 'file'): Promise<Stats | null> {
  const link = await statusOrNull(lstat(path));
  if (link === null) return null;
  if (link.isSymbolicLink()) requireOurs(path, link, 'symbolic link');
  const target = link.isSymbolicLink() ? await statusOrNull(stat(path)) : link;
  if (target === null) throw unsafe(path, link, 'is a symbolic link to nothing');
  if (kind === 'folder' ? !target.isDirectory() : !target.isFile()) throw unsafe(path, target, `is not a ${kind}`);
  requireOurs(path, target, kind);
  // Group or others may write: they could put another site's address or an older seal there.
  if (process.platform !== 'win32' && (target.mode & 0o022) !== 0) {
    throw unsafe(path, target, 'can be written by other users', `chmod ${kind === 'folder' ? '700' : '600'}`, true);
  }
  return target;
}

async function statusOrNull(status: Promise<Stats>): Promise<Stats | null> {
  try {
    return await status;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function requireOurs(path: string, stats: Stats, kind: string): void {
  const us = process.geteuid?.();
  // Root can change everything here anyway, so what root provided is as good as ours.
  if (us === undefined || stats.uid === us || stats.uid === 0) return;
  throw unsafe(path, stats, `is a ${kind} of another user`, `sudo chown${kind === 'symbolic link' ? ' -h' : ''} ${us}`);
}

const ownerName = (uid: number): string => (uid === 0 ? 'root' : uid === process.geteuid?.() ? 'you' : `user ${uid}`);

export function unsafe(path: string, stats: Stats, problem: string, cure?: string, othersWrite = false): StoreFault {
  return new StoreFault({
    code: 'store-unsafe',
    path,
    problem,
    owner: ownerName(stats.uid),
    uid: stats.uid,
    mode: octal(stats.mode),
    cure: cure === undefined ? null : `${cure} ${shellWord(path)}`,
    othersWrite,
  });
}
