// Node's own hook for util.inspect and console.log; named by symbol so that this room needs no node: import.
const inspectHook = Symbol.for('nodejs.util.inspect.custom');

/**
 * A token or passphrase in memory. Every accidental way out (string interpolation, JSON, `util.inspect`) shows a mask;
 * the only way in is `reveal()`, so that `grep reveal` lists every place where a secret is used.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself. Call it at the last moment and keep the result in no variable that outlives the call. */
  reveal(): string {
    return this.#value;
  }

  /** Length in UTF-16 units. */
  get length(): number {
    return this.#value.length;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspectHook](): string {
    return '[secret]';
  }
}
