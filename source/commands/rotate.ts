/** A new token for a saved credential: tested first, swapped in one step only when it passes. */
import {Interrupted} from '../connection/interrupted.ts';
import {clean} from '../domain/clean.ts';
import {withoutProxyLogin} from '../domain/connection-settings.ts';
import {type Draft, type SavedCredential, type SealedContent, savedFrom} from '../domain/credential.ts';
import {StoreFault, UsageFault} from '../domain/fault.ts';
import {sameName} from '../domain/name.ts';
import {Secret} from '../domain/secret.ts';
import {tokenPage} from '../prerequisites/prerequisites.ts';
import type {Store} from '../store/store.ts';
import {uncut} from '../world.ts';
import {
  freshTarget,
  isVerdict,
  printReport,
  refusedOffline,
  siteOf,
  tryOut,
  type Verdict,
} from './connection-test/connection-test.ts';
import {keptConnection} from './connection-test/kept-connection.ts';
import {lastTestsIn} from './connection-test/last-tests.ts';
import {reachOf} from './connection-test/reach-options.ts';
import {keepReport} from './connection-test/record-result.ts';
import type {Context, Run} from './context.ts';
import type {Opened} from './saved/opened.ts';
import {announce, askedExpiry, expiryOf, renewed} from './saved/renewal.ts';
import {findSaved, openSaved, opensUnasked} from './saved/saved.ts';
import {checkSources, type GivenToken, hasSource, readToken, sourceHint} from './secrets/secrets.ts';

/** `draft`: the new token of an attempt that did not come to its end; null where there is none. */
type Kit = Context & Readonly<{store: Store; draft: Draft | null}>;
/** `expiresAt`: what was told of it. `kept`: where it lies, so that it is not lost. */
type NewToken = Readonly<{token: Secret; expiresAt: string | null; kept: boolean}>;

export const run: Run = async context => {
  const {args, options, world, printer} = context;
  const reach = reachOf(context);
  checkSources(options);
  if (options['lost-passphrase']) {
    const {replaceLost} = await import('./saved/lost-passphrase.ts');
    return replaceLost(context, reach);
  }
  if (options.yes) throw new UsageFault('--yes goes with --lost-passphrase.');
  const told = expiryOf(context);
  const store = await context.openStore();
  const {credentials, draft} = await store.read();
  const kit: Kit = {...context, store, draft};
  const saved = findSaved(credentials, args[0] ?? '');
  await nameMissing(saved.name, kit);
  const opened = await openSaved(saved, context);
  const given = await newToken(saved, opened, told, kit);
  try {
    return await swap(saved, opened, given);
  } catch (error) {
    if (error instanceof Interrupted) sayKept(opened, given, context);
    throw error;
  }

  async function swap(
    before: SavedCredential,
    {content: old, passphrase, unlocked}: typeof opened,
    {token, expiresAt}: NewToken,
  ): Promise<number> {
    // Built from what is sealed. The new token may be of another kind than the old, so its way is found anew.
    const {name, connector, username, url} = old;
    const subject = {name, connector, username, url};
    const site = siteOf(subject, context);
    if (isVerdict(site)) return ended(site);
    const connection = keptConnection(site, old.connection, context);
    const target = {...freshTarget({subject, site, token, expiresAt}), connection};
    const verdict = refusedOffline(target, subject, context) ?? (await tryOut(target, reach, context));
    const {examination} = verdict;
    const tests = lastTestsIn(store.directory, world);
    const secrets = [token, opened.token, ...(passphrase === null ? [] : [passphrase])];
    if (verdict.report.outcome !== 'passed' || examination === null) {
      // The new token is not saved, so this is no test of the credential as it is.
      await keepReport(tests, verdict, null, secrets);
      return ended(verdict);
    }

    const content = renewed({...old, connection}, token, expiresAt, examination, world);
    const lastTest = {outcome: 'passed', code: null, at: world.now().toISOString()} as const;
    const swapping = async () => {
      const sealed = await unlocked.seal(content);
      await store.save(savedFrom(content, sealed, lastTest), {replace: true, sealedStill: before.sealed});
      if (isOf(await currentDraft(store), name)) await store.clearDraft();
    };
    await uncut(world, swapping());
    await keepReport(tests, verdict, name, secrets);
    printReport(verdict.report, context);
    announce(content, site.atlassianHosted, printer);
    return verdict.code;
  }

  /** The end of an attempt that changed nothing. */
  function ended(verdict: Verdict): number {
    printReport(verdict.report, context);
    sayKept(opened, given, context);
    return verdict.code;
  }
};

