/** `jirakey passphrase`: every seal opened with the old one and made anew with the new one; then all are swapped at once. */
import type {SavedCredential} from '../domain/credential.ts';
import {exit} from '../domain/exit.ts';
import {NothingThere, StoreFault, UsageFault} from '../domain/fault.ts';
import type {Secret} from '../domain/secret.ts';
import {sealFor, unlockDraft} from '../store/unlock.ts';
import {openUnlockCache} from '../unlock-cache/unlock-cache.ts';
import {normalisePassphrase} from '../vault/passphrase.ts';
import type {World} from '../world.ts';
import type {Run} from './context.ts';
import type {Opened} from './saved/opened.ts';
import {openForSealing, savedFrom} from './saved/saved.ts';
import {newPassphrase} from './secrets/new-passphrase.ts';
import {forgetAll, minutesOf} from './secrets/remember.ts';
import {checkSources} from './secrets/secrets.ts';

export const run: Run = async context => {
  const {options, world, printer} = context;
  checkSources(options);
  const memory = openUnlockCache(world.env, world.now);
  const minutes = minutesOf(options);
  if (minutes === 0) {
    await forgetAll(memory, printer);
    if (options.json) printer.json({schemaVersion: 1, changed: []});
    return exit.done;
  }
  if (minutes !== null) {
    throw new UsageFault('a passphrase that is just being changed is not remembered.', [
      'With --remember 0 it forgets what is remembered, and changes nothing.',
    ]);
  }
  const store = await context.openStore();
  const before = await store.read();
  const [first, ...others] = before.credentials;
  if (first === undefined) {
    throw new NothingThere('nothing is saved yet, so there is no passphrase to change.', [
      `It is chosen with the first credential: ${context.commandLine('')}`,
    ]);
  }
  const one = await openForSealing(first, context);
  const old = one.passphrase;
  const opened: Opened[] = [one];
  for (const saved of others) {
    opened.push(await namingMixed(() => openForSealing(saved, context, old)));
  }
  const draftContent = before.draft === null ? null : await unlockDraft(before.draft, old, store.path);
  const next = await newPassphrase(context, contextOf(opened));
  if (normalisePassphrase(next.reveal()) === normalisePassphrase(old.reveal())) {
    throw new UsageFault('the new passphrase is the old one; nothing was changed.');
  }
  printer.note(`Sealing ${opened.length === 1 ? 'one credential' : `${opened.length} credentials`} anew …`);
  const credentials: SavedCredential[] = [];
  for (const [index, each] of opened.entries()) {
    credentials.push(await resealed(each, before.credentials[index]?.lastTest ?? null, next, world, store.path));
  }
  const draft =
    before.draft === null
      ? null
      : {
          ...before.draft,
          sealed:
            draftContent === null ? null : await sealFor(store.path, draftContent, next, {signal: world.interrupted}),
        };
  await store.replaceAll({credentials, draft}, before);
  await memory.forget(before.credentials.map(({sealed}) => sealed));
  if (options.json) printer.json({schemaVersion: 1, changed: credentials.map(({name}) => name)});
  else printer.result(`The passphrase is changed. It opens ${credentials.map(({name}) => `“${name}”`).join(', ')}.`);
  return exit.done;
};

/** What an attacker would try first. */
/** A store whose passphrase was lost may be half renewed: then it is said which seal wants another passphrase. */
async function namingMixed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    const {problem} = error;
    throw problem.code === 'passphrase-wrong' ? new StoreFault({...problem, state: 'opens-others'}) : error;
  }
}

const contextOf = (opened: readonly Opened[]): string[] =>
  opened.flatMap(({content, token}) => [content.url, content.username, token.reveal()]);

async function resealed(
  {content, token}: Opened,
  lastTest: SavedCredential['lastTest'],
  passphrase: Secret,
  world: World,
  file: string,
): Promise<SavedCredential> {
  const next = {...content, token: token.reveal(), seq: content.seq + 1, sealedAt: world.now().toISOString()};
  return savedFrom(next, await sealFor(file, next, passphrase, {signal: world.interrupted}), lastTest);
}
