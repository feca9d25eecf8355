import {exit} from '../domain/exit.ts';
import {pageOf} from './page.ts';
import type {Run} from './run.ts';
import {described, howToBegin, storeOf} from './saved.ts';
import {tile} from './tile.ts';
import {voiceOf} from './voice.ts';

export const run: Run = async ({options}, world) => {
  const voice = voiceOf(world, options);
  const store = storeOf(options, world);
  const {credentials, draft} = await store.read();
  if (options.json) {
    voice.json({schemaVersion: 1, credentials: credentials.map(described)});
    return exit.done;
  }
  if (credentials.length === 0) voice.note(`No credential is saved in ${store.directory}.\n${howToBegin}`);
  const page = pageOf(world.stdout, world);
  for (const saved of credentials) voice.result(tile(saved, page, world.now()));
  if (draft !== null) voice.note('An unfinished credential is kept as a draft: jirakey goes on with it.');
  return exit.done;
};