function sayKept({content}: Opened, {kept}: NewToken, {printer, commandLine}: Context): void {
  printer.note('Nothing was changed: the old token is still the saved one.');
  if (!kept) return;
  printer.note(
    `The new one is kept, sealed, as a draft. To go on with it, or with another:\n${commandLine('rotate', {name: content.name})}`,
  );
}

/** @throws UsageFault with everything that is missing, where nothing can be asked */
async function nameMissing(name: string, kit: Kit): Promise<void> {
  const {options, world, draft} = kit;
  const {canAsk} = await import('./output/prompt.ts');
  if (options['no-input'] !== true && canAsk(world)) return;
  const missing = [
    ...(isOf(draft, name) || hasSource('token', options, world.env) ? [] : (['token'] as const)),
    ...((await opensUnasked(kit)) ? [] : (['passphrase'] as const)),
  ];
  const hints = missing.map(sourceHint);
  if (hints.length > 0) throw new UsageFault('nothing can be asked here, and this is missing:', hints);
}

/** The new token: of a source, of an attempt that was interrupted, or asked for. */
async function newToken(saved: SavedCredential, opened: Opened, told: string | null, kit: Kit): Promise<NewToken> {
  const {options, printer} = kit;
  const given = await readToken(kit);
  if (given !== null) return {token: checked(given, opened, kit), expiresAt: told, kept: false};
  const left = await fromDraft(opened, kit);
  if (left !== null) {
    printer.note(`Going on with the new token that was kept on ${left.sealedAt.slice(0, 10)}.`);
    return {token: kit.secrets.add(new Secret(left.token)), expiresAt: told ?? left.expiresAt, kept: true};
  }
  const {askToken} = await import('./output/prompt.ts');
  const token = checked(await askToken(kit), opened, kit);
  const expiresAt = options.expires === undefined ? await askedExpiry(kit) : told;
  return {token, expiresAt, kept: await keepTyped(token, expiresAt, saved, opened, kit)};
}

/** @throws UsageFault when it is the one that is saved already, or came with another username */
function checked({token, username}: GivenToken, opened: Opened, {commandLine}: Context): Secret {
  if (token.reveal() === opened.token.reveal()) {
    throw new UsageFault('that is the token which is saved already; nothing was changed.', [
      `A new one is made at ${tokenPage} (Data Center: in your Jira profile).`,
    ]);
  }
  if (username !== null && username !== opened.content.username) {
    throw new UsageFault(
      `that token came with the username ${clean(username)}, but the credential is for ${clean(opened.content.username)}.`,
      [`Another username: ${commandLine('edit', {name: opened.content.name})}`],
    );
  }
  return token;
}

const isOf = (draft: Draft | null, name: string): draft is Draft =>
  draft !== null && draft.sealed !== null && draft.edits !== undefined && sameName(draft.edits, name);

const currentDraft = async (store: Store): Promise<Draft | null> => (await store.read()).draft;

/** Atlassian shows a token once: what was typed is sealed before anything can go wrong, where no other draft lies. */
async function keepTyped(
  token: Secret,
  expiresAt: string | null,
  saved: SavedCredential,
  {content, unlocked}: Opened,
  {store, world, printer, draft}: Kit,
): Promise<boolean> {
  if (draft !== null && !isOf(draft, saved.name)) return false;
  const way = {scheme: content.scheme, route: content.route, cloudId: content.cloudId, toldExpiry: null};
  const next = renewed(content, token, expiresAt, way, world);
  const {connector, name, description, url, username} = next;
  const connection = withoutProxyLogin(next.connection);
  try {
    const sealed = await unlocked.seal(next);
    const answers = {connector, name, description, url, username, connection, expiresAt};
    await store.saveDraft({...answers, sealed, edits: saved.name, updatedAt: next.sealedAt});
    return true;
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    printer.alarm(`The new token could not be kept before its test: ${error.message} (jirakey explain ${error.code})`);
    return false;
  }
}

/** Only for the site and the account the credential has now; and not the token that is saved. */
async function fromDraft({content, token, unlocked}: Opened, {draft, printer}: Kit): Promise<SealedContent | null> {
  if (!isOf(draft, content.name)) return null;
  try {
    const left = await unlocked.openDraft(draft);
    const same = left?.url === content.url && left.username === content.username;
    return left !== null && same && left.token !== token.reveal() ? left : null;
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    printer.alarm(`The draft of a new token was not used: ${error.message} (jirakey explain ${error.code})`);
    return null;
  }
}
