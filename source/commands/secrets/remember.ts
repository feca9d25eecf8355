/** `--remember MINUTES`: opening a credential so that the next commands need no passphrase for a while. */
import {clean} from '../../domain/clean.ts';
import type {SavedCredential, SealedContent} from '../../domain/credential.ts';
import {codeOf} from '../../domain/errno.ts';
import {StoreFault, UsageFault} from '../../domain/fault.ts';
import {Secret} from '../../domain/secret.ts';
import {matching, unlock, withFile} from '../../store/unlock.ts';
import {openUnlockCache, type UnlockCache} from '../../unlock-cache/unlock-cache.ts';
import {openKeeping, openWithKey, type WrapKey} from '../../vault/wrap-key.ts';
import type {Context} from '../context.ts';
import type {Options} from '../line/options.ts';
import type {Printer} from '../output/printer.ts';
import type {Opened} from '../saved/opened.ts';

const longestMinutes = 720;

/** Minutes asked for, 0 to forget; null when `--remember` was not given. @throws UsageFault */
export function minutesOf({remember}: Options): number | null {
  if (remember === undefined) return null;
  const minutes = /^\d{1,4}$/.test(remember) ? Number(remember) : -1;
  if (minutes < 0 || minutes > longestMinutes) {
    throw new UsageFault(`--remember takes whole minutes from 1 to ${longestMinutes}; 0 forgets.`);
  }
  return minutes;
}

/** Opening with regard to what is remembered. */
export type RememberedUnlock = Readonly<{
  /** With the passphrase, which is remembered in its way when that was asked for. @param aloud says so */
  open: (
    saved: SavedCredential,
    passphrase: Secret,
    aloud: boolean,
  ) => Promise<Opened & Readonly<{passphrase: Secret}>>;
  /** What the remembered key opens; null when there is none or it does not fit. @throws StoreFault store-changed */
  find: (saved: SavedCredential) => Promise<SealedContent | null>;
  forget: (saved: SavedCredential) => Promise<void>;
}>;

/**
 * Before anything is asked: what cannot be remembered is refused, and what shall be forgotten is forgotten.
 * @throws UsageFault
 */
export async function rememberedFor(context: Context, file: string): Promise<RememberedUnlock> {
  const {options, world, printer} = context;
  const minutes = minutesOf(options);
  const memory = openUnlockCache(world.env, world.now);
  if (minutes === 0) {
    if ((await memory.forgetAll()) > 0) printer.note(forgotten);
  } else if (minutes !== null) await memory.prove();
  const unlock: Unlock = {memory, minutes: minutes === 0 ? null : minutes, context, file};
  return {
    open: (saved, passphrase, aloud) => opened(saved, passphrase, unlock, aloud),
    find: saved => find(saved, unlock),
    forget: saved => memory.forget([saved.sealed]),
  };
}

/** Nothing but that. */
export async function forgetAll(memory: UnlockCache, printer: Printer): Promise<void> {
  printer.note((await memory.forgetAll()) === 0 ? 'No unlock was remembered.' : forgotten);
}

const forgotten = 'The remembered unlock is forgotten: from now on the passphrase is needed again.';

type Unlock = Readonly<{memory: UnlockCache; minutes: number | null; context: Context; file: string}>;

async function opened(saved: SavedCredential, passphrase: Secret, kit: Unlock, aloud: boolean) {
  const {token, ...content} =
    kit.minutes === null
      ? await unlock(saved, passphrase, kit.file)
      : await keep(saved, passphrase, kit, kit.minutes, aloud);
  return {
    content,
    token: kit.context.secrets.add(new Secret(token)),
    passphrase,
    resealed: async (sealed: string) => {
      await kit.memory.forget([saved.sealed]);
      if (kit.minutes === null) return;
      const {key} = await withFile(() => openKeeping(sealed, passphrase), kit.file);
      await tryToKeep(key, kit.minutes, kit);
    },
  };
}

async function keep(saved: SavedCredential, passphrase: Secret, kit: Unlock, minutes: number, aloud: boolean) {
  const {content, key} = await withFile(() => openKeeping(saved.sealed, passphrase), kit.file, clean(saved.name, 80));
  const matched = await matching(saved, content, kit.file);
  const until = await tryToKeep(key, minutes, kit);
  if (until !== null && aloud)
    kit.context.printer.note(
      `No passphrase is needed for ${spanText(minutes)}, until ${timeText(until)}. ${howToForget(kit.context)}`,
    );
  return matched;
}

/** The credential is open; that it cannot be remembered as well (memory full) is said, and stops nothing. */
async function tryToKeep(key: WrapKey, minutes: number, {memory, context}: Unlock): Promise<Date | null> {
  try {
    return await memory.keep(key, minutes);
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    context.printer.alarm(`The unlock could not be remembered (${code}): the passphrase is needed again next time.`);
    return null;
  }
}

async function find(saved: SavedCredential, {memory, minutes, context, file}: Unlock): Promise<SealedContent | null> {
  const found = await memory.find(saved.sealed);
  if (found === null) return null;
  try {
    const content = await matching(saved, await withFile(() => openWithKey(saved.sealed, found.key), file), file);
    if (minutes !== null) await shorten(found, minutes, {memory, context});
    return content;
  } catch (error) {
    if (!(error instanceof StoreFault) || error.code !== 'passphrase-wrong') throw error;
    await memory.forget([saved.sealed]);
    return null;
  }
}

/** Only the passphrase lengthens a remembered unlock: else one that is used often would never end. */
async function shorten(
  {key, until}: NonNullable<Awaited<ReturnType<UnlockCache['find']>>>,
  minutes: number,
  {memory, context}: Pick<Unlock, 'memory' | 'context'>,
): Promise<void> {
  const asked = context.world.now().getTime() + minutes * 60_000;
  const ends = asked < until.getTime() ? await memory.keep(key, minutes) : until;
  context.printer.note(
    `It was unlocked already, until ${timeText(ends)}; only the passphrase makes that longer. ${howToForget(context)}`,
  );
}

const howToForget = ({commandLine}: Pick<Context, 'commandLine'>): string =>
  `To end it sooner:\n${commandLine('passphrase', {options: ['--remember', '0']})}`;

const spanText = (minutes: number): string => (minutes === 1 ? 'one minute' : `${minutes} minutes`);

/** The time of day here, as the user's clock shows it. */
const timeText = (date: Date): string =>
  `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
