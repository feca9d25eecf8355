/** The assistant, wired to the real rooms: this file knows who fulfils which port, and nothing of the screens. */
import type {Ports, PracticeDefaults, PracticeStore, StorePort} from '../assistant/ports.ts';
import type {Start} from '../assistant/state.ts';
import {examine} from '../connection/examine.ts';
import {look} from '../connection/look.ts';
import type {Reach} from '../connection/reach.ts';
import type {SavedCredential} from '../domain/credential.ts';
import {Secret} from '../domain/secret.ts';
import type {Practice} from '../practice/practice.ts';
import {makeChecks} from '../prerequisites/checks.ts';
import {openStore, type Store} from '../store/store.ts';
import {unlock, unlockDraft} from '../store/unlock.ts';
import {capabilities, prepareColour} from '../terminal/capabilities.ts';
import {generatePassphrase, ratePassphrase} from '../vault/passphrase.ts';
import {open, seal as sealQuietly} from '../vault/seal.ts';
import type {World} from '../world.ts';
import {storeFailure} from './failures.ts';
import type {Options} from './options.ts';
import {practiceDirectory, practiceReach} from './practice.ts';
import {reachOf} from './reach.ts';
import {storeOf} from './saved.ts';
import {offerBackup} from './store-mending.ts';
import {voiceOf} from './voice.ts';

/** Where the assistant works: choosing the practice Jira as connector changes it. `notice` is said when the screen is gone. */
type Place = {store: Store; reach: Reach; practice: Practice | null; notice?: string};

const defaultsOf = (practice: Practice): PracticeDefaults => ({
  url: practice.url,
  username: practice.username,
  token: new Secret(practice.token),
  expiresAt: practice.expiresAt,
});

const practiceStore = (options: Options, world: World): Store =>
  openStore(practiceDirectory(options, world.env), {now: world.now});

/**
 * Runs the assistant to its end.
 * @param practice a running practice Jira to play against
 * @param edit a saved credential to change
 * @returns the exit code
 */
export async function assist(
  options: Options,
  world: World,
  practice: Practice | null = null,
  edit: SavedCredential | null = null,
): Promise<number> {
  const place: Place =
    practice === null
      ? {store: storeOf(options, world, 'silent'), reach: reachOf(options, world), practice: null}
      : {store: practiceStore(options, world), reach: practiceReach(practice, options, world), practice};
  prepareColour(world, options['no-color'] === true);
  const voice = voiceOf(world, options);
  for (const sentence of await place.store.foreign()) voice.note(`Warning: ${sentence}`);
  await offerBackup(place.store, options, world, voice);
  const {runAssistant} = await import('../ui/app.tsx');
  const offersPractice = practice === null && edit === null;
  try {
    const start = await startOf(place, options, edit);
    const ending = await runAssistant(start, portsOf(place, options, world, offersPractice), world);
    if (ending.scrollback !== '') voiceOf(world, options).result(ending.scrollback);
    return ending.exitCode;
  } finally {
    if (place.notice !== undefined) voice.note(place.notice);
    if (practice === null) await place.practice?.stop();
  }
}

async function startOf(place: Place, options: Options, edit: SavedCredential | null): Promise<Start> {
  const {credentials, draft} = await place.store.read();
  const prefill: Record<string, string> = {};
  for (const key of ['connector', 'name', 'description', 'url', 'username', 'expires'] as const) {
    const value = options[key];
    if (value !== undefined) prefill[key] = value;
  }
  return {
    prefill,
    practice: place.practice === null ? null : defaultsOf(place.practice),
    existing: credentials.map(({name}) => ({name})),
    hasStore: credentials.length > 0,
    draft: edit === null ? draft : null,
    ...(edit === null ? {} : {edit}),
  };
}

/** Always the store of where the assistant is by now. */
const storePort = (place: Place): StorePort => ({
  read: () => place.store.read(),
  save: (credential, saveOptions) => place.store.save(credential, saveOptions),
  saveDraft: draft => place.store.saveDraft(draft),
  clearDraft: () => place.store.clearDraft(),
});

function portsOf(place: Place, options: Options, world: World, offersPractice: boolean): Ports {
  let mending: Promise<void> = Promise.resolve();
  const seal: Ports['seal'] = (content, passphrase) =>
    sealQuietly(content, passphrase, {onNotice: notice => Object.assign(place, {notice})});
  const check = makeChecks({
    store: {path: place.store.path, check: () => place.store.check()},
    terminal: capabilities(world),
    env: world.env,
    caFile: place.reach.caFile,
    proxy: place.reach.proxy,
  });
  return {
    now: world.now,
    check,
    look: (site, signal) => look(site, place.reach, signal),
    async *examine(target, signal) {
      await mending;
      return yield* examine(target, place.reach, signal);
    },
    seal: (content, passphrase) => seal(content, passphrase),
    open: (sealed, passphrase) => open(sealed, passphrase),
    unlock,
    generatePassphrase,
    ratePassphrase,
    store: storePort(place),
    failureOf: fault => storeFailure(fault, world),
    unlockDraft,
    practise: offersPractice ? () => practise(place, options, world) : null,
    mend:
      place.practice?.fault == null
        ? null
        : () => {
            mending = place.practice?.mend() ?? mending;
          },
  };
}

async function practise(place: Place, options: Options, world: World): Promise<PracticeDefaults & PracticeStore> {
  const {startPractice} = await import('../practice/practice.ts');
  const practice = await startPractice({now: world.now});
  Object.assign(place, {
    practice,
    store: practiceStore(options, world),
    reach: practiceReach(practice, options, world),
  });
  const {credentials} = await place.store.read();
  return {
    ...defaultsOf(practice),
    existing: credentials.map(({name}) => ({name})),
    hasStore: credentials.length > 0,
  };
}
