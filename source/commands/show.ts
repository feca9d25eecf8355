import {exit} from '../domain/exit.ts';
import {expiryWarning} from './expiring.ts';
import {pageOf} from './page.ts';
import type {Run} from './run.ts';
import {described, findSaved, storeOf} from './saved.ts';
import {inFull} from './tile.ts';
import {voiceOf} from './voice.ts';

export const run: Run = async ({args, options}, world) => {
  const voice = voiceOf(world, options);
  const {credentials} = await storeOf(options, world).read();
  const saved = findSaved(credentials, args[0] ?? '');
  if (options.json) voice.json(described(saved));
  else voice.result(inFull(saved, pageOf(world.stdout, world), world.now()));
  const warning = options.json ? null : expiryWarning(saved, world.now());
  if (warning !== null) voice.note(warning);
  return exit.done;
};
