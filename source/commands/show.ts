import {exit} from '../domain/exit.ts';
import type {Run} from './context.ts';
import {pageOf} from './output/page.ts';
import {printerOf} from './output/printer.ts';
import {inFull} from './output/tile.ts';
import {expiryWarning} from './saved/expiring.ts';
import {described, findSaved, storeOf} from './saved/saved.ts';

export const run: Run = async ({args, options}, world) => {
  const printer = printerOf(world, options);
  const {credentials} = await storeOf(options, world).read();
  const saved = findSaved(credentials, args[0] ?? '');
  if (options.json) printer.json(described(saved));
  else printer.result(inFull(saved, pageOf(world.stdout, world), world.now()));
  const warning = options.json ? null : expiryWarning(saved, world.now());
  if (warning !== null) printer.note(warning);
  return exit.done;
};
