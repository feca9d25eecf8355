/** One command line, from its words to its exit code. Rooms are loaded only when their command is called. */
import {exit} from '../domain/exit.ts';
import {anyOpenedCheaply} from '../vault/seals-to-upgrade.ts';
import type {World} from '../world.ts';
import {parse, type Request} from './line/grammar.ts';
import {commandHelp, overview} from './line/help.ts';
import {tell} from './speech/tell.ts';
import {voiceOf} from './speech/voice.ts';
import {commandRow} from './table.ts';

/**
 * @param argv the words after the program's name
 * @returns the exit code. What is a bug is thrown
 */
export async function main(argv: readonly string[], world: World): Promise<number> {
  const voice = voiceOf(world, {});
  try {
    return await answer(parse(argv), world);
  } catch (error) {
    return await tell(error, world, voice);
  }
}

async function answer(request: Request, world: World): Promise<number> {
  switch (request.ask) {
    case 'version':
      world.stdout.write(`jirakey ${world.version}\n`);
      return exit.done;
    case 'help':
      world.stdout.write(request.command === null ? overview() : commandHelp(request.command));
      return exit.done;
    case 'run': {
      const {run} = await commandRow(request.invocation.command).load();
      const code = await run(request.invocation, world);
      if (anyOpenedCheaply()) await (await import('./saved/upgrade-seals.ts')).upgradeSeals(request.invocation, world);
      return code;
    }
  }
}
