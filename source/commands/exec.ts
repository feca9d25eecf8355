/** `jirakey exec`: one program gets the token, in its environment or in a file, and its output is searched for it. */
import {type ChildProcess, type StdioOptions, spawn} from 'node:child_process';
import {closeSync, existsSync} from 'node:fs';
import {join} from 'node:path';
import type {Readable} from 'node:stream';
import {usualCertificates} from '../connection/trust.ts';
import {exitBySignal} from '../domain/exit.ts';
import type {World} from '../world.ts';
import {bundleOf, bundleVariablesFor, proxyVariablesOf} from './child/connection-variables.ts';
import {statusOf} from './child/ending.ts';
import {type KillWatch, watchForKill} from './child/kill-watch.ts';
import {maskStream} from './child/mask.ts';
import {leadToOnePlace, makeOutputPipe} from './child/output-pipe.ts';
import {folderAnywhere, folderInMemory, type PrivateFolder, writePrivate} from './child/private-files.ts';
import type {Terminal} from './child/pseudo-terminal.ts';
import {tokenVariables, variablesOf} from './child/variables.ts';
import type {Context, Run} from './context.ts';
import {expiryWarning} from './saved/expiring.ts';
import type {Opened} from './saved/opened.ts';
import {openSaved, savedAsNamed} from './saved/saved.ts';
import {checkSources} from './secrets/secrets.ts';

export const run: Run = async context => {
  const {rest, options, world, printer} = context;
  checkSources(options);
  const saved = await savedAsNamed(context);
  const opened = await openSaved(saved, context);
  const warning = expiryWarning(opened.content, context);
  if (warning !== null) printer.note(warning);
  const inFile = options['token-in-file'] === true;
  const bundled = options['no-connection'] === true ? [] : bundleVariablesFor(opened.content.connection, world.env);
  const files = inFile ? folderInMemory(world.env) : bundled.length > 0 ? folderAnywhere(world.env) : null;
  const watch = watchForKill(files?.folder ?? null);
  try {
    const variables = {
      ...reaching(opened, bundled, files, context),
      ...given(opened, inFile ? files : null),
    };
    return await start({words: rest, watch, env: inherited(world), variables}, context);
  } finally {
    watch.end();
    files?.remove();
  }
};

/** The way to the site that is kept with the credential, as variables. */
function reaching(
  {content: {connection}}: Opened,
  bundled: readonly string[],
  files: PrivateFolder | null,
  {options, world, secrets}: Context,
): Readonly<Record<string, string>> {
  if (options['no-connection'] === true) return {};
  secrets.addText(connection.proxy?.password ?? '');
  const proxy = proxyVariablesOf(connection, world.env);
  if (files === null || bundled.length === 0) return proxy;
  const path = writePrivate(
    files,
    'ca-bundle.pem',
    bundleOf(connection, () => usualCertificates(world.env)),
  );
  return {...proxy, ...Object.fromEntries(bundled.map(name => [name, path]))};
}

type Task = Readonly<{
  words: readonly string[];
  watch: KillWatch;
  /** The environment but for the credential. */
  env: World['env'];
  variables: Readonly<Record<string, string>>;
}>;

/** The credential as variables; with the token in a file, the file's path in its place. */
function given(opened: Opened, files: PrivateFolder | null): Readonly<Record<string, string>> {
  const variables = variablesOf(opened);
  if (files === null) return variables;
  const others = Object.entries(variables).filter(([name]) => !tokenVariables.includes(name));
  return {...Object.fromEntries(others), JIRA_API_TOKEN_FILE: writePrivate(files, 'token', opened.token.reveal())};
}

async function start(task: Task, context: Context): Promise<number> {
  const {options, world, printer} = context;
  if (options['no-masking'] === true) return asItIs(task, context);
  const {canMakeTerminal, startOnTerminal} = await import('./child/pseudo-terminal.ts');
  if (canMakeTerminal(task, world)) return onTerminal(task, startOnTerminal(task, !world.stderr.isTTY), context);
  if (world.stdin.isTTY && world.stdout.isTTY) printer.note(pipeNote);
  return overPipes(task, context);
}

const pipeNote =
  'The output is searched for the token, so the program sees a pipe: no terminal of its own can be made here (that takes util-linux’s script, in the foreground). --no-masking gives it this terminal.';

