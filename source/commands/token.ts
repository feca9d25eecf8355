import {exit} from '../domain/exit.ts';
import type {Run} from './context.ts';
import {printerOf} from './output/printer.ts';
import {expiryWarning} from './saved/expiring.ts';
import {findSaved, openSaved, storeOf} from './saved/saved.ts';
import {refuseTerminal} from './secrets/reveal.ts';
import {checkSources} from './secrets/secrets.ts';

export const run: Run = async ({args, options}, world) => {
  const printer = printerOf(world, options);
  checkSources(options);
  refuseTerminal(options, world);
  const {credentials} = await storeOf(options, world).read();
  const {token, content} = await openSaved(findSaved(credentials, args[0] ?? ''), options, world, printer);
  const warning = expiryWarning(content, world.now());
  if (warning !== null) printer.note(warning);
  if (options.json) printer.json({schemaVersion: 1, name: content.name, token: token.reveal()});
  else printer.result(token.reveal());
  return exit.done;
};
