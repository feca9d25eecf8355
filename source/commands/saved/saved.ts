/** Saved credentials as commands see them: found by name, described without secrets, opened with the passphrase. */
import {join, resolve} from 'node:path';
import {clean} from '../../domain/clean.ts';
import {type LastTest, labels, type SavedCredential, type SealedContent} from '../../domain/credential.ts';
import {StoreFault, UsageFault} from '../../domain/fault.ts';
import {sameName} from '../../domain/name.ts';
import {Secret} from '../../domain/secret.ts';
import {openStore, type Store, storeDirectory} from '../../store/store.ts';
import {fileName} from '../../store/store-location.ts';
import {openUnlockCache} from '../../unlock-cache/unlock-cache.ts';
import type {World} from '../../world.ts';
import type {Options} from '../line/options.ts';
import {didYouMean} from '../line/suggest.ts';
import {minutesOf, type RememberedUnlock, rememberedFor} from '../secrets/remember.ts';
import {hasSource, readPassphrase, sourceHint} from '../secrets/secrets.ts';
import {NotFound} from '../speech/tell.ts';
import {type Voice, voiceOf} from '../speech/voice.ts';

export function directoryOf(options: Options, world: World): string {
  return options.store === undefined ? storeDirectory(world.env) : resolve(options.store);
}

const storePath = (options: Options, world: World): string => join(directoryOf(options, world), fileName);

/** What was said already: a command may open its store several times. */
const told = new WeakMap<World, Set<string>>();

/**
 * What is odd about the store is said on stderr: whose it is under sudo, before the first change; a missing file.
 * @param voice `silent` for the assistant, whose screen such sentences would run through; it shows them itself
 */
export function storeOf(options: Options, world: World, voice: 'aloud' | 'silent' = 'aloud'): Store {
  const said = told.get(world) ?? new Set();
  told.set(world, said);
  const onNotice = (sentence: string): void => {
    if (!said.has(sentence)) voiceOf(world, options).note(`Warning: ${sentence}`);
    said.add(sentence);
  };
  const heard = voice === 'silent' ? {} : {onNotice};
  return openStore(directoryOf(options, world), {now: world.now, env: world.env, ...heard});
}

/** Names are unique ignoring case, so a name in other letters still finds its credential. @throws NotFound */
export function findSaved(credentials: readonly SavedCredential[], name: string): SavedCredential {
  const found = credentials.find(one => sameName(one.name, name));
  if (found !== undefined) return found;
  const names = credentials.map(one => one.name);
  const hints =
    names.length === 0 ? [] : [...didYouMean(name, names), `Saved: ${names.map(one => clean(one, 80)).join(', ')}`];
  throw new NotFound(`no credential named “${clean(name, 80)}” is saved.`, hints.length > 0 ? hints : [howToBegin]);
}

export const howToBegin = 'Plain jirakey makes a credential; jirakey practice shows how, without an account.';

/** What `list --json` and `show --json` say of a credential. Public. */
export function described(saved: SavedCredential) {
  const {name, description, connector, url, username, route, expiresAt, lastTest} = saved;
  return {name, description, connector, url, username, route, expiresAt, lastTest};
}

/** Wrong tries at a prompt before the command gives up. */
const tries = 5;

/** An opened credential; its token is out of sight. */
export type Opened = Readonly<{
  content: Omit<SealedContent, 'token'>;
  token: Secret;
  /** Null where a remembered unlock opened it: what that remembers opens this seal and seals nothing. */
  passphrase: Secret | null;
  /** To be called with the seal that has taken the place of the opened one. */
  resealed: (sealed: string) => Promise<void>;
}>;

const openedFrom = ({token, ...content}: SealedContent): Pick<Opened, 'content' | 'token'> => ({
  content,
  token: new Secret(token),
});

/**
 * Opens one credential: with the passphrase of a source, else as remembered, else asked on the terminal.
 * @param known the passphrase that opened another credential of this store
 * @throws StoreFault, UsageFault when there is no source and nothing can be asked, Interrupted
 */
export async function openSaved(
  saved: SavedCredential,
  options: Options,
  world: World,
  voice: Voice,
  known: Secret | null = null,
): Promise<Opened> {
  const memory = await rememberedFor(options, world, voice, storePath(options, world));
  const given = known ?? (await readPassphrase(options, world, voice));
  if (given !== null) return memory.open(saved, given, known === null);
  const found = await memory.find(saved);
  if (found !== null) return {...openedFrom(found), passphrase: null, resealed: () => memory.forget(saved)};
  return askedToOpen(saved, options, world, voice, memory);
}

/** As `openSaved`, but nothing remembered will do: the passphrase is needed for a new seal. */
export async function openForSealing(
  saved: SavedCredential,
  options: Options,
  world: World,
  voice: Voice,
  known: Secret | null = null,
): Promise<Opened & Readonly<{passphrase: Secret}>> {
  const memory = await rememberedFor(options, world, voice, storePath(options, world));
  const given = known ?? (await readPassphrase(options, world, voice));
  return given === null ? askedToOpen(saved, options, world, voice, memory) : memory.open(saved, given, known === null);
}

async function askedToOpen(
  saved: SavedCredential,
  options: Options,
  world: World,
  voice: Voice,
  memory: RememberedUnlock,
) {
  const {askSecret, canAsk} = await import('../speech/ask.ts');
  if (!canAsk(world)) throw missingPassphrase();
  for (let left = tries - 1; ; left -= 1) {
    const passphrase = await askSecret(world, options, {
      label: labels.passphrase,
      hint: `Opens “${clean(saved.name, 60)}”.`,
    });
    try {
      return await memory.open(saved, passphrase, true);
    } catch (error) {
      if (!(error instanceof StoreFault) || error.code !== 'passphrase-wrong' || left === 0) throw error;
      voice.alarm(`That does not open it. ${left === 1 ? 'One try' : `${left} tries`} left.`);
    }
  }
}

/** Would `openSaved` open it without asking, or was asking asked for? */
export async function opensUnasked(saved: SavedCredential, options: Options, world: World): Promise<boolean> {
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
