/** How hard a passphrase is to guess: the scrypt work factor, bounded by the memory this machine can spare. */
import {memoryAvailable} from './available-memory.ts';
import {SealFault} from './seal-fault.ts';

/** Set by the build of the tests alone, which seal thousands of times; in what ships it does not exist. */
declare const JIRAKEY_TEST_WORK_FACTOR: number;

/** The factor of new seals, age's own default: 2^18 rounds, 0.65 s and 256 MiB. */
export const fullWorkFactor = 18;
/** The least this program seals with; below it a stolen file is too cheap to search. */
export const leastWorkFactor = 16;
const sealsAt = typeof JIRAKEY_TEST_WORK_FACTOR === 'number' ? JIRAKEY_TEST_WORK_FACTOR : fullWorkFactor;
/** The most it opens: 2^20 needs 1 GiB, and a forged file must not be able to ask for more. */
export const greatestWorkFactor = 20;

// What the process takes beside scrypt's own block while that runs. Measured in a control group: 0.3 MiB. (What it has
// taken before is in what is no longer available.)
const headroom = 4 * 1024 * 1024;
const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;

/** Bytes scrypt allocates: 128 · N · r with r = 8 (RFC 7914). */
export const memoryFor = (logN: number): number => 2 ** logN * 1024;

const fits = (logN: number, available: number): boolean => memoryFor(logN) + headroom <= available;

/**
 * The work factor a new seal gets here, and a sentence to show when it is a lower one than usual.
 * @param available bytes of memory that can be taken
 * @param full the factor where memory allows it
 * @throws StoreFault memory-too-small where even the least factor does not fit
 */
export function chooseWorkFactor(
  available: number = memoryAvailable(),
  full: number = sealsAt,
): {logN: number; notice: string | null} {
  for (let logN = full; logN >= Math.min(full, leastWorkFactor); logN--) {
    if (!fits(logN, available)) continue;
    if (logN === full) return {logN, notice: null};
    const times = 2 ** (full - logN);
    const notice = `Only ${mebibytes(available)} of memory are free, so this seal is ${times} times cheaper to guess (work factor ${logN} of ${full}). Choose a long passphrase.`;
    return {logN, notice};
  }
  throw tooSmall(leastWorkFactor, available);
}

/**
 * Makes sure the key derivation of an existing seal fits before it starts.
 * @throws SealFault memory-too-small
 */
export function requireMemory(logN: number, available: number = memoryAvailable()): void {
  if (!fits(logN, available)) throw tooSmall(logN, available);
}

/** @param available bytes that are free; less than `logN` needs, whatever was thought before */
export function tooSmall(logN: number, available: number = memoryAvailable()): SealFault {
  const needed = mebibytes(memoryFor(logN) + headroom);
  return new SealFault({code: 'memory-too-small', needed, available: mebibytes(available), workFactor: logN});
}
