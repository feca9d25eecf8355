/** A new token for a saved credential: tested first, swapped in one step only when it passes. */
import type {Examination} from '../connection/examination.ts';
import {clean} from '../domain/clean.ts';
import type {SealedContent} from '../domain/credential.ts';
import {checkExpiry} from '../domain/expiry.ts';
import {UsageFault} from '../domain/fault.ts';
import type {Secret} from '../domain/secret.ts';
import {shellWord} from '../domain/shell.ts';
import {tokenPage} from '../prerequisites/list.ts';
import {seal} from '../vault/seal.ts';
import type {World} from '../world.ts';
import type {Options} from './options.ts';
import {reachOf} from './reach.ts';
import type {Run} from './run.ts';
import {findSaved, type Opened, openForSealing, savedFrom, storeOf} from './saved.ts';
import {checkSources, type GivenToken, hasSource, readToken, sourceHint} from './secrets.ts';
import {freshTarget, isVerdict, printReport, refusedOffline, siteOf, tryOut, type Verdict} from './trial.ts';
import {type Voice, voiceOf} from './voice.ts';

export const run: Run = async ({args, options}, world) => {
  const voice = voiceOf(world, options);
  const reach = reachOf(options, world);
  checkSources(options);
  const told = expiryOf(options, world, voice);
  await nameMissing(options, world);
  const store = storeOf(options, world);
  const saved = findSaved((await store.read()).credentials, args[0] ?? '');
  const opened = await openForSealing(saved, options, world, voice);
  const token = await newToken(opened, options, world, voice);
  const expiresAt = options.expires === undefined ? await askedExpiry(options, world, voice) : told;

  // Built from what is sealed. The new token may be of another kind than the old, so its way is found anew.
  const {name, connector, username} = opened.content;
  const subject = {name, connector, username, url: opened.content.url};
  const site = siteOf(subject, world, voice);
  if (isVerdict(site)) return kept(site, options, world, voice);
  const target = freshTarget({subject, site, token, expiresAt});
  const verdict = refusedOffline(target, subject, world) ?? (await tryOut(target, reach, world, voice));
  const {examination} = verdict;
  if (verdict.report.outcome !== 'passed' || examination === null) return kept(verdict, options, world, voice);

  const content = renewed(opened, token, expiresAt, examination, world);
  const lastTest = {outcome: 'passed', code: null, at: world.now().toISOString()} as const;
  const sealed = await seal(content, opened.passphrase, {onNotice: voice.note});
  await store.save(savedFrom(content, sealed, lastTest), {replace: true, sealedStill: saved.sealed});
  await opened.resealed(sealed);
  printReport(verdict.report, options, world, voice);
  announce(content, site.atlassianHosted, voice);
  return verdict.code;
};

function expiryOf(options: Options, world: World, voice: Voice): string | null {
  const checked = checkExpiry(options.expires ?? '', world.now());
  if (!checked.ok) throw new UsageFault(`--expires: ${checked.reason}`);
  if (checked.note !== null) voice.note(`--expires: ${checked.note}`);
  return checked.expiresAt;
}

/** @throws UsageFault with everything that is missing, where nothing can be asked */
async function nameMissing(options: Options, world: World): Promise<void> {
  const {canAsk} = await import('./ask.ts');
  if (options['no-input'] !== true && canAsk(world)) return;
  const hints = (['token', 'passphrase'] as const).filter(kind => !hasSource(kind, options, world.env)).map(sourceHint);
  if (hints.length > 0) throw new UsageFault('nothing can be asked here, and this is missing:', hints);
}

/** Only who has just typed the token is asked; that nobody knows is an answer. */
async function askedExpiry(options: Options, world: World, voice: Voice): Promise<string | null> {
  if (hasSource('token', options, world.env)) return null;
  const {askText} = await import('./ask.ts');
  for (;;) {
    const hint = 'YYYY-MM-DD, or +90 for ninety days from today; empty if nobody knows.';
    const checked = checkExpiry(await askText(world, options, {label: 'Expires on', hint}), world.now());
    if (checked.ok) return checked.expiresAt;
    voice.alarm(checked.reason);
  }
}

/** @throws UsageFault when there is none, or when it is the one that is saved already */
async function newToken(opened: Opened, options: Options, world: World, voice: Voice): Promise<Secret> {
  const given = (await readToken(options, world, voice)) ?? (await asked(options, world, voice));
  if (given.token.reveal() === opened.token.reveal()) {
    throw new UsageFault('that is the token which is saved already; nothing was changed.', [
      `A new one is made at ${tokenPage} (Data Center: in your Jira profile).`,
    ]);
  }
  if (given.username !== null && given.username !== opened.content.username) {
    throw new UsageFault(
      `that token came with the username ${clean(given.username)}, but the credential is for ${clean(opened.content.username)}.`,
      [`Another username: jirakey edit ${shellWord(opened.content.name)}`],
    );
  }
  return given.token;
}

async function asked(options: Options, world: World, voice: Voice): Promise<GivenToken> {
  const {askToken} = await import('./ask.ts');
  return askToken(world, options, voice);
}

function renewed(
  {content}: Opened,
  token: Secret,
  expiresAt: string | null,
  {scheme, route, cloudId, toldExpiry}: Examination,
  world: World,
): SealedContent {
  return {
    ...content,
    scheme,
    route,
    cloudId,
    token: token.reveal(),
    expiresAt: expiresAt ?? toldExpiry,
    seq: content.seq + 1,
    sealedAt: world.now().toISOString(),
  };
}

/** The end of an attempt that changed nothing. */
function kept(verdict: Verdict, options: Options, world: World, voice: Voice): number {
  printReport(verdict.report, options, world, voice);
  voice.note('Nothing was changed: the old token is still the saved one.');
  return verdict.code;
}

function announce({name, expiresAt}: SealedContent, cloud: boolean, voice: Voice): void {
  voice.note(`“${clean(name, 80)}” has the new token${expiresAt === null ? '' : `, good until ${expiresAt}`}.`);
  if (expiresAt === null) voice.note('When it ends is not known; next time say it with --expires YYYY-MM-DD.');
  voice.note(`The old token works until it is revoked${cloud ? `:\n${tokenPage}` : ' in Jira.'}`);
}
