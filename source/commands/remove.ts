import {clean} from '../domain/clean.ts';
import {exit} from '../domain/exit.ts';
import {UsageFault} from '../domain/fault.ts';
import {sameName} from '../domain/name.ts';
import {tokenPage} from '../prerequisites/prerequisites.ts';
import {openMemory} from '../remembered/memory.ts';
import type {Run} from './run.ts';
import {findSaved, storeOf} from './saved/saved.ts';
import {voiceOf} from './speech/voice.ts';
import {lastTestsIn} from './trial/last-tests.ts';

export const run: Run = async ({args, options}, world) => {
  const voice = voiceOf(world, options);
  const store = storeOf(options, world);
  const {credentials, draft} = await store.read();
  const saved = findSaved(credentials, args[0] ?? '');
  const name = clean(saved.name, 80);
  if (!options.yes) {
    const {askYes, canAsk} = await import('./speech/ask.ts');
    if (!canAsk(world)) {
      throw new UsageFault(`removing “${name}” wants a yes, and there is no terminal to ask on.`, [
        'Say it with: --yes',
      ]);
    }
    const sure = await askYes(world, options, {
      question: `Remove “${name}” (${clean(saved.username)} at ${clean(saved.url)})?`,
      yes: 'Remove it',
      no: 'Keep it',
    });
    if (!sure) {
      voice.note('Kept.');
      return exit.done;
    }
  }
  await store.remove(saved.name);
  await lastTestsIn(store.directory, world).forget(saved.name);
  if (draft?.edits !== undefined && sameName(draft.edits, saved.name)) await store.clearDraft();
  await openMemory(world.env, world.now).forget([saved.sealed]);
  if (options.json) voice.json({schemaVersion: 1, removed: saved.name});
  else voice.result(`Removed “${name}” from ${store.directory}.`);
  voice.note(
    `Its token is still valid until it is revoked${saved.url.includes('atlassian.net') ? `:\n${tokenPage}` : ' in Jira.'}`,
  );
  return exit.done;
};
