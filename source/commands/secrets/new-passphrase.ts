/** The passphrase that is to be: read or asked, rated, confirmed. */
import {labels} from '../../domain/credential.ts';
import {UsageFault} from '../../domain/fault.ts';
import type {Secret} from '../../domain/secret.ts';
import {normalisePassphrase, ratePassphrase} from '../../vault/passphrase.ts';
import type {Context} from '../context.ts';
import {readPassphrase} from './secrets.ts';

/**
 * From its source, else asked twice.
 * @param related what it must not contain
 * @throws UsageFault, Interrupted
 */
export async function newPassphrase(context: Context, related: readonly string[]): Promise<Secret> {
  const {world, printer} = context;
  const given = await readPassphrase(context, 'new-passphrase');
  if (given !== null) {
    const rating = await ratePassphrase(given.reveal(), related);
    if (rating.refused) throw new UsageFault(`the new passphrase: ${rating.sentence}`);
    if (!rating.ok) printer.note(`Warning: the new passphrase: ${rating.sentence}`);
    return given;
  }
  const {canAsk} = await import('../output/prompt.ts');
  if (!canAsk(world)) {
    throw new UsageFault('the new passphrase is missing, and there is no terminal to ask on.', [
      'Give it by --new-passphrase-file F, --new-passphrase-fd N or --new-passphrase-command CMD.',
    ]);
  }
  return askNew(context, related);
}

async function askNew(context: Context, related: readonly string[]): Promise<Secret> {
  const {printer} = context;
  const {askSecret} = await import('../output/prompt.ts');
  for (;;) {
    const typed = await askSecret(context, {
      label: `New ${labels.passphrase.toLowerCase()}`,
      hint: 'At least 12 characters; several words are best.',
    });
    const rating = await ratePassphrase(typed.reveal(), related);
    if (!rating.ok) {
      printer.alarm(rating.sentence);
      continue;
    }
    const again = await askSecret(context, {label: labels.confirm, hint: rating.sentence});
    if (normalisePassphrase(again.reveal()) === normalisePassphrase(typed.reveal())) return typed;
    printer.alarm('The two differ. Once more.');
  }
}
