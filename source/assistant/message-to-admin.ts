/** The message to an admin about the test on the screen, from the state alone. */

import {concerns, type Line, messageLines, messageText} from '../diagnosis/admin-message.ts';
import {type Admin, admins} from '../diagnosis/admins.ts';
import {leakIn} from '../diagnosis/leak.ts';
import {type PastTest, pastTestOf} from '../diagnosis/past-test.ts';
import {type Move, show, stay} from './move.ts';
import type {State} from './state.ts';

/** The admins of whom the checklist of the failed test asks something. */
export function adminsAsked(state: State): readonly Admin[] {
  const {trouble} = state;
  if (trouble?.about !== 'test' || testIn(state) === null) return [];
  return admins.filter(admin => concerns(trouble.failure, admin));
}

/** The latest test as it would be remembered. */
function testIn({trial, row, start}: State): PastTest | null {
  if (trial?.result == null || trial.endedAt === null) return null;
  const of = start.edit?.name ?? null;
  const test = pastTestOf(trial.result, {of, at: new Date(trial.endedAt), runtime: start.here.runtime});
  return row === null ? test : {...test, since: row.since, tries: row.tries};
}

/** The lines, or why they are held back; null where nothing is asked of this admin. */
export type Message = Readonly<{lines: readonly Line[]; flowing: string} | {held: string}>;

export function messageIn(state: State, admin: Admin): Message | null {
  const test = adminsAsked(state).includes(admin) ? testIn(state) : null;
  if (test === null) return null;
  const lines = messageLines(test, admin, {machine: state.start.here.machine, now: new Date(test.at)});
  if (lines === null) return null;
  const flowing = messageText(lines, null);
  const {token, passphrase} = state.answers;
  const leak = leakIn(flowing, {
    tokens: token === null ? [] : [token.token.reveal()],
    phrases: passphrase === null ? [] : [passphrase.reveal()],
  });
  return leak === null ? {lines, flowing} : {held: `The message is held back: it holds ${leak}.`};
}

export const openMessage = (state: State, admin: Admin): Move =>
  stay({...show(state, {at: 'message', admin}), opened: [...new Set([...state.opened, admin])]});

/** Asks for the copy of the message that is shown. */
export function copyMessage(state: State): Move {
  const message = state.screen.at === 'message' ? messageIn(state, state.screen.admin) : null;
  if (message === null || 'held' in message) return stay(state);
  return [state, [{type: 'copy', text: message.flowing}]];
}

const copied = {
  sent: 'Your terminal was asked to copy it. Some do not, and none says so: try a paste.',
  'too-long': 'It is too long for a terminal’s clipboard.',
  'no-terminal': 'This terminal cannot be asked to copy. It is printed when you leave.',
} as const;

export const sayCopied = (state: State, result: keyof typeof copied): Move =>
  stay(copyable.includes(state.screen.at) ? {...state, notices: [copied[result]]} : state);

/** Screens on which something can be copied. */
const copyable: readonly State['screen']['at'][] = ['message', 'checklist', 'site-wrong'];
