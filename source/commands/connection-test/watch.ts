/** `--watch`: the same test again until it passes, and never where another try can only do harm. */
import {setTimeout as wait} from 'node:timers/promises';
import {Interrupted} from '../../connection/interrupted.ts';
import {ordinal, span} from '../../diagnosis/past-text.ts';
import {askedPause, retryBlocker} from '../../diagnosis/retry.ts';
import {UsageFault} from '../../domain/fault.ts';
import type {World} from '../../world.ts';
import type {Printer} from '../output/printer.ts';
import type {Verdict} from './connection-test.ts';

const usualSeconds = 15;
const longestSeconds = 86_400;

export type Interval = Readonly<{seconds: number}>;

/** @param text what `--watch` was given; '' without a number. @throws UsageFault */
export function intervalOf(text: string | undefined): Interval | null {
  if (text === undefined) return null;
  const seconds = text === '' ? usualSeconds : Number(text);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > longestSeconds) {
    throw new UsageFault(`--watch takes whole seconds from 1 to ${longestSeconds}.`);
  }
  return {seconds};
}

/**
 * Tells each try in one line: on a slow link, and in a log, that is all there is to see.
 * @returns the first verdict that passed, or the one after which another try would be wrong. @throws Interrupted
 */
export async function watch(
  once: () => Promise<Verdict>,
  {seconds, world, printer}: Interval & Readonly<{world: World; printer: Printer}>,
): Promise<Verdict> {
  let first: string | null = null;
  let before: string | null = null;
  for (let tries = 1; ; tries += 1) {
    const verdict = await once();
    const {report, examination} = verdict;
    const now = world.now();
    first ??= now.toISOString();
    const counted = `${ordinal(tries)} try, ${span(first, now.toISOString())} since the first`;
    if (report.failure === null) {
      if (tries > 1) printer.note(`Passed: ${counted} (${first.slice(11, 19)} UTC).`);
      return verdict;
    }
    const seen = examination?.seen ?? [];
    const stop = retryBlocker(report, seen);
    if (stop !== null) {
      printer.note(`${stop}, so watching ends here${tries > 1 ? ` (${counted})` : ''}.`);
      return verdict;
    }
    const pause = Math.max(seconds, askedPause(seen, now));
    const {code, title} = report.failure;
    const what = code === before ? `still ${code}` : title;
    const count = tries === 1 ? '' : ` ${counted}.`;
    printer.note(`Not yet: ${what}.${count} Again in ${pause} s; Ctrl-C leaves.`);
    before = code;
    await pauseFor(pause, world);
  }
}

async function pauseFor(seconds: number, world: World): Promise<void> {
  try {
    await wait(seconds * 1000, undefined, {signal: world.interrupted});
  } catch {
    throw new Interrupted();
  }
}
