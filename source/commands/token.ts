import {exit} from '../domain/exit.ts';
import {guardTerminal} from './reveal.ts';
import {findSaved, openSaved, storeOf} from './saved.ts';
import {checkSources} from './secrets.ts';
import type {Run} from './table.ts';
import {voiceOf} from './voice.ts';

export const run: Run = async ({args, options}, world) => {
  const voice = voiceOf(world, options);
  checkSources(options);
  guardTerminal('the token', options, world);
  const {credentials} = await storeOf(options, world).read();
  const saved = findSaved(credentials, args[0] ?? '');
  const {token} = await openSaved(saved, options, world, voice);
  if (options.json) voice.json({schemaVersion: 1, name: saved.name, token: token.reveal()});
  else voice.result(token.reveal());
  return exit.done;
};
