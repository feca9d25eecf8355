/**
 * One save, killed at each of its system calls on files in turn: the store opens every time, with the old content or the
 * new, and the next save finds nothing in its way. Which calls there are is read from a trace of an untouched save.
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {cpSync, mkdirSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {openStore} from '../../source/store/store.ts';
import {saved, temporaryFolder} from './samples.ts';
import {bundleWriter, has, type Written} from './writing.ts';

const canTrace = has('strace', '-f', '-qq', '-o', '/dev/null', '-e', 'inject=fsync:error=EIO', 'true');

let place: ReturnType<typeof temporaryFolder>;
let writer = '';
let template = '';
beforeAll(async () => {
  place = temporaryFolder();
  writer = await bundleWriter(place.folder);
  template = join(place.folder, 'template');
  const store = openStore(template);
  for (const at of [0, 1]) await store.save(saved(`old-${at}`));
});
afterAll(() => place.remove());

/** A copy of the store with two saves behind it. */
let copies = 0;
function copy(): string {
  const directory = join(place.folder, `copy-${copies++}`);
  mkdirSync(directory, {mode: 0o700});
  cpSync(template, directory, {recursive: true, mode: 0, preserveTimestamps: true});
  return directory;
}

type Which = 'pool' | 'main';
type Fault = NonNullable<Written['fault']>;

/**
 * One save whose `which` thread is traced from the moment before it begins: strace counts the calls of each thread by
 * itself, and the start of Node makes hundreds. One pool thread makes all the calls of the save, in one order.
 */
