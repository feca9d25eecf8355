import {exit} from '../domain/exit.ts';
import type {Run} from './run.ts';
import {expiryWarning} from './saved/expiring.ts';
import {findSaved, openSaved, storeOf} from './saved/saved.ts';
import {refuseTerminal} from './secrets/reveal.ts';
import {checkSources} from './secrets/secrets.ts';
import {voiceOf} from './speech/voice.ts';

export const run: Run = async ({args, options}, world) => {
  const voice = voiceOf(world, options);
  checkSources(options);
  refuseTerminal(options, world);
  const {credentials} = await storeOf(options, world).read();
  const {token, content} = await openSaved(findSaved(credentials, args[0] ?? ''), options, world, voice);
  const warning = expiryWarning(content, world.now());
  if (warning !== null) voice.note(warning);
  if (options.json) voice.json({schemaVersion: 1, name: content.name, token: token.reveal()});
  else voice.result(token.reveal());
  return exit.done;
};
