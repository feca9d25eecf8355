/** Ways on from a file that cannot be read. What it holds is kept in every one of them. */

import {lstat, unlink} from 'node:fs/promises';
import {dirname} from 'node:path';
import type {CommandLine} from '../domain/command-line.ts';
import {errnoOf} from '../domain/errno.ts';
import {type Backup, counted, StoreFault} from '../domain/fault.ts';
import {backupOf, type Guard} from './commit.ts';
import {keepAside, replace, stamp, syncFolder} from './durable-write.ts';
import {readOwnFile} from './own-file.ts';
import {largest, readDocument} from './read.ts';
import {type Contents, damaged, render} from './store-document.ts';
import {isMissing} from './system-errors.ts';

/** As `restoreKeeping`; what is in the store now. */
export const restore = async (file: string, guard: Guard, moment: Date): Promise<Contents> =>
  (await restoreKeeping(file, guard, moment)).contents;

/** What is in the store now, and where a damaged file was kept; null where there was none. */
export type Restored = Readonly<{contents: Contents; asideAs: string | null}>;

/**
 * Puts the backup in place of a file that is damaged or missing; a damaged one is kept as `.damaged-<time>`.
 * A file that can be read stays as it is.
 * @throws StoreFault store-damaged when there is no backup, or a damaged one
 */
export async function restoreKeeping(file: string, guard: Guard, moment: Date): Promise<Restored> {
  const present = await exists(file);
  if (present && (await damageOf(file)) === null) {
    return {contents: (await readDocument(file)).contents, asideAs: null};
  }
  const backup = backupOf(file);
  if (!(await exists(backup))) throw damaged(backup, 'there is no backup');
  const {contents} = await readDocument(backup);
  let asideAs: string | null = null;
  await replace(file, render(contents), async () => {
    if (present) asideAs = await keepAside(file, `${file}.damaged-${stamp(moment)}`);
    await guard();
  });
  return {contents, asideAs};
}

/**
 * Moves a damaged file to `.damaged-<time>`, so that the store is empty; returns where it lies. null: nothing is
 * damaged, nothing was moved.
 */
export async function moveAside(file: string, guard: Guard, moment: Date): Promise<string | null> {
  if (!(await exists(file)) || (await damageOf(file)) === null) return null;
  const kept = await keepAside(file, `${file}.damaged-${stamp(moment)}`);
  await guard();
  await unlink(file);
  await syncFolder(dirname(file));
  return kept;
}

/** The fault of a file that cannot be read as a store, with what is known of its backup; null when it can be. */
export async function damageOf(file: string): Promise<StoreFault | null> {
  try {
    await readDocument(file);
    return null;
  } catch (error) {
    if (!(error instanceof StoreFault) || error.code !== 'store-damaged') throw error;
    return withBackup(error, file);
  }
}

/** A fault of the document with what is known of its backup. */
export async function withBackup(fault: StoreFault, file: string): Promise<StoreFault> {
  const {problem} = fault;
  return 'backup' in problem ? new StoreFault({...problem, backup: await backupState(file)}) : fault;
}

/** What lies under the backup's name, and whether it is a way back from what the store is now. */
export async function backupState(file: string): Promise<Backup> {
  const path = backupOf(file);
  try {
    if (!(await exists(path))) return {state: 'absent'};
    const credentials = (await readDocument(path)).contents.credentials.length;
    return {state: (await sameBytes(file, path)) ? 'equal' : 'differs', path, credentials};
  } catch (error) {
    if (error instanceof StoreFault || errnoOf(error) !== null) return {state: 'unusable', path};
    throw error;
  }
}

async function sameBytes(one: string, other: string): Promise<boolean> {
  try {
    const [first, second] = await Promise.all([one, other].map(path => readOwnFile(path, largest)));
    return first?.bytes.equals(second?.bytes ?? Buffer.alloc(0)) === true;
  } catch (error) {
    if (errnoOf(error) === null && !(error instanceof StoreFault)) throw error;
    return false;
  }
}

/** How many credentials the backup holds; null where there is none that can be read. */
export async function savedInBackup(file: string): Promise<number | null> {
  const backup = await backupState(file);
  return backup.state === 'equal' || backup.state === 'differs' ? backup.credentials : null;
}

/** A file that is gone while its backup is there: deleted by hand, or lost. */
export const missingNotice = (file: string, saved: number, commandLine: CommandLine): string =>
  `${file} is missing; its backup holds ${counted(saved)}. To put it back: ${commandLine('doctor', {options: ['--fix']})}`;

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
