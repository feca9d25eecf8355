import {rmSync} from 'node:fs';

const attempts = 200;
const pauseMs = 50;

/**
 * Removes a folder in which a program that is ending may still write: a shell its history, tmux its socket. Node's own
 * retries look at the folder once, and wait in vain for what came in afterwards to go.
 */
export function removeFolder(path: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      rmSync(path, {recursive: true, force: true});
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}
