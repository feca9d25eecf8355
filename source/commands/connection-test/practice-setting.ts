/** A practice as commands see it: a running practice Jira, a store of its own, and what printed commands need to get there. */
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {isAbsolute, join, resolve} from 'node:path';
import type {Reach} from '../../connection/reach.ts';
import {commandLine, type RunSettings} from '../../domain/command-line.ts';
import {parseProxyAddress} from '../../domain/proxy-address.ts';
import type {Practice} from '../../practice/practice.ts';
import type {Store} from '../../store/store.ts';
import type {Context} from '../context.ts';
import {reachOf} from './reach-options.ts';

export type PracticeSetting = Readonly<{
  practice: Practice;
  /** The command's context, with the practice's store and printed commands that lead to it. */
  context: Context;
  reach: Reach;
  /** The practice Jira's authority, for a command in another terminal. */
  caFile: string;
  /** Goes on with what the store of this practice keeps; null where it is gone at the end. */
  again: string | null;
  /** Ends the practice Jira and removes what nobody asked to keep. */
  end: () => Promise<void>;
}>;

/** The store is empty and gone at the end, unless `--store` names one. @param practice already running */
export async function settle(practice: Practice, context: Context): Promise<PracticeSetting> {
  const {options, world} = context;
  const kept = options.store === undefined ? null : resolve(options.store);
  const directory = kept ?? (await mkdtemp(join(folderForAWhile(world.env), 'jirakey-practice-')));
  const end = async (): Promise<void> => {
    await practice.stop();
    if (kept === null) await rm(directory, {recursive: true, force: true});
  };
  try {
    await mkdir(directory, {recursive: true, mode: 0o700});
    const caFile = join(directory, 'practice-ca.pem');
    await writeFile(caFile, practice.caPem, {mode: 0o600});
    const run: RunSettings = {
      store: directory,
      connection: [
        ['--ca-file', caFile],
        ['--proxy', practice.proxy ?? ''],
      ],
    };
    let store: Store | null = null;
    const practiced: Context = {
      ...context,
      run,
      commandLine: (command, parts) => commandLine(run, command, parts),
      openStore: async () => {
        const {openStore} = await import('../../store/store.ts');
        store ??= openStore(directory, {now: world.now});
        return store;
      },
      openedStore: () => store,
    };
    const again = kept === null ? null : commandLine({store: kept, connection: []}, 'practice');
    return {practice, context: practiced, reach: reachTo(practice, practiced, caFile), caFile, again, end};
  } catch (error) {
    await end();
    throw error;
  }
}

/** In memory, where the system has such a place for this user: nothing of a practice is worth a disk. */
function folderForAWhile(env: Context['world']['env']): string {
  const runtime = env.XDG_RUNTIME_DIR ?? '';
  return isAbsolute(runtime) ? runtime : tmpdir();
}

/** What a connection needs to reach the practice Jira: its authority is trusted for this run, proxies are left alone. */
function reachTo(practice: Practice, context: Context, caFile: string): Reach {
  const usual = reachOf(context);
  const proxy = practice.proxy === null ? null : parseProxyAddress(practice.proxy);
  return {
    ...usual,
    given: {
      ...usual.given,
      proxy: proxy?.ok ? proxy.proxy : 'none',
      authorities: {certificates: [practice.caPem], from: caFile},
      timeoutSeconds: practice.timeoutMs === null ? usual.given.timeoutSeconds : practice.timeoutMs / 1000,
    },
    detours: practice.resolve,
  };
}
