/** The small steps every transition is made of: showing a screen, asking the world, refusing an answer. */
import type {Effect} from './effects.ts';
import type {Pending, Screen, State} from './state.ts';

/** What comes of an event: the next state, and what is asked of the world. */
export type Move = readonly [State, readonly Effect[]];

export const stay = (state: State): Move => [state, []];

/** Shows a screen. What was under way for the old one is given up: its answer will be ignored. */
export const show = (state: State, screen: Screen, notices: readonly string[] = []): State => ({
  ...state,
  screen,
  notices,
  error: null,
  help: false,
  pending: null,
});

/** Says why the answer was not taken and asks again. */
export const refuse = (state: State, error: string): Move => stay({...state, error, pending: null});

/** A question to the world whose answer is awaited on this screen. */
export function ask(state: State, what: Pending['what'], effect: (seq: number) => Effect): Move {
  const seq = state.seq + 1;
  return [{...state, seq, error: null, pending: {seq, what}}, [effect(seq)]];
}

/** The answer with this number is the one awaited. */
export const awaited = (state: State, seq: number): boolean => state.pending?.seq === seq;

export const and = (move: Move, effects: readonly Effect[]): Move => [move[0], [...effects, ...move[1]]];
