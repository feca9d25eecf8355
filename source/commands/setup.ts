import {UsageFault} from '../domain/fault.ts';
import {shellWord} from '../domain/shell.ts';
import type {Run} from './context.ts';

/** The assistant on a terminal; with --no-input everything from options. */
export const run: Run = async context => {
  const {options, world} = context;
  if (options['no-input']) {
    const {unattended} = await import('./assistant-host/unattended.ts');
    return unattended(context);
  }
  for (const name of ['save-untested', 'replace', 'keep-connection'] as const) {
    if (options[name]) throw new UsageFault(`--${name} goes with --no-input; the assistant asks instead.`);
  }
  const {canAsk} = await import('./output/prompt.ts');
  if (!canAsk(world)) {
    throw new UsageFault('the assistant needs a terminal, and there is none here.', [
      `Over SSH, get one with: ssh -t HOST ${shellWord(context.commandLine(''))}`,
      'From a script: jirakey setup --no-input with --name, --url, --username, a token source and a passphrase source.',
      'All options: jirakey setup --help',
    ]);
  }
  const {assist} = await import('./assistant-host/assist.ts');
  return assist(context);
};
