// How fast exec's mask passes output on, of the kinds that programs print, as a ratio to its goal.
import {randomBytes} from 'node:crypto';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {bundled} from './bundled.mjs';
import {median} from './measure.mjs';

/** Bytes a second. */
const goal = 50e6;
const chunkBytes = 64 * 1024;
const rounds = 200;

const filled = text => Buffer.from(text.repeat(Math.ceil(chunkBytes / text.length))).subarray(0, chunkBytes);
const kinds = [
  ['log lines', filled('2026-11-27T09:00:00Z INFO request served in 12 ms path=/rest/api/2/issue/ABC-123 user=you\n')],
  ['JSON', filled('{"key":"ABC-123","fields":{"summary":"Printer \\u00fc%20on fire","votes":0}},')],
  ['random bytes', randomBytes(chunkBytes)],
];

export async function masking() {
  const folder = await mkdtemp(join(tmpdir(), 'jirakey-bench-'));
  try {
    const {Mask} = await bundled(folder, 'mask', "export {Mask} from './source/commands/child/mask.ts';");
    return kinds.map(([what, chunk]) => told(what, median([1, 2, 3].map(() => speedOf(Mask, chunk)))));
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/** Bytes a second of processor time, so that work going on beside it does not count. */
function speedOf(Mask, chunk) {
  const mask = new Mask([`ATATT3xFfGF0${randomBytes(128).toString('base64url')}=0123ABCD`]);
  const begun = process.cpuUsage();
  for (let round = 0; round < rounds; round++) Buffer.from(mask.push(chunk.toString('latin1')), 'latin1');
  const {user, system} = process.cpuUsage(begun);
  return (rounds * chunk.length * 1e6) / (user + system);
}

const told = (what, speed) =>
  `${`exec masks ${what}`.padEnd(44)} ${`${(speed / 1e6).toFixed(0)} MB/s`.padStart(9)}   ${(speed / goal).toFixed(2)} × the goal of 50 MB/s`;
