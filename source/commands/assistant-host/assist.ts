/** The assistant, wired to the real modules: this file knows who fulfils which port, and nothing of the screens. */
import {hostname} from 'node:os';
import type {Ports, PracticeDefaults, PracticeStore, StorePort} from '../../assistant/ports.ts';
import type {Start} from '../../assistant/state.ts';
import {certificatesGiven} from '../../connection/ca-certificates.ts';
import {environmentSettings} from '../../connection/environment-settings.ts';
import {examine} from '../../connection/examine.ts';
import {probe} from '../../connection/probe.ts';
import type {Reach} from '../../connection/reach.ts';
import type {Examination, Target} from '../../diagnosis/examination.ts';
import {clean} from '../../domain/clean.ts';
import {nothingGiven} from '../../domain/connection-choice.ts';
import {type ConnectionSettings, noConnectionSettings} from '../../domain/connection-settings.ts';
import type {Draft, SavedCredential, SealedContent} from '../../domain/credential.ts';
import {Secret} from '../../domain/secret.ts';
import {makeChecks} from '../../prerequisites/checks.ts';
import {claimDraft, type DraftClaim} from '../../store/draft-claim.ts';
import {withFile} from '../../store/seal-faults.ts';
import type {Store, Unlocked} from '../../store/store.ts';
import {capabilities, prepareColour} from '../../terminal/capabilities.ts';
import {copyToTerminal} from '../../terminal/clipboard.ts';
import {generatePassphrase, ratePassphrase} from '../../vault/passphrase.ts';
import type {World} from '../../world.ts';
import {compared} from '../connection-test/connection-test.ts';
import {storeFailure} from '../connection-test/failures.ts';
import {lastTestsIn, runtimeOf} from '../connection-test/last-tests.ts';
import {type PracticeSetting, settle} from '../connection-test/practice-setting.ts';
import {reachOf} from '../connection-test/reach-options.ts';
import type {Context} from '../context.ts';
import {offerBackup} from '../saved/store-repair.ts';
import {rememberedFor} from '../secrets/remember.ts';

/** Where the assistant works: choosing the practice Jira as connector changes it. `notice` is said when the screen is gone. */
type Place = {
  context: Context;
  store: Store;
  claim: DraftClaim;
  reach: Reach;
  practice: PracticeSetting | null;
  notice?: string;
};

/** What the assistant left behind: what opened the credential being edited. */
type Trail = {unlocked: Unlocked | null};

const defaultsOf = ({practice, context, again, reach}: PracticeSetting): PracticeDefaults => ({
  given: reach.given,
  url: practice.url,
  username: practice.username,
  token: new Secret(practice.token),
  expiresAt: practice.expiresAt,
  run: context.run,
  again,
});

/**
 * Runs the assistant to its end.
 * @param on `practice`: the practice to play in, which its command ends. `edit`: a saved credential to change; `fix`: it is tested at once
 * @returns the exit code
 */
export async function assist(
  context: Context,
  on: Readonly<{practice?: PracticeSetting; edit?: SavedCredential; fix?: boolean}> = {},
): Promise<number> {
  const {options, world, printer} = context;
  const {practice = null, edit = null, fix = false} = on;
  const store = await context.openStore('silent');
  const trail: Trail = {unlocked: null};
  const memory = edit === null ? null : await rememberedFor(context, store);
  prepareColour(world, options['no-color'] === true);
  for (const sentence of await store.foreign()) printer.note(`Warning: ${sentence}`);
  await offerBackup(store, context);
  const {runAssistant} = await import('../../ui/app.tsx');
  const claim = await claimDraft(store.directory);
  const place: Place = {context, store, claim, reach: practice?.reach ?? reachOf(context), practice};
  const offersPractice = practice === null && edit === null;
  try {
    const start = await startOf(place, context, edit, fix);
    const ending = await runAssistant(start, portsOf(place, trail, context, edit, offersPractice), world);
    if (ending.scrollback !== '') printer.result(ending.scrollback);
    if (trail.unlocked !== null) await memory?.keep(trail.unlocked);
    return ending.exitCode;
  } finally {
    if (place.notice !== undefined) printer.note(place.notice);
    await place.claim.release();
    if (practice === null) await place.practice?.end();
  }
}

async function startOf(place: Place, context: Context, edit: SavedCredential | null, fix: boolean): Promise<Start> {
  const {options, world} = context;
  const {credentials, draft} = await place.store.read();
  const prefill: Record<string, string> = {};
  for (const key of ['connector', 'name', 'description', 'url', 'username', 'expires'] as const) {
    const value = options[key];
    if (value !== undefined) prefill[key] = value;
  }
  return {
    prefill,
    practice: place.practice === null ? null : defaultsOf(place.practice),
    given: place.reach.given,
    existing: credentials.map(({name}) => ({name})),
    hasStore: credentials.length > 0,
    draft,
    draftOf: place.claim.holder,
    here: {machine: clean(hostname(), 80), runtime: runtimeOf(world), run: context.run},
    ...(edit === null ? {} : {edit, fix}),
  };
}

type Keeper = Readonly<{
  /** A test begins: what the one before showed is of other answers. */
  begun: () => void;
  /** A test is over; so far it is of nothing saved. */
  tested: (examination: Examination, secrets: readonly Secret[]) => Promise<void>;
  /** What was tested is saved now. */
  saved: (name: string, renamedFrom: string | null) => Promise<void>;
}>;

