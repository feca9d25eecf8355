/** A saved credential changed from options alone: tested as it will be, swapped in one write when that passes. */
import {type LastTest, labels, type SavedCredential, type SealedContent, savedFrom} from '../../domain/credential.ts';
import {exit} from '../../domain/exit.ts';
import {checkExpiry} from '../../domain/expiry.ts';
import {UsageFault} from '../../domain/fault.ts';
import {checkDescription, checkName, sameName} from '../../domain/name.ts';
import type {Secret} from '../../domain/secret.ts';
import {isServiceAccount} from '../../domain/service-account.ts';
import {checkUsername} from '../../domain/username.ts';
import {uncut} from '../../world.ts';
import {
  freshTarget,
  isVerdict,
  refusedOffline,
  siteOf,
  tryOut,
  type Verdict,
} from '../connection-test/connection-test.ts';
import {keptConnection} from '../connection-test/kept-connection.ts';
import {lastTestsIn} from '../connection-test/last-tests.ts';
import {reachOf} from '../connection-test/reach-options.ts';
import {keepReport} from '../connection-test/record-result.ts';
import type {Context} from '../context.ts';
import {connecting, connectorOf, type OptionName, tokenSources, wordOf} from '../line/options.ts';
import type {Opened} from '../saved/opened.ts';
import {openSaved, opensUnasked} from '../saved/saved.ts';
import {checkSources, hasSource, readToken, sourceHint} from '../secrets/secrets.ts';
import {accepted, announce, unchanged} from './unattended-end.ts';

const fields = ['name', 'description', 'url', 'username', 'expires', 'connector'] as const;
/** What makes a run of `edit --no-input` a change. */
const changing: readonly OptionName[] = [...fields, ...connecting, 'keep-connection', ...tokenSources];

/**
 * `edit NAME --no-input`: what is not given stays.
 * @throws UsageFault where nothing is given to change, or the passphrase would have to be asked
 */
export async function editUnattended(before: SavedCredential, context: Context): Promise<number> {
  const {options, world} = context;
  checkSources(options);
  if (!changing.some(name => options[name] !== undefined) && !hasSource('token', options, world.env)) {
    const words = fields.map(name => `--${wordOf(name)}`).join(', ');
    throw new UsageFault('with --no-input nothing is asked, and nothing to change was given.', [
      `Give any of ${words}, a token source, or what a connection needs (--proxy, --ca-file and others).`,
    ]);
  }
  return change(before, withoutInheritedToken(context));
}

/**
 * Inside `jirakey exec` the variable holds the token of the credential that runs there; it must not become this one's by
 * an edit of something else.
 */
function withoutInheritedToken(context: Context): Context {
  const {options, world} = context;
  if (![...fields, ...connecting].some(name => options[name] !== undefined)) return context;
  const {JIRA_API_TOKEN: _, ...env} = world.env;
  return {...context, world: {...world, env}};
}

