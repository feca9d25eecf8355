import {describe, expect, it, vi} from 'vitest';
import type {Sealable} from '../../source/assistant/effects.ts';
import type {WorldEvent} from '../../source/assistant/events.ts';
import {Performer} from '../../source/assistant/perform.ts';
import type {Ports} from '../../source/assistant/ports.ts';
import type {Look} from '../../source/diagnosis/examination.ts';
import {noConnectionSettings} from '../../source/domain/connection-settings.ts';
import {StoreFault, UsageFault} from '../../source/domain/fault.ts';
import {Secret} from '../../source/domain/secret.ts';
import {parseSite} from '../../source/domain/site.ts';
import {doubles, goodLook, passphrase, savedCredential, sealed, token} from './doubles.ts';
import {Drive, toTest} from './drive.ts';

function performing(change: Partial<Ports> = {}, edit = null as ReturnType<typeof savedCredential> | null) {
  const world = doubles(change, [savedCredential('one'), savedCredential('two')]);
  const events: WorldEvent[] = [];
  const bugs: unknown[] = [];
  const endings: string[] = [];
  const performer = new Performer(world.ports, {
    edit,
    draft: null,
    tell: event => events.push(event),
    onLeave: ending => endings.push(ending),
    onBug: error => bugs.push(error),
  });
  const told = (type: WorldEvent['type']) =>
    vi.waitFor(() => {
      const event = events.find(each => each.type === type);
      if (!event) throw new Error(`no ${type} yet`);
      return event;
    });
  return {...world, performer, events, bugs, endings, told};
}

const parsed = parseSite('https://acme.atlassian.net');
if (!parsed.ok) throw new Error('the example is no site');
const {site} = parsed;

const content: Sealable = {
  v: 2,
  name: 'acme',
  description: '',
  connector: 'jira-software',
  url: site.url,
  username: 'you@acme.com',
  scheme: 'basic',
  route: 'site',
  cloudId: null,
  accountKind: null,
  connection: noConnectionSettings,
  expiresAt: null,
  seq: 1,
};
const answers = {
  connector: 'jira-software',
  name: 'acme',
  description: '',
  url: site.url,
  username: '',
  connection: noConnectionSettings,
  expiresAt: null,
} as const;
const key = new Secret(passphrase);
const save = {
  type: 'save',
  seq: 1,
  content,
  token: new Secret(token),
  passphrase: key,
  outcome: 'passed',
  code: null,
  replaces: null,
} as const;
const sealDraft = (name: string) =>
  ({
    type: 'seal-draft',
    answers: {...answers, name},
    content: {...content, name},
    token: new Secret(token),
    passphrase: key,
  }) as const;

/** A promise that is settled by hand. */
function gate<T>() {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>(resolve => {
    open = resolve;
  });
  return {promise, open};
}

describe('drafts', () => {
  it('are written one at a time, and of those that wait only the newest', async () => {
    const first = gate<void>();
    const seals: string[] = [];
    const {performer, drafts} = performing({
      seal: async inside => {
        seals.push(inside.name);
        if (seals.length === 1) await first.promise;
        return 'SEALED';
      },
    });
    performer.perform(sealDraft('a'));
    performer.perform(sealDraft('b'));
    performer.perform(sealDraft('c'));
    first.open();
    await vi.waitFor(() => expect(drafts.map(draft => draft?.name)).toEqual(['a', 'c']));
    expect(seals).toHaveLength(2);
    performer.perform({type: 'save-draft', answers, sealed: 'KEPT'});
    await vi.waitFor(() => expect(drafts.at(-1)?.sealed).toBe('KEPT'));
  });

  it('hold the token only sealed', async () => {
    const {performer, drafts, told} = performing();
    performer.perform(sealDraft('a'));
    expect(await told('draft-kept')).toEqual({type: 'draft-kept', sealed: true});
    const {sealed: text, ...clear} = drafts[0] ?? {};
    expect(text).toContain(token);
    expect(JSON.stringify(clear)).not.toContain(token);
  });

  it('that cannot be written are told, and stop nothing', async () => {
    const {performer, told, bugs, ports} = performing();
    const store = {
      ...ports.store,
      saveDraft: async () =>
        Promise.reject(
          new StoreFault({
            code: 'store-unwritable',
            path: '/nowhere/config.json',
            errno: 'ENOSPC',
            reason: 'the disk is full',
            operation: 'write',
            saved: false,
          }),
        ),
    };
    const full = performing({store});
    full.performer.perform({type: 'save-draft', answers, sealed: null});
    expect(await full.told('draft-failed')).toMatchObject({failure: {code: 'store-unwritable'}});
    performer.perform({type: 'save-draft', answers, sealed: null});
    await told('draft-kept');
    expect([bugs, full.bugs]).toEqual([[], []]);
  });
});

