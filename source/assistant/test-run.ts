/** The connection test, what follows from it, and saving. */
import type {Failure} from '../diagnosis/test-report.ts';
import {onlyHere, withOnlyHere} from '../domain/connection-choice.ts';
import {keepDraft, sealable, targetOf} from './draft-keeping.ts';
import type {Effect} from './effects.ts';
import type {WorldEvent} from './events.ts';
import {and, ask, awaited, type Move, show, stay} from './move.ts';
import {fieldsToFix} from './remedy.ts';
import {givenOf, keepsDraft, type State, type StepState, type Trial} from './state.ts';
import {tryInstead} from './trying-addresses.ts';
import {stopWatching, watchOn} from './watching.ts';

type Of<T extends WorldEvent['type']> = Extract<WorldEvent, {type: T}>;

const waiting: Trial['steps'] = {
  dns: 'waiting',
  connect: 'waiting',
  tls: 'waiting',
  site: 'waiting',
  'sign-in': 'waiting',
  account: 'waiting',
  permissions: 'waiting',
  feeds: 'waiting',
};

/** Runs the test on the answers as they are. Only called when none is missing; otherwise nothing changes. */
export function startTest(state: State, notices: readonly string[] = []): Move {
  const target = targetOf(state);
  if (target === null) return stay(state);
  const seq = state.seq + 1;
  const trial: Trial = {seq, status: 'running', steps: waiting, result: null, endedAt: null};
  return [{...show(state, {at: 'test'}, notices), seq, trial, trouble: null}, [{type: 'examine', seq, target}]];
}

export function stepped(state: State, {seq, event}: Of<'stepped'>): Move {
  const {trial} = state;
  if (trial?.seq !== seq || trial.status !== 'running') return stay(state);
  const [id, step]: [keyof Trial['steps'], StepState] =
    event.type === 'started' ? [event.id, 'running'] : [event.step.id, event.step];
  return stay({...state, trial: {...trial, steps: {...trial.steps, [id]: step}}});
}

/** The test is over: a pass is saved at once, a failure brings its checklist, or while watching the next try. */
export function examined(state: State, {seq, examination, at, here}: Of<'examined'>): Move {
  const {trial} = state;
  if (trial?.seq !== seq || trial.status !== 'running') return stay(state);
  const {report, scheme, route, cloudId, toldExpiry} = examination;
  const steps = {...trial.steps, ...Object.fromEntries(report.steps.map(step => [step.id, step]))};
  const over = {...trial, steps, result: examination, endedAt: at};
  if (report.failure !== null) return failed(state, {...over, status: 'failed'}, report.failure, at);
  const expiresAt = toldExpiry ?? state.answers.expiresAt;
  const passed: State = {
    ...state,
    watch: null,
    row: null,
    answers: {...state.answers, scheme, route, cloudId, expiresAt},
    trial: {...over, status: 'passed'},
    // The practice has ways of its own, which no job has.
    onlyHere:
      here === undefined || state.start.practice !== null
        ? null
        : onlyHere(here, givenOf(state), state.answers.connection),
  };
  return save(passed, 'passed', null);
}

function failed(state: State, trial: Trial, failure: Failure, at: string): Move {
  const {row, answers} = state;
  const same = row?.code === failure.code;
  const next: State = {
    ...state,
    trial,
    trouble: {failure, about: 'test'},
    ticked: same ? state.ticked : [],
    row: same ? {...row, tries: row.tries + 1} : {code: failure.code, since: at, tries: 1},
    rejected: fieldsToFix(failure.code).includes('token') ? (answers.token?.token ?? null) : state.rejected,
  };
  return state.watch === null ? tryInstead(show(next, {at: 'checklist'})) : watchOn(next, state.watch, at);
}

/** Ctrl-C during the test: it stops, the assistant goes on. While watching the checklist comes back. */
export function stopTest(state: State): Move {
  if (state.watch !== null) return stopWatching(state);
  const {trial} = state;
  if (trial?.status !== 'running') return stay(state);
  return [{...state, trial: {...trial, status: 'stopped'}}, [{type: 'cancel', what: 'test'}]];
}

/** Seals and writes the credential as answered. */
export function save(state: State, outcome: 'passed' | 'untested', code: string | null): Move {
  const {token, passphrase} = state.answers;
  if (token === null || passphrase === null) return stay(state);
  return ask(state, 'saving', seq => ({
    type: 'save',
    seq,
    content: sealable(state),
    token: token.token,
    passphrase,
    outcome,
    code,
    replaces: state.savedAs ?? state.start.edit?.name ?? null,
  }));
}

export function saved(state: State, {seq, name}: Of<'saved'>): Move {
  if (!awaited(state, seq)) return stay(state);
  const effects: readonly Effect[] = keepsDraft(state) ? [{type: 'clear-draft'}] : [];
  const again = state.savedAs !== null;
  const done: State = {
    ...show(state, {at: 'done'}, again ? ['The connection settings are kept with it now.'] : []),
    savedAs: name,
    onlyHere: again ? null : state.onlyHere,
    trouble: null,
    draftKept: false,
    draftTrouble: null,
  };
  return state.leaving ? and(finish(done), effects) : [done, effects];
}

/** The name was taken by another jirakey meanwhile. */
export function saveRefused(state: State, {seq, reason}: Of<'save-refused'>): Move {
  if (!awaited(state, seq)) return stay(state);
  if (state.leaving) return leave(state, 'interrupted');
  return stay({...show(state, {at: 'field', field: 'name'}), home: 'test', error: reason});
}

/** Saves once more, with what only variables of this shell have said so far: cron has none of them. */
export function keepConnection(state: State): Move {
  const {onlyHere: found, answers} = state;
  if (found === null || state.savedAs === null) return stay(state);
  const connection = withOnlyHere(answers.connection, found);
  const [saving, effects] = save({...state, answers: {...answers, connection}}, 'passed', null);
  return [{...saving, answers}, effects];
}

export function saveFailed(state: State, {seq, failure}: Of<'save-failed'>): Move {
  if (!awaited(state, seq)) return stay(state);
  // It is saved already; only what was to be added is not.
  if (state.savedAs !== null) return stay({...state, pending: null, notices: [`Not kept: ${failure.title}`]});
  const unsaved: State = {...show(state, {at: 'checklist'}), trouble: {failure, about: 'save'}};
  return state.leaving ? leave(unsaved, 'interrupted') : stay(unsaved);
}

/** Saves what did not pass, marked untested. */
export function saveAnyway(state: State): Move {
  return save(state, 'untested', state.trial?.result?.report.failure?.code ?? null);
}

/** Ends with the credential saved. */
export const finish = (state: State): Move => [
  show(state, {at: 'ended', ending: 'saved'}),
  [{type: 'leave', ending: 'saved'}],
];

/** Ends with what there is; the draft stays. */
export function leave(state: State, ending: 'left' | 'interrupted'): Move {
  const effects: Effect[] = state.trial?.status === 'running' ? [{type: 'cancel', what: 'test'}] : [];
  if (state.start.edit !== undefined) {
    // Who leaves gives the changes up; who is interrupted finds them again.
    if (ending === 'left' && state.draftKept) effects.push({type: 'clear-draft'});
    return [{...show(state, {at: 'ended', ending})}, [...effects, {type: 'leave', ending}]];
  }
  // A token that is not sealed yet, because its draft could not be written, gets one more chance.
  if (state.answers.token && !state.draftKept) effects.push(...keepDraft(state));
  return [{...show(state, {at: 'ended', ending})}, [...effects, {type: 'leave', ending}]];
}
