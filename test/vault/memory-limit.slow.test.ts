/** The built program where memory is really limited: it works, or says why not; the kernel never has to end it. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {openStore} from '../../source/store/store.ts';
import {workFactorOf} from '../../source/vault/store-key.ts';
import {shippedProgram as program} from '../support/build.ts';
import {syntheticToken} from '../support/jira.ts';
import {limitMemory, type MemoryLimit} from '../support/memory-limit.ts';
import {type Ended, folder, run} from '../support/program.ts';

const mebibyte = 1024 * 1024;
const passphrase = 'orbit-velvet-canyon-ticket-wagon-sugar';
const token = syntheticToken();
const place = folder();
const store = join(place.path, 'store');
const [tokenFile, passphraseFile] = [join(place.path, 'token'), join(place.path, 'passphrase')];
const setup = (name: string, directory = store): string[] => [
  ...['setup', '--no-input', '--save-untested', '--name', name, '--store', directory],
  ...['--url', 'https://acme.atlassian.net', '--username', 'you@acme.com'],
  ...['--token-file', tokenFile, '--passphrase-file', passphraseFile],
];

beforeAll(async () => {
  writeFileSync(tokenFile, token, {mode: 0o600});
  writeFileSync(passphraseFile, passphrase, {mode: 0o600});
  expect((await run(setup('acme'), {program})).code).toBe(0);
});
afterAll(() => place.remove());

const factor = async (directory: string): Promise<number | null> =>
  workFactorOf((await openStore(directory).read()).ring?.identity ?? '');

async function within(limit: MemoryLimit, args: readonly string[], prefix: readonly string[] = []): Promise<Ended> {
  const [command, ...rest] = [...prefix, ...limit.wrap([process.execPath, program, ...args])] as [string, ...string[]];
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {PATH: process.env.PATH, HOME: place.path},
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', data => {
    stdout += data;
  });
  child.stderr.on('data', data => {
    stderr += data;
  });
  const [code, signal] = await once(child, 'close');
  return {code, signal, stdout, stderr};
}

const unlock = ['token', 'acme', '--store', store, '--passphrase-file', passphraseFile];
const trial = limitMemory(300 * mebibyte);
trial?.remove();

describe.skipIf(trial === null)('in a control group (skipped where none with a limit on memory can be made)', () => {
  async function limited<T>(size: number, work: (limit: MemoryLimit) => Promise<T>): Promise<T> {
    const limit = limitMemory(size * mebibyte);
    if (limit === null) throw new Error('a control group could be made a moment ago');
    try {
      return await work(limit);
    } finally {
      limit.remove();
    }
  }

  test('300 MB are enough for an unlock', {timeout: 60_000}, async () => {
    expect(await factor(store)).toBe(18);
    const ended = await limited(300, limit => within(limit, unlock));
    expect(ended).toMatchObject({code: 0, signal: null, stdout: `${token}\n`});
  });

  test('120 MB are not: it is said before it starts, with both numbers', {timeout: 60_000}, async () => {
    const ended = await limited(120, limit => within(limit, unlock));
    expect(ended).toMatchObject({code: 10, signal: null, stdout: ''});
    expect(ended.stderr).toContain('memory-too-small');
    expect(ended.stderr).toMatch(/needs 260 MiB of memory; \d{2,3} MiB are free/);
    const tested = await limited(120, limit => within(limit, ['test', ...unlock.slice(1), '--json']));
    expect(tested).toMatchObject({code: 10, signal: null});
    expect(JSON.parse(tested.stdout).failure.code).toBe('memory-too-small');
  });

  test('a seal made in 120 MB is a cheaper one, and that is said', {timeout: 60_000}, async () => {
    const directory = join(place.path, 'small');
    const ended = await limited(120, limit => within(limit, setup('small', directory)));
    expect(ended).toMatchObject({code: 0, signal: null});
    expect(ended.stderr).toContain('work factor 16 of 18');
    expect(await factor(directory)).toBe(16);
  });

  test('80 MB are too little for any: nothing is saved, and nothing is killed', {timeout: 60_000}, async () => {
    const directory = join(place.path, 'tiny');
    const ended = await limited(80, limit => within(limit, setup('tiny', directory)));
    expect(ended).toMatchObject({code: 10, signal: null});
    expect(ended.stderr).toContain('memory-too-small');
    expect((await openStore(directory).read()).credentials).toEqual([]);
  });
});

test.skipIf(process.platform !== 'linux')(
  'a limit on address space (ulimit -v) is seen, too',
  {timeout: 60_000},
  async () => {
    const nothing: MemoryLimit = {wrap: command => command as [string, ...string[]], remove: () => {}};
    const ended = await within(nothing, unlock, ['bash', '-c', 'ulimit -v 1100000; exec "$@"', 'bash']);
    expect(ended).toMatchObject({code: 10, signal: null, stdout: ''});
    expect(ended.stderr).toContain('memory-too-small');
  },
);
