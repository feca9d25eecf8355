/** Why the store or the seal could not be used. Each is also a failure code with a checklist of its own. */
export type StoreFaultCode =
  | 'passphrase-wrong'
  | 'store-changed'
  | 'store-damaged'
  | 'store-newer'
  | 'store-unsafe'
  | 'store-unwritable'
  | 'store-busy'
  | 'memory-too-small';

/**
 * A failure of the user's world that is thrown from the vault or the store. Its message is one line without secrets;
 * `facts` carries the real values (path, mode, errno, field) the checklist speaks of.
 */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';
  constructor(
    readonly code: StoreFaultCode,
    message: string,
    readonly facts: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** The command line or the input was wrong: exit 2. `hints` say what to do instead. */
export class UsageFault extends Error {
  override readonly name = 'UsageFault';
  constructor(
    message: string,
    readonly hints: readonly string[] = [],
  ) {
    super(message);
  }
}
