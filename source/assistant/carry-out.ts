/** Carrying out a remedy: each leads to where its answer is given, and from there back to the test or the probe. */

import {fieldOf, type Remedy} from '../diagnosis/remedy.ts';
import type {Action} from '../diagnosis/test-report.ts';
import {acceptText, lookAt} from './fields.ts';
import {adminsAsked, openMessage} from './message-to-admin.ts';
import {type Move, show, stay} from './move.ts';
import {goTo} from './navigation.ts';
import {actionsShown} from './remedy.ts';
import {showSetting} from './setting-answers.ts';
import type {Goal, State} from './state.ts';
import {save, saveAnyway, startTest} from './test-run.ts';
import {waitFirst} from './watching.ts';

/** Where the walk goes on once the site is reached; null when a test is on the screen. */
const nextOf = ({screen}: State): Goal | null => (screen.at === 'site-wrong' ? screen.next : null);

/** @param value what the remedy takes, where that was found */
export function carryOut(state: State, remedy: Remedy, value?: string): Move {
  const next = nextOf(state);
  const begun: State = {...state, ...(next === null ? {home: 'test'} : {}), proposed: null};
  const field = fieldOf(remedy);
  if (field !== null) {
    const proposed = value === undefined ? null : {field, value};
    return next === null ? goTo({...begun, proposed}, field) : stay(show({...begun, proposed}, {at: 'field', field}));
  }
  switch (remedy) {
    case 'use-url':
      return value === undefined ? carryOut(state, 'field:url') : acceptText(begun, 'url', value);
    case 'proxy':
    case 'ca':
    case 'address':
      return showSetting(begun, remedy, next);
    case 'wait':
      return next === null ? waitFirst(state) : probeAgain(state, next);
    case 'store':
      return state.trouble?.about === 'save' ? saveAgain(state) : typePassphrase(state);
    default:
      return next === null ? startTest(state) : probeAgain(state, next);
  }
}

export const probeAgain = (state: State, next: Goal): Move =>
  lookAt(state, null, looking => stay(show(looking, {at: 'site-wait', next})));

/** With the outcome it had: only a credential whose test passed is saved as passed. */
export const saveAgain = (state: State): Move =>
  state.trial?.status === 'passed' ? save(state, 'passed', null) : saveAnyway(state);

export const typePassphrase = (state: State): Move =>
  stay(show({...state, trouble: null}, {at: 'field', field: 'passphrase'}));

/** Before a secret was asked there is none to fix. */
export function isOfUse(state: State, remedy: Remedy): boolean {
  const field = fieldOf(remedy);
  if (field === 'passphrase') return false;
  return nextOf(state) === null || field === null || field === 'url';
}

/** What Enter on an action does. */
export type Doing =
  | Readonly<{does: 'remedy'; remedy: Remedy; value?: string}>
  | Readonly<{does: 'message'}>
  | Readonly<{does: 'copy'; text: string}>
  | Readonly<{does: 'tick'}>;

export function doingOf(state: State, {remedy, value, who, command, url}: Action): Doing {
  if (remedy !== undefined && isOfUse(state, remedy)) {
    return {does: 'remedy', remedy, ...(value === undefined ? {} : {value})};
  }
  if (who !== 'you' && adminsAsked(state).includes(who)) return {does: 'message'};
  const text = command ?? url;
  return text === undefined ? {does: 'tick'} : {does: 'copy', text};
}

/** An action of the checklist on the screen: carried out, copied, or ticked off. */
export function work(state: State, verb: 'do' | 'copy' | 'tick', index: number): Move {
  const action = actionsShown(state)[index];
  if (action === undefined) return stay(state);
  if (verb === 'tick') return tick(state, index);
  if (verb === 'copy') return copy(state, action.command ?? action.url);
  const doing = doingOf(state, action);
  switch (doing.does) {
    case 'remedy':
      return carryOut(state, doing.remedy, doing.value);
    case 'message':
      return action.who === 'you' ? stay(state) : openMessage(state, action.who);
    case 'copy':
      return copy(state, doing.text);
    case 'tick':
      return tick(state, index);
  }
}

const tick = (state: State, index: number): Move =>
  stay({
    ...state,
    ticked: state.ticked.includes(index) ? state.ticked.filter(each => each !== index) : [...state.ticked, index],
  });

const copy = (state: State, text: string | undefined): Move =>
  text === undefined ? stay(state) : [state, [{type: 'copy', text}]];
