/** `jirakey exec`: one program gets the token, in its environment alone, and its output is searched for it. */
import {type ChildProcess, type SpawnOptions, spawn} from 'node:child_process';
import {constants} from 'node:os';
import type {Readable} from 'node:stream';
import {clean} from '../domain/clean.ts';
import {exitBySignal} from '../domain/exit.ts';
import type {World} from '../world.ts';
import {maskStream} from './mask.ts';
import type {Options} from './options.ts';
import type {Run} from './run.ts';
import {findSaved, type Opened, openSaved, storeOf} from './saved.ts';
import {checkSources} from './secrets.ts';
import {variablesOf} from './variables.ts';
import {type Voice, voiceOf} from './voice.ts';

export const run: Run = async ({args, rest, options}, world) => {
  const voice = voiceOf(world, options);
  checkSources(options);
  const {credentials} = await storeOf(options, world).read();
  const saved = findSaved(credentials, args[0] ?? '');
  return start(rest, await openSaved(saved, options, world, voice), options, world, voice);
};

/** As shells have it (POSIX, "Exit status for commands"): not found 127, found but not startable 126. */
const notFound = 127;
const notStartable = 126;

function start(
  words: readonly string[],
  opened: Opened,
  options: Options,
  world: World,
  voice: Voice,
): Promise<number> {
  const [command = '', ...args] = words;
  const masking = options['no-masking'] !== true;
  if (masking && world.stdin.isTTY && world.stdout.isTTY) {
    voice.note('The output is searched for the token, so the program sees a pipe. --no-masking gives it the terminal.');
  }
  const child = spawn(command, args, {
    env: environmentFor(opened, world),
    stdio: streamsFor(masking, options, world),
  });
  if (child.stdin !== null) {
    child.stdin.on('error', () => {});
    world.stdin.pipe(child.stdin);
  }
  passOn(child, opened, masking, world);
  passSignals(child, world);
  return ended(child, command, voice);
}

/** Ours without what unlocks the store, and with what this credential is. */
function environmentFor(opened: Opened, world: World): Record<string, string | undefined> {
  const {JIRAKEY_PASSPHRASE: _, ...env} = world.env;
  return {...env, ...variablesOf(opened)};
}

/** Our own descriptors where there are some; a stdin that has brought the passphrase has nothing left to give. */
function streamsFor(masking: boolean, options: Options, world: World): NonNullable<SpawnOptions['stdio']> {
  const real = 'fd' in world.stdin;
  const used = options['passphrase-stdin'] === true || options['passphrase-fd'] === '0';
  const output = masking || !real ? 'pipe' : 'inherit';
  return [used ? 'ignore' : real ? 'inherit' : 'pipe', output, output];
}

function passOn(child: ChildProcess, opened: Opened, masking: boolean, world: World): void {
  const token = opened.token.reveal();
  const pipe = (from: Readable | null, to: NodeJS.WriteStream): void => {
    if (from === null) return;
    const end = masking ? from.pipe(maskStream([token])) : from;
    end.pipe(to, {end: false});
    // Whoever reads us has left: the program is told as if it had written there itself.
    to.once('error', () => from.destroy());
  };
  pipe(child.stdout, world.stdout);
  pipe(child.stderr, world.stderr);
}

/** A terminal sends its own signals to the program as well; sent twice, they would mean "now, at once" to many. */
function passSignals(child: ChildProcess, world: World): void {
  const fromTerminal: readonly NodeJS.Signals[] = world.stdin.isTTY ? ['SIGINT', 'SIGHUP'] : [];
  const pass = (signal: NodeJS.Signals): void => {
    if (!fromTerminal.includes(signal)) child.kill(signal);
  };
  if (world.redirectSignals !== undefined) world.redirectSignals(pass);
  else world.interrupted.addEventListener('abort', () => pass('SIGTERM'), {once: true});
}

function ended(child: ChildProcess, command: string, voice: Voice): Promise<number> {
  return new Promise(resolve => {
    child.once('error', error => {
      const code = 'code' in error ? String(error.code) : '';
      const reason = code === 'ENOENT' ? 'there is no such program' : code === 'EACCES' ? 'it may not be run' : code;
      voice.alarm(`jirakey: ${clean(command, 80)} cannot be started: ${reason}.`);
      resolve(code === 'ENOENT' ? notFound : notStartable);
    });
    child.once('close', (status, signal) => {
      resolve(signal === null ? (status ?? 0) : exitBySignal(constants.signals[signal]));
    });
  });
}
