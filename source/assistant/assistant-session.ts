/** The running assistant: holds the state, takes events, and has the effects performed. Knows no screen. */
import type {SavedCredential} from '../domain/credential.ts';
import type {Event} from './events.ts';
import {Performer} from './perform.ts';
import type {Ports} from './ports.ts';
import type {Start, State} from './state.ts';
import {begin, transition} from './transition.ts';

export type SessionEnd = Readonly<{
  /** The assistant is over; everything that had to be written is written. */
  onEnd: (state: State) => void;
  /** An error that is a fault of this program. */
  onBug: (error: unknown) => void;
}>;

export class Session {
  #state: State;
  readonly #listeners = new Set<() => void>();
  readonly #performer: Performer;

  constructor(start: Start, ports: Ports, end: SessionEnd) {
    const edit: SavedCredential | null = start.edit ?? null;
    this.#performer = new Performer(ports, {
      edit,
      draft: start.draft,
      tell: event => this.dispatch(event),
      onLeave: () => end.onEnd(this.#state),
      onBug: end.onBug,
    });
    const [state, effects] = begin(start, {
      now: ports.now(),
      offersPractice: ports.practise !== null && start.practice === null,
      mendable: ports.mend !== null,
    });
    this.#state = state;
    for (const effect of effects) this.#performer.perform(effect);
  }

  readonly state = (): State => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly dispatch = (event: Event): void => {
    const [state, effects] = transition(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#performer.perform(effect);
    for (const listener of [...this.#listeners]) listener();
  };

  /** Ends at once, as a signal does: what is under way is given up, what is being written is written. */
  async halt(): Promise<void> {
    await this.#performer.halt();
  }
}
