import {exit} from '../domain/exit.ts';
import type {Run} from './run.ts';
import {expiryWarning} from './saved/expiring.ts';
import {described, findSaved, storeOf} from './saved/saved.ts';
import {pageOf} from './speech/page.ts';
import {inFull} from './speech/tile.ts';
import {voiceOf} from './speech/voice.ts';

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
