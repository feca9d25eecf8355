/** `jirakey exec`: one program gets the token, in its environment alone, and its output is searched for it. */
import {type ChildProcess, type SpawnOptions, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {constants} from 'node:os';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import {clean} from '../domain/clean.ts';
import {codeOf} from '../domain/errno.ts';
import {exitBySignal} from '../domain/exit.ts';
import type {World} from '../world.ts';
import {maskStream} from './child/mask.ts';
import type {Terminal} from './child/pseudo-terminal.ts';
import {variablesOf} from './child/variables.ts';
import type {Context, Run} from './context.ts';
import type {Printer} from './output/printer.ts';
import {expiryWarning} from './saved/expiring.ts';
import type {Opened} from './saved/opened.ts';
import {openSaved, savedAsNamed} from './saved/saved.ts';
import {checkSources} from './secrets/secrets.ts';

export const run: Run = async context => {
  const {rest, options, printer} = context;
  checkSources(options);
  const saved = await savedAsNamed(context);
  const opened = await openSaved(saved, context);
  const warning = expiryWarning(opened.content, context);
  if (warning !== null) printer.note(warning);
  return start(rest, opened, context);
};

/** As shells have it (POSIX, "Exit status for commands"): not found 127, found but not startable 126. */
const notFound = 127;
const notStartable = 126;

async function start(words: readonly string[], opened: Opened, context: Context): Promise<number> {
  const {options, world, door, printer} = context;
  const variables = variablesOf(opened);
  const secrets = context.secrets.all();
  if (options['no-masking'] !== true) {
    const {canMakeTerminal, startOnTerminal} = await import('./child/pseudo-terminal.ts');
    const task = {words, env: inherited(world), variables};
    if (canMakeTerminal(task, world)) return onTerminal(startOnTerminal(task, !world.stderr.isTTY), secrets, context);
    if (world.stdin.isTTY && world.stdout.isTTY) printer.note(pipeNote);
  }
  const [command = '', ...args] = words;
  const masking = options['no-masking'] !== true;
  const child = spawn(command, args, {
    env: {...inherited(world), ...variables},
    stdio: streamsFor(masking, context),
  });
  if (child.stdin !== null) {
    child.stdin.on('error', () => {});
    world.stdin.pipe(child.stdin);
  }
  const mask = masking ? () => maskStream(secrets) : null;
  door.passOn(child.stdout, 'stdout', mask);
  door.passOn(child.stderr, 'stderr', mask);
  passSignals(signal => child.kill(signal), world.stdin.isTTY ? ['SIGINT', 'SIGQUIT', 'SIGWINCH'] : [], world);
  return ended(child, command, printer);
}

const pipeNote =
  'The output is searched for the token, so the program sees a pipe: no terminal of its own can be made here (that takes util-linux’s script, in the foreground). --no-masking gives it this terminal.';

async function onTerminal(terminal: Terminal, secrets: readonly string[], context: Context): Promise<number> {
  const {world, door, printer} = context;
  const {LeftOnScreen} = await import('./child/left-on-screen.ts');
  const left = new LeftOnScreen();
  const {child, errors, signal} = terminal;
  door.passOn(child.stdout, 'stdout', () => {
    const mask = maskStream(secrets);
    mask.on('data', (chunk: Buffer) => left.note(chunk.toString('latin1')));
    return mask;
  });
  door.passOn(errors, 'stderr', () => maskStream(secrets));
  // `script` follows the size of the window itself.
  passSignals(signal, ['SIGWINCH'], world);
  const status = await ended(child, 'script', printer);
  terminal.restore();
  if (status > exitBySignal(0)) world.stdout.write(left.undo());
  return status;
}

/** Ours without what unlocks the store. */
function inherited({env}: World): Readonly<Record<string, string | undefined>> {
  const {JIRAKEY_PASSPHRASE: _, CREDENTIALS_DIRECTORY: folder, ...rest} = env;
  const unlocks = folder !== undefined && existsSync(join(folder, 'jirakey.passphrase'));
  return folder === undefined || unlocks ? rest : {...rest, CREDENTIALS_DIRECTORY: folder};
}

/** Our own descriptors where there are some; a stdin that has brought the passphrase has nothing left to give. */
function streamsFor(masking: boolean, context: Context): NonNullable<SpawnOptions['stdio']> {
  const {options, world} = context;
  const real = 'fd' in world.stdin;
  const used = options['passphrase-stdin'] === true || options['passphrase-fd'] === '0';
  const output = masking || !real ? 'pipe' : 'inherit';
  return [used ? 'ignore' : real ? 'inherit' : 'pipe', output, output];
}

/**
 * Signals to us are the program's.
 * @param fromTerminal those the terminal sends to the program as well: twice, they would mean "now, at once" to many
 */
function passSignals(
  send: (signal: NodeJS.Signals) => void,
  fromTerminal: readonly NodeJS.Signals[],
  world: World,
): void {
  const pass = (signal: NodeJS.Signals): void => {
    if (!fromTerminal.includes(signal)) send(signal);
  };
  if (world.redirectSignals !== undefined) world.redirectSignals(pass);
  else world.interrupted.addEventListener('abort', () => pass('SIGTERM'), {once: true});
}

function ended(child: ChildProcess, command: string, printer: Printer): Promise<number> {
  return new Promise(resolve => {
    child.once('error', error => {
      const code = codeOf(error) ?? 'unknown error';
      const reason = code === 'ENOENT' ? 'there is no such program' : code === 'EACCES' ? 'it may not be run' : code;
      printer.alarm(`jirakey: ${clean(command, 80)} cannot be started: ${reason}.`);
      resolve(code === 'ENOENT' ? notFound : notStartable);
    });
    child.once('exit', () => endWhenQuiet(child));
    child.once('close', (status, signal) => {
      resolve(signal === null ? (status ?? 0) : exitBySignal(constants.signals[signal]));
    });
  });
}

/** What is left in the pipes of a program that has ended comes at once; what comes later is from others, who keep them open. */
const quietMs = 200;

function endWhenQuiet(child: ChildProcess): void {
  const streams = child.stdio.filter(stream => stream instanceof Readable);
  const end = (): void => {
    // A reader of ours that takes its time is no quiet.
    if (streams.some(stream => stream.readableLength > 0 || stream.isPaused())) {
      timer.refresh();
      return;
    }
    for (const stream of streams) {
      if (stream.readableEnded) continue;
      stream.on('error', () => {});
      stream.once('end', () => stream.destroy());
      stream.push(null);
      if (stream.readableFlowing === null) stream.destroy();
    }
  };
  const timer = setTimeout(end, quietMs);
  for (const stream of streams) stream.on('data', () => timer.refresh());
  child.once('close', () => clearTimeout(timer));
}
