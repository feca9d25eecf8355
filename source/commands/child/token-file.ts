/** The token in a file in memory, for programs that take a path: out of the environment, which others may log. */
import {lstatSync, mkdtempSync, rmSync, statfsSync, writeFileSync} from 'node:fs';
import {isAbsolute, join} from 'node:path';
import {UsageFault} from '../../domain/fault.ts';
import type {World} from '../../world.ts';

/** tmpfs and ramfs (statfs(2)). */
const memoryFileSystems: readonly number[] = [0x01021994, 0x858458f6];

export type TokenFile = Readonly<{path: string; folder: string; remove: () => void}>;

/** @throws UsageFault where no folder lies in memory */
export function makeTokenFile(token: string, env: World['env']): TokenFile {
  for (const place of [env.XDG_RUNTIME_DIR ?? '', '/dev/shm']) {
    if (!isAbsolute(place) || !isInMemory(place)) continue;
    try {
      return written(token, mkdtempSync(join(place, 'jirakey-token-')));
    } catch {
      // Not ours to write, or full: the next place.
    }
  }
  throw new UsageFault('--token-file needs a folder in memory, and there is none that can be written.', [
    'It looks at XDG_RUNTIME_DIR and /dev/shm. Without --token-file the token is in JIRA_API_TOKEN.',
  ]);
}

/** Mode 0700 and 0600: mkdtemp(3) makes the folder for us alone. */
function written(token: string, folder: string): TokenFile {
  const remove = (): void => rmSync(folder, {recursive: true, force: true});
  try {
    const path = join(folder, 'token');
    // No line end: most programs take the file as it is.
    writeFileSync(path, token, {mode: 0o600, flag: 'wx'});
    return {path, folder, remove};
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
