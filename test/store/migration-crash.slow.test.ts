/** The unlock that brings a store of the first format to today's is killed anywhere: the old file or the new one is there. */
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {savedFrom} from '../../source/domain/credential.ts';
import {openStore} from '../../source/store/store.ts';
import {isFirstFormat} from '../../source/vault/first-format.ts';
import {firstFormatDocument, firstFormatSeal} from '../support/sealed-store.ts';
import {content, passphrase} from '../vault/content.ts';
import {draft, temporaryFolder} from './samples.ts';
import {bundle, has, start} from './writing.ts';

let place: ReturnType<typeof temporaryFolder>;
let migrator = '';
let first = '';
const names = ['acme', 'beta', 'gamma'];
const half = content({name: draft.name, connector: 'jira-feeds', description: '', username: '', expiresAt: null});
beforeAll(async () => {
  place = temporaryFolder();
  migrator = await bundle(place.folder, 'migrator');
  const credentials = [];
  for (const name of names) {
    const inside = content({name});
    credentials.push(savedFrom(inside, await firstFormatSeal(inside, passphrase), null));
  }
  first = firstFormatDocument(credentials, {...draft, sealed: await firstFormatSeal(half, passphrase)});
});
afterAll(() => place.remove());

/** A store of the first format, with the backup its last save left. */
function written(name: string): string {
  const directory = join(place.folder, name);
  mkdirSync(directory, {recursive: true, mode: 0o700});
  for (const file of ['config.json', 'config.json.bak']) writeFileSync(join(directory, file), first, {mode: 0o600});
  return directory;
}

const isOld = (directory: string): boolean => readFileSync(join(directory, 'config.json'), 'utf8') === first;

/** What is wrong with the store as the kill left it, and after an unlock that went to its end. */
async function wrongIn(directory: string): Promise<string[]> {
  const wrong: string[] = [];
  const text = readFileSync(join(directory, 'config.json'), 'utf8');
  const kept = readdirSync(directory).filter(name => name.includes('.v1-'));
  if (!isOld(directory) && JSON.parse(text).version !== 2) wrong.push('neither the old file nor the new one');
  const whole = (name: string): boolean => readFileSync(join(directory, name), 'utf8') === first;
  if (!isOld(directory) && !kept.some(whole)) wrong.push('new, and the original is not kept');
  const store = openStore(directory);
  const unlocked = await store.unlock(passphrase);
  const contents = await store.read();
  for (const [at, saved] of contents.credentials.entries()) {
    const opened = await unlocked.open(saved);
    if (JSON.stringify(opened) !== JSON.stringify(content({name: names[at] ?? ''})))
      wrong.push(`${saved.name} is lost`);
    if (isFirstFormat(saved.sealed)) wrong.push(`${saved.name} was not migrated in the end`);
  }
  if (contents.credentials.length !== names.length) wrong.push('a credential is lost');
  const opened = contents.draft === null ? null : await unlocked.openDraft(contents.draft);
  if (JSON.stringify(opened) !== JSON.stringify(half)) wrong.push('the draft is lost');
  return wrong;
}

test('untouched, it comes to its end', async () => {
  const directory = written('whole');
  expect(await start(process.execPath, [migrator, directory, passphrase.reveal()]).finished).toMatchObject({
    code: 0,
    last: 1,
  });
  expect(isOld(directory)).toBe(false);
  expect(await wrongIn(directory)).toEqual([]);
});

async function killing(lane: number, rounds: number): Promise<string[]> {
  const wrong: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const directory = written(`killed-${lane}-${round}`);
    const run = start(process.execPath, [migrator, directory, passphrase.reveal()]);
    await run.firstSave;
    setTimeout(() => run.child.kill('SIGKILL'), Math.random() * 80);
    const {fault} = await run.finished;
    if (fault !== null) wrong.push(`round ${round}: ${JSON.stringify(fault)}`);
    wrong.push(...(await wrongIn(directory)).map(what => `round ${round}: ${what}`));
  }
  return wrong;
}

test('200 times killed at a random moment', {timeout: 240_000}, async () => {
  const wrong = await Promise.all([0, 1, 2, 3].map(lane => killing(lane, 50)));
  expect(wrong.flat()).toEqual([]);
});

// Tracing other processes is forbidden in many containers, so it is tried and not only looked for.
const canTrace = has('strace', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', '-e', 'inject=fsync:error=EIO', 'true');

const traced = (directory: string, inject: string) =>
  start(
    'strace',
    [
      ...['-f', '-qq', '-o', '/dev/null', '-e', `inject=${inject}`],
      ...[process.execPath, migrator, directory, passphrase.reveal()],
    ],
    {env: {UV_THREADPOOL_SIZE: '1'}},
  ).finished;

describe.skipIf(!canTrace)('with faults injected by strace (skipped where it is missing or forbidden)', () => {
  const kills = [
    ...['rename', 'fsync'].flatMap(call => [1, 2, 3].map(when => [call, when] as const)),
    ...['link', 'unlink'].flatMap(call => [1, 2].map(when => [call, when] as const)),
  ];
  test.each(kills)('killed at %s number %i: old or new', {timeout: 60_000}, async (call, when) => {
    const directory = written(`${call}-${when}`);
    await traced(directory, `${call}:signal=KILL:when=${when}`);
    expect(await wrongIn(directory)).toEqual([]);
  });

  test.each([
    ['fsync', 'EIO'],
    ['fsync', 'ENOSPC'],
    ['rename', 'EACCES'],
    ['link', 'EROFS'],
  ])('%s answered with %s: it goes on from memory, the old file stays', {timeout: 60_000}, async (call, errno) => {
    const directory = written(`${call}-${errno}`);
    expect(await traced(directory, `${call}:error=${errno}:when=1`)).toMatchObject({code: 0, last: 1});
    expect(isOld(directory)).toBe(true);
    expect(await wrongIn(directory)).toEqual([]);
  });
});
