/** What every way to a new token shares: when it ends, what becomes of the sealed content, how it is told. */
import type {Examination} from '../../diagnosis/examination.ts';
import {clean} from '../../domain/clean.ts';
import type {SealedContent} from '../../domain/credential.ts';
import {checkExpiry} from '../../domain/expiry.ts';
import {UsageFault} from '../../domain/fault.ts';
import type {Secret} from '../../domain/secret.ts';
import {tokenPage} from '../../prerequisites/prerequisites.ts';
import type {World} from '../../world.ts';
import type {Context} from '../context.ts';
import type {Printer} from '../output/printer.ts';
import {hasSource} from '../secrets/secrets.ts';

/** The day of `--expires`. @throws UsageFault */
export function expiryOf(context: Context): string | null {
  const {options, world, printer} = context;
  const checked = checkExpiry(options.expires ?? '', world.now());
  if (!checked.ok) throw new UsageFault(`--expires: ${checked.reason}`);
  if (checked.note !== null) printer.note(`--expires: ${checked.note}`);
  return checked.expiresAt;
}

/** Only who has just typed the token is asked; that nobody knows is an answer. */
export async function askedExpiry(context: Context): Promise<string | null> {
  const {options, world, printer} = context;
  if (hasSource('token', options, world.env)) return null;
  const {askText} = await import('../output/prompt.ts');
  for (;;) {
    const hint = 'YYYY-MM-DD, or +90 for ninety days from today; empty if nobody knows.';
    const checked = checkExpiry(await askText(context, {label: 'Expires on', hint}), world.now());
    if (checked.ok) return checked.expiresAt;
    printer.alarm(checked.reason);
  }
}

/** The credential with its new token, used in the way that turned out to work. */
export function renewed(
  before: Omit<SealedContent, 'token'>,
  token: Secret,
  expiresAt: string | null,
  {scheme, route, cloudId, toldExpiry}: Pick<Examination, 'scheme' | 'route' | 'cloudId' | 'toldExpiry'>,
  world: World,
): SealedContent {
  return {
    ...before,
    scheme,
    route,
    cloudId,
    token: token.reveal(),
    expiresAt: expiresAt ?? toldExpiry,
    seq: before.seq + 1,
    sealedAt: world.now().toISOString(),
  };
}

export function announce(
  {name, expiresAt}: Pick<SealedContent, 'name' | 'expiresAt'>,
  cloud: boolean,
  printer: Printer,
): void {
  printer.note(`“${clean(name, 80)}” has the new token${expiresAt === null ? '' : `, good until ${expiresAt}`}.`);
  if (expiresAt === null) printer.note('When it ends is not known; next time say it with --expires YYYY-MM-DD.');
  printer.note(`The old token works until it is revoked${cloud ? `:\n${tokenPage}` : ' in Jira.'}`);
}
