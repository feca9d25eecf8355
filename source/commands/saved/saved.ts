/** Saved credentials as commands see them: found by name, described without secrets, opened with the passphrase. */
import {clean} from '../../domain/clean.ts';
import {labels, type SavedCredential} from '../../domain/credential.ts';
import {StoreFault, UnknownName, UsageFault} from '../../domain/fault.ts';
import {sameName} from '../../domain/name.ts';
import {Secret} from '../../domain/secret.ts';
import type {Unlocked} from '../../store/store.ts';
import {openUnlockCache} from '../../unlock-cache/unlock-cache.ts';
import type {Context} from '../context.ts';
import {suggest} from '../line/suggest.ts';
import {hasIdentity, readIdentity} from '../secrets/identity-source.ts';
import {minutesOf, type RememberedUnlock, rememberedFor} from '../secrets/remember.ts';
import {hasSource, readPassphrase, sourceHint} from '../secrets/secrets.ts';
import type {Opened} from './opened.ts';

/** Names are unique ignoring case, so a name in other letters still finds its credential. @throws UnknownName */
export function findSaved(credentials: readonly SavedCredential[], name: string): SavedCredential {
  const found = credentials.find(one => sameName(one.name, name));
  if (found !== undefined) return found;
  const names = credentials.map(one => one.name);
  throw new UnknownName(name, suggest(name, names));
}

/** The saved credential that the command line names. @throws UnknownName, StoreFault */
export async function savedAsNamed(context: Context): Promise<SavedCredential> {
  const {credentials} = await (await context.openStore()).read();
  const saved = findSaved(credentials, context.args[0] ?? '');
  context.secrets.allow(saved.name, saved.url, saved.username);
  return saved;
}

export const howToBegin = ({commandLine}: Pick<Context, 'commandLine'>): string =>
  `To make one: ${commandLine('')}\nTo see how, without an account: ${commandLine('practice')}`;

/** Wrong tries at a prompt before the command gives up. */
const tries = 5;

/** The passphrase a source gives is read once: what came through stdin is gone. */
export type Unlocking = Readonly<{unlocked: Unlocked; passphrase: Secret | null}>;

/**
 * Opens one credential: with the passphrase of a source, else as remembered, else asked on the terminal.
 * @param known what opened the store already
 * @throws StoreFault, UsageFault when there is no source and nothing can be asked, Interrupted
 */
export async function openSaved(
  saved: SavedCredential,
  context: Context,
  known: Unlocking | null = null,
): Promise<Opened> {
  if (known !== null) return openedBy(known, saved, context);
  const store = await context.openStore();
  const memory = await rememberedFor(context, store);
  const given = await givenUnlocking(context);
  if (given === null) {
    const remembered = await memory.find();
    return remembered === null
      ? asked(saved, context, memory)
      : openedBy({unlocked: remembered, passphrase: null}, saved, context);
  }
  const opened = await openedBy(given, saved, context);
  await memory.keep(opened.unlocked);
  return opened;
}

/** Opens the store alone, for many credentials at once. @throws as `openSaved` */
export async function unlockStore(context: Context): Promise<Unlocking> {
  const memory = await rememberedFor(context, await context.openStore());
  const given = await givenUnlocking(context);
  const remembered = given === null ? await memory.find() : null;
  if (remembered !== null) return {unlocked: remembered, passphrase: null};
  const unlocking =
    given ?? (await byPrompt(context, 'Opens the saved credentials.', passphrase => unlockedBy(passphrase, context)));
  await memory.keep(unlocking.unlocked);
  return unlocking;
}

/** As `openSaved`, but nothing remembered will do: what opens the store is changed by who has its passphrase. */
export async function openByPassphrase(saved: SavedCredential, context: Context): Promise<Opened> {
  const given = await givenUnlocking(context);
  return given === null ? asked(saved, context, null) : openedBy(given, saved, context);
}

/** What options and the environment open the store with; null where they name nothing. */
async function givenUnlocking(context: Context): Promise<Unlocking | null> {
  const identity = await readIdentity(context);
  if (identity !== null) {
    const store = await context.openStore();
    return {unlocked: await store.unlockBy(identity), passphrase: null};
  }
  const passphrase = await readPassphrase(context);
  return passphrase === null ? null : unlockedBy(passphrase, context);
}

async function unlockedBy(passphrase: Secret, context: Context): Promise<Unlocking> {
  const store = await context.openStore();
  return {unlocked: await store.unlock(passphrase, {onNotice: context.printer.note}), passphrase};
}

async function openedBy(
  {unlocked, passphrase}: Unlocking,
  saved: SavedCredential,
  {secrets}: Pick<Context, 'secrets'>,
): Promise<Opened> {
  const {token, ...content} = await unlocked.open(saved);
  return {content, token: secrets.add(new Secret(token)), unlocked, passphrase};
}

async function asked(saved: SavedCredential, context: Context, memory: RememberedUnlock | null): Promise<Opened> {
  const hint = `Opens “${clean(saved.name, 60)}”.`;
  return byPrompt(context, hint, async passphrase => {
    const opened = await openedBy(await unlockedBy(passphrase, context), saved, context);
    await memory?.keep(opened.unlocked);
    return opened;
  });
}

/** Asks for a passphrase until it opens something, five times at most. @throws StoreFault, UsageFault, Interrupted */
export async function byPrompt<Result>(
  context: Context,
  hint: string,
  work: (passphrase: Secret) => Promise<Result>,
): Promise<Result> {
  const {world, printer} = context;
  const {askSecret, canAsk} = await import('../output/prompt.ts');
  if (!canAsk(world)) throw missingPassphrase();
  for (let left = tries - 1; ; left -= 1) {
    const passphrase = await askSecret(context, {label: labels.passphrase, hint});
    try {
      return await work(passphrase);
    } catch (error) {
      if (!(error instanceof StoreFault) || error.code !== 'passphrase-wrong' || left === 0) throw error;
      printer.alarm(`That does not open it. ${left === 1 ? 'One try' : `${left} tries`} left.`);
    }
  }
}

/** Would `openSaved` open it without asking, or was asking asked for? */
export async function opensUnasked(context: Context): Promise<boolean> {
  const {options, world} = context;
  if (hasIdentity(options, world.env) || hasSource('passphrase', options, world.env) || minutesOf(options) !== null)
    return true;
  const {ring} = await (await context.openStore()).read();
  return ring !== null && (await openUnlockCache(world.env, world.now).find(ring.id)) !== null;
}

export const missingPassphrase = (): UsageFault =>
  new UsageFault('the passphrase is missing, and there is no terminal to ask on.', [
    `Give the ${sourceHint('passphrase')}.`,
  ]);
