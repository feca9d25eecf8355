import {UsageFault} from '../domain/fault.ts';
import type {Run} from './context.ts';
import {savedAsNamed} from './saved/saved.ts';

/** The assistant on a saved credential. */
export const run: Run = async context => {
  const {world} = context;
  const saved = await savedAsNamed(context);
  const {canAsk} = await import('./output/prompt.ts');
  if (!canAsk(world)) {
    throw new UsageFault('editing needs a terminal, and there is none here.', [
      'Over SSH, get one with: ssh -t HOST jirakey edit NAME',
      'A new token from a script: jirakey rotate NAME --no-input with a token source and a passphrase source.',
    ]);
  }
  const {assist} = await import('./assistant-host/assist.ts');
  return assist(context, {edit: saved});
};
