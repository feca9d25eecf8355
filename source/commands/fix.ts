import {UsageFault} from '../domain/fault.ts';
import {shellWord} from '../domain/shell.ts';
import type {Run} from './context.ts';
import {savedAsNamed} from './saved/saved.ts';

/** The assistant on a saved credential, straight at its test; what fails is repaired there. */
export const run: Run = async context => {
  const saved = await savedAsNamed(context);
  const {canAsk} = await import('./output/prompt.ts');
  if (!canAsk(context.world)) {
    throw new UsageFault('a repair asks questions, and there is no terminal here to ask on.', [
      `Over SSH, get one with: ssh -t HOST ${shellWord(context.commandLine('fix', {name: saved.name}))}`,
      `What is wrong, from a script: ${context.commandLine('test', {name: saved.name})}`,
    ]);
  }
  const {assist} = await import('./assistant-host/assist.ts');
  return assist(context, {edit: saved, fix: true});
};
