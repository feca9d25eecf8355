import {homedir, userInfo} from 'node:os';
import {isAbsolute} from 'node:path';
import {UsageFault} from '../domain/fault.ts';

/**
 * The user's home folder: `HOME`, and where that is empty or relative what the system's user database says.
 * @throws UsageFault where nothing names one. (Node's
 * `homedir()` takes an empty HOME for an answer, which would put the store into the folder one happens to stand in.)
 */
export function homeFolder(env: Readonly<Record<string, string | undefined>>): string {
  return [env.HOME ?? '', ...fromDatabase()].find(home => isAbsolute(home)) ?? noHome();
}

/** Both throw for a user without an entry in the database, as minimal containers have them. */
function fromDatabase(): string[] {
  try {
    return [homedir(), userInfo().homedir];
  } catch {
    return [];
  }
}

function noHome(): never {
  throw new UsageFault('this user has no home folder, so the usual place of the store is not known.', [
    'Set HOME or XDG_CONFIG_HOME, or name the folder: --store DIR',
  ]);
}
