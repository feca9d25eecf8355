import {exit} from '../domain/exit.ts';
import type {Run} from './context.ts';
import {pageOf} from './output/page.ts';
import {inFull} from './output/tile.ts';
import {described} from './saved/described.ts';
import {expiryWarning} from './saved/expiring.ts';
import {savedAsNamed} from './saved/saved.ts';

export const run: Run = async context => {
  const {options, world, printer} = context;
  const saved = await savedAsNamed(context);
  if (options.json) printer.json(described(saved));
  else printer.result(inFull(saved, pageOf(world.stdout, world), world.now()));
  const warning = options.json ? null : expiryWarning(saved, context);
  if (warning !== null) printer.note(warning);
  return exit.done;
};
