import {UsageFault} from '../domain/fault.ts';
import {shellWord} from '../domain/shell.ts';
import type {Run} from './context.ts';
import {type Options, passphraseSources, tokenSources, wordOf} from './line/options.ts';
import {savedAsNamed} from './saved/saved.ts';

/** The assistant on a saved credential. */
export const run: Run = async context => {
  const {options, world} = context;
  const saved = await savedAsNamed(context);
  if (options['no-input'] === true) {
    const {editUnattended} = await import('./assistant-host/unattended-change.ts');
    return editUnattended(saved, context);
  }
  refuseAlone(options);
  const {canAsk} = await import('./output/prompt.ts');
  if (!canAsk(world)) {
    throw new UsageFault('editing needs a terminal, and there is none here.', [
      `Over SSH, get one with: ssh -t HOST ${shellWord(context.commandLine('edit', {name: saved.name}))}`,
      `From a script, with what is to change and a passphrase source: ${context.commandLine('edit', {name: saved.name, options: ['--no-input']})}`,
    ]);
  }
  const {assist} = await import('./assistant-host/assist.ts');
  return assist(context, {edit: saved});
};

/** The assistant shows what is saved and asks; what it would not read is refused rather than dropped. */
function refuseAlone(options: Options): void {
  const script = [...answersOfScripts, ...tokenSources, ...passphraseSources].find(name => options[name] !== undefined);
  if (script !== undefined)
    throw new UsageFault(`--${wordOf(script)} goes with --no-input; the assistant asks instead.`);
}

const answersOfScripts = [
  'name',
  'description',
  'url',
  'username',
  'expires',
  'connector',
  'save-untested',
  'keep-connection',
] as const;
