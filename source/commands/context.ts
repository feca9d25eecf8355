/** What a command gets: its words, what it may touch outside itself, and where it speaks. Made once, in main. */
import {type CommandLine, commandLine, type RunSettings} from '../domain/command-line.ts';
import {passwordsIn, RunSecrets} from '../domain/run-secrets.ts';
import type {Store} from '../store/store.ts';
import type {World} from '../world.ts';
import type {Invocation} from './line/grammar.ts';
import {runSettingsOf} from './line/run-settings.ts';
import {directoryOf} from './line/store-folder.ts';
import {type Door, doorOf} from './output/door.ts';
import {type Printer, printerOf} from './output/printer.ts';

export type Context = Invocation &
  Readonly<{
    world: World;
    printer: Printer;
    /** The secrets of this run: whoever reads or opens one adds it. */
    secrets: RunSecrets;
    door: Door;
    /**
     * The store of this run, one and the same: what was unlocked once stays so. What is odd about it is said once, on stderr.
     * @param notices `silent` for the assistant, whose screen such sentences would run through; it shows them itself
     */
    openStore: (notices?: 'aloud' | 'silent') => Promise<Store>;
    /** The store where it was opened already, for what is done after a command. */
    openedStore: () => Store | null;
    /** What printed commands repeat of this run. */
    run: RunSettings;
    /** A command line of jirakey to be printed. Every one that a command says is made here. */
    commandLine: CommandLine;
  }>;

/** A command. Returns the exit code; throws a UserFault, a StoreFault or Interrupted. */
export type Run = (context: Context) => Promise<number>;

/** @param outside its streams are used through the door only */
export function contextOf(invocation: Invocation, outside: World, secrets = new RunSecrets()): Context {
  const {options} = invocation;
  const door = doorOf(outside, secrets);
  const {world} = door;
  secrets.addEnvironment(world.env);
  secrets.addText(...passwordsIn(options.proxy ?? ''));
  secrets.allow(options.name, options.url, options.username, options.description);
  const printer = printerOf(door, options);
  const run = runSettingsOf(options, world.env);
  const line: CommandLine = (command, parts) => commandLine(run, command, parts);
  const said = new Set<string>();
  let silent = false;
  let store: Store | null = null;
  const onNotice = (sentence: string): void => {
    if (!silent && !said.has(sentence)) printer.note(`Warning: ${sentence}`);
    said.add(sentence);
  };
  return {
    ...invocation,
    world,
    printer,
    secrets,
    door,
    run,
    commandLine: line,
    openStore: async (notices = 'aloud') => {
      if (notices === 'silent') silent = true;
      // Loaded here because completion, explain and most of help need no store.
      const {openStore} = await import('../store/store.ts');
      store ??= openStore(directoryOf(options, world.env), {
        now: world.now,
        env: world.env,
        onNotice,
        commandLine: line,
      });
      return store;
    },
    openedStore: () => store,
  };
}
