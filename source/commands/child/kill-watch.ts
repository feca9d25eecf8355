/**
 * SIGKILL cannot be passed on. A small shell in a session of its own holds the other end of a pipe of ours: when that
 * closes without a word, this process was killed, and the program that has the token is ended and its file removed.
 */
import {spawn} from 'node:child_process';

const script = 'read -r _ && exit; kill -s TERM "$1"; [ -z "$2" ] || rm -rf -- "$2"';

/**
 * @param folder with the token in a file; null where there is none
 * @returns to be called when the program has ended
 */
export function watchForKill(pid: number, folder: string | null): () => void {
  const watcher = spawn('/bin/sh', ['-c', script, 'sh', String(pid), folder ?? ''], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {PATH: process.env.PATH ?? '/usr/bin:/bin'},
    cwd: '/',
    detached: true,
  });
  // Without a shell there is no watcher; the program runs all the same.
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  watcher.unref();
  return () => void watcher.stdin.end('ended\n');
}
