/** Saved credentials as commands see them: found by name, described without secrets, opened with the passphrase. */
import {clean} from '../../domain/clean.ts';
import {type LastTest, labels, type SavedCredential, type SealedContent} from '../../domain/credential.ts';
import {StoreFault, UnknownName, UsageFault} from '../../domain/fault.ts';
import {sameName} from '../../domain/name.ts';
import {Secret} from '../../domain/secret.ts';
import {openUnlockCache} from '../../unlock-cache/unlock-cache.ts';
import type {Context} from '../context.ts';
import {suggest} from '../line/suggest.ts';
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

/** What `list --json` and `show --json` say of a credential. Public. */
export function described(saved: SavedCredential) {
  const {name, description, connector, url, username, route, expiresAt, lastTest} = saved;
  return {name, description, connector, url, username, route, expiresAt, lastTest};
}

/** Wrong tries at a prompt before the command gives up. */
const tries = 5;

const openedFrom = (
  {token, ...content}: SealedContent,
  {secrets}: Pick<Context, 'secrets'>,
): Pick<Opened, 'content' | 'token'> => ({
  content,
  token: secrets.add(new Secret(token)),
});

/**
 * Opens one credential: with the passphrase of a source, else as remembered, else asked on the terminal.
 * @param known the passphrase, where it was read already
 * @param aloud says for how long the unlock is remembered
 * @throws StoreFault, UsageFault when there is no source and nothing can be asked, Interrupted
 */
export async function openSaved(
  saved: SavedCredential,
  context: Context,
  known: Secret | null = null,
  aloud = known === null,
): Promise<Opened> {
  const memory = await rememberedFor(context, (await context.openStore()).path);
  const given = known ?? (await readPassphrase(context));
  if (given !== null) return memory.open(saved, given, aloud);
  const found = await memory.find(saved);
  if (found !== null) return {...openedFrom(found, context), passphrase: null, resealed: () => memory.forget(saved)};
  return askedToOpen(saved, context, memory);
}

/** As `openSaved`, but nothing remembered will do: the passphrase is needed for a new seal. */
export async function openForSealing(
  saved: SavedCredential,
  context: Context,
  known: Secret | null = null,
): Promise<Opened & Readonly<{passphrase: Secret}>> {
  const memory = await rememberedFor(context, (await context.openStore()).path);
  const given = known ?? (await readPassphrase(context));
  return given === null ? askedToOpen(saved, context, memory) : memory.open(saved, given, known === null);
}

async function askedToOpen(saved: SavedCredential, context: Context, memory: RememberedUnlock) {
  const {world, printer} = context;
  const {askSecret, canAsk} = await import('../output/prompt.ts');
  if (!canAsk(world)) throw missingPassphrase();
  for (let left = tries - 1; ; left -= 1) {
    const passphrase = await askSecret(context, {
      label: labels.passphrase,
      hint: `Opens “${clean(saved.name, 60)}”.`,
    });
    try {
      return await memory.open(saved, passphrase, true);
    } catch (error) {
      if (!(error instanceof StoreFault) || error.code !== 'passphrase-wrong' || left === 0) throw error;
      printer.alarm(`That does not open it. ${left === 1 ? 'One try' : `${left} tries`} left.`);
    }
  }
}

/** Would `openSaved` open it without asking, or was asking asked for? */
export async function opensUnasked(saved: SavedCredential, context: Context): Promise<boolean> {
  const {options, world} = context;
  if (hasSource('passphrase', options, world.env) || minutesOf(options) !== null) return true;
  return (await openUnlockCache(world.env, world.now).find(saved.sealed)) !== null;
}

export const missingPassphrase = (): UsageFault =>
  new UsageFault('the passphrase is missing, and there is no terminal to ask on.', [
    `Give the ${sourceHint('passphrase')}.`,
  ]);

/** A credential as the store keeps it: the sealed text, and the clear copies of what is inside. */
export function savedFrom(content: SealedContent, sealed: string, lastTest: LastTest | null): SavedCredential {
  const {v: _, token: __, ...copies} = content;
  return {...copies, lastTest, sealed};
}