/** The same for `setup --replace`, where the name is taken. @throws UsageFault, StoreFault, Interrupted */
export async function change(before: SavedCredential, context: Context): Promise<number> {
  const {options, world} = context;
  const reach = reachOf(context);
  if (!(await opensUnasked(context)))
    throw new UsageFault('with --no-input nothing is asked, and this is missing:', [sourceHint('passphrase')]);
  const store = await context.openStore();
  const {credentials} = await store.read();
  const opened = await openSaved(before, context);
  const wanted = wantedOf(opened, credentials, context);
  const site = siteOf(wanted, context);
  if (isVerdict(site)) return unchanged(site, context);
  const token = await tokenOf(opened, wanted.username, context);
  const connection = keptConnection(site, opened.content.connection, context);
  const subject = {...wanted, url: site.url};
  const target = {...freshTarget({subject, site, token, expiresAt: wanted.expiresAt}), connection};
  const offline = refusedOffline(target, subject, context);
  if (offline !== null) return unchanged(offline, context);

  const tests = lastTestsIn(store.directory, world);
  const secrets = [token, opened.token, ...(opened.passphrase === null ? [] : [opened.passphrase])];
  const verdict = options['save-untested'] ? null : await tryOut(target, reach, context);
  if (verdict !== null && verdict.report.outcome !== 'passed') {
    // What was tested is not saved, so this is no test of the credential as it is.
    await keepReport(tests, verdict, null, secrets);
    return unchanged(verdict, context);
  }
  const {scheme, route, cloudId} = verdict?.examination ?? untestedWay(opened, subject, token) ?? target;
  const content: SealedContent = {
    ...opened.content,
    ...wanted,
    url: site.url,
    scheme,
    route,
    cloudId,
    accountKind: isServiceAccount(target.tokenKind, wanted.username) ? 'service' : null,
    connection,
    token: token.reveal(),
    expiresAt: wanted.expiresAt ?? verdict?.examination?.toldExpiry ?? null,
    sealedAt: world.now().toISOString(),
    seq: opened.content.seq + 1,
  };
  const saved = savedFrom(content, await opened.unlocked.seal(content), lastTestOf(verdict, world.now()));
  const place = before.name === saved.name ? {replace: true} : {renamedFrom: before.name};
  await uncut(world, store.save(saved, {...place, sealedStill: before.sealed}));
  if (before.name !== saved.name) await tests.rename(before.name, saved.name);
  if (verdict !== null) await keepReport(tests, verdict, saved.name, secrets);
  announce(saved, verdict, context);
  return verdict?.code ?? exit.done;
}

const lastTestOf = (verdict: Verdict | null, now: Date): LastTest => ({
  outcome: verdict === null ? 'untested' : 'passed',
  code: null,
  at: now.toISOString(),
});

/** The way that passed before, while site, username and token are still those it passed with. */
function untestedWay(
  {content, token: old}: Opened,
  {url, username}: Readonly<{url: string; username: string}>,
  token: Secret,
): Pick<SealedContent, 'scheme' | 'route' | 'cloudId'> | null {
  const same = content.url === url && content.username === username && old.reveal() === token.reveal();
  return same ? content : null;
}

/** The credential's own answers with those of the options in their place. @throws UsageFault */
function wantedOf({content}: Opened, credentials: readonly SavedCredential[], {options, world, printer}: Context) {
  const others = credentials.map(({name}) => name).filter(name => !sameName(name, content.name));
  const {name} = accepted(checkName(options.name ?? content.name, others), labels.name);
  const {description} = accepted(checkDescription(options.description ?? content.description), labels.description);
  const {username, changes, warning} = accepted(
    checkUsername(options.username ?? content.username, null),
    labels.username,
  );
  for (const said of [...changes, warning]) if (said !== null) printer.note(`${labels.username}: ${said}`);
  const told = accepted(checkExpiry(options.expires ?? '', world.now()), '--expires');
  if (told.note !== null) printer.note(`--expires: ${told.note}`);
  return {
    name,
    description,
    username,
    url: options.url ?? content.url,
    connector: connectorOf(options) ?? content.connector,
    expiresAt: options.expires === undefined ? keptExpiry(content, {options, world}) : told.expiresAt,
  };
}

/** A new token ends on another day than the old one. */
const keptExpiry = (
  {expiresAt}: Opened['content'],
  {options, world}: Pick<Context, 'options' | 'world'>,
): string | null => (hasSource('token', options, world.env) ? null : expiresAt);

/** @throws UsageFault where the token came with another username */
async function tokenOf({token}: Opened, username: string, context: Context): Promise<Secret> {
  const given = await readToken(context);
  if (given === null) return token;
  if (given.username !== null && given.username !== username) {
    throw new UsageFault('the token came with another username than the credential is for.', [
      'The username of the pair: --username',
    ]);
  }
  return given.token;
}
