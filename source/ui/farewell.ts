/** What stays in the scrollback when the assistant is over: verdict, checklist and next steps as plain text. */
import {messageIn} from '../assistant/message-to-admin.ts';
import type {State} from '../assistant/state.ts';
import {keepsDraft, runOf} from '../assistant/state.ts';
import {adminTitle, messageText} from '../diagnosis/admin-message.ts';
import {exitCodeOfFailure} from '../diagnosis/diagnose.ts';
import {failureText, reportText} from '../diagnosis/report-text.ts';
import {commandLine} from '../domain/command-line.ts';
import {exit, exitBySignal} from '../domain/exit.ts';
import {asAscii} from '../text/ascii.ts';
import {wrap} from '../text/wrap.ts';
import {form, tile, uses} from './next-steps.ts';
import type {Passage} from './passages.ts';

export type Ending = Readonly<{
  kind: 'saved' | 'left' | 'interrupted';
  exitCode: number;
  /** Plain text without a line end; empty when there is nothing to say. */
  scrollback: string;
}>;

/** `width` in cells; without `unicode` only ASCII is written. */
export type Size = Readonly<{width: number; unicode: boolean}>;

/** How the assistant ended, from its last state. */
export function farewell(state: State, size: Size): Ending {
  const ending = state.screen.at === 'ended' ? state.screen.ending : 'interrupted';
  // Dropped after it was saved: what counts is what is in the store.
  const isSaved = ending === 'saved' || state.savedAs !== null;
  const blocks = isSaved ? savedBlocks(state, size) : leftBlocks(state, size);
  return {
    kind: ending,
    exitCode: exitCode(state, ending),
    scrollback: blocks.filter(block => block !== '').join('\n\n'),
  };
}

function exitCode(state: State, ending: Ending['kind']): number {
  if (ending === 'saved') return exit.done;
  if (ending === 'interrupted') return exitBySignal(2);
  if (state.trouble) return exitCodeOfFailure(state.trouble.failure);
  // Left by choice. A credential that was only looked at is as it was; else the work was broken off.
  return state.start.edit ? exit.done : exitBySignal(2);
}

function savedBlocks(state: State, size: Size): readonly string[] {
  const name = state.savedAs ?? '';
  const report = state.trial?.result?.report;
  const untested = state.trial?.status === 'passed' ? '' : set([{text: `“${name}” is saved, marked untested.`}], size);
  const practice = state.start.practice
    ? set([{text: 'That was the practice Jira: it ends with this program, so the credential works no more.'}], size)
    : '';
  return [
    report ? reportText(report, size) : '',
    untested,
    set(tile(state), size),
    state.start.practice ? practice : set(uses(state), size),
    state.start.practice ? '' : set(form(state), size),
    ...messages(state, size),
  ];
}

function leftBlocks(state: State, size: Size): readonly string[] {
  const {trouble, trial} = state;
  const report = trial?.result?.report;
  const verdict =
    trouble === null
      ? ''
      : trouble.about === 'test' && report
        ? reportText(report, size)
        : failureText(trouble.failure, size);
  return [verdict, ...messages(state, size), set([{text: whatIsKept(state)}], size)];
}

/** The messages that were looked at, where the latest test still asks something of their admin. */
function messages(state: State, size: Size): readonly string[] {
  return state.opened.flatMap(admin => {
    const message = messageIn(state, admin);
    if (message === null || 'held' in message) return [];
    const text = messageText(message.lines, Math.min(size.width, 76), size.unicode);
    return [set([{text: `Message for the ${adminTitle(admin)}`, tone: 'strong'}], size), text];
  });
}

/** What became of the answers. */
function whatIsKept(state: State): string {
  const {edit} = state.start;
  if (edit) {
    const same = `Nothing was changed: “${edit.name}” is as it was.`;
    const interrupted = state.screen.at === 'ended' && state.screen.ending === 'interrupted';
    if (!(state.draftKept && interrupted)) return same;
    return `${same} What you had changed is kept, sealed; to go on: ${commandLine(runOf(state), 'edit', {name: edit.name})}`;
  }
  if (!keepsDraft(state)) return 'Nothing was kept.';
  if (state.draftTrouble !== null) return `No draft could be kept: ${state.draftTrouble}`;
  if (state.answers.connector === null) return 'Nothing was begun.';
  const token = state.answers.token && state.draftKept ? ', its token sealed' : '';
  const {practice} = state.start;
  const again = practice === null ? commandLine(runOf(state), '') : (practice.again ?? null);
  if (again === null) return 'This was the practice: its answers are gone. Start another one with `jirakey practice`.';
  return `The draft is kept${token}. Run \`${again}\` to go on where you left.`;
}

/** Passages as plain text: prose wrapped, commands and addresses whole on a line of their own. */
function set(passages: readonly Passage[], {width, unicode}: Size): string {
  return passages
    .flatMap(({text, tone, mark = ''}) => {
      if (tone === 'code') return [`  ${text}`];
      const plain = unicode ? text : asAscii(text);
      return wrap(plain, width, mark, ' '.repeat(mark.length));
    })
    .join('\n');
}
