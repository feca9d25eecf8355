/** A session's folder in memory, as XDG_RUNTIME_DIR names one; null where this machine has no tmpfs to make it in. */
import {spawnSync} from 'node:child_process';
import {mkdtempSync, statfsSync} from 'node:fs';
import {join} from 'node:path';
import {removeFolder} from './remove-folder.ts';

const tmpfs = 0x01021994;

function inMemory(path: string): boolean {
  try {
    return statfsSync(path).type === tmpfs;
  } catch {
    return false;
  }
}

const ground = ['/dev/shm', '/run'].find(inMemory) ?? null;
export const hasRuntime = ground !== null;

/** mkdtemp makes it 0700. */
export function runtimeFolder(): {path: string; remove: () => void} {
  if (ground === null) throw new Error('no tmpfs here');
  const path = mkdtempSync(join(ground, 'jirakey-test-'));
  return {path, remove: () => removeFolder(path)};
}

/** Whether keyctl(1) is here and the kernel keeps keys for it. */
export const hasKeyring = spawnSync('keyctl', ['rdescribe', '@u']).status === 0;
