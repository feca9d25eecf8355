/** `jirakey passphrase`: everything opened with the old one and sealed to a new key under the new one, in one write. */

import {clean} from '../domain/clean.ts';
import {givenUp, type SavedCredential} from '../domain/credential.ts';
import {exit} from '../domain/exit.ts';
import {NothingThere, StoreFault, UsageFault} from '../domain/fault.ts';
import type {Secret} from '../domain/secret.ts';
import type {Store, Unlocked} from '../store/store.ts';
import {openUnlockCache} from '../unlock-cache/unlock-cache.ts';
import {normalisePassphrase} from '../vault/passphrase.ts';
import type {Context, Run} from './context.ts';
import {byPrompt, openByPassphrase} from './saved/saved.ts';
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
  const {credentials} = await store.read();
  const first = credentials.find(({sealed}) => sealed !== givenUp);
  if (first === undefined) {
    throw new NothingThere('nothing is saved yet, so there is no passphrase to change.', [
      `It is chosen with the first credential: ${context.commandLine('')}`,
    ]);
  }
  const {unlocked, passphrase: old} = await openByPassphrase(first, context);
  const opened = await openAll(credentials, unlocked, store, context);
  const next = await newPassphrase(context, opened);
  if (old !== null && normalisePassphrase(next.reveal()) === normalisePassphrase(old.reveal())) {
    throw new UsageFault('the new passphrase is the old one; nothing was changed.');
  }
  await change(unlocked, next, store, context);
  const names = credentials.filter(({sealed}) => sealed !== givenUp).map(({name}) => name);
  if (options.json) printer.json({schemaVersion: 1, changed: names});
  else printer.result(`The passphrase is changed. It opens ${names.map(name => `“${name}”`).join(', ')}.`);
  return exit.done;
};

/** A new key with it, so that no old copy opens what comes; not where others open the store by a passphrase of theirs. */
async function change(unlocked: Unlocked, passphrase: Secret, store: Store, context: Context): Promise<void> {
  const {world, printer} = context;
  const {ring} = await store.read();
  const others = (ring?.keys ?? []).filter(({kind}) => kind === 'passphrase').map(({name}) => name);
  const newKey = others.length === 0;
  await store.changeKey(unlocked, {passphrase, newKey, onNotice: printer.note});
  if (ring !== null) await openUnlockCache(world.env, world.now).forget(ring.id);
  if (newKey) return;
  printer.note(
    `The key behind it stays, for ${others.map(name => `“${clean(name, 80)}”`).join(', ')} opens it too: an old copy of the store opens with the old passphrase what is sealed from now on.`,
  );
}

/**
 * Opens every credential, and leads through those that are under a passphrase of their own.
 * @returns what an attacker would try first
 */
async function openAll(
  credentials: readonly SavedCredential[],
  unlocked: Unlocked,
  store: Store,
  context: Context,
): Promise<string[]> {
  const related: string[] = [];
  for (const saved of credentials) {
    if (saved.sealed === givenUp) continue;
    const {url, username, token} = await openOrAdopt(saved, unlocked, store, context);
    related.push(url, username, token);
  }
  return related;
}

/** A store whose passphrase was lost may be half renewed: then one passphrase after another is asked, once each. */
async function openOrAdopt(saved: SavedCredential, unlocked: Unlocked, store: Store, context: Context) {
  try {
    return await unlocked.open(saved);
  } catch (error) {
    const {key} = unlocked;
    const other =
      error instanceof StoreFault &&
      error.problem.code === 'passphrase-wrong' &&
      error.problem.state === 'opens-others';
    const {canAsk} = await import('./output/prompt.ts');
    if (!other || key === null || !canAsk(context.world)) throw error;
    context.printer.note(error.message);
    const hint = `Opens “${clean(saved.name, 60)}”, which gets the passphrase of the others.`;
    await byPrompt(context, hint, passphrase => store.adopt(saved.sealed, passphrase, key));
    return unlocked.open(saved);
  }
}