describe('the look', () => {
  it('at a site that was changed is given up', async () => {
    const slow = gate<Look>();
    let looks = 0;
    const signals: AbortSignal[] = [];
    const {performer, events, told} = performing({
      look: async (_site, signal) => {
        signals.push(signal);
        looks += 1;
        return looks === 1 ? slow.promise : goodLook;
      },
    });
    performer.perform({type: 'look', seq: 1, site, connection: noConnectionSettings});
    performer.perform({type: 'look', seq: 2, site, connection: noConnectionSettings});
    await told('looked');
    slow.open(goodLook);
    await slow.promise;
    expect(signals.map(({aborted}) => aborted)).toEqual([true, false]);
    expect(events.filter(({type}) => type === 'looked')).toEqual([{type: 'looked', seq: 2, look: goodLook}]);
  });
});

describe('unlocking', () => {
  it('proves the passphrase on the store, and hands nothing on', async () => {
    const {performer, told} = performing();
    performer.perform({type: 'unlock', seq: 5, passphrase: key, sealed: null});
    expect(await told('unlocked')).toEqual({type: 'unlocked', seq: 5, held: null});
  });

  it('opens a draft’s own seal', async () => {
    const {performer, told} = performing();
    const text = sealed({...content, token, sealedAt: '2026-11-23T10:00:00.000Z'}, passphrase);
    performer.perform({type: 'unlock', seq: 5, passphrase: key, sealed: text});
    const event = await told('unlocked');
    expect(event.type === 'unlocked' && event.held?.token.reveal()).toBe(token);
    expect(JSON.stringify(event)).not.toContain(token);
  });

  it('opens the credential that is edited', async () => {
    const {performer, told} = performing({}, savedCredential('old'));
    performer.perform({type: 'unlock', seq: 5, passphrase: key, sealed: null});
    expect(await told('unlocked')).toMatchObject({held: {name: 'old'}});
  });

  it('with the wrong passphrase is a failure with its code', async () => {
    const {performer, told} = performing();
    performer.perform({type: 'unlock', seq: 5, passphrase: new Secret('no'), sealed: null});
    expect(await told('unlock-failed')).toMatchObject({seq: 5, failure: {code: 'passphrase-wrong'}});
  });
});

describe('saving', () => {
  it('seals everything requests are built from, and shows the rest in clear', async () => {
    const {performer, saved, told} = performing();
    performer.perform(save);
    expect(await told('saved')).toEqual({type: 'saved', seq: 1, name: 'acme'});
    const {sealed: text, ...clear} = saved[0] ?? savedCredential('none');
    expect(clear).toMatchObject({name: 'acme', seq: 1, lastTest: {outcome: 'passed', code: null}});
    expect(JSON.parse(text).content).toMatchObject({token, url: site.url, sealedAt: clear.sealedAt});
    expect(JSON.stringify(clear)).not.toContain(token);
    expect(clear).not.toHaveProperty('v');
  });

  it('takes the place of what is edited', async () => {
    const places: unknown[] = [];
    const {ports} = doubles();
    const store: Ports['store'] = {...ports.store, save: async (_credential, options) => void places.push(options)};
    const {performer} = performing({store});
    performer.perform({...save, replaces: 'acme'});
    performer.perform({...save, replaces: 'old'});
    await vi.waitFor(() => expect(places).toEqual([{replace: true}, {renamedFrom: 'old'}]));
  });

  it.each([
    [new UsageFault('taken'), 'save-refused'],
    [new StoreFault({code: 'store-busy', path: '/nowhere/config.json', holder: null}), 'save-failed'],
  ] as const)('that ends in %s is told as %s', async (error, type) => {
    const {ports} = doubles();
    const {performer, told} = performing({store: {...ports.store, save: () => Promise.reject(error)}});
    performer.perform(save);
    expect(await told(type)).toMatchObject({seq: 1});
  });
});

describe('the end', () => {
  it('comes when what is being written is written', async () => {
    const slow = gate<string>();
    const {performer, endings, drafts} = performing({seal: () => slow.promise});
    performer.perform(sealDraft('a'));
    performer.perform({type: 'leave', ending: 'interrupted'});
    await Promise.resolve();
    expect(endings).toEqual([]);
    slow.open('SEALED');
    await vi.waitFor(() => expect(endings).toEqual(['interrupted']));
    expect(drafts).toHaveLength(1);
  });

  it('tells nothing any more', async () => {
    const {performer, events} = performing();
    await performer.halt();
    performer.perform({type: 'generate-passphrase'});
    expect(events).toEqual([]);
  });
});

it('hands an error of this program on as what it is', async () => {
  const {performer, bugs} = performing({check: () => Promise.reject(new TypeError('broken'))});
  performer.perform({type: 'check', id: 'store'});
  await vi.waitFor(() => expect(bugs).toEqual([new TypeError('broken')]));
});

it('is silent about a test that was cancelled', async () => {
  const {performer, events, bugs} = performing({
    async *examine(_target, signal) {
      yield {type: 'started', id: 'dns'};
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      throw new Error('not reached');
    },
  });
  performer.perform(toTest(new Drive()).last('examine'));
  await vi.waitFor(() => expect(events).toHaveLength(1));
  performer.perform({type: 'cancel', what: 'test'});
  await performer.halt();
  expect([events.map(({type}) => type), bugs]).toEqual([['stepped'], []]);
});
