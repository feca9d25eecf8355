import {exit} from '../domain/exit.ts';
import type {Run} from './context.ts';
import {expiryWarning} from './saved/expiring.ts';
import {openSaved, savedAsNamed} from './saved/saved.ts';
import {refuseTerminal} from './secrets/reveal.ts';
import {checkSources} from './secrets/secrets.ts';

export const run: Run = async context => {
  const {options, printer} = context;
  checkSources(options);
  refuseTerminal(context);
  const {token, content} = await openSaved(await savedAsNamed(context), context);
  const warning = expiryWarning(content, context);
  if (warning !== null) printer.note(warning);
  if (options.json)
    printer.handOut(JSON.stringify({schemaVersion: 1, name: content.name, token: token.reveal()}, null, 2));
  else printer.handOut(token.reveal());
  return exit.done;
};
