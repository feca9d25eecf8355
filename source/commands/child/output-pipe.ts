/**
 * A real pipe for what a program prints. Node makes sockets, and a socket cannot be opened anew by its name: `/dev/stdout`
 * and `/dev/stderr` fail with ENXIO there (unix(7)). A named pipe whose name is gone again is a pipe like any other.
 */
import {spawnSync} from 'node:child_process';
import {closeSync, constants, fstatSync, mkdtempSync, openSync, rmSync} from 'node:fs';
import {Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {World} from '../../world.ts';

export type OutputPipe = Readonly<{
  reader: Socket;
  /** For the program; closed here once it has it. */
  writer: number;
}>;

/** @returns null where none can be made: no `mkfifo`, or no folder to make it in */
export function makeOutputPipe(env: World['env']): OutputPipe | null {
  for (const place of [env.XDG_RUNTIME_DIR ?? '', tmpdir()]) {
    const pipe = place === '' ? null : pipeIn(place);
    if (pipe !== null) return pipe;
  }
  return null;
}

function pipeIn(place: string): OutputPipe | null {
  let folder: string | null = null;
  const opened: number[] = [];
  try {
    folder = mkdtempSync(join(place, 'jirakey-pipe-'));
    const path = join(folder, 'pipe');
    if (spawnSync('mkfifo', ['-m', '600', path], {stdio: 'ignore'}).status !== 0) return null;
    // Our end first, and without waiting for the other one (fifo(7)).
    opened.push(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
    opened.push(openSync(path, constants.O_WRONLY));
    const [fd = -1, writer = -1] = opened;
    return {reader: new Socket({fd, readable: true, writable: false}), writer};
  } catch {
    for (const fd of opened) closeSync(fd);
    return null;
  } finally {
    if (folder !== null) rmSync(folder, {recursive: true, force: true});
  }
}

/** Two descriptors lead to one place, as after `2>&1`: then one pipe keeps the order of what is written to both. */
export function leadToOnePlace(one: number, other: number): boolean {
  try {
    const [a, b] = [fstatSync(one), fstatSync(other)];
    return a.dev === b.dev && a.ino === b.ino && a.rdev === b.rdev;
  } catch {
    return false;
  }
}
