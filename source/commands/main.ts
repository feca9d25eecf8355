/** One command line, from its words to its exit code. A module is loaded only when its command is called. */
import {plainRun} from '../domain/command-line.ts';
import {exit} from '../domain/exit.ts';
import {RunSecrets} from '../domain/run-secrets.ts';
import type {World} from '../world.ts';
import {contextOf} from './context.ts';
import {parse, type Request} from './line/grammar.ts';
import {commandHelp, overview, topicHelp} from './line/help.ts';
import {loaders} from './loaders.ts';
import {doorOf} from './output/door.ts';
import {printerOf} from './output/printer.ts';
import {reportError} from './output/report-error.ts';

/**
 * @param argv the words after the program's name
 * @param secrets filled as they become known
 * @returns the exit code. What is a bug is thrown
 */
export async function main(argv: readonly string[], world: World, secrets = new RunSecrets()): Promise<number> {
  let request: Request;
  try {
    request = parse(argv);
  } catch (error) {
    const options = wantsJson(argv) ? ({json: true} as const) : {};
    const door = doorOf(world, secrets);
    secrets.addEnvironment(world.env);
    return reportError(error, {world: door.world, printer: printerOf(door, options), run: plainRun, options});
  }
  return answer(request, world, secrets);
}

/** Asked of a command line that could not be read as a whole. */
const wantsJson = (argv: readonly string[]): boolean => {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json');
};

async function answer(request: Request, outside: World, secrets: RunSecrets): Promise<number> {
  const {world} = doorOf(outside, secrets);
  switch (request.ask) {
    case 'version':
      world.stdout.write(`jirakey ${world.version}\n`);
      return exit.done;
    case 'help':
      world.stdout.write(request.command === null ? overview() : commandHelp(request.command));
      return exit.done;
    case 'topic':
      world.stdout.write(topicHelp(request.topic));
      return exit.done;
    case 'run': {
      const {invocation} = request;
      const context = contextOf(invocation, invocation.options.plain ? {...outside, plain: true} : outside, secrets);
      try {
        const {run} = await loaders[context.command]();
        const code = await run(context);
        const store = context.openedStore();
        if (store !== null) await (await import('./saved/raise-work-factor.ts')).raiseWorkFactor(store, context);
        return code;
      } catch (error) {
        return reportError(error, context);
      }
    }
  }
}
