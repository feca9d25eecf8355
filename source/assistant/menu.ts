/** What can be chosen on a screen that asks by a list, in order; the first is highlighted. */

import {adminTitle} from '../diagnosis/admin-message.ts';
import {type Connector, connectors, connectorTitles, labels} from '../domain/credential.ts';
import {fields} from '../domain/field.ts';
import {adminsAsked} from './message-to-admin.ts';
import {fieldsToFix} from './remedy.ts';
import {keepsDraft, type Question, type State, unlocks} from './state.ts';
import {watchable, watchSeconds} from './watching.ts';

/** `key`: a letter that takes it at once. */
export type MenuItem = Readonly<{id: string; label: string; hint?: string; key?: string}>;

/** What each question is called on the screen. */
export const questionTitles: Readonly<Record<Question, string>> = {
  connector: 'Connector',
  name: labels.name,
  description: labels.description,
  url: labels.url,
  username: labels.username,
  passphrase: labels.passphrase,
  token: labels.token,
  expires: 'Expiry date',
};

/** The list of the screen that is shown; empty where nothing is chosen. */
export function menuOf(state: State): readonly MenuItem[] {
  switch (state.screen.at) {
    case 'resume':
      return resumeMenu(state);
    case 'discard-draft':
      return [
        {id: 'keep', label: 'Keep the draft'},
        {id: 'discard', label: 'Delete the draft and its token'},
      ];
    case 'connector':
      return connectorMenu(state);
    case 'site-wrong':
      return [
        {id: 'change', label: 'Change the URL'},
        {id: 'anyway', label: 'Go on with it anyway'},
      ];
    case 'token-doubt':
      return [
        {id: 'again', label: 'Paste it again'},
        {id: 'anyway', label: 'Use it anyway'},
      ];
    case 'test':
      return state.trial?.status === 'stopped' && state.pending === null ? afterTest(state, []) : [];
    case 'checklist':
      return checklistMenu(state);
    case 'questions':
      return questionsMenu(state);
    default:
      return [];
  }
}

function resumeMenu(state: State): readonly MenuItem[] {
  const sealed = state.start.draft?.sealed ? 'Forgets the answers and the token.' : 'Forgets these answers.';
  return [
    {id: 'resume', label: 'Go on where it stopped'},
    {id: 'fresh', label: 'Start anew', hint: sealed},
  ];
}

const connectorHints: Readonly<Record<Connector, string>> = {
  'jira-software': 'Reads and writes issues.',
  'jira-feeds': 'Reads only, for a data platform.',
};

function connectorMenu(state: State): readonly MenuItem[] {
  const real = connectors.map(id => ({id, label: connectorTitles[id], hint: connectorHints[id]}));
  const practice = {id: 'practice', label: 'Practice Jira', hint: 'Try everything without an account.'};
  return state.offersPractice ? [...real, practice] : real;
}

function checklistMenu(state: State): readonly MenuItem[] {
  const {trouble} = state;
  const away = leaving(state);
  switch (trouble?.about) {
    case 'unlock':
      return [{id: 'passphrase', label: 'Type the passphrase again'}, away];
    case 'save':
      return [{id: 'save-again', label: 'Try to save again'}, {id: 'questions', label: 'Change an answer'}, away];
    case 'test':
      return afterTest(state, mending(state));
    default:
      return [away];
  }
}

/** The fields the failure points to. */
function mending({trouble}: State): readonly MenuItem[] {
  const toMend = trouble ? fieldsToFix(trouble.failure.code) : [];
  return toMend
    .filter(field => field !== 'passphrase')
    .map(field => ({id: `fix:${field}`, label: `Fix that field: ${questionTitles[field]}`}));
}

const afterTest = (state: State, first: readonly MenuItem[]): readonly MenuItem[] => [
  ...first,
  {id: 'again', label: 'Try again'},
  ...(state.mendable && state.start.practice ? [{id: 'mend', label: 'Mend the practice Jira, try again'}] : []),
  ...(watchable(state) ? [{id: 'watch', label: `Keep watching: every ${watchSeconds} s`, key: 'w'}] : []),
  ...adminsAsked(state).map(admin => ({id: `message:${admin}`, label: `Message for the ${adminTitle(admin)}`})),
  {id: 'questions', label: 'Change another answer'},
  {id: 'save', label: 'Save anyway (marked untested)'},
  leaving(state),
];

function leaving(state: State): MenuItem {
  if (state.start.edit) return {id: 'leave', label: 'Leave (nothing is changed)'};
  return {id: 'leave', label: keepsDraft(state) && state.draftTrouble === null ? 'Leave (draft kept)' : 'Leave'};
}

/** The answers that can be changed; the passphrase of a store that has seals is changed by `jirakey passphrase`. */
export const changeable = (state: State): readonly Question[] =>
  (['connector', ...fields] as const).filter(question => question !== 'passphrase' || !unlocks(state));

function questionsMenu(state: State): readonly MenuItem[] {
  return [
    {id: 'test', label: state.start.edit ? 'Test and save' : 'Run the connection test'},
    ...changeable(state).map(question => ({
      id: question,
      label: `${questionTitles[question]}: ${answerText(state, question)}`,
    })),
    leaving(state),
  ];
}

/** An answer as it may be shown. */
export function answerText(state: State, question: Question): string {
  const {answers} = state;
  switch (question) {
    case 'connector':
      return answers.connector ? connectorTitles[answers.connector] : 'not chosen yet';
    case 'url':
      return answers.site?.url ?? 'not given yet';
    case 'token':
      return answers.token?.verdict ?? 'not given yet';
    case 'passphrase':
      return answers.passphrase ? 'kept' : 'not given yet';
    case 'expires':
      return answers.expiresAt ?? 'unknown';
    case 'description':
      return answers.description || 'none';
    default:
      return answers[question] ?? 'not given yet';
  }
}