async function traced(
  directory: string,
  which: Which,
  options: readonly string[],
): Promise<{killed: boolean; reported: boolean; fault: Fault | null}> {
  const child = spawn(process.execPath, [writer, directory, 't', '1', '1', '0', 'wait'], {
    env: {...process.env, UV_THREADPOOL_SIZE: '1'},
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'close');
  let stdout = '';
  const ready = new Promise<void>(resolve => {
    child.stdout.on('data', data => {
      stdout += data;
      if (stdout.includes('ready\n')) resolve();
    });
  });
  await ready;
  // The pool thread is the one that was started last.
  const threads = readdirSync(`/proc/${child.pid}/task`).map(Number);
  const thread = which === 'main' ? child.pid : Math.max(...threads);
  const strace = spawn('strace', [...options, '-p', String(thread)], {stdio: ['ignore', 'ignore', 'pipe']});
  const ended = once(strace, 'close');
  await once(strace.stderr, 'data');
  strace.stderr.resume();
  child.stdin.on('error', () => {});
  child.stdin.end('go\n');
  const [, signal] = await gone;
  await ended;
  const fault = /^\{.*\}$/m.exec(stdout)?.[0];
  return {
    killed: signal === 'SIGKILL',
    reported: /^0$/m.test(stdout),
    fault: fault === undefined ? null : JSON.parse(fault),
  };
}

type Call = Readonly<{which: Which; name: string; when: number; changes: boolean}>;

// Waiting and waking up, and memory: nothing of it touches a file, and how often it happens is chance.
const idle = /^(futex|epoll_|madvise|mprotect|mmap|munmap|brk|rt_sig|set_robust|rseq|prctl|sched_|gettid|getpid|exit)/;
// A write of eight bytes is how the thread tells that it is done.
const changing = /^(openat\(.*O_CREAT|mkdir|link|rename|unlink|pwrite64|write\((?!.*"\\1\\0)|fsync|f?chmod)/;

/** The calls of a thread on files, up to the last that concerns the save. */
async function callsOfASave(which: Which): Promise<Call[]> {
  const trace = join(place.folder, `trace-${which}`);
  const directory = copy();
  expect(await traced(directory, which, ['-o', trace])).toMatchObject({killed: false, reported: true});
  const lines = readFileSync(trace, 'utf8')
    .split('\n')
    .filter(line => /^\w+\(/.test(line));
  const last = lines.findLastIndex(call => call.includes(directory));
  const counts = new Map<string, number>();
  return lines.slice(0, last + 1).flatMap((call): Call[] => {
    const name = call.slice(0, call.indexOf('('));
    const when = (counts.get(name) ?? 0) + 1;
    counts.set(name, when);
    return idle.test(name) ? [] : [{which, name, when, changes: changing.test(call)}];
  });
}

type Outcome = Readonly<{wrong: string[]; killed: boolean; isNew: boolean; fault: Fault | null}>;

/** Injects something into one call of a save; tells what was wrong afterwards, and how the save ended. */
async function injectAt({which, name, when}: Call, what: string): Promise<Outcome> {
  const directory = copy();
  const inject = ['-o', '/dev/null', '-e', `trace=${name}`, '-e', `inject=${name}:${what}:when=${when}`];
  const {killed, reported, fault} = await traced(directory, which, inject);
  const store = openStore(directory);
  const wrong: string[] = [];
  const names = async () => (await store.read()).credentials.map(one => one.name).join(' ');
  const found = await names().catch((error: unknown) => String(error));
  if (found !== 'old-0 old-1' && found !== 'old-0 old-1 t-0') wrong.push(`found ${found}`);
  if (reported && found !== 'old-0 old-1 t-0') wrong.push('a save that was reported is not there');
  const modes = readdirSync(directory).map(file => statSync(join(directory, file)).mode & 0o777);
  if (modes.some(mode => (mode & 0o077) !== 0)) wrong.push('a file that others can read');
  await store.save(saved('next')).catch((error: unknown) => wrong.push(`next save: ${String(error)}`));
  if ((await names()) !== `${found} next`) wrong.push(`after the next save: ${await names()}`);
  const files = readdirSync(directory).sort().join(' ');
  if (files !== 'config.json config.json.bak') wrong.push(`left over: ${files}`);
  const told = wrong.map(each => `${which} ${name} number ${when}, ${what}: ${each}`);
  return {wrong: told, killed, isNew: found.endsWith('t-0'), fault};
}

/** Two at a time. */
async function injectEach(calls: readonly Call[], what: string): Promise<Outcome[]> {
  const queue = [...calls];
  const results: Outcome[] = [];
  const lane = async (): Promise<void> => {
    for (let call = queue.shift(); call !== undefined; call = queue.shift()) results.push(await injectAt(call, what));
  };
  await Promise.all([lane(), lane()]);
  return results;
}

describe.skipIf(!canTrace)('below strace (skipped where it is missing or forbidden)', () => {
  test('a save killed at every one of its system calls leaves old or new', {timeout: 240_000}, async () => {
    const calls = [...(await callsOfASave('pool')), ...(await callsOfASave('main'))];
    const results = await injectEach(calls, 'signal=KILL');
    expect(results.flatMap(({wrong}) => wrong)).toEqual([]);
    // The kills took place, the changing calls among them, on both sides of the rename that makes the new file.
    expect(calls.filter(({changes}) => changes).length).toBeGreaterThan(12);
    expect(results.filter(({killed}) => killed).length).toBeGreaterThan(calls.length * 0.9);
    expect(results.some(({killed, isNew}) => killed && isNew)).toBe(true);
    expect(results.some(({killed, isNew}) => killed && !isNew)).toBe(true);
  });

  test('a save with an error at every call that changes something ends in a fault or is there', {
    timeout: 240_000,
  }, async () => {
    const calls = (await callsOfASave('pool')).filter(({changes}) => changes);
    const results = await injectEach(calls, 'error=EIO');
    expect(results.flatMap(({wrong}) => wrong)).toEqual([]);
    const faults = results.flatMap(({fault}) => (fault === null ? [] : [fault]));
    expect(faults.length).toBeGreaterThan(8);
    for (const {code, problem} of faults) expect([code, problem.errno]).toEqual(['store-unwritable', 'EIO']);
    // Of a save that did not confirm, or failed later, it is said that it is there.
    const untold = results.filter(({fault, isNew}) => fault !== null && isNew !== fault.problem.saved);
    expect(untold).toEqual([]);
  });
});
