// Timing a whole process and telling the middle of several runs.
import {spawn} from 'node:child_process';
import {once} from 'node:events';

/** The median of numbers. */
export const median = numbers => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Milliseconds from start to end of a process. */
export async function timeOf(command, args, options = {}) {
  const begun = performance.now();
  const child = spawn(command, args, {stdio: 'ignore', ...options});
  await once(child, 'exit');
  return performance.now() - begun;
}

/** Milliseconds a piece of work takes. */
export async function timed(work) {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Medians of two things measured in turn, so that a slow moment of the machine falls on both. */
export async function inTurn(one, other, runs) {
  const ones = [];
  const others = [];
  for (let run = 0; run < runs; run++) {
    ones.push(await one());
    others.push(await other());
  }
  return [median(ones), median(others)];
}

export const row = (what, value, basis, ratio) =>
  `${what.padEnd(44)} ${`${value.toFixed(0)} ms`.padStart(9)}   ${ratio.toFixed(2)} × ${basis}`;
