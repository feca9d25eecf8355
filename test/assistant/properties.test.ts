/** What holds for any sequence of events whatever. */

import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Event} from '../../source/assistant/events.ts';
import {menuOf} from '../../source/assistant/menu.ts';
import type {Answers, State} from '../../source/assistant/state.ts';
import {own} from '../../source/domain/clean.ts';
import {noConnectionSettings} from '../../source/domain/connection-settings.ts';
import {Secret} from '../../source/domain/secret.ts';
import {examinationOf, failureOf, goodLook, now, practice, reportOf, savedCredential, token} from './doubles.ts';
import {at, Drive, toPassphrase, toTest, toToken} from './drive.ts';

const seq = fc.integer({min: 0, max: 12});
const failure = fc.constantFrom(
  failureOf('passphrase-wrong'),
  failureOf('store-unwritable'),
  failureOf('credentials-rejected', 'sign-in'),
  failureOf('dns-not-found'),
  failureOf('connection-refused', 'connect'),
);
const held = {
  v: 2,
  name: 'acme',
  description: '',
  connector: 'jira-software',
  url: 'https://acme.atlassian.net',
  username: 'you@acme.com',
  scheme: 'basic',
  route: 'site',
  cloudId: null,
  accountKind: null,
  connection: noConnectionSettings,
  expiresAt: null,
  sealedAt: now.toISOString(),
  seq: 1,
  token: new Secret(token),
} as const;

const typed = fc.oneof(
  fc.constantFrom('', 'acme', 'you@acme.com', 'https://acme.atlassian.net', 'http://acme.example', '2027-01-01', token),
  fc.string({unit: 'grapheme', maxLength: 40}),
);
const choices = [
  'resume',
  'fresh',
  'jira-software',
  'jira-feeds',
  'practice',
  'change',
  'anyway',
  'again',
  'mend',
  'watch',
].concat([
  'questions',
  'save',
  'save-again',
  'leave',
  'test',
  'fix:token',
  'fix:url',
  'passphrase',
  'token',
  'url',
  'name',
  'message:jira-admin',
  'message:org-admin',
  'message:network-admin',
]);

const userEvent: fc.Arbitrary<Event> = fc.oneof(
  typed.map((text): Event => ({type: 'text', text})),
  typed.map((text): Event => ({type: 'secret', secret: new Secret(text)})),
  fc.constantFrom(...choices).map((choice): Event => ({type: 'choose', choice})),
  fc.constantFrom<Event>(
    {type: 'next'},
    {type: 'skip'},
    {type: 'back'},
    {type: 'help'},
    {type: 'close-help'},
    {type: 'copy'},
  ),
);
const worldEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.constantFrom('ok', 'failed').map(
    (state): Event => ({
      type: 'checked',
      id: 'store',
      result: {state: state === 'ok' ? 'ok' : 'failed', text: own('x'), more: []},
    }),
  ),
  fc
    .tuple(seq, fc.option(failure))
    .map(([n, bad]): Event => ({type: 'looked', seq: n, look: {...goodLook, failure: bad}})),
  fc.constant<Event>({type: 'generated', passphrase: new Secret('amber bridge cactus dagger')}),
  fc
    .tuple(seq, fc.boolean())
    .map(([n, ok]): Event => ({type: 'rated', seq: n, rating: {ok, score: 2, sentence: 'so'}})),
  fc.tuple(seq, fc.boolean()).map(([n, has]): Event => ({type: 'unlocked', seq: n, held: has ? held : null})),
  fc.tuple(seq, failure).map(([n, bad]): Event => ({type: 'unlock-failed', seq: n, failure: bad})),
  fc.boolean().map((sealed): Event => ({type: 'draft-kept', sealed})),
  failure.map((bad): Event => ({type: 'draft-failed', failure: bad})),
  seq.map((n): Event => ({type: 'stepped', seq: n, event: {type: 'started', id: 'tls'}})),
  fc
    .tuple(seq, fc.option(failure))
    .map(([n, bad]): Event => ({type: 'examined', seq: n, examination: examinationOf(reportOf(bad)), at})),
  seq.map((n): Event => ({type: 'saved', seq: n, name: 'acme'})),
  fc.tuple(seq, failure).map(([n, bad]): Event => ({type: 'save-failed', seq: n, failure: bad})),
  seq.map((n): Event => ({type: 'save-refused', seq: n, reason: 'taken'})),
  seq.map((n): Event => ({type: 'practising', seq: n, practice})),
  seq.map((n): Event => ({type: 'waited', seq: n})),
  fc.constantFrom('sent', 'too-long', 'no-terminal').map((result): Event => ({type: 'copied', result})),
);
const event = fc.oneof({weight: 5, arbitrary: userEvent}, {weight: 3, arbitrary: worldEvent});

