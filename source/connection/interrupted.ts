/** Thrown when the caller's signal ended the work: no verdict was reached and none must be stored or shown. */
export class Interrupted extends Error {
  override readonly name = 'AbortError';
  constructor() {
    super('Interrupted.');
  }
}

/** @throws {Interrupted} when `signal` is aborted */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new Interrupted();
}
