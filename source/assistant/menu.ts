/** What can be chosen on a screen that asks by a list, in order; the first is highlighted. */

import {adminTitle} from '../diagnosis/admin-message.ts';
import {fieldOf, type Remedy} from '../diagnosis/remedy.ts';
import {type Connector, connectors, connectorTitles, labels} from '../domain/credential.ts';
import {fields} from '../domain/field.ts';
import {isOfUse} from './carry-out.ts';
import {adminsAsked} from './message-to-admin.ts';
import {failureShown, furtherRemedies} from './remedy.ts';
import {keepsDraft, type Question, type SettingId, type State, unlocks} from './state.ts';
import {watchable, watchSeconds} from './watching.ts';

/** `key`: a letter that takes it at once. `action`: the place of the action in the checklist that it is. */
export type MenuItem = Readonly<{id: string; label: string; hint?: string; key?: string; action?: number}>;

/** The settings that stand in the list of answers; a proxy's login is asked with its address. */
const listedSettings = ['proxy', 'ca', 'address', 'timeout'] as const satisfies readonly SettingId[];
type ListedSetting = (typeof listedSettings)[number];

/** What each question is called on the screen. */
export const questionTitles: Readonly<Record<Question | ListedSetting, string>> = {
  connector: 'Connector',
  name: labels.name,
  description: labels.description,
  url: labels.url,
  username: labels.username,
  passphrase: labels.passphrase,
  token: labels.token,
  expires: 'Expiry date',
  proxy: 'Proxy',
  ca: 'CA certificates',
  address: 'Fixed address',
  timeout: 'Time limit',
};

/** What a remedy is called where no action of the checklist carries it. */
const remedyTitles: Readonly<Record<Exclude<Remedy, `field:${string}`>, string>> = {
  'use-url': 'Use another address',
  proxy: 'Set the proxy and its login',
  ca: 'Trust a CA certificate',
  address: 'Give the site a fixed address',
  wait: 'Wait, and test again by itself',
  retry: 'Test again',
  store: 'Try the store again',
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
      return siteMenu(state);
    case 'trust':
      return [
        {id: 'trust', label: 'Trust it for this credential'},
        {id: 'another', label: 'Give another one'},
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
      return afterTest(state, repairs(state));
    default:
      return [away];
  }
}

/** The actions of the checklist, then what can be done beyond them. */
function repairs(state: State): readonly MenuItem[] {
  const failure = failureShown(state);
  if (failure === null) return tried(state);
  const actions = failure.checklist.map(({action}, index) => ({id: `do:${index}`, label: action, action: index}));
  const further = furtherRemedies(failure)
    // Testing again stands in every menu.
    .filter(remedy => remedy !== 'use-url' && remedy !== 'retry' && isOfUse(state, remedy))
    .map(remedy => ({id: `fix:${remedy}`, label: titleOf(remedy)}));
  return [...tried(state), ...actions, ...further];
}

function titleOf(remedy: Remedy): string {
  const field = fieldOf(remedy);
  if (field !== null) return `Fix that field: ${questionTitles[field]}`;
  return isKeyOf(remedyTitles, remedy) ? remedyTitles[remedy] : '';
}

const isKeyOf = <Of extends object>(record: Of, key: PropertyKey): key is keyof Of => Object.hasOwn(record, key);

/** An address at which a Jira answers. */
const tried = ({tried: last}: State): readonly MenuItem[] =>
  last?.found ? [{id: 'use-tried', label: `Use ${last.found.url}: a Jira answers there`}] : [];

/** Before a secret is asked: the site is not reached, or is no Jira. */
const siteMenu = (state: State): readonly MenuItem[] => [
  ...repairs(state),
  ...(state.look?.result?.failure ? [{id: 'probe', label: 'Try again', key: 't'}] : []),
  ...(state.mendable && state.start.practice && state.look?.result?.failure ? [practiceFix] : []),
  {id: 'change', label: 'Change the URL'},
  {id: 'anyway', label: 'Go on with it anyway'},
];

const practiceFix: MenuItem = {id: 'mend', label: 'Fix the practice Jira and try again'};

const afterTest = (state: State, first: readonly MenuItem[]): readonly MenuItem[] => [
  ...first,
  {id: 'again', label: 'Try again', key: 't'},
  ...(state.mendable && state.start.practice ? [practiceFix] : []),
  ...(watchable(state) ? [{id: 'watch', label: `Keep watching: every ${watchSeconds} s`, key: 'w'}] : []),
  ...adminsAsked(state).map(admin => ({id: `message:${admin}`, label: `Message for the ${adminTitle(admin)}`})),
  {id: 'questions', label: 'Change another answer', key: 'a'},
  {id: 'save', label: 'Save anyway (marked untested)', key: 'S'},
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
    ...listedSettings.map(setting => ({
      id: setting,
      label: `${questionTitles[setting]}: ${settingText(state, setting)}`,
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

/** A setting as it may be shown: never a password. */
function settingText({answers: {connection}}: State, setting: ListedSetting): string {
  switch (setting) {
    case 'proxy': {
      const {proxy} = connection;
      if (proxy === null) return 'as this machine has it';
      return proxy.username === null ? proxy.url : `${proxy.url}, signing in as ${proxy.username}`;
    }
    case 'ca': {
      const {length} = connection.certificates;
      if (length === 0) return 'those of this machine';
      return `${length} of its own${connection.caOnly ? ' and no others' : ''}`;
    }
    case 'address':
      return connection.addresses.join(' ') || 'none';
    case 'timeout':
      return connection.timeoutSeconds === null ? 'as usual' : `${connection.timeoutSeconds} s`;
  }
}
