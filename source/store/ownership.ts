/** The ground a store stands on: whose folder it lies in, under whose name this runs, and who else has a hand in it. */
import {stat, statfs} from 'node:fs/promises';
import {userInfo} from 'node:os';
import {dirname, relative, resolve} from 'node:path';
import {octal} from './store-location.ts';
import {isMissing} from './system-errors.ts';

type Env = Readonly<Record<string, string | undefined>>;
type Ground = Readonly<{path: string; uid: number; mode: number}>;

// statfs(2): file systems on which other machines, and their administrators, have a hand.
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
]);

/** The folder itself, or the nearest one above it that exists. */
export async function nearestFolder(directory: string): Promise<Ground> {
  try {
    const {uid, mode} = await stat(directory);
    return {path: directory, uid, mode};
  } catch (error) {
    const parent = dirname(directory);
    if (!isMissing(error) || parent === directory) throw error;
    return nearestFolder(parent);
  }
}

/**
 * Sentences for somebody who is about to save as another user than they may think: by sudo, or in a foreign home. Empty
 * where all is as usual. Never throws.
 */
export async function foreignHome(directory: string, env: Env): Promise<string[]> {
  const us = process.geteuid?.();
  if (us === undefined) return [];
  try {
    const ground = await nearestFolder(directory);
    // Once root has saved there the folder is root's; the home around it still tells.
    const home = env.HOME && isBelow(directory, env.HOME) ? {path: env.HOME, uid: (await stat(env.HOME)).uid} : ground;
    const theirs = [ground, home].find(({uid}) => uid !== 0);
    if (us === 0 && theirs !== undefined) {
      return [
        `You are root, but ${theirs.path} belongs to ${userName(theirs.uid)}: what is saved here only root can read. Without sudo it would be theirs.`,
      ];
    }
    // Not root: a folder of somebody else is refused where it is used; this one says why it came to that.
    if (us !== 0 && ground.uid !== us && ground.uid !== 0) {
      return [`${ground.path} belongs to ${userName(ground.uid)}, and you are ${userName(us)}: HOME is not your own.`];
    }
    const caller = /^[1-9]\d*$/.test(env.SUDO_UID ?? '') ? Number(env.SUDO_UID) : null;
    return us !== 0 || caller === null
      ? []
      : [
          `This runs by sudo: the store is root’s, ${directory}. Started by ${userName(caller)} without sudo, jirakey has another one and does not see this.`,
        ];
  } catch {
    return [];
  }
}

const isBelow = (path: string, folder: string): boolean => !relative(resolve(folder), path).startsWith('..');

function userName(uid: number): string {
  const us = process.geteuid?.();
  return uid === 0 ? 'root' : uid === us ? ourName() : `user ${uid}`;
}

/** A user without an entry in the database has a number only. */
function ourName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.geteuid?.() ?? '?'}`;
  }
}

/** Sentences on who else can read or replace what lies there. Never throws. */
export async function otherHands(directory: string): Promise<string[]> {
  try {
    const ground = await nearestFolder(directory);
    const network = networkFileSystems.get((await statfs(ground.path)).type);
    return [
      ...(await openParents(ground.path)),
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

/** Who can write in a folder above can put another folder in the store's place; the sticky bit forbids that (inode(7)). */
async function openParents(folder: string): Promise<string[]> {
  if (process.platform === 'win32') return [];
  const parent = dirname(folder);
  if (parent === folder) return [];
  const {mode, uid} = await stat(parent);
  const others = (mode & 0o022) !== 0 && (mode & 0o1000) === 0;
  const stranger = uid !== 0 && uid !== process.geteuid?.();
  const found = others
    ? [
        `Other users can write in ${parent} (mode ${octal(mode)}) and so put another folder in the store’s place: chmod go-w ${parent}, if it is yours to say.`,
      ]
    : stranger
      ? [`${parent} belongs to user ${uid}, who can put another folder in the store’s place.`]
      : [];
  return [...found, ...(await openParents(parent))];
}
