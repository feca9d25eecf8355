/** What can be said of a store without changing it: whether it can be written, and whether others can read it. */
import {mkdtemp, rmdir, stat, statfs} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {StoreFault} from '../domain/fault.ts';
import {rehearse} from './durable-write.ts';
import {asFault, isMissing} from './faults.ts';
import {fileName, inspect, octal, type Place} from './place.ts';
import {readDocument} from './read.ts';
import {withBackup} from './rescue.ts';

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
}>;

// statfs(2): file systems on which other machines, and their administrators, have a hand.
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
]);

/** Never throws a StoreFault: it is part of the answer. */
export async function checkStore(directory: string): Promise<StoreCheck> {
  const path = join(directory, fileName);
  const state = {path, exists: false, writable: false, private: false, notices: []};
  let place: Place;
  try {
    place = await inspect(directory);
  } catch (error) {
    return {...state, fault: faultFrom(error, path, 'read')};
  }
  const notices = [...modeNotices(directory, place), ...(await groundNotices(directory))];
  const found = {...state, exists: place.fileMode !== null, private: isPrivate(place), notices};
  const unwritable = await faultOf(() => tryWriting(directory, place), path, 'write');
  const unreadable = await faultOf(() => readDocument(place.file), path, 'read');
  const fault = unreadable?.code === 'store-damaged' ? await withBackup(unreadable, place.file) : unreadable;
  return {...found, writable: unwritable === null, fault: fault ?? unwritable};
}

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

async function nearestFolder(directory: string): Promise<{path: string; uid: number}> {
  try {
    return {path: directory, uid: (await stat(directory)).uid};
  } catch (error) {
    const parent = dirname(directory);
    if (!isMissing(error) || parent === directory) throw error;
    return nearestFolder(parent);
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

async function groundNotices(directory: string): Promise<string[]> {
  try {
    const ground = await nearestFolder(directory);
    const network = networkFileSystems.get((await statfs(ground.path)).type);
    return [
      // sudo keeps the caller's HOME on some systems: the store then is root's, inside a folder of somebody else.
      ...(process.geteuid?.() === 0 && ground.uid !== 0
        ? [
            `You are root, but ${ground.path} belongs to user ${ground.uid}: what is saved here only root can read. Without sudo it would be theirs.`,
          ]
        : []),
      ...(network === undefined
        ? []
        : [
            `The store lies on a network file system (${network}): administrators of other machines may read or replace it.`,
          ]),
    ];
  } catch {
    return [];
  }
}
