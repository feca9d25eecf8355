/**
 * Where an unlock may be remembered: the folder a login session has for such things, in memory and for its user alone
 * (XDG base directory specification, "XDG_RUNTIME_DIR"). Anywhere else it would survive on a disk or be read by others.
 */
import {lstat, mkdir, statfs} from 'node:fs/promises';
import {isAbsolute, join} from 'node:path';
import {codeOf} from '../domain/errno.ts';
import {UsageFault} from '../domain/fault.ts';

/** File systems that are memory (statfs(2)): tmpfs, ramfs. */
const memoryFileSystems: readonly number[] = [0x01021994, 0x858458f6];
const folderName = 'jirakey';

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * The folder of what is remembered, made when it is missing.
 * @throws UsageFault with the reason and what to do without it
 */
export async function makeFolder(env: Env): Promise<string> {
  const runtime = await usableRuntime(env);
  if (typeof runtime !== 'string') throw refused(runtime.reason);
  const folder = join(runtime, folderName);
  try {
    await mkdir(folder, {mode: 0o700});
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw refused(`${folder} cannot be made (${codeOf(error) ?? 'unknown error'})`);
  }
  const reason = await wrongWith(folder);
  if (reason !== null) throw refused(reason);
  return folder;
}

/** The same folder if it is there and can be trusted; null otherwise. Changes nothing. */
export async function findFolder(env: Env): Promise<string | null> {
  const runtime = await usableRuntime(env);
  if (typeof runtime !== 'string') return null;
  const folder = join(runtime, folderName);
  return (await wrongWith(folder)) === null ? folder : null;
}

/** The same folder whether or not its place can be trusted any more, as long as it is ours: for forgetting. */
export async function findOwnFolder(env: Env): Promise<string | null> {
  const folder = join(env.XDG_RUNTIME_DIR || '/nonexistent', folderName);
  try {
    const stats = await lstat(folder);
    return stats.isDirectory() && stats.uid === process.geteuid?.() ? folder : null;
  } catch {
    return null;
  }
}

async function usableRuntime(env: Env): Promise<string | {reason: string}> {
  const runtime = env.XDG_RUNTIME_DIR ?? '';
  if (runtime === '') return {reason: 'XDG_RUNTIME_DIR is not set: this session has no folder in memory of its own'};
  if (!isAbsolute(runtime)) return {reason: 'XDG_RUNTIME_DIR is no absolute path'};
  const reason = (await wrongWith(runtime)) ?? (await notInMemory(runtime));
  return reason === null ? runtime : {reason};
}

/** Why a folder is not for this user alone, or null. */
async function wrongWith(path: string): Promise<string | null> {
  try {
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) return `${path} is a symbolic link`;
    if (!stats.isDirectory()) return `${path} is no folder`;
    if (stats.uid !== process.geteuid?.()) return `${path} belongs to user ${stats.uid}, not to you`;
    const mode = stats.mode & 0o777;
    return mode === 0o700 ? null : `${path} has mode 0${mode.toString(8)}, not 0700`;
  } catch (error) {
    return `${path} cannot be looked at (${codeOf(error) ?? 'unknown error'})`;
  }
}

async function notInMemory(path: string): Promise<string | null> {
  try {
    const {type} = await statfs(path);
    return memoryFileSystems.includes(type) ? null : `${path} lies on a disk, not in memory (tmpfs)`;
  } catch (error) {
    return `${path} cannot be looked at (${codeOf(error) ?? 'unknown error'})`;
  }
}

export const refused = (reason: string): UsageFault =>
  new UsageFault(`--remember is refused: ${reason}.`, [
    'Leave it away: the passphrase is then asked each time, or comes from --passphrase-file, -fd or -command.',
    'With keyctl (package keyutils) the kernel keeps it. A login over SSH with systemd has such a folder: /run/user/UID, mode 0700, in memory.',
  ]);
