import {exit} from '../domain/exit.ts';
import type {Run} from './context.ts';

/** The store's file, on a line of its own, so that a script can use it as it is. */
export const run: Run = async context => {
  const {options, printer} = context;
  const {path} = await context.openStore('silent');
  if (options.json) printer.json({schemaVersion: 1, path});
  else printer.result(path);
  return exit.done;
};
