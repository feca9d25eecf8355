/**
 * The one function that moves the assistant: `transition(state, event)` gives the next state and what to ask of the
 * world. It is total: an event that means nothing on a screen changes nothing.
 */

import {nothingGiven, settingsAfter} from '../domain/connection-choice.ts';
import {noConnectionSettings} from '../domain/connection-settings.ts';
import type {Draft, SavedCredential} from '../domain/credential.ts';
import type {Secret} from '../domain/secret.ts';
import {parseSite} from '../domain/site.ts';
import {lintToken} from '../domain/token.ts';
import {choose} from './choose.ts';
import type {Event, Held, UserEvent, WorldEvent} from './events.ts';
import {acceptConfirmation, acceptSecret, acceptText, lookAt} from './fields.ts';
import {copyMessage, sayCopied} from './message-to-admin.ts';
import {awaited, type Move, refuse, show, stay} from './move.ts';
import {back, goTo, onward, prerequisitesOf, showPrerequisite} from './navigation.ts';
import type {PracticeDefaults, PracticeStore} from './ports.ts';
import {acceptProxyPassword, acceptSetting, certificatesRead} from './setting-answers.ts';
import {emptyState, givenOf, type Start, type State, triesAllowed} from './state.ts';
import {examined, finish, leave, saved, saveFailed, saveRefused, startTest, stepped, stopTest} from './test-run.ts';

/** The first state of the assistant and what to do at once: the store is tried before anything is asked. */
export function begin(start: Start, options: Readonly<{now: Date; offersPractice: boolean; mendable: boolean}>): Move {
  const empty = emptyState(start, options);
  const connection = settingsAfter(givenOf(empty), noConnectionSettings);
  const state: State = {...empty, answers: {...empty.answers, connection}};
  const checks = [{type: 'check', id: 'store'} as const];
  const notices = start.draftOf ? [othersDraft(start.draftOf)] : [];
  if (start.edit) {
    const known: State = {...state, home: 'questions', answers: {...state.answers, ...answersOf(start.edit, empty)}};
    const asking = show(known, {at: 'field', field: 'passphrase'}, notices);
    if (start.draftOf) return [{...asking, sparesDraft: true}, checks];
    // One draft fits in the store: that of another credential stays, and then this change has none.
    if (start.draft && start.draft.edits !== start.edit.name) return [{...asking, sparesDraft: true}, checks];
    return [start.draft?.sealed ? show(known, {at: 'resume'}) : asking, checks];
  }
  if (start.draftOf) return [{...state, notices, sparesDraft: true}, checks];
  // A change of a saved credential goes on by its own commands (edit, rotate), and is not written over here.
  if (start.draft?.edits !== undefined) return [{...state, sparesDraft: true}, checks];
  // Playing in the practice Jira must not cost anybody the draft of a real credential.
  if (start.draft && start.practice && !ofPractice(start.draft)) return [{...state, sparesDraft: true}, checks];
  return [start.draft ? show(state, {at: 'resume'}) : state, checks];
}

const othersDraft = ({pid}: Readonly<{pid: number | null}>): string =>
  `Another jirakey is running${pid === null ? '' : ` (process ${pid})`} and keeps its answers in the draft of this store. This one keeps none: finish here, or leave and go on there.`;

function ofPractice(draft: Draft): boolean {
  const site = parseSite(draft.url);
  return draft.url === '' || (site.ok && site.site.loopback);
}

/** Characters (UTF-16 units); far above any passphrase, and below what a field holds. */
const longestPassphrase = 1024;

export function transition(state: State, event: Event): Move {
  // Nothing moves any more, but the farewell says whether the token is safe.
  const isOver = state.screen.at === 'ended' && event.type !== 'draft-kept' && event.type !== 'draft-failed';
  if (isOver) return stay(state);
  switch (event.type) {
    case 'text':
    case 'secret':
    case 'choose':
    case 'next':
    case 'skip':
    case 'back':
    case 'help':
    case 'close-help':
    case 'copy':
    case 'interrupt':
      return fromUser(state, event);
    default:
      return fromWorld(state, event);
  }
}

