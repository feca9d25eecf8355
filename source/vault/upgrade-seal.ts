/** Seals of a lower work factor (made where memory was short, or by an older program) are made anew at today's. */
import type {Secret} from '../domain/secret.ts';
import {open, saltOf, seal, workFactorOf} from './seal.ts';
import {SealFault} from './seal-fault.ts';
import {notedPassphrase} from './seals-to-upgrade.ts';
import {chooseWorkFactor, fullWorkFactor} from './work-factor.ts';

export type Raised = Readonly<{sealed: string; from: number; to: number; passphrase: Secret}>;

/**
 * The same content under the same passphrase at the highest work factor the memory allows.
 * @param logN work factor to seal with instead
 * @returns null for a seal that was not opened in this process, needs no raising, or cannot have it here and now
 */
export async function raised(sealed: string, logN?: number): Promise<Raised | null> {
  const [from, salt] = [workFactorOf(sealed), saltOf(sealed)];
  if (from === null || salt === null || from >= (logN ?? fullWorkFactor)) return null;
  const passphrase = notedPassphrase(salt);
  if (passphrase === null) return null;
  try {
    const to = logN ?? chooseWorkFactor().logN;
    if (to <= from) return null;
    const content = await open(sealed, passphrase);
    return {sealed: await seal(content, passphrase, {logN: to}), from, to, passphrase};
  } catch (error) {
    // The last try may have been a wrong passphrase, and memory may be short: then it stays as it is.
    if (error instanceof SealFault) return null;
    throw error;
  }
}