/** Keeps the last test for `jirakey report`, under the credential's name once it has one. */
function keeperOf(place: Place, world: World): Keeper {
  let latest: Readonly<{examination: Examination; secrets: readonly Secret[]}> | null = null;
  const note = async (of: string | null): Promise<void> => {
    if (latest === null) return;
    const {report, facts} = latest.examination;
    await lastTestsIn(place.store.directory, world).note({of, report, facts, secrets: latest.secrets});
  };
  return {
    begun: () => {
      latest = null;
    },
    tested: async (examination, secrets) => {
      latest = {examination, secrets};
      await note(null);
    },
    saved: async (name, renamedFrom) => {
      if (renamedFrom !== null) await lastTestsIn(place.store.directory, world).rename(renamedFrom, name);
      await note(name);
      if (latest !== null) await lastTestsIn(place.store.directory, world).forget(null);
    },
  };
}

/** Always the store of where the assistant is by now. */
const storePort = (place: Place, keeper: Keeper): StorePort => ({
  read: () => place.store.read(),
  save: async (credential, saveOptions) => {
    await place.store.save(credential, saveOptions);
    await keeper.saved(credential.name, saveOptions?.renamedFrom ?? null);
  },
  saveDraft: async draft => {
    await withFile(() => place.claim.hold(), place.store.path);
    await place.store.saveDraft(draft);
  },
  clearDraft: () => place.store.clearDraft(),
});

/**
 * What the options said is an answer by now and may have been changed, so it holds no more by itself. Only “no proxy”
 * is nothing that could be kept: it holds until a proxy is answered.
 */
function reachBy({reach}: Place, {proxy}: ConnectionSettings): Reach {
  const direct = reach.given.proxy === 'none' && proxy === null;
  return {...reach, given: {...nothingGiven, proxy: direct ? 'none' : null}};
}

/** What must stand in no report. */
function secretsOf({token, connection}: Target): readonly Secret[] {
  const password = connection?.proxy?.password ?? '';
  return password === '' ? [token] : [token, new Secret(password)];
}

function portsOf(
  place: Place,
  trail: Trail,
  context: Context,
  edit: SavedCredential | null,
  offersPractice: boolean,
): Ports {
  const {world, secrets} = context;
  let mending: Promise<void> = Promise.resolve();
  const keeper = keeperOf(place, world);
  const onNotice = (notice: string): void => void Object.assign(place, {notice});
  // Starting anew over a draft was confirmed: its seal goes, and with it the key that nothing else is sealed to.
  const seal: Ports['seal'] = async (content, passphrase) => {
    // From here on neither is shown any more: a generated passphrase is, until a token lies under it.
    secrets.add(passphrase);
    secrets.addText(content.token);
    return (await place.store.unlock(passphrase, {onNotice, newKey: 'if-nothing-saved'})).seal(content);
  };
  /** Opens, and leaves on the trail with what. */
  const noting =
    <Sealed, Content extends SealedContent | null>(opening: (unlocked: Unlocked, sealed: Sealed) => Promise<Content>) =>
    async (sealed: Sealed, passphrase: Secret): Promise<Content> => {
      const unlocked = await place.store.unlock(passphrase, {onNotice});
      const content = await opening(unlocked, sealed);
      if (content !== null) trail.unlocked = unlocked;
      secrets.add(passphrase);
      secrets.addText(content?.token ?? '');
      return content;
    };
  const check = makeChecks({
    store: {path: place.store.path, check: () => place.store.check()},
    terminal: capabilities(world),
    env: world.env,
    caFile: context.options['ca-file'] ?? null,
    proxy: context.options.proxy ?? null,
  });
  return {
    now: world.now,
    check,
    look: async (site, signal, connection) => {
      await mending;
      return probe(site, reachBy(place, connection), signal, connection);
    },
    certificates: certificatesGiven,
    environment: site => environmentSettings(site, world.env),
    async *examine(target, signal) {
      await mending;
      keeper.begun();
      for (const each of secretsOf(target)) secrets.add(each);
      const passed = edit === null ? null : await lastTestsIn(place.store.directory, world).passedBy(edit.name);
      const reach = reachBy(place, target.connection ?? noConnectionSettings);
      const examination = compared(yield* examine(target, reach, signal), passed, world);
      await keeper.tested(examination, secretsOf(target));
      return examination;
    },
    seal,
    open: noting((unlocked, sealed: string) => unlocked.openSeal(sealed)),
    unlock: noting((unlocked, saved: SavedCredential) => unlocked.open(saved)),
    unlockDraft: noting((unlocked, draft: Draft) => unlocked.openDraft(draft)),
    generatePassphrase,
    ratePassphrase,
    store: storePort(place, keeper),
    copy: text => copyToTerminal(text, world),
    failureOf: fault => storeFailure(fault, place.context),
    practise: offersPractice ? () => practise(place, context) : null,
    mend:
      place.practice?.practice.fault == null
        ? null
        : () => {
            mending = place.practice?.practice.mend() ?? mending;
          },
  };
}

async function practise(place: Place, context: Context): Promise<PracticeDefaults & PracticeStore> {
  const {world} = context;
  const {startPractice} = await import('../../practice/practice.ts');
  const practice = await settle(await startPractice({now: world.now}), context);
  await place.claim.release();
  const store = await practice.context.openStore();
  Object.assign(place, {
    practice,
    context: practice.context,
    store,
    claim: await claimDraft(store.directory),
    reach: practice.reach,
  });
  const {credentials} = await place.store.read();
  return {
    ...defaultsOf(practice),
    existing: credentials.map(({name}) => ({name})),
    hasStore: credentials.length > 0,
  };
}
