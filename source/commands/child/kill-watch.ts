/**
 * SIGKILL cannot be passed on. A small shell in a session of its own holds the other end of a pipe of ours: when that
 * closes without a word, this process was killed, and the program that has the token is ended and its file removed.
 */
import {spawn} from 'node:child_process';

/** First comes the number of the program, then that it has ended. */
const script = 'read -r pid && read -r _ && exit; [ -z "$pid" ] || kill -s TERM "$pid"; [ -z "$1" ] || rm -rf -- "$1"';

export type KillWatch = Readonly<{
  /** @param pid undefined for a program that could not be started */
  over: (pid: number | undefined) => void;
  /** To be called when the program has ended. */
  end: () => void;
}>;

/**
 * Before the program starts: it may print, and this process be killed, before one that was started after it is there.
 * @param folder with the token in a file; null where there is none
 */
export function watchForKill(folder: string | null): KillWatch {
  const watcher = spawn('/bin/sh', ['-c', script, 'sh', folder ?? ''], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {PATH: process.env.PATH ?? '/usr/bin:/bin'},
    cwd: '/',
    detached: true,
  });
  // Without a shell there is no watcher; the program runs all the same.
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  watcher.unref();
  return {
    over: pid => void watcher.stdin.write(`${pid ?? ''}\n`),
    end: () => void watcher.stdin.end('ended\n'),
  };
}
