/**
 * The door: process hygiene before anything else, then argv to a command, then the one exit of the program.
 * Static imports are node: only, so that `--version` and `--help` never load React, a TLS stack or a word list.
 */
import {writeFileSync} from 'node:fs';
import {constants} from 'node:os';
import process from 'node:process';
import type {World} from './source/world.ts';

/** Set by the build from package.json. */
declare const JIRAKEY_VERSION: string;
declare const JIRAKEY_ISSUES: string;

const usage = 2;
const bug = 1;
/** 128+N: ended by signal N. */
const signalled = 128;
/** How long a command may take to wind down after a signal before the process ends anyway, in milliseconds. */
const grace = 3000;
/** The same while something is being written: sealing takes seconds on a loaded machine, a network share its own time. */
const longestWrite = 60_000;

/** Memory of this process holds the token for a moment: a core file must not (Linux: core(5), "coredump_filter"). */
function keepMemoryOutOfCores(): void {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Not Linux, or a sandbox that forbids it: nothing else can be done from here.
  }
}

/** The sections of NODE_DEBUG that print nothing of what goes over the wire, nor the environment of a program started. */
const harmlessSections = new Set(['module', 'esm', 'timer', 'timers']);

/** The first item of the list that is not known to be harmless; names are compared as Node does, ignoring case. */
function debugSection(list: string): string | null {
  const items = list
    .toLowerCase()
    .split(',')
    .map(item => item.trim());
  return items.find(item => item !== '' && !harmlessSections.has(item)) ?? null;
}

/** Whether a debugger can connect, however that was asked for. */
const inspectorIsOpen = (): boolean => process.getBuiltinModule('node:inspector')?.url() !== undefined;

/** Why this process must not hold a secret, or null. Checked before any command is loaded. */
function eavesdropper(): string | null {
  const debug = debugSection(process.env.NODE_DEBUG ?? '') ?? debugSection(process.env.NODE_DEBUG_NATIVE ?? '');
  if (debug !== null) {
    return `NODE_DEBUG=${debug.replace(/[^a-z0-9*_-]/g, '')} can make Node print requests with their Authorization header, or the environment of a program with the token in it. Unset NODE_DEBUG and NODE_DEBUG_NATIVE and start again.`;
  }
  const flags = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/[\s"]+/)];
  const flag = flags
    // Node takes underscores for dashes in its options.
    .map(part => (part.split('=')[0] ?? '').replaceAll('_', '-'))
    .find(part => /^--(inspect|debug|tls-keylog|trace-tls|heapsnapshot-|report-(on|uncaught))/.test(part));
  if (flag === undefined) {
    return inspectorIsOpen()
      ? 'Node’s inspector is open, which lets a debugger read this process. Start jirakey without it (look at NODE_OPTIONS too).'
      : null;
  }
  const does = /tls/.test(flag)
    ? 'records what TLS keeps secret'
    : /heap|report/.test(flag)
      ? 'writes memory or environment of this process to a file'
      : 'lets a debugger read this process';
  return `Node was started with ${flag}, which ${does}. Start jirakey without it (look at NODE_OPTIONS too).`;
}

const stopper = new AbortController();
/** Further signals that are the program's, once another one runs in this one's place. */
const forwarded = ['SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGCONT', 'SIGWINCH'] as const;
let redirected: ((signal: NodeJS.Signals) => void) | null = null;
let restoreInput = () => {};
let hungUp = false;
/** What is being written: no signal cuts it. */
const writes = new Set<Promise<unknown>>();
/** Takes out the secrets of this run, once there can be any. */
let redact = (text: string): string => text;

/** Ends by the signal itself: works even while a thread waits in a read that never returns. */
function dieBy(name: NodeJS.Signals): void {
  restoreInput();
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

/** Keeps the process from being ended by a signal until the work is done. */
function holdEnd<T>(work: Promise<T>): Promise<T> {
  writes.add(work);
  const done = () => writes.delete(work);
  work.then(done, done);
  return work;
}

/** Ends by the signal when the time is over, and not before what is being written is written and could be reported. */
async function endAfter(ms: number, name: NodeJS.Signals): Promise<void> {
  setTimeout(() => dieBy(name), longestWrite).unref();
  do {
    await Promise.allSettled(writes);
    await new Promise(resolve => setTimeout(resolve, ms).unref());
  } while (writes.size > 0);
  dieBy(name);
}

function listenToSignals(): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (name === 'SIGHUP') hungUp = true;
      if (redirected !== null) return redirected(name);
      // A hang-up comes twice, from the kernel and from the shell, and systemd sends one after its SIGTERM: nobody insists.
      if (stopper.signal.aborted) return name === 'SIGHUP' ? undefined : endAfter(0, name);
      stopper.abort(constants.signals[name]);
      return endAfter(grace, name);
    });
  }
  // Unhandled, this signal opens Node's inspector on loopback, for anybody on this machine.
  process.on('SIGUSR1', () => {});
}