function fromUser(state: State, event: UserEvent): Move {
  if (event.type === 'interrupt') return interrupt(state);
  if (state.help) return stay({...state, help: false});
  // While an answer is awaited only going back is heard; what was asked is then given up.
  if (state.pending && event.type !== 'back' && !(state.watch && event.type === 'next')) return stay(state);
  const {screen} = state;
  switch (event.type) {
    case 'text':
      if (screen.at === 'setting') return acceptSetting(state, screen, event.text);
      return screen.at === 'field' ? acceptText(state, screen.field, event.text) : stay(state);
    case 'secret':
      if (screen.at === 'setting') return acceptProxyPassword(state, screen, event.secret);
      if (screen.at === 'confirm') return acceptConfirmation(state, event.secret);
      return screen.at === 'field' ? acceptSecret(state, screen.field, event.secret) : stay(state);
    case 'choose':
      return choose(state, event.choice);
    case 'next':
      return next(state);
    case 'skip':
      return screen.at === 'prerequisite' && screen.next === null ? goTo(state, 'name') : stay(state);
    case 'back':
      return state.pending?.what === 'saving' ? stay(state) : back(state);
    case 'help':
      return stay(screen.at === 'field' || screen.at === 'connector' ? {...state, help: true} : state);
    case 'close-help':
      return stay(state);
    case 'copy':
      return copyMessage(state);
  }
}

function next(state: State): Move {
  const {screen} = state;
  switch (screen.at) {
    case 'prerequisite': {
      const check = prerequisitesOf(state)[screen.index]?.check;
      // What failed is tried again: the user may have mended it in another window.
      if (check && state.checks[check]?.state === 'failed') return showPrerequisite(state, screen.index, screen.next);
      return screen.next === null ? showPrerequisite(state, screen.index + 1) : goTo(state, screen.next);
    }
    case 'site-wait':
      // Who does not wait here goes on to what is no secret; before the token it is waited for once more.
      return screen.next === 'username'
        ? stay(show(state, {at: 'field', field: 'username'}, state.notices))
        : goTo({...state, lookWaived: true}, screen.next);
    case 'test':
      return state.watch ? stopTest(state) : stay(state);
    case 'message':
      return stay(show(state, {at: 'checklist'}));
    case 'done':
      return finish(state);
    default:
      return stay(state);
  }
}

function interrupt(state: State): Move {
  if (state.screen.at === 'test' && (state.trial?.status === 'running' || state.watch)) return stopTest(state);
  if (state.screen.at === 'done') return finish(state);
  // Half a second from safety: a credential that is saved must not be left behind as a draft, too.
  if (state.pending?.what === 'saving' && !state.leaving) return stay({...state, leaving: true});
  return leave(state, 'interrupted');
}

function fromWorld(state: State, event: WorldEvent): Move {
  switch (event.type) {
    case 'checked':
      return stay({...state, checks: {...state.checks, [event.id]: event.result}});
    case 'looked':
      return looked(state, event);
    case 'tried':
      return stay(state.tried?.seq === event.seq ? {...state, tried: {seq: event.seq, found: event.found}} : state);
    case 'certificates-read':
      return certificatesRead(state, event);
    case 'generated':
      return stay(state.generated === null ? {...state, generated: event.passphrase} : state);
    case 'rated':
      if (!awaited(state, event.seq)) return stay(state);
      if (!event.rating.ok) return refuse({...state, candidate: null}, event.rating.sentence);
      // A field holds a bounded text: what is longer may have been cut, and nobody could type the rest again.
      if ((state.candidate?.length ?? 0) > longestPassphrase) {
        return refuse({...state, candidate: null}, `It is longer than ${longestPassphrase} characters. Shorten it.`);
      }
      return stay(show(state, {at: 'confirm'}, [event.rating.sentence]));
    case 'unlocked':
      return awaited(state, event.seq) ? unlocked(state, event.held) : stay(state);
    case 'unlock-failed':
      return awaited(state, event.seq) ? unlockFailed(state, event) : stay(state);
    case 'draft-kept':
      return stay({...state, draftKept: event.sealed, draftTrouble: null});
    case 'draft-failed':
      return stay({...state, draftTrouble: event.failure.title});
    case 'stepped':
      return stepped(state, event);
    case 'examined':
      return examined(state, event);
    case 'saved':
      return saved(state, event);
    case 'save-refused':
      return saveRefused(state, event);
    case 'save-failed':
      return saveFailed(state, event);
    case 'practising':
      return awaited(state, event.seq) ? practising(state, event.practice) : stay(state);
    case 'copied':
      return sayCopied(state, event.result);
    case 'waited':
      return awaited(state, event.seq) && state.watch
        ? startTest({...state, watch: {...state.watch, next: null}})
        : stay(state);
  }
}

