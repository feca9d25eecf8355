/** Why a seal could not be opened or made. The vault knows no file; who does says which one it was. */
export type SealProblem =
  /** A wrong passphrase and a changed header cannot be told apart: both just do not open. */
  | Readonly<{code: 'does-not-open'}>
  /** Sealed to another key, or by somebody who has not this one. */
  | Readonly<{code: 'not-ours'}>
  /** `reason` is ours: it repeats nothing of the file. */
  | Readonly<{code: 'malformed'; reason: string}>
  | Readonly<{code: 'memory-too-small'; needed: string; available: string; workFactor: number}>;

export class SealFault extends Error {
  override readonly name = 'SealFault';
  constructor(readonly problem: SealProblem) {
    super(sentenceOf(problem));
  }
}

function sentenceOf(problem: SealProblem): string {
  switch (problem.code) {
    case 'does-not-open':
      return 'The seal does not open: wrong passphrase, or it was changed';
    case 'not-ours':
      return 'The seal was not made by this store';
    case 'malformed':
      return `The seal cannot be read: ${problem.reason}`;
    case 'memory-too-small':
      return `The key derivation needs ${problem.needed} of memory, and ${problem.available} are free`;
  }
}
