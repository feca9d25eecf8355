/** The passphrase that is to be: read or asked, rated, confirmed. */
import {labels} from '../../domain/credential.ts';
import {UsageFault} from '../../domain/fault.ts';
import type {Secret} from '../../domain/secret.ts';
import {normalisePassphrase, ratePassphrase} from '../../vault/passphrase.ts';
import type {World} from '../../world.ts';
import type {Options} from '../line/options.ts';
import type {Printer} from '../output/printer.ts';
import {readPassphrase} from './secrets.ts';

/**
 * From its source, else asked twice.
 * @param context what it must not contain
 * @throws UsageFault, Interrupted
 */
export async function newPassphrase(
  options: Options,
  world: World,
  printer: Printer,
  context: readonly string[],
): Promise<Secret> {
  const given = await readPassphrase(options, world, printer, 'new-passphrase');
  if (given !== null) {
    const rating = await ratePassphrase(given.reveal(), context);
    if (rating.score === 0 && !rating.ok) throw new UsageFault(`the new passphrase: ${rating.sentence}`);
    if (!rating.ok) printer.note(`Warning: the new passphrase: ${rating.sentence}`);
    return given;
  }
  const {canAsk} = await import('../output/prompt.ts');
  if (!canAsk(world)) {
    throw new UsageFault('the new passphrase is missing, and there is no terminal to ask on.', [
      'Give it by --new-passphrase-file F, --new-passphrase-fd N or --new-passphrase-command CMD.',
    ]);
  }
  return askNew(options, world, printer, context);
}

async function askNew(options: Options, world: World, printer: Printer, context: readonly string[]): Promise<Secret> {
  const {askSecret} = await import('../output/prompt.ts');
  for (;;) {
    const typed = await askSecret(world, options, {
      label: `New ${labels.passphrase.toLowerCase()}`,
      hint: 'At least 12 characters; several words are best.',
    });
    const rating = await ratePassphrase(typed.reveal(), context);
    if (!rating.ok) {
      printer.alarm(rating.sentence);
      continue;
    }
    const again = await askSecret(world, options, {label: labels.confirm, hint: rating.sentence});
    if (normalisePassphrase(again.reveal()) === normalisePassphrase(typed.reveal())) return typed;
    printer.alarm('The two differ. Once more.');
  }
}