async function onTerminal({words, watch}: Task, terminal: Terminal, context: Context): Promise<number> {
  const {world, door, printer, secrets} = context;
  const {LeftOnScreen} = await import('./child/left-on-screen.ts');
  const left = new LeftOnScreen();
  const {child, output, errors, signal} = terminal;
  watch.over(child.pid);
  const mask = maskStream(secrets.all());
  mask.on('data', (chunk: Buffer) => left.note(chunk.toString('latin1')));
  const passed = [door.passOn(output, 'stdout', mask)];
  if (errors !== null) passed.push(door.passOn(errors, 'stderr', maskStream(secrets.all())));
  // `script` follows the size of the window itself.
  passSignals(signal, ['SIGWINCH'], world);
  const outputs = errors === null ? [output] : [output, errors];
  const status = await statusOf(child, words[0] ?? '', outputs, Promise.all(passed), printer);
  terminal.restore();
  if (status > exitBySignal(0)) world.stdout.write(left.undo());
  return status;
}

/** Everything of ours is the program's, unsearched. */
async function asItIs({words, watch, env, variables}: Task, context: Context): Promise<number> {
  const {world, door, printer} = context;
  const [command = '', ...args] = words;
  // In a test the streams have no descriptors that could be inherited.
  const real = 'fd' in world.stdin;
  const child = spawn(command, args, {
    env: {...env, ...variables},
    stdio: real ? [stdinFor(context), 'inherit', 'inherit'] : [stdinFor(context), 'pipe', 'pipe'],
  });
  watch.over(child.pid);
  connect(child, context);
  const outputs = [child.stdout, child.stderr].filter(stream => stream !== null);
  const passed = outputs.map((stream, at) => door.passOn(stream, at === 0 ? 'stdout' : 'stderr', null));
  return statusOf(child, command, outputs, Promise.all(passed), printer);
}

async function overPipes({words, watch, env, variables}: Task, context: Context): Promise<number> {
  const {world, door, printer, secrets} = context;
  const [command = '', ...args] = words;
  const real = 'fd' in world.stdin;
  const out = real ? makeOutputPipe(world.env) : null;
  const isOne = out !== null && leadToOnePlace(1, 2);
  const err = out === null || isOne ? out : makeOutputPipe(world.env);
  const stdio: StdioOptions = [stdinFor(context), out?.writer ?? 'pipe', err?.writer ?? 'pipe'];
  const child = spawn(command, args, {env: {...env, ...variables}, stdio});
  watch.over(child.pid);
  for (const pipe of new Set([out, err])) if (pipe !== null) closeSync(pipe.writer);
  connect(child, context);
  const outputs: Readable[] = [];
  const passed: Promise<void>[] = [];
  const pass = (from: Readable | null | undefined, to: 'stdout' | 'stderr'): void => {
    if (from == null) return;
    outputs.push(from);
    passed.push(door.passOn(from, to, maskStream(secrets.all())));
  };
  pass(out?.reader ?? child.stdout, 'stdout');
  if (!isOne) pass(err?.reader ?? child.stderr, 'stderr');
  return statusOf(child, command, outputs, Promise.all(passed), printer);
}

/** Our input and our signals become the program's. */
function connect(child: ChildProcess, {world}: Context): void {
  if (child.stdin !== null) {
    child.stdin.on('error', () => {});
    world.stdin.pipe(child.stdin);
  }
  passSignals(signal => child.kill(signal), world.stdin.isTTY ? ['SIGINT', 'SIGQUIT', 'SIGWINCH'] : [], world);
}

/** Ours without what unlocks the store. */
function inherited({env}: World): Readonly<Record<string, string | undefined>> {
  const {JIRAKEY_PASSPHRASE: _, CREDENTIALS_DIRECTORY: folder, ...others} = env;
  // An older token of the shell must not pass for this one.
  const rest = Object.fromEntries(Object.entries(others).filter(([name]) => !tokenVariables.includes(name)));
  const unlocks =
    folder !== undefined && ['passphrase', 'identity'].some(what => existsSync(join(folder, `jirakey.${what}`)));
  return folder === undefined || unlocks ? rest : {...rest, CREDENTIALS_DIRECTORY: folder};
}

/** Our own where there is one; a stdin that has brought the passphrase has nothing left to give. */
function stdinFor({options, world}: Context): 'ignore' | 'inherit' | 'pipe' {
  const used = options['passphrase-stdin'] === true || options['passphrase-fd'] === '0';
  return used ? 'ignore' : 'fd' in world.stdin ? 'inherit' : 'pipe';
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
