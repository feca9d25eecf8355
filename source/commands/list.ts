import {clean} from '../domain/clean.ts';
import type {Draft} from '../domain/credential.ts';
import {exit} from '../domain/exit.ts';
import type {Context, Run} from './context.ts';
import {pageOf} from './output/page.ts';
import {tile} from './output/tile.ts';
import {described} from './saved/described.ts';
import {expiryWarning} from './saved/expiring.ts';
import {howToBegin} from './saved/saved.ts';

export const run: Run = async context => {
  const {options, world, printer} = context;
  const store = await context.openStore();
  const {credentials, draft} = await store.read();
  if (options.json) {
    printer.json({schemaVersion: 1, credentials: credentials.map(described)});
    return exit.done;
  }
  if (credentials.length === 0) printer.note(`No credential is saved in ${store.directory}.\n${howToBegin(context)}`);
  const page = pageOf(world.stdout, world);
  for (const saved of credentials) printer.result(tile(saved, page, world.now()));
  for (const saved of credentials) {
    const warning = expiryWarning(saved, context);
    if (warning !== null) printer.note(warning);
  }
  if (draft !== null) printer.note(draftNote(draft, context));
  return exit.done;
};

/** What an unfinished credential is, and the command that goes on with it. */
function draftNote({edits}: Draft, {commandLine}: Context): string {
  if (edits === undefined) return `An unfinished credential is kept as a draft. To go on with it:\n${commandLine('')}`;
  return `A change of “${clean(edits, 80)}” is kept, sealed, as a draft. To go on with it:\n${commandLine('edit', {name: edits})}`;
}
