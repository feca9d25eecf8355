/** What the vault throws, as faults of the store whose seal it was. */
import {type Clean, clean} from '../domain/clean.ts';
import {type ProblemOf, StoreFault} from '../domain/fault.ts';
import {SealFault} from '../vault/seal-fault.ts';
import {backupState} from './rescue.ts';

export type SealedThing = Readonly<{
  /** Name of the credential whose seal it is, where it was not the whole store's. */
  of: Clean | null;
  /** As a noun: “the draft”. */
  what: Clean;
}>;

export const wholeStore: SealedThing = {of: null, what: clean('the key')};
export const theDraft: SealedThing = {of: null, what: clean('the draft')};
export const credentialNamed = (name: string): SealedThing => ({
  of: clean(name, 80),
  what: clean(`the saved credential “${clean(name, 80)}”`),
});

/** @param file the store's */
export async function withFile<Result>(
  work: () => Promise<Result>,
  file: string,
  thing: SealedThing = wholeStore,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof SealFault ? await faultFor(error, file, thing) : error;
  }
}

async function faultFor({problem}: SealFault, path: string, thing: SealedThing): Promise<StoreFault> {
  switch (problem.code) {
    case 'does-not-open':
      return wrongPassphrase(path, thing, 'does-not-open');
    case 'not-ours':
      return notOurs(path, thing);
    case 'malformed': {
      const backup = await backupState(path);
      return new StoreFault({code: 'store-damaged', path, backup, reason: clean(problem.reason), part: 'seal'});
    }
    case 'memory-too-small':
      return new StoreFault({...problem, path});
  }
}

export async function wrongPassphrase(
  path: string,
  {of}: SealedThing,
  state: ProblemOf<'passphrase-wrong'>['state'],
): Promise<StoreFault> {
  return new StoreFault({code: 'passphrase-wrong', path, backup: await backupState(path), of, state});
}

/** A seal that somebody else made. */
export async function notOurs(path: string, {what}: SealedThing): Promise<StoreFault> {
  return new StoreFault({code: 'store-changed', path, backup: await backupState(path), what, fields: []});
}
