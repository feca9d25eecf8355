/** The assistant on every scenario that fails the test: it comes to that checklist, and to a saved credential once mended. */
import {afterEach, describe, expect, test} from 'vitest';
import {Session} from '../../source/assistant/assistant-session.ts';
import type {Event} from '../../source/assistant/events.ts';
import type {State} from '../../source/assistant/state.ts';
import {examine} from '../../source/connection/examine.ts';
import {probe} from '../../source/connection/probe.ts';
import type {Reach} from '../../source/connection/reach.ts';
import type {FailureCode} from '../../source/diagnosis/codes.ts';
import {nothingGiven} from '../../source/domain/connection-choice.ts';
import type {FieldId} from '../../source/domain/field.ts';
import {Secret} from '../../source/domain/secret.ts';
import {type Practice, startPractice} from '../../source/practice/practice.ts';
import {practiceFaults, scenarios} from '../../source/practice/scenarios.ts';
import {doubles, start} from '../assistant/doubles.ts';
import {warnings} from './warnings.ts';

let practice: Practice | null = null;
afterEach(async () => {
  await practice?.stop();
  practice = null;
});

const reachOf = (at: Practice): Reach => ({
  env: {},
  given: {
    ...nothingGiven,
    proxy: at.proxy === null ? 'none' : {url: at.proxy, username: null, password: null},
    authorities: {certificates: [at.caPem], from: 'practice-ca.pem'},
    timeoutSeconds: (at.timeoutMs ?? 30_000) / 1000,
  },
  detours: at.resolve,
  now: () => new Date(),
});

/** What somebody does who takes every offer and, at the checklist, mends; null where there is only waiting. */
function answerTo({screen, pending, trial}: State): Event | null {
  if (pending !== null) return null;
  switch (screen.at) {
    case 'connector':
      return {type: 'choose', choice: 'jira-feeds'};
    case 'prerequisite':
      return {type: 'skip'};
    case 'field': {
      if (screen.field === 'name') return {type: 'text', text: 'acme'};
      const secret = screen.field === 'passphrase' || screen.field === 'token';
      return secret ? {type: 'secret', secret: new Secret('')} : {type: 'text', text: ''};
    }
    case 'site-wrong':
    case 'token-doubt':
      return {type: 'choose', choice: 'anyway'};
    case 'checklist':
      return {type: 'choose', choice: 'mend'};
    case 'done':
      return trial?.status === 'passed' ? {type: 'next'} : null;
    default:
      return null;
  }
}

type Played = Readonly<{shown: string[]; ending: State; saved: number}>;

/** Plays the assistant to its end, or to an answer it does not take, and tells which failures it showed. */
function play(at: Practice): Promise<Played> {
  const reach = reachOf(at);
  let mending = Promise.resolve();
  const {ports, saved} = doubles({
    now: () => new Date(),
    look: (site, signal) => probe(site, reach, signal),
    async *examine(target, signal) {
      await mending;
      return yield* examine(target, reach, signal);
    },
    mend: () => {
      mending = at.mend();
    },
  });
  const {url, username, token, expiresAt} = at;
  return new Promise((resolve, reject) => {
    const shown: string[] = [];
    const session = new Session(start({practice: {url, username, token: new Secret(token), expiresAt}}), ports, {
      onEnd: ending => resolve({shown, ending, saved: saved.length}),
      onBug: reject,
    });
    let answered: State | null = null;
    const act = (): void => {
      const state = session.state();
      const event = answerTo(state);
      if (state.error !== null) resolve({shown, ending: state, saved: saved.length});
      if (state.error !== null || event === null || state === answered) return;
      answered = state;
      if (state.screen.at === 'checklist') shown.push(state.trouble?.failure.code ?? '');
      if (shown.length > 2) reject(new Error(`not mended: ${shown.join(', ')}`));
      else queueMicrotask(() => session.state() === state && session.dispatch(event));
    };
    session.subscribe(act);
    act();
  });
}

/** What the assistant sees while it is typed, so that no test is needed to find it. */
const atTheField: Readonly<Partial<Record<FailureCode, FieldId>>> = {
  'username-not-email': 'username',
  'token-wrong-kind': 'token',
};

const failing = practiceFaults.filter(code => !warnings.includes(code));

test('scenarios are many, and each has a story', () => {
  expect(failing.length).toBeGreaterThan(35);
  for (const {story} of scenarios) expect(story).toMatch(/\.$/);
});

describe.each(failing)('%s', fault => {
  test('comes to its checklist, and once mended to a saved credential', async () => {
    practice = await startPractice({fault});
    const {shown, ending, saved} = await play(practice);
    const field = atTheField[fault];
    if (field !== undefined) {
      expect({shown, screen: ending.screen}).toEqual({shown: [], screen: {at: 'field', field}});
      return;
    }
    expect(shown.at(0) ?? 'passed at once').toBe(fault);
    expect(ending.screen).toEqual({at: 'ended', ending: 'saved'});
    expect(saved).toBe(1);
  }, 20_000);
});
