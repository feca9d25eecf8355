/** The order of the questions: what comes next, what came before, and what must be clear before a secret is asked. */
import {catalogue} from '../diagnosis/catalogue/index.ts';
import {type FieldId, fields} from '../domain/field.ts';
import {checkName} from '../domain/name.ts';
import {checkUsername} from '../domain/username.ts';
import {type Prerequisite, prerequisites} from '../prerequisites/prerequisites.ts';
import {keepDraft} from './draft-keeping.ts';
import type {Effect} from './effects.ts';
import {type Move, show, stay} from './move.ts';
import {type Answers, deploymentOf, type Goal, type Question, type Screen, type State, unlocks} from './state.ts';
import {startTest} from './test-run.ts';
import {tryInstead} from './trying-addresses.ts';

/** The prerequisites of what is known so far. */
export const prerequisitesOf = (state: State): readonly Prerequisite[] =>
  prerequisites({
    connector: state.answers.connector ?? 'jira-software',
    deployment: deploymentOf(state),
    practice: state.start.practice !== null,
  });

/** Names that are taken; a credential being edited may keep its own. */
export const takenNames = (state: State): readonly string[] =>
  state.start.existing.map(({name}) => name).filter(name => name !== state.start.edit?.name);

/** Why the site should not get a token, as far as known; null when nothing speaks against it. */
export function doubtAboutSite(state: State): Readonly<{title: string; proven: boolean}> | null {
  const failure = state.look?.result?.failure;
  if (failure && catalogue[failure.code].stopsAtUrl)
    return {title: failure.title, proven: failure.certainty === 'proven'};
  return state.lookalike === null ? null : {title: state.lookalike, proven: false};
}

/** Shows a prerequisite and runs its check. */
export function showPrerequisite(state: State, index: number, next: Goal | null = null): Move {
  const list = prerequisitesOf(state);
  const item = list[index];
  if (!item) return goTo(state, 'name');
  const shown = {...show(state, {at: 'prerequisite', index, next}), prerequisiteIndex: index};
  return [shown, item.check ? [{type: 'check', id: item.check}] : []];
}

/** Heads for a field or the test; stops where something must be clear first. */
export function goTo(state: State, goal: Goal, notices: readonly string[] = []): Move {
  const stop = gate(state, goal, notices);
  if (stop) return stop;
  if (goal === 'test') return startTest(state, notices);
  const shown = show(state, {at: 'field', field: goal}, notices);
  return [shown, entering(shown, goal)];
}

/** A new store gets a generated passphrase offered. */
const entering = (state: State, field: FieldId): readonly Effect[] =>
  field === 'passphrase' && !unlocks(state) && state.generated === null ? [{type: 'generate-passphrase'}] : [];

const asksSecrets = (goal: Goal): boolean => goal === 'passphrase' || goal === 'token' || goal === 'test';

function gate(state: State, goal: Goal, notices: readonly string[]): Move | null {
  if (goal === 'username' && state.home === 'walk') return wrongSite(state, goal) ?? unlooked(state, goal, notices);
  if (!asksSecrets(goal) || state.home === 'questions') return goal === 'test' ? missing(state) : null;
  const store = prerequisitesOf(state).findIndex(item => item.check === 'store');
  if (state.checks.store?.state === 'failed') return showPrerequisite(state, store, goal);
  const wrong = wrongSite(state, goal);
  if (wrong !== null) return wrong;
  if (goal === 'passphrase') return null;
  return unlooked(state, goal, notices) ?? unfitUsername(state) ?? (goal === 'test' ? missing(state) : null);
}

const wrongSite = (state: State, next: Goal): Move | null =>
  doubtAboutSite(state) && !state.siteAccepted ? tryInstead(show(state, {at: 'site-wrong', next})) : null;

/** The probe has not come back, and the user has not said that they do not wait. */
const unlooked = (state: State, next: Goal, notices: readonly string[]): Move | null =>
  state.look && state.look.result === null && !state.lookWaived
    ? stay(show(state, {at: 'site-wait', next}, notices))
    : null;

/** The look may have found Cloud after a login name was given. */
function unfitUsername(state: State): Move | null {
  const {username} = state.answers;
  if (username === null) return null;
  const checked = checkUsername(username, deploymentOf(state));
  if (checked.ok) return null;
  return stay({...show(state, {at: 'field', field: 'username'}), error: checked.reason});
}

/** Sends back to the first answer the test cannot do without. */
function missing(state: State): Move | null {
  const question = firstMissing(state.answers);
  if (question === 'connector') return stay(show(state, {at: 'connector'}));
  if (question !== null) return goTo({...state, home: state.home === 'questions' ? 'questions' : 'walk'}, question);
  const name = checkName(state.answers.name ?? '', takenNames(state));
  return name.ok ? null : stay({...show(state, {at: 'field', field: 'name'}), home: 'test', error: name.reason});
}

