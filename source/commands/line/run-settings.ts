/** What of this run a printed command has to repeat, so that it finds the same store and the same way to the site. */
import {resolve} from 'node:path';
import type {RunSettings} from '../../domain/command-line.ts';
import {storeDirectory} from '../../store/store-location.ts';
import type {World} from '../../world.ts';
import type {Options} from './options.ts';
import {directoryOf} from './store-folder.ts';

export const runSettingsOf = (options: Options, env: World['env']): RunSettings => ({
  store: storeToName(options, env),
  connection: connectionOf(options),
});

/** Another shell, or cron, may not have the variables that lead here, so the folder is named where they matter. */
function storeToName(options: Options, env: World['env']): string | null {
  const {JIRAKEY_STORE: _, XDG_CONFIG_HOME: __, ...plain} = env;
  const usual = folderOrNull(() => storeDirectory(plain));
  const folder = folderOrNull(() => directoryOf(options, env));
  return folder === usual ? null : folder;
}

/** Null where there is no home folder to begin from; whoever opens the store says so. */
function folderOrNull(find: () => string): string | null {
  try {
    return find();
  } catch {
    return null;
  }
}

function connectionOf(options: Options): RunSettings['connection'] {
  const {proxy, timeout} = options;
  const caFile = options['ca-file'];
  return [
    ...(caFile === undefined || caFile === '' ? [] : ([['--ca-file', resolve(caFile)]] as const)),
    ...(options['ca-only'] === true ? ([['--ca-only']] as const) : []),
    // A login in the address is a secret; where it is needed, the environment or the credential has to give it.
    ...(proxy === undefined || proxy.includes('@') ? [] : ([['--proxy', proxy]] as const)),
    ...(timeout === undefined ? [] : ([['--timeout', timeout]] as const)),
    ...(options.resolve ?? []).map(rule => ['--resolve', rule] as const),
  ];
}
