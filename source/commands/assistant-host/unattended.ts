/** `setup --no-input`: every answer from options, tested, then saved; what is missing is named at once. */
import {clean} from '../../domain/clean.ts';
import {noConnectionSettings} from '../../domain/connection-settings.ts';
import {
  givenUp,
  type LastTest,
  labels,
  type SavedCredential,
  type SealedContent,
  savedFrom,
} from '../../domain/credential.ts';
import {exit} from '../../domain/exit.ts';
import {checkExpiry} from '../../domain/expiry.ts';
import {UsageFault} from '../../domain/fault.ts';
import {checkDescription, checkName, sameName} from '../../domain/name.ts';
import type {Secret} from '../../domain/secret.ts';
import {isServiceAccount} from '../../domain/service-account.ts';
import {checkUsername} from '../../domain/username.ts';
import type {Store} from '../../store/store.ts';
import {ratePassphrase} from '../../vault/passphrase.ts';
import {freshTarget, isVerdict, refusedOffline, siteOf, tryOut} from '../connection-test/connection-test.ts';
import type {Subject} from '../connection-test/failures.ts';
import {keptConnection, unkeptConnection} from '../connection-test/kept-connection.ts';
import {lastTestsIn} from '../connection-test/last-tests.ts';
import {reachOf} from '../connection-test/reach-options.ts';
import {keepReport} from '../connection-test/record-result.ts';
import type {Context} from '../context.ts';
import {connectorOf} from '../line/options.ts';
import type {Printer} from '../output/printer.ts';
import {checkSources, hasSource, readPassphrase, readToken, sourceHint} from '../secrets/secrets.ts';
import {change} from './unattended-change.ts';
import {accepted, announce, unchanged} from './unattended-end.ts';

type Answers = Readonly<{name: string; description: string; url: string; username: string; expiresAt: string | null}>;

/** @throws UsageFault, StoreFault, Interrupted */
export async function unattended(context: Context): Promise<number> {
  const {options, world, printer} = context;
  const reach = reachOf(context);
  checkSources(options);
  const replaced = await toReplace(context);
  if (replaced !== null) return change(replaced, context);
  const named = nameMissing(context);
  const subject: Subject = {...named, connector: connectorOf(options) ?? 'jira-software'};
  const site = siteOf(subject, context);
  if (isVerdict(site)) return unchanged(site, context);
  const store = await context.openStore();
  const {credentials} = await usable(store);
  const taken = credentials.find(({name}) => sameName(name, named.name));
  if (taken !== undefined) throw nameTaken(taken);
  const answers = checked(named, credentials, context);

  const given = await readToken(context);
  const passphrase = await readPassphrase(context);
  if (given === null || passphrase === null)
    throw new UsageFault('a source of a secret is gone since it was looked for.');
  await provePassphrase(passphrase, store, [site.host, answers.username, given.token.reveal()], printer);

  const connection = keptConnection(site, noConnectionSettings, context);
  const target = {
    ...freshTarget({
      subject: {...subject, ...answers, url: site.url},
      site,
      token: given.token,
      expiresAt: answers.expiresAt,
    }),
    connection,
  };
  const offline = refusedOffline(target, {...subject, ...answers, url: site.url}, context);
  if (offline !== null) return unchanged(offline, context);
  const verdict = options['save-untested'] ? null : await tryOut(target, reach, context);
  const kept = lastTestsIn(store.directory, world);
  if (verdict !== null && verdict.report.outcome !== 'passed') {
    await keepReport(kept, verdict, null, [given.token, passphrase]);
    return unchanged(verdict, context);
  }

  const {scheme, route, cloudId} = verdict?.examination ?? target;
  const at = world.now().toISOString();
  const content: SealedContent = {
    v: 2,
    name: answers.name,
    description: answers.description,
    connector: subject.connector,
    url: site.url,
    username: answers.username,
    scheme,
    route,
    cloudId,
    accountKind: isServiceAccount(target.tokenKind, answers.username) ? 'service' : null,
    connection,
    token: given.token.reveal(),
    expiresAt: answers.expiresAt ?? verdict?.examination?.toldExpiry ?? null,
    sealedAt: at,
    seq: 1,
  };
  const lastTest: LastTest = {outcome: verdict === null ? 'untested' : 'passed', code: null, at};
  const unlocked = await store.unlock(passphrase, {onNotice: printer.note});
  const saved = savedFrom(content, await unlocked.seal(content), lastTest);
  await store.save(saved);
  if (verdict !== null) await keepReport(kept, verdict, saved.name, [given.token, passphrase]);
  announce(saved, verdict, context);
  const lacking = unkeptConnection(site, connection, context);
  if (lacking !== null) printer.note(unkept(lacking));
  return verdict?.code ?? exit.done;
}

