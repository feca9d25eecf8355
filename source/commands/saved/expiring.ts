/** A word about a token that ends soon, wherever it is used: the day comes when nobody looks. */
import {clean} from '../../domain/clean.ts';
import type {SealedContent} from '../../domain/credential.ts';
import {expiryNotice} from '../../domain/expiry.ts';
import type {Context} from '../context.ts';

type Expiring = Pick<SealedContent, 'name' | 'expiresAt'>;

/** @returns a sentence and the command, or null while there is time */
export function expiryWarning({name, expiresAt}: Expiring, {world, commandLine}: Context): string | null {
  const {state, text} = expiryNotice(expiresAt, world.now());
  if (state !== 'soon' && state !== 'expired') return null;
  const day = state === 'expired' ? `its last day was ${expiresAt}` : `its last day is ${expiresAt}`;
  return `Warning: the token of “${clean(name, 80)}” ${text} (${day}, UTC). A new one:\n${commandLine('rotate', {name})}`;
}
