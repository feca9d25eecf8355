/**
 * A session that is dropped, at every effect in flight, by every signal: the token lies sealed in the draft or is saved,
 * nothing else is left behind, and the next start goes on from there. A write is held up by the store's own lock.
 */
import {mkdirSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {acquire} from '../../source/store/lock.ts';
import {openStore} from '../../source/store/store.ts';
import type {Pty} from '../support/terminal/pty.ts';
import {
  answer,
  cleanUp,
  enter,
  finish,
  type Home,
  inTerminal,
  makeHome,
  takePassphrase,
  toTheName,
  toThePassphrase,
} from './jirakey.ts';

afterEach(cleanUp);

const signals = {SIGHUP: 1, SIGINT: 2, SIGTERM: 15} as const;
type Signal = keyof typeof signals;
const names: readonly Signal[] = ['SIGHUP', 'SIGINT', 'SIGTERM'];

/** Somebody else saves: whoever wants to save as well waits for `release`. */
async function saving(home: Home): Promise<{release: () => Promise<void>}> {
  mkdirSync(home.practiceStore, {recursive: true, mode: 0o700});
  return acquire(join(home.practiceStore, 'config.json.lock'), 5000);
}

const practice = (home: Home, fault?: string): Pty =>
  inTerminal(home, ['practice', '--store', home.practiceStore, ...(fault === undefined ? [] : ['--fault', fault])]);

/** By the signal itself, or with the exit code that says so; to a shell both are the same. */
async function expectEndedBy(pty: Pty, signal: Signal): Promise<void> {
  const {code, signal: by} = await pty.exited;
  expect(by ?? code - 128).toBe(signals[signal]);
}

/** The signal arrives, the terminal is given back, and the program is still there: it waits for the write. */
async function signalled(pty: Pty, signal: Signal): Promise<void> {
  const ended = {yet: false};
  void pty.exited.then(() => {
    ended.yet = true;
  });
  process.kill(pty.pid, signal);
  await pty.waitFor(
    () => pty.transcript().lastIndexOf('\u001b[?1049l') > pty.transcript().lastIndexOf('\u001b[?1049h'),
  );
  expect(ended.yet).toBe(false);
}

const contents = (home: Home) => openStore(home.practiceStore).read();
/** What is in the store's folder beside the files that belong there: locks and half-written files. */
const litter = (home: Home): string[] => readdirSync(home.practiceStore).filter(name => /lock|tmp/.test(name));

async function toTheToken(home: Home, fault?: string): Promise<{pty: Pty; passphrase: string}> {
  const pty = practice(home, fault);
  await toTheName(pty);
  await toThePassphrase(pty, 'acme');
  return {pty, passphrase: await takePassphrase(pty)};
}

/** A new start offers the draft, its passphrase opens it, and what is then saved is what was given before. */
async function expectResumed(home: Home, passphrase: string): Promise<void> {
  const pty = practice(home);
  await pty.waitFor('Go on where it stopped');
  pty.write(enter);
  await pty.waitFor('Passphrase');
  await pty.paste(passphrase);
  await pty.waitFor(`${passphrase.length} characters`);
  pty.write(enter);
  expect(await finish(pty)).toBe(0);
  const {credentials, draft} = await contents(home);
  expect([credentials.map(({name}) => name), draft]).toEqual([['acme'], null]);
}

describe('dropped by a signal', {timeout: 120_000}, () => {
  it.each(names)('%s while an answer is being kept', async signal => {
    const home = await makeHome();
    const pty = practice(home);
    await toTheName(pty);
    const lock = await saving(home);
    await answer(pty, 'acme', '4 of 9');
    await signalled(pty, signal);
    await lock.release();
    await expectEndedBy(pty, signal);
    expect((await contents(home)).draft).toMatchObject({name: 'acme', sealed: null});
    expect(litter(home)).toEqual([]);
  });

  it.each(names)('%s while the token is being sealed into the draft', async signal => {
    const home = await makeHome();
    const {pty, passphrase} = await toTheToken(home);
    const lock = await saving(home);
    await answer(pty, '', 'sealing the token into the draft');
    await signalled(pty, signal);
    // The shell passes a hang-up on once more; systemd sends one after its SIGTERM.
    process.kill(pty.pid, 'SIGHUP');
    await lock.release();
    await expectEndedBy(pty, signal);
    expect(pty.scrollback().join('\n')).toContain('The draft is kept, its token sealed');
    expect(litter(home)).toEqual([]);
    await expectResumed(home, passphrase);
  });

  it.each(names)('%s once the token is sealed', async signal => {
    const home = await makeHome();
    const {pty} = await toTheToken(home);
    await answer(pty, '', 'Sealed in the draft');
    process.kill(pty.pid, signal);
    await expectEndedBy(pty, signal);
    expect((await contents(home)).draft?.sealed).toBeTruthy();
    expect(litter(home)).toEqual([]);
  });

  it.each(names)('%s during the connection test', async signal => {
    const home = await makeHome();
    const {pty, passphrase} = await toTheToken(home, 'answer-timed-out');
    await answer(pty, '', 'Sealed in the draft');
    await answer(pty, '', /Connection test[\s\S]*connect/);
    process.kill(pty.pid, signal);
    await expectEndedBy(pty, signal);
    expect(litter(home)).toEqual([]);
    await expectResumed(home, passphrase);
  });

  it.each(names)('%s while the credential is being saved', async signal => {
    const home = await makeHome();
    const {pty} = await toTheToken(home);
    await answer(pty, '', 'Sealed in the draft');
    const lock = await saving(home);
    await answer(pty, '', 'sealing and saving');
    await signalled(pty, signal);
    await lock.release();
    await expectEndedBy(pty, signal);
    const {credentials, draft} = await contents(home);
    expect([credentials.map(({name}) => name), draft]).toEqual([['acme'], null]);
    const said = pty.scrollback().join('\n');
    expect(said).toContain('acme');
    expect(said).not.toContain('The draft is kept');
    expect(litter(home)).toEqual([]);
  });

  it.each(names)('%s when it is saved: says so', async signal => {
    const home = await makeHome();
    const {pty} = await toTheToken(home);
    await answer(pty, '', 'Sealed in the draft');
    await answer(pty, '', 'What next');
    process.kill(pty.pid, signal);
    await expectEndedBy(pty, signal);
    expect((await contents(home)).credentials.map(({name}) => name)).toEqual(['acme']);
    const said = pty.scrollback().join('\n');
    expect(said).toMatch(/acme[\s\S]*passed/);
    expect(said).not.toContain('The draft is kept');
  });

  it('a write that takes longer than a command is given to end is not cut', async () => {
    const home = await makeHome();
    const {pty} = await toTheToken(home);
    const lock = await saving(home);
    await answer(pty, '', 'sealing the token into the draft');
    await signalled(pty, 'SIGTERM');
    process.kill(pty.pid, 'SIGTERM');
    // Longer than the 3 s of cli.tsx, shorter than the 10 s the store waits for its lock.
    await new Promise(resolve => setTimeout(resolve, 4000));
    await lock.release();
    await expectEndedBy(pty, 'SIGTERM');
    expect((await contents(home)).draft?.sealed).toBeTruthy();
  });
});
