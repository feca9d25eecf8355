import {resolve} from 'node:path';
import {storeDirectory} from '../../store/store-location.ts';
import type {World} from '../../world.ts';
import type {Options} from './options.ts';

/** Folder of the store: `--store`, else JIRAKEY_STORE, else the platform's config folder. */
export function directoryOf(options: Options, env: World['env']): string {
  return options.store === undefined ? storeDirectory(env) : resolve(options.store);
}
