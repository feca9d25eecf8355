/** `jirakey key`: further ways to open the store, beside its passphrase. Each holds the same key once more. */
import {clean} from '../domain/clean.ts';
import {exit} from '../domain/exit.ts';
import {NothingThere, UsageFault} from '../domain/fault.ts';
import {checkName, sameName} from '../domain/name.ts';
import type {FurtherKey, KeyRing, Store} from '../store/store.ts';
import {openUnlockCache} from '../unlock-cache/unlock-cache.ts';
import {SealFault} from '../vault/seal-fault.ts';
import {lockKey, lockKeyTo, type StoreKey, unlockKey} from '../vault/store-key.ts';
import type {Context, Run} from './context.ts';
import {type Unlocking, unlockStore} from './saved/saved.ts';
import {newPassphrase} from './secrets/new-passphrase.ts';
import {checkSources} from './secrets/secrets.ts';

/** What the passphrase that was chosen with the first credential is called in the list. */
const ownName = 'passphrase';

export const run: Run = async context => {
  const {args, options} = context;
  checkSources(options);
  const [action = '', name] = args;
  if (action === 'list' && name === undefined) return list(context);
  if (action === 'add' && name !== undefined) return add(name, context);
  if (action === 'remove' && name !== undefined) return remove(name, context);
  throw new UsageFault('key takes list, add NAME or remove NAME.', [
    `How it is used: ${context.commandLine('key')} --help`,
  ]);
};

async function list(context: Context): Promise<number> {
  const {options, printer} = context;
  const {ring} = await (await context.openStore()).read();
  const own =
    ring === null || ring.identity === null
      ? []
      : [{name: ownName, kind: 'passphrase' as const, recipient: null, addedAt: null}];
  const keys = [
    ...own,
    ...(ring?.keys ?? []).map(({name, kind, recipient, addedAt}) => ({name, kind, recipient, addedAt})),
  ];
  if (options.json) printer.json({schemaVersion: 1, keys});
  else if (keys.length === 0) printer.note('Nothing is saved yet, so there is nothing to open.');
  else printer.result(keys.map(lineOf).join('\n'));
  return exit.done;
}

function lineOf({
  name,
  kind,
  recipient,
  addedAt,
}: Omit<FurtherKey, 'sealed' | 'addedAt'> & {addedAt: string | null}): string {
  const since = addedAt === null ? '' : `, added on ${addedAt.slice(0, 10)}`;
  return `${clean(name, 80)}: ${kind === 'age' ? `the identity of ${clean(recipient, 200)}` : 'a passphrase'}${since}`;
}

type Opened = Readonly<{store: Store; unlocking: Unlocking; key: StoreKey; ring: KeyRing}>;

/** @throws NothingThere where there is no key; as `unlockStore` */
async function opened(context: Context): Promise<Opened> {
  const store = await context.openStore();
  const {credentials, draft} = await store.read();
  const unlocking = credentials.length === 0 && !draft?.sealed ? null : await unlockStore(context);
  // Only now: a store of the first format has got its key by this unlock.
  const {ring} = await store.read();
  const key = unlocking?.unlocked.key ?? null;
  if (unlocking === null || ring === null || key === null) {
    throw new NothingThere('nothing is saved yet, so there is nothing to open.', [
      `To make a credential: ${context.commandLine('')}`,
    ]);
  }
  return {store, unlocking, key, ring};
}

async function add(wanted: string, context: Context): Promise<number> {
  const {options, world, printer} = context;
  const {ring: before} = await (await context.openStore()).read();
  const checked = checkName(wanted, [ownName, ...(before?.keys ?? []).map(({name}) => name)]);
  if (!checked.ok) throw new UsageFault(`the name of the key: ${checked.reason}`);
  const {store, unlocking, key, ring} = await opened(context);
  const {recipient = null} = options;
  const sealed = recipient === null ? await underPassphrase(key, context) : await toRecipient(key, recipient);
  const addedAt = world.now().toISOString();
  const kind = recipient === null ? 'passphrase' : 'age';
  const added: FurtherKey = {name: checked.name, kind, recipient, addedAt, sealed};
  await store.changeKey(unlocking.unlocked, {keys: [...ring.keys, added]});
  const name = clean(checked.name, 80);
  if (options.json) printer.json({schemaVersion: 1, added: checked.name});
  else printer.result(`“${name}” opens the store from now on, beside what did before.`);
  if (kind === 'age') printer.note('Commands take it as --identity-file F, with the file that age-keygen wrote.');
  return exit.done;
}

const underPassphrase = async (key: StoreKey, context: Context): Promise<string> =>
  lockKey(key, await newPassphrase(context, []), {onNotice: context.printer.note});

async function toRecipient(key: StoreKey, recipient: string): Promise<string> {
  try {
    return await lockKeyTo(key, recipient);
  } catch (error) {
    if (!(error instanceof SealFault)) throw error;
    throw new UsageFault('--recipient takes an age recipient (age1…), and this is none.', [
      'It stands in the file that age-keygen writes, behind “public key:”.',
    ]);
  }
}

async function remove(name: string, context: Context): Promise<number> {
  const {options, world, printer} = context;
  const {store, unlocking, ring} = await opened(context);
  const found = ring.keys.find(key => sameName(key.name, name));
  if (found === undefined) {
    const others = ring.keys.map(key => `“${clean(key.name, 80)}”`).join(', ');
    throw new NothingThere(`no further key is called “${clean(name, 80)}”.`, [
      others === ''
        ? 'There is none. The passphrase itself is changed by: jirakey passphrase'
        : `There are: ${others}.`,
    ]);
  }
  const keys = ring.keys.filter(key => key !== found);
  const anew = options['new-key'] === true;
  if (anew) {
    const passphrase = await ownPassphrase(ring, unlocking);
    await store.changeKey(unlocking.unlocked, {keys, newKey: true, passphrase, onNotice: printer.note});
    await openUnlockCache(world.env, world.now).forget(ring.id);
  } else await store.changeKey(unlocking.unlocked, {keys});
  if (options.json) printer.json({schemaVersion: 1, removed: found.name});
  else printer.result(`“${clean(found.name, 80)}” does not open the store any more.`);
  const gone = keys.filter(({kind}) => kind === 'passphrase').map(key => `“${clean(key.name, 80)}”`);
  if (anew && gone.length > 0)
    printer.note(`Further passphrases went with the old key: ${gone.join(', ')}. Add them again.`);
  if (!anew) {
    printer.note(
      'It still opens old copies of the store, and with the key in them what is sealed from now on. With --new-key it opens the old copies alone.',
    );
  }
  return exit.done;
}

/** A new key is locked under the passphrase that was given, so that must be the store's own. @throws UsageFault */
async function ownPassphrase({identity}: KeyRing, {passphrase}: Unlocking) {
  const none = new UsageFault('--new-key needs the store’s own passphrase, and something else has opened the store.');
  if (passphrase === null || identity === null) throw none;
  try {
    await unlockKey(identity, passphrase);
    return passphrase;
  } catch (error) {
    throw error instanceof SealFault && error.problem.code === 'does-not-open' ? none : error;
  }
}
