/** `--watch`: the same test again until it passes, and never where another try can only do harm. */
import {setTimeout as wait} from 'node:timers/promises';
import {Interrupted} from '../connection/interrupted.ts';
import {exit} from '../domain/exit.ts';
import {UsageFault} from '../domain/fault.ts';
import type {World} from '../world.ts';
import type {Verdict} from './trial.ts';
import type {Voice} from './voice.ts';

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

/** Causes in what was typed, found before anything was sent. */
const offline: readonly string[] = ['username-not-email', 'token-wrong-kind', 'url-invalid', 'url-insecure'];

/** Why another try would be wrong, or null. */
function reasonToStop({report, code, examination}: Verdict): string | null {
  const failed = report.failure?.code ?? '';
  if (failed === 'captcha-required') return 'Each further try would prolong the lock';
  if (examination === null || code === exit.usage || code === exit.store || offline.includes(failed)) {
    return 'This does not change by waiting';
  }
  // Data Center counts failed sign-ins with a password and locks the account behind a CAPTCHA after a few, whatever
  // name the failure has; Cloud is excepted only where it is surely Cloud.
  const refused = examination.seen.some(
    one => one.kind === 'answer' && one.purpose === 'sign-in' && one.status === 401,
  );
  if (refused && report.site.deployment !== 'cloud') return 'Repeated sign-ins could lock the account';
  return null;
}

/** Seconds a site asked to be left alone, from the last answer's Retry-After; only its number form is common. */
function asked({examination}: Verdict): number {
  const last = examination?.seen.at(-1);
  const text = last?.kind === 'answer' ? (last.headers['retry-after'] ?? '') : '';
  return /^\d{1,5}$/.test(text) ? Math.min(Number(text), 3600) : 0;
}

/** @returns the first verdict that passed, or the one after which another try would be wrong. @throws Interrupted */
export async function watch(
  once: () => Promise<Verdict>,
  {seconds, world, voice}: Interval & Readonly<{world: World; voice: Voice}>,
): Promise<Verdict> {
  for (;;) {
    const verdict = await once();
    if (verdict.report.outcome === 'passed' || verdict.report.failure === null) return verdict;
    const stop = reasonToStop(verdict);
    if (stop !== null) {
      voice.note(`${stop}, so watching ends here.`);
      return verdict;
    }
    const pause = Math.max(seconds, asked(verdict));
    voice.note(`Not yet: ${verdict.report.failure.title}. Again in ${pause} s; Ctrl-C leaves.`);
    try {
      await wait(pause * 1000, undefined, {signal: world.interrupted});
    } catch {
      throw new Interrupted();
    }
  }
}
