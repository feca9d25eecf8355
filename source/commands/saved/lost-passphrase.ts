/**
 * `rotate --lost-passphrase`: the passphrase is gone, and with it the token. All that is known besides (site, username,
 * name, description) stands in clear beside the seal; with a new token and a new passphrase it becomes a seal again.
 */
import type {Reach} from '../../connection/reach.ts';
import {clean} from '../../domain/clean.ts';
import {connectorTitles, labels, type SavedCredential, savedFrom} from '../../domain/credential.ts';
import {exit} from '../../domain/exit.ts';
import {StoreFault, UsageFault} from '../../domain/fault.ts';
import type {Secret} from '../../domain/secret.ts';
import type {Unlocked} from '../../store/store.ts';
import {openUnlockCache} from '../../unlock-cache/unlock-cache.ts';
import {
  freshTarget,
  isVerdict,
  printReport,
  refusedOffline,
  siteOf,
  tryOut,
  type Verdict,
} from '../connection-test/connection-test.ts';
import {keptConnection} from '../connection-test/kept-connection.ts';
import type {Context} from '../context.ts';
import type {Options} from '../line/options.ts';
import {pageOf} from '../output/page.ts';
import {newPassphrase} from '../secrets/new-passphrase.ts';
import {type GivenToken, hasSource, namedSource, readToken, sourceHint} from '../secrets/secrets.ts';
import {announce, askedExpiry, expiryOf, renewed} from './renewal.ts';
import {findSaved} from './saved.ts';

/** @throws UsageFault, UnknownName, StoreFault, Interrupted */
export async function replaceLost(context: Context, reach: Reach): Promise<number> {
  const {args, options, world, printer} = context;
  refuseOldPassphrase(options);
  const told = expiryOf(context);
  const store = await context.openStore();
  const {credentials, ring} = await store.read();
  const saved = findSaved(credentials, args[0] ?? '');
  await nameMissing(context);
  if (!(await confirmed(saved, context))) {
    printer.note('Nothing was changed.');
    return exit.done;
  }
  const passphrase = await newPassphrase(context, [saved.url, saved.username]);
  const given = (await readToken(context)) ?? (await asked(context));
  const token = ofAccount(given, saved);
  const expiresAt = options.expires === undefined ? await askedExpiry(context) : told;

  const {name, connector, username, url} = saved;
  const subject = {name, connector, username, url};
  const site = siteOf(subject, context);
  if (isVerdict(site)) return unchanged(site);
  const connection = keptConnection(site, saved.connection, context);
  const target = {...freshTarget({subject, site, token, expiresAt}), connection};
  const verdict = refusedOffline(target, subject, context) ?? (await tryOut(target, reach, context));
  const {examination} = verdict;
  if (verdict.report.outcome !== 'passed' || examination === null) return unchanged(verdict);

  const {lastTest: _, sealed: __, ...known} = saved;
  const content = renewed({v: 2, ...known, connection}, token, expiresAt, examination, world);
  const unlocked = await store.unlock(passphrase, {onNotice: printer.note, newKey: 'if-lost'});
  const sealed = await unlocked.seal(content);
  const copy = await store.keepCopy('lost-passphrase');
  const lastTest = {outcome: 'passed', code: null, at: world.now().toISOString()} as const;
  await store.save(savedFrom(content, sealed, lastTest), {replace: true, sealedStill: saved.sealed});
  if (ring !== null && ring.id !== unlocked.key?.id) await openUnlockCache(world.env, world.now).forget(ring.id);
  printReport(verdict.report, context);
  announce(content, site.atlassianHosted, printer);
  printer.note(`Should the old passphrase turn up: everything as it was lies in ${copy}, sealed as ever.`);
  await nameOthers((await store.read()).credentials, unlocked, context);
  return verdict.code;

  function unchanged(failed: Verdict): number {
    printReport(failed.report, context);
    printer.note('Nothing was changed.');
    return failed.code;
  }
}

function refuseOldPassphrase(options: Options): void {
  const source = namedSource('passphrase', options);
  if (source === null && options.remember === undefined) return;
  throw new UsageFault(`--${source ?? 'remember'} does not go with --lost-passphrase, which opens nothing.`, [
    'The new passphrase is asked, or comes from --new-passphrase-file F, --new-passphrase-fd N or --new-passphrase-command CMD.',
  ]);
}

/** @throws UsageFault with everything that is missing, where nothing can be asked */
async function nameMissing(context: Context): Promise<void> {
  const {options, world} = context;
  const {canAsk} = await import('../output/prompt.ts');
  if (options['no-input'] !== true && canAsk(world)) return;
  const hints = [
    ...(hasSource('token', options, world.env) ? [] : [sourceHint('token')]),
    ...(namedSource('new-passphrase', options) !== null
      ? []
      : ['new passphrase: --new-passphrase-file F, --new-passphrase-fd N or --new-passphrase-command CMD']),
    ...(options.yes ? [] : ['a yes that the token may go to the site as saved, which nothing proves any more: --yes']),
  ];
  if (hints.length > 0) throw new UsageFault('nothing can be asked here, and this is missing:', hints);
}

/** The clear copies may have been changed by others, and a new token would go where they say. */
async function confirmed(saved: SavedCredential, context: Context): Promise<boolean> {
  const {options, world, printer} = context;
  const rows: readonly (readonly [string, string])[] = [
    [labels.name, clean(saved.name, 80)],
    [labels.url, clean(saved.url)],
    [labels.username, clean(saved.username)],
    ['Connector', connectorTitles[saved.connector]],
  ];
  printer.note('Without the passphrase nobody can tell whether these were changed since they were saved:');
  const beside = pageOf(world.stderr, world).width >= 60;
  const set = ([label, value]: readonly [string, string]): string =>
    beside ? `  ${label.padEnd(18)}  ${value}` : `${label}:\n  ${value}`;
  printer.note(rows.map(set).join('\n'));
  if (options.yes) return true;
  const {askYes} = await import('../output/prompt.ts');
  return askYes(context, {
    question: 'The new token will be sent there. Is that the right site?',
    yes: 'Yes, go on',
    no: 'No, leave everything as it is',
  });
}

function ofAccount({token, username}: GivenToken, saved: SavedCredential): Secret {
  if (username === null || username === saved.username) return token;
  throw new UsageFault(
    `that token came with the username ${clean(username)}, but the credential is for ${clean(saved.username)}.`,
  );
}

async function asked(context: Context): Promise<GivenToken> {
  const {askToken} = await import('../output/prompt.ts');
  return askToken(context);
}

/** One passphrase opens the whole store; until the others are renewed as well, it does not. */
async function nameOthers(
  others: readonly SavedCredential[],
  unlocked: Unlocked,
  {printer, commandLine}: Context,
): Promise<void> {
  const shut: string[] = [];
  for (const other of others) {
    try {
      await unlocked.open(other);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      shut.push(other.name);
    }
  }
  if (shut.length === 0) return;
  printer.note('This passphrase does not open the others, and one should open all. Renew each with this same one:');
  printer.note(shut.map(name => commandLine('rotate', {name, options: ['--lost-passphrase']})).join('\n'));
}
