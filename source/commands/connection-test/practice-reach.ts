/** Where the practice keeps its things, and how its Jira is reached. */
import {join, resolve} from 'node:path';
import type {Reach} from '../../connection/reach.ts';
import type {Practice} from '../../practice/practice.ts';
import {homeFolder} from '../../store/home-folder.ts';
import type {World} from '../../world.ts';
import type {Context} from '../context.ts';
import type {Options} from '../line/options.ts';
import {reachOf} from './reach-options.ts';

/** Never the folder of the real credentials, unless it is named. */
export function practiceDirectory(options: Options, env: World['env']): string {
  if (options.store !== undefined) return resolve(options.store);
  if ((env.JIRAKEY_STORE ?? '') !== '') return `${resolve(env.JIRAKEY_STORE ?? '')}-practice`;
  const state = env.XDG_STATE_HOME ?? '';
  return join(state.startsWith('/') ? state : join(homeFolder(env), '.local', 'state'), 'jirakey-practice');
}

/** What a connection needs to reach the practice Jira: its authority is trusted for this run, proxies are left alone. */
export function practiceReach(practice: Practice, context: Context): Reach {
  const usual = reachOf(context);
  return {
    ...usual,
    extraCa: [practice.caPem],
    proxy: practice.proxy ?? '',
    timeoutMs: practice.timeoutMs ?? usual.timeoutMs,
    resolve: [...practice.resolve, ...usual.resolve],
  };
}