/** The first question without an answer, of those that need one. */
export function firstMissing(answers: Answers): Question | null {
  if (answers.connector === null) return 'connector';
  if (answers.name === null) return 'name';
  if (answers.site === null) return 'url';
  if (answers.username === null) return 'username';
  if (answers.passphrase === null) return 'passphrase';
  return answers.token === null ? 'token' : null;
}

/** An answer was taken: keeps it and goes where it leads. */
export function onward(state: State, from: FieldId, notices: readonly string[] = []): Move {
  const effects = keepDraft(state);
  const [next, more] =
    state.home === 'questions'
      ? stay(show(state, {at: 'questions'}, notices))
      : goTo(state, state.home === 'test' ? 'test' : (fields[fields.indexOf(from) + 1] ?? 'test'), notices);
  return [next, [...effects, ...more]];
}

/** The connector was chosen. */
export function afterConnector(state: State): Move {
  const effects = keepDraft(state);
  const [next, more] =
    state.home === 'questions'
      ? stay(show(state, {at: 'questions'}))
      : state.home === 'test'
        ? goTo(state, 'test')
        : showPrerequisite(state, 0);
  return [next, [...effects, ...more]];
}

/** Shift-Tab. Every answer given stays. */
export function back(state: State): Move {
  const {screen} = state;
  switch (screen.at) {
    case 'discard-draft':
      return stay(show(state, {at: 'resume'}));
    case 'connector':
      return state.home === 'walk' ? stay(state) : homeAgain(state);
    case 'prerequisite':
      if (screen.next !== null) return toField(state, 'username');
      return screen.index === 0 ? stay(show(state, {at: 'connector'})) : showPrerequisite(state, screen.index - 1);
    case 'field':
      return beforeField(state, screen.field);
    case 'setting':
    case 'trust':
      return beforeSetting(state, screen);
    case 'confirm':
      return toField({...state, candidate: null}, 'passphrase');
    case 'site-wait':
    case 'site-wrong':
      return toField(state, before[screen.next] ?? 'passphrase');
    case 'token-doubt':
      return toField({...state, doubted: null}, 'token');
    case 'test':
      return state.trial?.status === 'passed' ? stay(state) : fromTest(state);
    case 'message':
      return stay(show(state, {at: 'checklist'}));
    case 'checklist':
      return state.trouble?.about === 'unlock' ? toField(state, 'passphrase') : fromTest(state);
    case 'questions':
      return state.trial === null ? stay(state) : homeAgain(state);
    default:
      return stay(state);
  }
}

/** From where the walk came when it was stopped on its way there. */
const before: Readonly<Partial<Record<Goal, FieldId>>> = {username: 'url', passphrase: 'username'};

/** Backwards nothing is gated. */
function toField(state: State, field: FieldId): Move {
  const shown = show(state, {at: 'field', field});
  return [shown, entering(shown, field)];
}

/** From a certificate to the question for it, from there to where the setting was chosen. */
function beforeSetting(state: State, screen: Extract<Screen, {at: 'setting' | 'trust'}>): Move {
  const {next} = screen;
  if (screen.at === 'trust') return stay(show(state, {at: 'setting', setting: 'ca', next}));
  if (screen.setting === 'proxy-password') return stay(show(state, {at: 'setting', setting: 'proxy-username', next}));
  if (screen.setting === 'proxy-username') return stay(show(state, {at: 'setting', setting: 'proxy', next}));
  return next === null ? homeAgain(state) : stay(show(state, {at: 'site-wrong', next}));
}

function beforeField(state: State, field: FieldId): Move {
  if (state.home !== 'walk') return homeAgain(state);
  const before = fields[fields.indexOf(field) - 1];
  if (before) return toField(state, before);
  return showPrerequisite(state, Math.min(state.prerequisiteIndex, prerequisitesOf(state).length - 1));
}

function homeAgain(state: State): Move {
  if (state.home === 'questions' && state.screen.at !== 'questions') return stay(show(state, {at: 'questions'}));
  if (state.trouble) return stay(show(state, {at: 'checklist'}));
  return state.trial ? stay(show(state, {at: 'test'})) : stay(state);
}

function fromTest(state: State): Move {
  const running = state.trial?.status === 'running';
  const stopped: State = {
    ...state,
    watch: null,
    trial: state.trial && running ? {...state.trial, status: 'stopped'} : state.trial,
  };
  const effects: readonly Effect[] = running ? [{type: 'cancel', what: 'test'}] : [];
  if (state.start.edit) return [{...show(stopped, {at: 'questions'}), home: 'questions'}, effects];
  const [next, more] = toField({...stopped, home: 'walk'}, 'expires');
  return [next, [...effects, ...more]];
}