/** The disk behind the output is full: nobody's bug, but the result is not whole and must not pass for it. */
function unwritable(code: string): never {
  restoreInput();
  try {
    writeFileSync(2, `jirakey: the output could not be written (${code}): make room, or write it elsewhere.\n`);
  } catch {
    // stderr leads to the same place.
  }
  process.exit(bug);
}

/** `jirakey list | head -1`: a reader that left is no fault. The command goes on and its exit code stays true. */
function tolerateClosedReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOSPC' || error.code === 'EDQUOT' || error.code === 'EFBIG') unwritable(error.code);
      if (error.code !== 'EPIPE' && error.code !== 'EIO' && error.code !== 'ERR_STREAM_DESTROYED') crash(error);
    });
  }
}

/** Where and what kind, never the message: a message may quote what was typed or received. */
function crashText(error: unknown): string {
  const kind = error instanceof Error ? error.name.replace(/[^\w]/g, '') : typeof error;
  const code = error instanceof Error && 'code' in error ? String(error.code).replace(/[^\w]/g, '').slice(0, 40) : '';
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = stack.split('\n').filter(line => /^ {4}at [^'"`]*:\d+:\d+\)?$/.test(line));
  return [
    '',
    'jirakey itself failed. This is a bug, not something you did; what is saved is untouched.',
    `  ${kind}${code === '' ? '' : ` ${code}`} in jirakey ${version()}, Node ${process.version}, ${process.platform} ${process.arch}`,
    ...frames.slice(0, 12),
    `Please report these lines${typeof JIRAKEY_ISSUES === 'string' ? ` at ${JIRAKEY_ISSUES}` : ''}.`,
    'They contain no secret: the text of the error is left out on purpose.',
    '',
  ].join('\n');
}

function crash(error: unknown): never {
  restoreInput();
  try {
    writeFileSync(2, redact(crashText(error)));
  } catch {
    // stderr is gone as well; the exit code still tells.
  }
  process.exit(bug);
}

const version = (): string => (typeof JIRAKEY_VERSION === 'string' ? JIRAKEY_VERSION : 'development');

/** Everything written has reached the kernel, or its reader is gone. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise(resolve => {
    if (stream.destroyed || !stream.writable) return resolve();
    stream.write('', () => resolve());
  });
}

/** A copy of the environment for the commands; in the process itself certificate checks stay on. */
function settledEnvironment(): World['env'] {
  const env = {...process.env};
  // Node would drop certificate checks for every connection of this process; jirakey has no way to ask for that.
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  return env;
}

async function open(): Promise<number> {
  keepMemoryOutOfCores();
  listenToSignals();
  tolerateClosedReaders();
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  process.noDeprecation = true;
  const reason = eavesdropper();
  if (reason !== null) {
    writeFileSync(2, `jirakey: refused to start: ${reason}\n`);
    return usage;
  }
  const argv = process.argv.slice(2);
  if (argv.length === 1 && argv[0] === '--version') {
    process.stdout.write(`jirakey ${version()}\n`);
    return 0;
  }
  const env = settledEnvironment();
  const {stdin, stdout, stderr} = process;
  restoreInput = () => {
    if (stdin.isTTY && stdin.isRaw) stdin.setRawMode(false);
  };
  const [{main}, {RunSecrets}] = await Promise.all([
    import('./source/commands/main.ts'),
    import('./source/domain/run-secrets.ts'),
  ]);
  const secrets = new RunSecrets();
  redact = text => secrets.redact(text);
  const world: World = {
    redirectSignals: handler => {
      redirected = handler;
      for (const name of forwarded) process.on(name, () => handler(name));
    },
    env,
    stdin,
    stdout,
    stderr,
    interrupted: stopper.signal,
    holdEnd,
    workFactor: 'highest',
    now: () => new Date(),
    version: version(),
  };
  return main(argv, world, secrets);
}

async function live(): Promise<void> {
  const code = await open().catch(crash);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // When its terminal has hung up Node 20 crashes in process.exit (SIGSEGV or SIGABRT in ResetStdio); dying by the signal does not.
  const atTerminal = [process.stdin, process.stdout, process.stderr].some(stream => stream.isTTY);
  if (hungUp && atTerminal && code === signalled + constants.signals.SIGHUP) dieBy('SIGHUP');
  restoreInput();
  process.exit(code);
}

void live();
