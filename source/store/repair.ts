/**
 * What `doctor --fix` does to a store. It takes rights away, removes what cut-off saves left, and puts a backup back; a
 * damaged file is kept. It never touches what is not ours, and before it closes what others could write it says what
 * that may have been used for: repairing must not hide an attack.
 */

import {constants, type Stats} from 'node:fs';
import {lstat, open, realpath, stat} from 'node:fs/promises';
import {join} from 'node:path';
import type {CommandLine} from '../domain/command-line.ts';
import {errnoOf} from '../domain/errno.ts';
import {counted, StoreFault} from '../domain/fault.ts';
import {minuteText} from '../domain/time.ts';
import {backupOf, lockOf, withLock} from './commit.ts';
import {leftovers} from './durable-write.ts';
import {lookAtLock} from './lock.ts';
import {foreignHome, otherHands} from './ownership.ts';
import {damageOf, restoreKeeping, savedInBackup} from './rescue.ts';
import {findSiblings} from './sibling-files.ts';
import {fileName, inspect, octal, unsafe} from './store-location.ts';
import {asFault, isMissing} from './system-errors.ts';

/** One thing that was looked at and not as it should be. */
export type Repaired = Readonly<{
  id: 'modes' | 'leftovers' | 'backup' | 'left-alone';
  /** `left`: not touched; `more` says why, or what to do. */
  state: 'repaired' | 'left';
  text: string;
  more: readonly string[];
}>;

export type RepairOptions = Readonly<{
  now: () => Date;
  waitMs: number;
  env: Readonly<Record<string, string | undefined>>;
  commandLine: CommandLine;
  /** Asked before what cannot be taken for granted. False leaves it as it is. */
  consent: (question: Readonly<{question: string; yes: string; no: string}>) => Promise<boolean>;
}>;

const forbidden = 0o077;
const writable = 0o022;

/** @throws what is no fault of the store; those are told in the result */
export async function repair(directory: string, options: RepairOptions): Promise<readonly Repaired[]> {
  const done: Repaired[] = [];
  const alone = async (): Promise<Repaired[]> => [
    ...done,
    ...[...(await foreignHome(directory, options.env)), ...(await otherHands(directory))].map(
      (text): Repaired => ({
        id: 'left-alone',
        state: 'left',
        text,
        more: ['Left alone: it is not the store’s to change.'],
      }),
    ),
  ];
  try {
    if ((await folderStats(directory)) === null) return await alone();
    const closed = await closeToOthers(directory, options, done);
    if (!closed) return await alone();
    await sweepLeftovers(directory, options, done);
    await putBack(directory, options, done);
  } catch (error) {
    const fault = asFault(error, join(directory, fileName), 'write');
    if (!(fault instanceof StoreFault)) throw fault;
    done.push(leftAlone(fault));
  }
  return alone();
}

function leftAlone({problem, message}: StoreFault): Repaired {
  const more =
    problem.code === 'store-unsafe'
      ? [
          'Left alone: repairing it could hide what somebody did.',
          'See first who made it, when, and what it holds.',
          ...(problem.cure === null || problem.othersWrite ? [] : [`Then, if it is all right: ${problem.cure}`]),
        ]
      : [`What to do: jirakey explain ${problem.code}`];
  return {id: 'left-alone', state: 'left', text: message, more};
}

async function folderStats(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

type Open = Readonly<{path: string; mode: number; wanted: number}>;

/** Modes of the folder and of what is ours in it. False where others can still write. */
async function closeToOthers(directory: string, options: RepairOptions, done: Repaired[]): Promise<boolean> {
  if (process.platform === 'win32') return true;
  const found = await openOnes(directory, done);
  const exposed = found.filter(({mode}) => (mode & writable) !== 0);
  const allowed = exposed.length === 0 || (await options.consent(writeQuestion(exposed)));
  for (const each of found) {
    const others = (each.mode & writable) !== 0;
    done.push(
      others && !allowed ? stillOpen(each, options.commandLine) : await close(each, others, options.commandLine),
    );
  }
  return allowed;
}

const writeQuestion = (exposed: readonly Open[]) => ({
  question: `Other users could write ${exposed.map(({path, mode}) => `${path} (${octal(mode)})`).join(', ')}: what lies there may not be yours any more. Take their rights away, and check the credentials then?`,
  yes: 'Yes, take their rights away',
  no: 'No, leave it: I look first',
});

const toCheck = (commandLine: CommandLine): readonly string[] => [
  `Until now others could write here. Look at the saved addresses: ${commandLine('list')}`,
  `An address or name changed outside is refused when its seal is opened: ${commandLine('test', {options: ['--all']})}`,
  'A whole older file of your own, put back, is not seen: if you know of no reason for this mode, make new tokens.',
];

const agreeing = (commandLine: CommandLine): string => commandLine('doctor', {options: ['--fix', '--yes']});

const stillOpen = ({path, mode}: Open, commandLine: CommandLine): Repaired => ({
  id: 'modes',
  state: 'left',
  text: `${path} can be written by other users (mode ${octal(mode)}); jirakey does not use it so`,
  more: [
    'Look first who they are, and whether what lies there is yours: closing it could hide what was done.',
    `Then: ${agreeing(commandLine)}`,
  ],
});

/** Folder and files with rights for others. What belongs to somebody else, or is a link, is told and not touched. */
async function openOnes(directory: string, done: Repaired[]): Promise<Open[]> {
  const us = process.geteuid?.();
  const folder = await realpath(directory);
  const {mode, uid} = await stat(folder);
  // Somebody else's folder: `inspect` will tell, and nothing in it is ours to change.
  if (uid !== us) return [];
  const own: Open[] = (mode & forbidden) === 0 ? [] : [{path: folder, mode, wanted: mode & 0o7700}];
  const real = await realFile(folder);
  const goes = new Set(await leftovers(real));
  for (const file of await findSiblings(real)) {
    if (goes.has(file.name)) continue;
    if (file.link) {
      // The store's own file may be a link; what is behind it is looked at by its real name.
      if (file.path !== join(folder, fileName)) done.push(aside(file.path, 'is a symbolic link; the store makes none'));
    } else if (file.uid !== us) {
      if (file.path !== real) done.push(aside(file.path, `belongs to user ${file.uid}`));
    } else if (file.mode !== null && (file.mode & forbidden) !== 0) {
      own.push({path: file.path, mode: file.mode, wanted: file.mode & 0o700});
    }
  }
  return own;
}

/** Where the store's file really lies; a link that is not ours is not followed. */
async function realFile(folder: string): Promise<string> {
  const path = join(folder, fileName);
  try {
    const ours = (await lstat(path)).uid === process.geteuid?.();
    return ours ? await realpath(path) : path;
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return path;
  }
}

const aside = (path: string, what: string): Repaired => ({
  id: 'left-alone',
  state: 'left',
  text: `${path} ${what}`,
  more: ['Left alone. See who made it and when (ls -la); remove it yourself when you know.'],
});

/** Through the opened file itself: a name could have become a link to something else meanwhile. */
async function close({path, mode, wanted}: Open, wasWritable: boolean, commandLine: CommandLine): Promise<Repaired> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(path, flags);
  try {
    const stats = await handle.stat();
    if (stats.uid !== process.geteuid?.()) throw unsafe(path, stats, 'belongs to somebody else');
    await handle.chmod(wanted);
  } finally {
    await handle.close();
  }
  return {
    id: 'modes',
    state: 'repaired',
    text: `${path}: only you can read it now (mode ${octal(wanted)}, it was ${octal(mode)})`,
    more: wasWritable ? toCheck(commandLine) : [],
  };
}

