/** The age identity that opens the store as one of its further keys: `--identity-file`, or the credential of a service. */
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {UsageFault} from '../../domain/fault.ts';
import type {Secret} from '../../domain/secret.ts';
import {SealFault} from '../../vault/seal-fault.ts';
import {secretIn} from '../../vault/store-key.ts';
import type {World} from '../../world.ts';
import type {Context} from '../context.ts';
import type {Options} from '../line/options.ts';
import {hasSource, namedSource} from './secrets.ts';
import {fromFile} from './sources.ts';

type Place = Readonly<{option: string; path: string}>;

/** systemd's credentials (systemd.exec(5)): where the unit gives both, the passphrase goes first. */
function identityPlace(options: Options, env: World['env']): Place | null {
  const path = options['identity-file'];
  if (path !== undefined) return {option: '--identity-file', path};
  const folder = env.CREDENTIALS_DIRECTORY ?? '';
  const lying = join(folder, 'jirakey.identity');
  if (folder === '' || hasSource('passphrase', options, env) || !existsSync(lying)) return null;
  return {option: '$CREDENTIALS_DIRECTORY', path: lying};
}

export const hasIdentity = (options: Options, env: World['env']): boolean => identityPlace(options, env) !== null;

/** @throws UsageFault where it cannot be read, or a passphrase is named as well */
export async function readIdentity({options, world, printer, secrets}: Context): Promise<Secret | null> {
  const place = identityPlace(options, world.env);
  if (place === null) return null;
  const passphrase = namedSource('passphrase', options);
  if (passphrase !== null) {
    throw new UsageFault(`--identity-file and --${passphrase} are both given: one of them opens the store.`);
  }
  const {text} = await fromFile(place.option, place.path, world, printer.note);
  try {
    return secrets.add(secretIn(text));
  } catch (error) {
    if (!(error instanceof SealFault)) throw error;
    throw new UsageFault(`${place.option} ${place.path} holds no age identity, or more than one.`, [
      'age-keygen writes such a file: its last line begins with AGE-SECRET-KEY-.',
    ]);
  }
}
