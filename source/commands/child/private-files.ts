/** Files for the one program that `exec` runs, in a folder of their own, gone at its end. */
import {lstatSync, mkdtempSync, rmSync, statfsSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {isAbsolute, join} from 'node:path';
import {UsageFault} from '../../domain/fault.ts';
import type {World} from '../../world.ts';

/** tmpfs and ramfs (statfs(2)). */
const memoryFileSystems: readonly number[] = [0x01021994, 0x858458f6];

export type PrivateFolder = Readonly<{folder: string; remove: () => void}>;

/** Where nothing may reach a disk. @throws UsageFault where no folder lies in memory */
export function folderInMemory(env: World['env']): PrivateFolder {
  const made = madeInMemory(env);
  if (made !== null) return made;
  throw new UsageFault('--token-file needs a folder in memory, and there is none that can be written.', [
    'It looks at XDG_RUNTIME_DIR and /dev/shm. Without --token-file the token is in JIRA_API_TOKEN.',
  ]);
}

/** For what is no secret. @throws Error of mkdtemp(3) */
export const folderAnywhere = (env: World['env']): PrivateFolder => madeInMemory(env) ?? made(tmpdir());

function madeInMemory(env: World['env']): PrivateFolder | null {
  for (const place of [env.XDG_RUNTIME_DIR ?? '', '/dev/shm']) {
    if (!isAbsolute(place) || !isInMemory(place)) continue;
    try {
      return made(place);
    } catch {
      // Not ours to write, or full: the next place.
    }
  }
  return null;
}

/** Mode 0700: mkdtemp(3) makes the folder for us alone. */
function made(place: string): PrivateFolder {
  const folder = mkdtempSync(join(place, 'jirakey-exec-'));
  return {folder, remove: () => rmSync(folder, {recursive: true, force: true})};
}

/** @returns its path */
export function writePrivate({folder, remove}: PrivateFolder, name: string, content: string): string {
  try {
    const path = join(folder, name);
    writeFileSync(path, content, {mode: 0o600, flag: 'wx'});
    return path;
  } catch (error) {
    remove();
    throw error;
  }
}

function isInMemory(place: string): boolean {
  try {
    return lstatSync(place).isDirectory() && memoryFileSystems.includes(statfsSync(place).type);
  } catch {
    return false;
  }
}
