/** A session dropped by a signal, at every effect that may be in flight: the token lies sealed or is saved, never lost. */
import {describe, expect, it, vi} from 'vitest';
import {Session} from '../../source/assistant/assistant-session.ts';
import {Secret} from '../../source/domain/secret.ts';
import {farewell} from '../../source/ui/farewell.ts';
import {doubles, start, token} from './doubles.ts';
import {lastWord} from './drive.ts';

/** Calls that can be under way once the token is there. */
const calls = ['seal', 'saveDraft', 'examine', 'save', 'clearDraft'] as const;
type Call = (typeof calls)[number];

/** The assistant with one call of the world held up before or after its work, and what is needed to let it go. */
function heldAt(call: Call, moment: 'before' | 'after') {
  let isArmed = false;
  let reach = () => {};
  let open = () => {};
  const reached = new Promise<void>(resolve => {
    reach = resolve;
  });
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  const stop = async (name: Call, when: 'before' | 'after') => {
    if (!isArmed || name !== call || when !== moment) return;
    reach();
    await opened;
  };
  const held = async <T>(name: Call, work: () => Promise<T>): Promise<T> => {
    await stop(name, 'before');
    const result = await work();
    await stop(name, 'after');
    return result;
  };
  const world = doubles();
  const {ports} = world;
  const bugs: unknown[] = [];
  const session = new Session(
    start(),
    {
      ...ports,
      seal: (content, key) => held('seal', () => ports.seal(content, key)),
      async *examine(target, signal) {
        await stop('examine', 'before');
        const result = yield* ports.examine(target, signal);
        await stop('examine', 'after');
        return result;
      },
      store: {
        ...ports.store,
        save: (credential, how) => held('save', () => ports.store.save(credential, how)),
        saveDraft: draft => held('saveDraft', () => ports.store.saveDraft(draft)),
        clearDraft: () => held('clearDraft', () => ports.store.clearDraft()),
      },
    },
    {onEnd: () => {}, onBug: error => bugs.push(error)},
  );
  const arm = () => {
    isArmed = true;
  };
  return {...world, session, bugs, reached, open, arm};
}

describe('dropped', () => {
  it.each(calls.flatMap(call => [[call, 'before'] as const, [call, 'after'] as const]))(
    'at %s, %s its work is done',
    async (call, moment) => {
      const {session, drafts, saved, bugs, reached, open, arm} = heldAt(call, moment);
      session.dispatch({type: 'choose', choice: 'jira-software'});
      session.dispatch({type: 'skip'});
      for (const text of ['acme', '', 'https://acme.atlassian.net']) session.dispatch({type: 'text', text});
      await vi.waitFor(() => expect(session.state().look?.result ?? null).not.toBeNull());
      session.dispatch({type: 'text', text: 'you@acme.com'});
      await vi.waitFor(() => expect(session.state().generated).not.toBeNull());
      session.dispatch({type: 'secret', secret: new Secret(lastWord)});
      arm();
      session.dispatch({type: 'secret', secret: new Secret(token)});
      if (call !== 'seal' && call !== 'saveDraft') session.dispatch({type: 'text', text: ''});
      await reached;

      const ended = session.halt();
      open();
      await ended;

      const text = farewell(session.state(), {width: 80, unicode: true}).scrollback;
      if (call === 'save' || call === 'clearDraft') {
        expect([saved.map(({name}) => name), drafts.at(-1)]).toEqual([['acme'], null]);
        expect(text).not.toContain('The draft is kept');
        expect(text).toContain('jirakey test acme');
      } else {
        expect(saved).toEqual([]);
        expect(drafts.at(-1)?.sealed).toContain(token);
        expect(text).toContain('The draft is kept, its token sealed');
      }
      expect(bugs).toEqual([]);
    },
  );
});