/** What `--replace` changes: of one that is saved only what is given is new. */
async function toReplace({options, openStore}: Context): Promise<SavedCredential | null> {
  if (options.replace !== true || (options.name ?? '') === '') return null;
  const {credentials} = await usable(await openStore());
  return credentials.find(({name}) => sameName(name, options.name ?? '')) ?? null;
}

const nameTaken = ({name}: SavedCredential): UsageFault =>
  new UsageFault(`there is a credential called “${clean(name, 80)}” already. Nothing was changed.`, [
    'To change it by this very command, however often it runs: --replace',
  ]);

const unkept = (what: string): string =>
  `Not saved: ${what} that variables of this shell name. A job without them lacks it; --keep-connection saves it.`;

const needed = {name: labels.name, url: labels.url, username: labels.username} as const;

/** @throws UsageFault with everything that is missing */
function nameMissing(context: Context): {name: string; url: string; username: string} {
  const {options, world} = context;
  const hints = [
    ...(['name', 'url', 'username'] as const)
      .filter(key => (options[key] ?? '') === '')
      .map(key => `${needed[key]}: --${key}`),
    ...(hasSource('token', options, world.env) ? [] : [sourceHint('token')]),
    ...(hasSource('passphrase', options, world.env) ? [] : [sourceHint('passphrase')]),
  ];
  if (hints.length > 0) throw new UsageFault('with --no-input nothing is asked, and this is missing:', hints);
  return {name: options.name ?? '', url: options.url ?? '', username: options.username ?? ''};
}

/** The store is proven before a secret is read. @throws StoreFault */
async function usable(store: Store) {
  const found = await store.check();
  if (found.fault !== null) throw found.fault;
  return store.read();
}

function checked(
  named: Readonly<{name: string; url: string; username: string}>,
  credentials: readonly SavedCredential[],
  context: Context,
): Answers {
  const {options, world, printer} = context;
  const taken = credentials.map(({name}) => name);
  const {name} = accepted(checkName(named.name, taken), labels.name);
  const {description} = accepted(checkDescription(options.description ?? ''), labels.description);
  const {expiresAt, note} = accepted(checkExpiry(options.expires ?? '', world.now()), '--expires');
  // Whether it must be an e-mail is judged where a refusal has a code of its own.
  const {username, changes, warning} = accepted(checkUsername(named.username, null), labels.username);
  for (const said of [...changes, warning]) if (said !== null) printer.note(`${labels.username}: ${said}`);
  if (note !== null) printer.note(`--expires: ${note}`);
  return {...named, name, description, username, expiresAt};
}

/**
 * One passphrase opens the whole store; a new store wants one that holds. What is short, easily guessed from the
 * credential itself or found within a day is refused, what is merely weak is the caller's to judge: nobody can be asked
 * here.
 */
async function provePassphrase(
  passphrase: Secret,
  store: Store,
  context: readonly string[],
  printer: Printer,
): Promise<void> {
  const {credentials, ring} = await store.read();
  const [first] = credentials;
  if (first !== undefined || ring !== null) {
    const unlocked = await store.unlock(passphrase, {onNotice: printer.note});
    // One that nobody has opened yet: what was changed outside is said before anything is added.
    if (first !== undefined && first.sealed !== givenUp) await unlocked.open(first);
    return;
  }
  const rating = await ratePassphrase(passphrase.reveal(), context);
  if (rating.ok) return;
  if (rating.refused) throw new UsageFault(`${labels.passphrase}: ${rating.sentence}`);
  printer.note(`Warning: ${labels.passphrase}: ${rating.sentence}`);
}
