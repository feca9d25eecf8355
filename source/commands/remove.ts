import {clean} from '../domain/clean.ts';
import {cloudOf} from '../domain/clouds.ts';
import {exit} from '../domain/exit.ts';
import {UsageFault} from '../domain/fault.ts';
import {sameName} from '../domain/name.ts';
import {openUnlockCache} from '../unlock-cache/unlock-cache.ts';
import {lastTestsIn} from './connection-test/last-tests.ts';
import type {Run} from './context.ts';
import {findSaved} from './saved/saved.ts';

export const run: Run = async context => {
  const {args, options, world, printer} = context;
  const store = await context.openStore();
  const {credentials, draft, ring} = await store.read();
  const saved = findSaved(credentials, args[0] ?? '');
  const name = clean(saved.name, 80);
  if (!options.yes) {
    const {askYes, canAsk} = await import('./output/prompt.ts');
    if (options.json === true || !canAsk(world)) {
      throw new UsageFault(`removing “${name}” needs confirmation, and nothing can be asked here.`, [
        'Say it with: --yes',
      ]);
    }
    const sure = await askYes(context, {
      question: `Remove “${name}” (${clean(saved.username)} at ${clean(saved.url)})?`,
      yes: 'Remove it',
      no: 'Keep it',
    });
    if (!sure) {
      printer.note('Kept.');
      return exit.done;
    }
  }
  await store.remove(saved.name);
  await lastTestsIn(store.directory, world).forget(saved.name);
  if (draft?.edits !== undefined && sameName(draft.edits, saved.name)) await store.clearDraft();
  // With its last credential the store loses its key.
  if (ring !== null && (await store.read()).ring === null) {
    await openUnlockCache(world.env, world.now).forget(ring.id);
  }
  if (options.json) printer.json({schemaVersion: 1, removed: saved.name});
  else printer.result(`Removed “${name}” from ${store.directory}.`);
  const pageOfTokens = URL.canParse(saved.url) ? (cloudOf(new URL(saved.url).hostname)?.tokenPage ?? null) : null;
  printer.note(
    `Its token stays valid until it is revoked${pageOfTokens === null ? ' in Jira.' : `:\n${pageOfTokens}`}`,
  );
  return exit.done;
};
