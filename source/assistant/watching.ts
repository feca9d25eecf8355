/** The same test again and again until it passes, and never where another try could only do harm. */
import type {Seen} from '../diagnosis/evidence.ts';
import {askedPause, retryBlocker} from '../diagnosis/retry.ts';
import type {Effect} from './effects.ts';
import {ask, type Move, show, stay} from './move.ts';
import type {State, Watch} from './state.ts';

/** Seconds between two tests: slow enough not to look like an attack, quick enough to wait for. */
export const watchSeconds = 30;

/** The latest test failed, and trying it again may help. */
export function watchable(state: State): boolean {
  const result = state.trial?.status === 'failed' ? state.trial.result : null;
  return result !== null && result !== undefined && retryBlocker(result.report, result.seen) === null;
}

/** The state as watching begins, from the checklist of a test; the test is started by who asked for this. */
export function beginWatching(state: State): State {
  const {trial, trouble} = state;
  if (trial === null || trial.endedAt === null || trouble === null) return state;
  return {...state, watch: {tries: 1, since: trial.endedAt, next: null, latest: {trial, trouble}}};
}

/** One more try has failed, at this time. */
export function watchOn(state: State, watch: Watch, at: string): Move {
  const {trial, trouble} = state;
  if (trial?.result == null || trouble === null) return stay({...state, watch: null});
  const {report, seen} = trial.result;
  const reason = retryBlocker(report, seen);
  if (reason !== null) {
    return stay({...show(state, {at: 'checklist'}, [`Watching ends here. ${reason}.`]), watch: null});
  }
  return pause({...state, watch: {...watch, tries: watch.tries + 1, latest: {trial, trouble}}}, seen, at);
}

/** The first new test waits, too: the site has just asked for it. */
export function waitFirst(state: State): Move {
  const begun = beginWatching(state);
  const {trial} = begun;
  if (begun.watch === null || trial?.result == null || trial.endedAt === null) return stay(state);
  return pause(show(begun, {at: 'test'}), trial.result.seen, trial.endedAt);
}

/** Until the next test, counted from when the latest was over. */
function pause(state: State, seen: Seen, at: string): Move {
  if (state.watch === null) return stay(state);
  const seconds = Math.max(watchSeconds, askedPause(seen, new Date(at)));
  const next = new Date(Date.parse(at) + seconds * 1000).toISOString();
  const waiting: State = {...state, watch: {...state.watch, next}};
  return ask(waiting, 'waiting', seq => ({type: 'wait', seq, until: next}));
}

/** Back to the checklist of the latest test that was over; one that runs is given up. */
export function stopWatching(state: State): Move {
  const {watch, trial} = state;
  if (watch === null) return stay(state);
  const cancel: readonly Effect[] = trial?.status === 'running' ? [{type: 'cancel', what: 'test'}] : [];
  return [{...show(state, {at: 'checklist'}), watch: null, ...watch.latest}, cancel];
}
