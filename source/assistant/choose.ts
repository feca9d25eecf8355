/** What a choice from a list does. */
import {admins} from '../diagnosis/admins.ts';
import {remedies} from '../diagnosis/remedy.ts';
import {settingsAfter} from '../domain/connection-choice.ts';
import type {Draft} from '../domain/credential.ts';
import {isConnector} from '../domain/credential.ts';
import {type FieldId, fields} from '../domain/field.ts';
import {parseSite} from '../domain/site.ts';
import {carryOut, probeAgain, saveAgain, typePassphrase, work} from './carry-out.ts';
import {lookAt, takeToken} from './fields.ts';
import {menuOf} from './menu.ts';
import {openMessage} from './message-to-admin.ts';
import {and, ask, type Move, show, stay} from './move.ts';
import {afterConnector, firstMissing, goTo} from './navigation.ts';
import {showSetting, trusting} from './setting-answers.ts';
import {type Goal, givenOf, type State, settingIds} from './state.ts';
import {keepConnection, leave, saveAnyway, startTest} from './test-run.ts';
import {beginWatching} from './watching.ts';

/** Takes a choice the screen offers; any other changes nothing. */
export function choose(state: State, choice: string): Move {
  const [, verb, place] = /^(copy|tick):(\d)$/.exec(choice) ?? [];
  if (verb === 'copy' || verb === 'tick') return work(state, verb, Number(place));
  if (choice === 'keep-connection') return state.screen.at === 'done' ? keepConnection(state) : stay(state);
  if (!menuOf(state).some(item => item.id === choice)) return stay(state);
  const doing = /^do:(\d)$/.exec(choice);
  if (doing !== null) return work(state, 'do', Number(doing[1]));
  switch (state.screen.at) {
    case 'resume':
      if (choice === 'resume') return resume(state);
      return state.start.draft?.sealed ? stay(show(state, {at: 'discard-draft'})) : afresh(state);
    case 'discard-draft':
      return choice === 'discard' ? afresh(state) : stay(show(state, {at: 'resume'}));
    case 'connector':
      return chooseConnector(state, choice);
    case 'site-wrong':
      return chooseAboutSite(state, choice, state.screen.next);
    case 'token-doubt':
      if (choice === 'anyway' && state.doubted) return takeToken(state, state.doubted);
      return stay(show({...state, doubted: null}, {at: 'field', field: 'token'}));
    case 'trust':
      return choice === 'trust'
        ? trusting(state, state.screen.next, state.screen.certificates)
        : showSetting(state, 'ca', state.screen.next);
    case 'questions':
      return chooseQuestion(state, choice);
    default:
      return chooseRemedy(state, choice);
  }
}

function chooseConnector(state: State, choice: string): Move {
  if (choice === 'practice') return ask(state, 'starting practice', seq => ({type: 'practise', seq}));
  if (!isConnector(choice)) return stay(state);
  return afterConnector({...state, answers: {...state.answers, connector: choice}});
}

const afresh = (state: State): Move => [
  show(
    {...state, start: {...state.start, draft: null}},
    state.start.edit === undefined ? {at: 'connector'} : {at: 'field', field: 'passphrase'},
  ),
  [{type: 'clear-draft'}],
];

/** Takes the draft's answers; the sealed token waits for its passphrase. */
function resume(state: State): Move {
  const {draft, practice} = state.start;
  if (draft === null) return afresh(state);
  const given = parseSite(draft.url);
  const site = given.ok ? given.site : null;
  // The practice Jira of another run is gone, and its token with it.
  const stale = practice !== null;
  const known: State = {
    ...state,
    answers: {...state.answers, ...answersOf(draft, state), site: stale ? null : site},
    sealedDraft: stale ? null : draft.sealed,
  };
  if (known.sealedDraft !== null) return goTo(known, 'passphrase');
  return lookAt(known, given.ok ? (given.warnings[0]?.title ?? null) : null, continued);
}

/** The first question the draft did not answer. */
function continued(state: State): Move {
  const question = firstMissing(state.answers);
  if (question === null) return goTo(state, 'test');
  return question === 'connector' ? stay(show(state, {at: 'connector'})) : goTo(state, question);
}

function answersOf(draft: Draft, state: State) {
  const {connector, expiresAt, description} = draft;
  return {
    connector,
    name: draft.name || null,
    description: draft.name ? description : null,
    username: draft.username || null,
    connection: settingsAfter(givenOf(state), draft.connection),
    expiresAt,
    expiresAsked: expiresAt !== null,
  };
}

/** The menu under what speaks against the site. */
function chooseAboutSite(state: State, choice: string, next: Goal): Move {
  switch (choice) {
    case 'anyway':
      return goTo({...state, siteAccepted: true}, next);
    case 'probe':
      return probeAgain(state, next);
    case 'mend':
      return and(probeAgain({...state, mendable: false}, next), [{type: 'mend'}]);
    case 'change':
      return stay(show({...state, proposed: null}, {at: 'field', field: 'url'}));
    default:
      return chooseRepair(state, choice);
  }
}

/** What the failure on the screen offers to do in place. */
function chooseRepair(state: State, choice: string): Move {
  if (choice === 'use-tried') return carryOut(state, 'use-url', state.tried?.found?.url);
  const remedy = remedies.find(each => choice === `fix:${each}`);
  return remedy === undefined ? stay(state) : carryOut(state, remedy);
}

function chooseQuestion(state: State, choice: string): Move {
  if (choice === 'test') return goTo(state, 'test');
  if (choice === 'leave') return leave(state, 'left');
  const home: State = {...state, home: 'questions', proposed: null};
  const setting = settingIds.find(id => id === choice);
  if (setting !== undefined) return showSetting(home, setting, null);
  if (choice === 'connector') return stay(show(home, {at: 'connector'}));
  return isField(choice) ? stay(show(home, {at: 'field', field: choice})) : stay(state);
}

const isField = (text: string): text is FieldId => fields.some(field => field === text);

/** The menu under a checklist or a stopped test. */
function chooseRemedy(state: State, choice: string): Move {
  const asked = admins.find(admin => choice === `message:${admin}`);
  if (asked !== undefined) return openMessage(state, asked);
  switch (choice) {
    case 'again':
      return startTest(state);
    case 'mend':
      return and(startTest({...state, mendable: false}), [{type: 'mend'}]);
    case 'watch':
      return startTest(beginWatching(state));
    case 'questions':
      return stay(show({...state, home: 'questions'}, {at: 'questions'}));
    case 'save':
      return saveAnyway(state);
    case 'save-again':
      return saveAgain(state);
    case 'passphrase':
      return typePassphrase(state);
    case 'leave':
      return leave(state, 'left');
    default:
      return chooseRepair(state, choice);
  }
}