const draft = {
  connector: 'jira-feeds',
  name: 'acme',
  description: '',
  url: 'https://acme.atlassian.net',
  username: 'you@acme.com',
  connection: noConnectionSettings,
  expiresAt: null,
  sealed: 'SEAL',
  updatedAt: now.toISOString(),
} as const;

/** Different places to begin from, so that short sequences reach far. */
const beginning: fc.Arbitrary<() => Drive> = fc.constantFrom(
  () => new Drive({}, {offersPractice: true}),
  () => new Drive({practice}, {mendable: true}),
  () => new Drive({draft}),
  () => new Drive({edit: {...savedCredential('old'), sealed: 'SEAL'}, existing: [{name: 'old'}], hasStore: true}),
  () => toPassphrase(new Drive()),
  () => toPassphrase(new Drive({hasStore: true})),
  () => toToken(new Drive()),
  () => toTest(new Drive({practice}, {mendable: true})),
);

const given = (answers: Answers): readonly (keyof Answers)[] =>
  (Object.keys(answers) as (keyof Answers)[]).filter(key => answers[key] !== null && answers[key] !== false);

const pieces = [token, token.slice(12, 60), Buffer.from(token).toString('base64')];

describe('any sequence of events', () => {
  it('throws nothing, keeps every choice on offer, and shows the token to nobody', () => {
    fc.assert(
      fc.property(beginning, fc.array(event, {maxLength: 40}), (begin, events) => {
        const drive = begin();
        for (const one of events) {
          drive.send(one);
          const written = JSON.stringify([drive.state, drive.take(), menuOf(drive.state)]);
          for (const piece of pieces) if (written.includes(piece)) return false;
          if (drive.state.screen.at === 'checklist' && drive.state.trouble === null) return false;
          if (drive.state.screen.at === 'test' && drive.state.trial === null) return false;
        }
        return true;
      }),
      {numRuns: 400},
    );
  });

  it('loses no accepted answer by going back', () => {
    fc.assert(
      fc.property(
        beginning,
        fc.array(event, {maxLength: 25}),
        fc.integer({min: 1, max: 12}),
        (begin, events, times) => {
          const drive = begin().send(...events);
          if (drive.state.help) drive.send({type: 'close-help'});
          const before: State = drive.state;
          for (let turn = 0; turn < times; turn += 1) drive.send({type: 'back'});
          expect(drive.state.answers).toEqual(before.answers);
          expect(given(drive.state.answers)).toEqual(given(before.answers));
        },
      ),
      {numRuns: 300},
    );
  });

  it('always ends by Ctrl-C, at the latest by the second', () => {
    fc.assert(
      fc.property(beginning, fc.array(event, {maxLength: 25}), (begin, events) => {
        const drive = begin()
          .send(...events)
          .send({type: 'interrupt'}, {type: 'interrupt'});
        expect(drive.state.screen.at).toBe('ended');
      }),
      {numRuns: 200},
    );
  });

  it('changes nothing once it is over', () => {
    fc.assert(
      fc.property(fc.array(event, {maxLength: 10}), events => {
        const drive = new Drive().send({type: 'interrupt'});
        const over = drive.state;
        drive.take();
        drive.send(...events);
        // What becomes of a draft that is being written is still noted, for the farewell.
        const {draftKept, draftTrouble} = drive.state;
        expect({...over, draftKept, draftTrouble}).toEqual(drive.state);
        expect(drive.take()).toEqual([]);
      }),
      {numRuns: 50},
    );
  });
});
