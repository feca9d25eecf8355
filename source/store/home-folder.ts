import {homedir, userInfo} from 'node:os';
import {isAbsolute} from 'node:path';

/**
 * The user's home folder: `HOME`, and where that is empty or relative what the system's user database says. (Node's
 * `homedir()` takes an empty HOME for an answer, which would put the store into the folder one happens to stand in.)
 */
export function homeFolder(env: Readonly<Record<string, string | undefined>>): string {
  return [env.HOME ?? '', homedir()].find(home => isAbsolute(home)) ?? userInfo().homedir;
}
