/** `setup --no-input`: every answer from options, tested, then saved; what is missing is named at once. */
import {reportJson} from '../../diagnosis/report-text.ts';
import {type LastTest, labels, type SavedCredential, type SealedContent} from '../../domain/credential.ts';
import {exit} from '../../domain/exit.ts';
import {checkExpiry} from '../../domain/expiry.ts';
import {UsageFault} from '../../domain/fault.ts';
import {checkDescription, checkName} from '../../domain/name.ts';
import type {Secret} from '../../domain/secret.ts';
import {shellWord} from '../../domain/shell.ts';
import {checkUsername} from '../../domain/username.ts';
import type {Store} from '../../store/store.ts';
import {unlock} from '../../store/unlock.ts';
import {ratePassphrase} from '../../vault/passphrase.ts';
import {seal} from '../../vault/seal.ts';
import type {World} from '../../world.ts';
import {connectorOf, type Options} from '../line/options.ts';
import {described, savedFrom, storeOf} from '../saved/saved.ts';
import {checkSources, hasSource, readPassphrase, readToken, sourceHint} from '../secrets/secrets.ts';
import {pageOf} from '../speech/page.ts';
import {tile} from '../speech/tile.ts';
import {type Voice, voiceOf} from '../speech/voice.ts';
import type {Subject} from './failures.ts';
import {lastTestsIn} from './last-tests.ts';
import {keepReport} from './learnt.ts';
import {reachOf} from './reach.ts';
import {freshTarget, isVerdict, printReport, refusedOffline, siteOf, tryOut, type Verdict} from './trial.ts';

type Answers = Readonly<{name: string; description: string; url: string; username: string; expiresAt: string | null}>;

/** @throws UsageFault, StoreFault, Interrupted */
export async function unattended(options: Options, world: World): Promise<number> {
  const voice = voiceOf(world, options);
  const reach = reachOf(options, world);
  checkSources(options);
  const named = nameMissing(options, world);
  const subject: Subject = {...named, connector: connectorOf(options) ?? 'jira-software'};
  const site = siteOf(subject, world, voice);
  if (isVerdict(site)) return ended(site, options, world, voice);
  const store = storeOf(options, world);
  const {credentials} = await usable(store);
  const answers = checked(named, options, credentials, world, voice);

  const given = await readToken(options, world, voice);
  const passphrase = await readPassphrase(options, world, voice);
  if (given === null || passphrase === null)
    throw new UsageFault('a source of a secret is gone since it was looked for.');
  await provePassphrase(passphrase, credentials, [site.host, answers.username, given.token.reveal()], voice);

  const target = freshTarget({
    subject: {...subject, ...answers, url: site.url},
    site,
    token: given.token,
    expiresAt: answers.expiresAt,
  });
  const offline = refusedOffline(target, {...subject, ...answers, url: site.url}, world);
  if (offline !== null) return ended(offline, options, world, voice);
  const verdict = options['save-untested'] ? null : await tryOut(target, reach, world, voice);
  const kept = lastTestsIn(store.directory, world);
  if (verdict !== null && verdict.report.outcome !== 'passed') {
    await keepReport(kept, verdict, null, [given.token, passphrase]);
    return ended(verdict, options, world, voice);
  }

  const {scheme, route, cloudId} = verdict?.examination ?? target;
  const at = world.now().toISOString();
  const content: SealedContent = {
    v: 1,
    name: answers.name,
    description: answers.description,
    connector: subject.connector,
    url: site.url,
    username: answers.username,
    scheme,
    route,
    cloudId,
    token: given.token.reveal(),
    expiresAt: answers.expiresAt ?? verdict?.examination?.toldExpiry ?? null,
    sealedAt: at,
    seq: 1,
  };
  const lastTest: LastTest = {outcome: verdict === null ? 'untested' : 'passed', code: null, at};
  const saved = savedFrom(content, await seal(content, passphrase, {onNotice: voice.note}), lastTest);
  await store.save(saved);
  if (verdict !== null) await keepReport(kept, verdict, saved.name, [given.token, passphrase]);
  announce(saved, verdict, options, world, voice);
  return verdict?.code ?? exit.done;
}

const needed = {name: labels.name, url: labels.url, username: labels.username} as const;

/** @throws UsageFault with everything that is missing */
function nameMissing(options: Options, world: World): {name: string; url: string; username: string} {
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

type Checked = Readonly<{ok: true}> | Readonly<{ok: false; reason: string}>;

function accepted<Result extends Checked>(result: Result, label: string): Extract<Result, {ok: true}> {
  if (isAccepted(result)) return result;
  throw new UsageFault(`${label}: ${'reason' in result ? result.reason : 'it cannot be used.'}`);
}

const isAccepted = <Result extends Checked>(result: Result): result is Extract<Result, {ok: true}> => result.ok;

function checked(
  named: Readonly<{name: string; url: string; username: string}>,
  options: Options,
  credentials: readonly SavedCredential[],
  world: World,
  voice: Voice,
): Answers {
  const taken = credentials.map(({name}) => name);
  const {name} = accepted(checkName(named.name, taken), labels.name);
  const {description} = accepted(checkDescription(options.description ?? ''), labels.description);
  const {expiresAt, note} = accepted(checkExpiry(options.expires ?? '', world.now()), '--expires');
  // Whether it must be an e-mail is judged where a refusal has a code of its own.
  const {username, changes, warning} = accepted(checkUsername(named.username, null), labels.username);
  for (const said of [...changes, warning]) if (said !== null) voice.note(`${labels.username}: ${said}`);
  if (note !== null) voice.note(`--expires: ${note}`);
  return {...named, name, description, username, expiresAt};
}

/**
 * One passphrase opens the whole store; a new store wants one that holds. What is short or easily guessed from the
 * credential itself is refused, what is merely weak is the caller's to judge: nobody can be asked here.
 */
async function provePassphrase(
  passphrase: Secret,
  credentials: readonly SavedCredential[],
  context: readonly string[],
  voice: Voice,
): Promise<void> {
  const [first] = credentials;
  if (first !== undefined) {
    await unlock(first, passphrase);
    return;
  }
  const rating = await ratePassphrase(passphrase.reveal(), context);
  if (rating.ok) return;
  if (rating.score === 0) throw new UsageFault(`${labels.passphrase}: ${rating.sentence}`);
  voice.note(`Warning: ${labels.passphrase}: ${rating.sentence}`);
}

/** The end of an attempt that saved nothing. */
function ended(verdict: Verdict, options: Options, world: World, voice: Voice): number {
  printReport(verdict.report, options, world, voice);
  const instead = options['save-untested'] ? '' : ' (--save-untested saves without a test.)';
  voice.note(`Nothing was saved.${instead}`);
  return verdict.code;
}

function announce(saved: SavedCredential, verdict: Verdict | null, options: Options, world: World, voice: Voice): void {
  if (options.json) {
    if (verdict === null) voice.json(described(saved));
    else voice.result(reportJson(verdict.report));
    return;
  }
  for (const warning of verdict?.report.warnings ?? []) voice.note(`Warning: ${warning.title}`);
  const page = pageOf(world.stdout, world);
  voice.result(tile(saved, page, world.now()));
  voice.note(`Saved${verdict === null ? ', untested' : ''}. Test it any time: jirakey test ${shellWord(saved.name)}`);
}