/** Temporary files and the lock of processes that are gone. Taking the lock removes both. */
async function sweepLeftovers(directory: string, options: RepairOptions, done: Repaired[]): Promise<void> {
  const {file, folderMode} = await inspect(directory);
  if (folderMode === null) return;
  const lock = await lookAtLock(lockOf(file));
  const left = await plainLeftovers(file);
  if (lock !== null && !lock.stale) {
    const who = lock.pid === null ? 'a process' : `process ${lock.pid}`;
    const more = [`See whether it is a jirakey of yours: ps -p ${lock.pid ?? 'PID'} -o pid,user,stat,lstart,args`];
    done.push({id: 'leftovers', state: 'left', text: `the lock is held by ${who}, which is alive`, more});
    return;
  }
  if (lock === null && left.length === 0) return;
  await withLock(directory, options.waitMs, async () => {});
  const names = [...(lock === null ? [] : [`the lock of process ${lock.pid ?? '?'}, which is gone`]), ...left];
  done.push({
    id: 'leftovers',
    state: 'repaired',
    text: `removed what a cut-off save left: ${names.join(', ')}`,
    more: [],
  });
}

/** Folders of such a name are not ours, and stay. */
async function plainLeftovers(file: string): Promise<string[]> {
  const names = new Set(await leftovers(file));
  return (await findSiblings(file))
    .filter(({name, mode, link}) => names.has(name) && (mode !== null || link))
    .map(({name}) => name);
}

/** A file that is damaged or missing, where the backup holds something. */
async function putBack(directory: string, options: RepairOptions, done: Repaired[]): Promise<void> {
  const {file, fileMode} = await inspect(directory);
  const damage = fileMode === null ? null : await damageOf(file);
  const saved = await savedInBackup(file);
  if (fileMode !== null && damage === null) return;
  if (saved === null || (saved === 0 && damage === null)) {
    if (damage !== null) done.push(withoutBackup(damage, file));
    return;
  }
  const from = (await stat(backupOf(file))).mtime;
  const what = damage === null ? `${file} is missing` : damage.message.split('. It was left')[0];
  const offer = `${backupOf(file)} of ${minuteText(from)} holds ${counted(saved)}`;
  const agreed = await options.consent({
    question: `${what}. ${offer}. Put it back?${damage === null ? '' : ' The damaged file is kept beside it.'}`,
    yes: 'Yes, put the backup back',
    no: 'No, leave it as it is',
  });
  if (!agreed) {
    const more = [`${offer}.`, `To put it back: ${agreeing(options.commandLine)}`];
    done.push({id: 'backup', state: 'left', text: `${what}`, more});
    return;
  }
  const kept = await withLock(directory, options.waitMs, (locked, guard) =>
    restoreKeeping(locked, guard, options.now()),
  );
  const more = kept.asideAs === null ? [] : [`The damaged file is kept: ${kept.asideAs}`];
  done.push({
    id: 'backup',
    state: 'repaired',
    text: `${file}: the backup of ${from} UTC is back, ${counted(saved)}`,
    more,
  });
}

const withoutBackup = (damage: StoreFault, file: string): Repaired => ({
  id: 'backup',
  state: 'left',
  text: damage.message,
  more: [`Plain jirakey offers to move it aside and to begin anew; nothing of it is deleted (${file}.damaged-…).`],
});
