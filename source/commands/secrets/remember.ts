/** `--remember MINUTES`: opening the store so that the next commands need no passphrase for a while. */
import {codeOf} from '../../domain/errno.ts';
import {UsageFault} from '../../domain/fault.ts';
import type {Store, Unlocked} from '../../store/store.ts';
import {openUnlockCache, type RememberedKey, type UnlockCache} from '../../unlock-cache/unlock-cache.ts';
import type {StoreKey} from '../../vault/store-key.ts';
import type {Context} from '../context.ts';
import type {Options} from '../line/options.ts';
import type {Printer} from '../output/printer.ts';

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
  /** What the remembered key opens; null when there is none, or the store has another key by now. */
  find: () => Promise<Unlocked | null>;
  /** Remembers what the passphrase has opened, when that was asked for, and says so. */
  keep: (unlocked: Unlocked) => Promise<void>;
}>;

/**
 * Before anything is asked: what cannot be remembered is refused, and what shall be forgotten is forgotten.
 * @throws UsageFault
 */
export async function rememberedFor(context: Context, store: Store): Promise<RememberedUnlock> {
  const {options, world, printer} = context;
  const minutes = minutesOf(options);
  const memory = openUnlockCache(world.env, world.now);
  if (minutes === 0) {
    if ((await memory.forgetAll()) > 0) printer.note(forgotten);
  } else if (minutes !== null) await memory.prove();
  const kit: Kit = {memory, minutes: minutes === 0 ? null : minutes, context};
  return {
    find: () => find(store, kit),
    keep: async ({key}) => {
      if (kit.minutes !== null && key !== null) await keep(key, kit.minutes, kit);
    },
  };
}

/** Nothing but that. */
export async function forgetAll(memory: UnlockCache, printer: Printer): Promise<void> {
  printer.note((await memory.forgetAll()) === 0 ? 'No unlock was remembered.' : forgotten);
}

const forgotten = 'The remembered unlock is forgotten: from now on the passphrase is needed again.';

type Kit = Readonly<{memory: UnlockCache; minutes: number | null; context: Context}>;

/** The store is open; that it cannot be remembered as well (memory full) is said, and stops nothing. */
async function keep(key: StoreKey, minutes: number, {memory, context}: Kit): Promise<void> {
  try {
    const until = await memory.keep(key, minutes);
    context.printer.note(
      `No passphrase is needed for ${spanText(minutes)}, until ${timeText(until)}. ${howToForget(context)}`,
    );
  } catch (error) {
    // A keyring may refuse only now (its quota), where there is no folder to take its place.
    const reason = codeOf(error) ?? (error instanceof UsageFault ? error.message : null);
    if (reason === null) throw error;
    context.printer.alarm(`The unlock could not be remembered (${reason}): the passphrase is needed again next time.`);
  }
}

async function find(store: Store, {memory, minutes, context}: Kit): Promise<Unlocked | null> {
  const {ring} = await store.read();
  const found = ring === null ? null : await memory.find(ring.id);
  if (found === null) return null;
  const unlocked = await store.unlockWith(found.key);
  if (unlocked === null) await memory.forget(found.key.id);
  else if (minutes !== null) await shorten(found, minutes, {memory, context});
  return unlocked;
}

/** Only the passphrase lengthens a remembered unlock: else one that is used often would never end. */
async function shorten(
  {key, until}: RememberedKey,
  minutes: number,
  {memory, context}: Pick<Kit, 'memory' | 'context'>,
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