/** The practice Jira was chosen here: what was answered for a real one stays in its draft, and this run begins anew. */
function practising(
  state: State,
  {existing, hasStore, given, ...practice}: PracticeDefaults & Partial<PracticeStore>,
): Move {
  const {site} = state.answers;
  const {start} = state;
  const {answers} = emptyState(start, {now: new Date(state.now), offersPractice: false, mendable: false});
  return stay({
    ...show(state, {at: 'connector'}, ['The practice Jira runs. Which connector do you want to try?']),
    start: {
      ...start,
      practice,
      draft: null,
      existing: existing ?? start.existing,
      hasStore: hasStore ?? start.hasStore,
    },
    answers: {...answers, connection: settingsAfter(given ?? nothingGiven, noConnectionSettings)},
    sealedDraft: null,
    sparesDraft: site !== null && !site.loopback,
    offersPractice: false,
  });
}

/** What the look found arrives whenever it does; an answer about an address since changed is ignored. */
function looked(state: State, event: Extract<WorldEvent, {type: 'looked'}>): Move {
  if (state.look?.seq !== event.seq) return stay(state);
  const seen: State = {...state, look: {seq: event.seq, result: event.look}};
  return state.screen.at === 'site-wait' ? goTo(seen, state.screen.next, state.notices) : stay(seen);
}

/** The passphrase opened a seal: `held` is what lay in it, when it is what the assistant works on. */
function unlocked(state: State, held: Held | null): Move {
  const open: State = {
    ...state,
    answers: {...state.answers, passphrase: state.candidate},
    candidate: null,
    tries: 0,
    sealedDraft: null,
  };
  if (held === null) return onward(open, 'passphrase');
  const known: State = {
    ...open,
    answers: {...open.answers, ...answersOf(held, state), token: tokenOf(held.token), expiresAsked: true},
    draftKept: state.start.edit === undefined || state.sealedDraft !== null,
  };
  return lookAt(known, null, then => {
    const listed = state.start.edit !== undefined && state.start.fix !== true;
    return listed ? stay(show(then, {at: 'questions'})) : goTo(then, 'test');
  });
}

function tokenOf(token: Secret) {
  const lint = lintToken(token.reveal(), null);
  return {token, kind: lint.kind, verdict: lint.verdict, removed: []};
}

/** A seal's or a saved credential's fields as answers; what an option of the run says goes before what is kept. */
function answersOf(held: Omit<Held, 'token'> | SavedCredential, state: State) {
  const site = parseSite(held.url);
  const {name, description, connector, username, scheme, route, cloudId, accountKind, expiresAt} = held;
  const connection = settingsAfter(givenOf(state), held.connection);
  const expiresAsked = true;
  const usable = site.ok ? site.site : null;
  const answered = {name, description, connector, username, expiresAt, expiresAsked, site: usable};
  return {...answered, scheme, route, cloudId, accountKind, connection};
}

function unlockFailed(state: State, {failure}: Extract<WorldEvent, {type: 'unlock-failed'}>): Move {
  const closed: State = {...state, candidate: null, trouble: {failure, about: 'unlock'}};
  if (failure.code !== 'passphrase-wrong') return stay(show(closed, {at: 'checklist'}));
  const tries = state.tries + 1;
  if (tries >= triesAllowed) return leave({...closed, tries}, 'left');
  const left = triesAllowed - tries;
  return refuse(
    {...closed, tries, trouble: null},
    `${failure.title}. ${left === 1 ? 'One more try' : `${left} more tries`}.`,
  );
}
