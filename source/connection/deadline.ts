import {setMaxListeners} from 'node:events';
import type {Stage} from '../diagnosis/evidence.ts';
import {Broken} from './broken.ts';

/**
 * One span of time for everything a test does: when it is over, or the caller's signal fires, every socket and request
 * that holds its `signal` ends at once.
 */
export class Deadline {
  readonly signal: AbortSignal;
  readonly #own = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #end: number;

  /**
   * @param ms the whole span, milliseconds
   * @param outer the caller's signal
   */
  constructor(
    ms: number,
    readonly outer: AbortSignal,
  ) {
    this.#end = performance.now() + ms;
    this.#timer = setTimeout(() => this.#own.abort(), ms);
    this.signal = AbortSignal.any([this.#own.signal, outer]);
    // Every parallel request listens to it; Node would take more than ten for a leak and say so on the screen.
    setMaxListeners(0, this.signal);
  }

  /** Milliseconds left, never negative. */
  remaining(): number {
    return Math.max(0, this.#end - performance.now());
  }

  /** A shorter span inside this one, for a probe that must leave time for the verdict. Stop it when done. */
  within(ms: number): Deadline {
    return new Deadline(Math.min(ms, this.remaining()), this.signal);
  }

  /** Ends everything that still hangs on this span, and the timer. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#own.abort();
  }

  /**
   * `work`, or a `Broken` TIMEOUT at `stage` when the span ends first. For work that cannot be aborted itself.
   * @throws {Broken}
   */
  async limit<T>(stage: Stage, work: Promise<T>): Promise<T> {
    const {promise, release} = this.ends(stage);
    work.catch(() => undefined);
    try {
      return await Promise.race([work, promise]);
    } finally {
      release();
    }
  }

  /** A promise that rejects with `Broken` TIMEOUT at `stage` when the span ends; `release` takes its listener away. */
  ends(stage: Stage): {promise: Promise<never>; release: () => void} {
    let listener = (): void => undefined;
    const promise = new Promise<never>((_resolve, reject) => {
      listener = () => reject(new Broken(stage, 'TIMEOUT', 'No answer in time.'));
      if (this.signal.aborted) listener();
      else this.signal.addEventListener('abort', listener, {once: true});
    });
    promise.catch(() => undefined);
    return {promise, release: () => this.signal.removeEventListener('abort', listener)};
  }
}
