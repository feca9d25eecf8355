/** What can be said of a store without changing it: whether it can be written, and whether others can read it. */

import {mkdtemp, rmdir} from 'node:fs/promises';
import {basename, join} from 'node:path';
import type {CommandLine} from '../domain/command-line.ts';
import {StoreFault} from '../domain/fault.ts';
import {lockOf} from './commit.ts';
import {leftovers, rehearse} from './durable-write.ts';
import {lookAtLock} from './lock.ts';
import {foreignHome, nearestFolder, otherHands} from './ownership.ts';
import {readDocument} from './read.ts';
import {missingNotice, savedInBackup, withBackup} from './rescue.ts';
import {findOriginals, findSiblings} from './sibling-files.ts';
import {fileName, inspect, octal, type Place} from './store-location.ts';
import {asFault} from './system-errors.ts';

export type StoreCheck = Readonly<{
  path: string;
  /** Whether there is a file yet. */
  exists: boolean;
  /** Whether a file of a store's size could be written, synced and removed beside it just now. */
  writable: boolean;
  /** Nobody but the owner can read folder and file; true as well where neither is there yet, for they are made so. */
  private: boolean;
  /** Why the store cannot be used as it is; null when it can. */
  fault: StoreFault | null;
  /** Sentences worth showing; none of them hinders. */
  notices: readonly string[];
  /** `doctor --fix` can do something about what is told here. */
  repairable: boolean;
}>;

/** Never throws a StoreFault: it is part of the answer. */
export async function checkStore(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
  commandLine: CommandLine,
): Promise<StoreCheck> {
  const path = join(directory, fileName);
  const state = {path, exists: false, writable: false, private: false, notices: [], repairable: false};
  let place: Place;
  try {
    place = await inspect(directory);
  } catch (error) {
    const fault = faultFrom(error, path, 'read');
    return {...state, fault, repairable: fault.problem.code === 'store-unsafe' && fault.problem.othersWrite};
  }
  const own = [
    ...modeNotices(directory, place),
    ...(await besideNotices(place)),
    ...(await missingNotices(place, commandLine)),
  ];
  const notices = [
    ...own,
    ...(await originalNotices(place)),
    ...(await foreignHome(directory, env)),
    ...(await otherHands(directory)),
  ];
  const found = {...state, exists: place.fileMode !== null, private: isPrivate(place), notices};
  const unwritable = await faultOf(() => tryWriting(directory, place), path, 'write');
  const unreadable = await faultOf(() => readDocument(place.file), path, 'read');
  const fault = unreadable === null ? null : await withBackup(unreadable, place.file);
  const repairable = own.length > 0 || (fault !== null && canGoBack(fault));
  return {...found, writable: unwritable === null, fault: fault ?? unwritable, repairable};
}

/** Whether a backup can take the place of the damaged file. */
const canGoBack = ({problem}: StoreFault): boolean =>
  problem.code === 'store-damaged' && problem.backup.state === 'differs';

async function faultOf(
  work: () => Promise<unknown>,
  path: string,
  doing: 'read' | 'write',
): Promise<StoreFault | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return faultFrom(error, path, doing);
  }
}

function faultFrom(error: unknown, path: string, doing: 'read' | 'write'): StoreFault {
  const fault = asFault(error, path, doing);
  if (fault instanceof StoreFault) return fault;
  throw fault;
}

/** Does what the first save would do, a folder further up where the store's own is missing, and undoes it. */
async function tryWriting(directory: string, place: Place): Promise<void> {
  if (place.folderMode !== null) return rehearse(place.file);
  const trial = await mkdtemp(join((await nearestFolder(directory)).path, `.${basename(directory)}-`));
  try {
    await rehearse(join(trial, fileName));
  } finally {
    await rmdir(trial);
  }
}

const isPrivate = ({folderMode, fileMode}: Place): boolean =>
  process.platform === 'win32' || (((folderMode ?? 0) | (fileMode ?? 0)) & 0o077) === 0;

function modeNotices(directory: string, {folderMode, fileMode}: Place): string[] {
  if (process.platform === 'win32') return [];
  const open = [
    {path: directory, mode: folderMode, wanted: '0700'},
    {path: join(directory, fileName), mode: fileMode, wanted: '0600'},
  ];
  return open.flatMap(({path, mode, wanted}) =>
    mode === null || (mode & 0o077) === 0
      ? []
      : [`Other users can look into ${path} (mode ${octal(mode)}). The next save makes it ${wanted}.`],
  );
}

async function missingNotices(place: Place, commandLine: CommandLine): Promise<string[]> {
  const saved = place.fileMode === null ? await savedInBackup(place.file) : null;
  return saved === null || saved === 0 ? [] : [missingNotice(place.file, saved, commandLine)];
}

/** What a migration has kept. Nothing to repair: the next save removes it. */
async function originalNotices({folderMode, file}: Place): Promise<string[]> {
  if (folderMode === null) return [];
  try {
    const originals = await findOriginals(file);
    return originals.map(({path}) => `The store as it was in its older format is kept in ${path} until the next save.`);
  } catch {
    return [];
  }
}

/** What lies beside the file and should not, or not so. */
async function besideNotices({folder, file, folderMode}: Place): Promise<string[]> {
  if (folderMode === null) return [];
  try {
    const beside = await findSiblings(file);
    const lock = await lookAtLock(lockOf(file));
    const open = beside.filter(({mode, name}) => name !== fileName && mode !== null && (mode & 0o077) !== 0);
    const left = await leftovers(file);
    return [
      ...open.map(({path, mode}) => `Other users can look into ${path} (mode ${octal(mode ?? 0)}).`),
      // While somebody saves, such files are in use and gone a moment later.
      ...(left.length > 0 && (lock === null || lock.stale) ? [`A save that was cut off left ${left.join(', ')}.`] : []),
      ...(lock?.stale ? [`A lock of a process that is gone lies in ${folder}.`] : []),
    ];
  } catch {
    return [];
  }
}
