/** What the assistant leaves on a terminal: only sequences every terminal knows, and nothing of the passphrase. */
import {execFileSync} from 'node:child_process';
import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, describe, expect, it, vi} from 'vitest';
import {program} from '../support/build.ts';
import {removeFolder} from '../support/remove-folder.ts';
import {
  answer,
  cleanUp,
  ctrlC,
  enter,
  finish,
  inTerminal,
  makeHome,
  takePassphrase,
  toTheName,
  toThePassphrase,
} from './jirakey.ts';

afterEach(cleanUp);

const known =
  /^(?:[^\u001b]|\u001b\[[\d;:]*[ABCDGHJKm]|\u001b\[\?(?:25|2004|2026|1049)[hl]|\u001b\]8;[^\u0007\u001b]*(?:\u0007|\u001b\\))*$/;
const knownToVt100 = /^(?:[^\u001b]|\u001b\[[\d;:]*[ABCDHJKm]|\u001b\[\?25[hl])*$/;
const offeredWords = /^[a-z]+(?:-[a-z]+){5}$/m;

describe('the bytes of a whole walk', {timeout: 120_000}, () => {
  it.each([
    ['xterm-256color', known],
    ['vt100', knownToVt100],
    ['vt220', knownToVt100],
    ['xterm-mono', known],
    ['linux', known],
  ])('are known to %s', async (TERM, allowed) => {
    const pty = inTerminal(await makeHome(), ['practice'], {env: {TERM}});
    await toTheName(pty);
    await toThePassphrase(pty, 'bytes');
    const words = await takePassphrase(pty);
    await answer(pty, '', 'Expiry date');
    await answer(pty, '', 'Connection test');
    expect(await finish(pty)).toBe(0);
    expect(pty.transcript()).toMatch(allowed);
    if (TERM.startsWith('vt') || TERM.endsWith('mono')) expect(pty.transcript()).not.toMatch(/\u001b\[[\d;]*[34]\dm/);
    if (TERM === 'xterm-256color') expect(pty.scrollback().join('\n')).not.toContain(words);
  });
});

describe('keys typed ahead', {timeout: 60_000}, () => {
  it('do not take the passphrase that nobody has read', async () => {
    const pty = inTerminal(await makeHome(), ['practice']);
    await toTheName(pty);
    await answer(pty, 'ahead', '4 of 9');
    await answer(pty, '', '5 of 9');
    await answer(pty, '', '6 of 9');
    pty.write('\r\r\r\r');
    await pty.waitFor(offeredWords);
    await pty.waitFor(() => pty.cursor().visible);
    expect(pty.screen().join('\n')).toMatch(offeredWords);
    pty.write(ctrlC);
    await pty.exited;
  });

  it('are single letters where a letter is a key', async () => {
    const pty = inTerminal(await makeHome(), ['practice']);
    await pty.waitFor('1 of 9');
    pty.write(enter);
    await pty.waitFor('2 of 9');
    pty.write('sacme-x');
    await pty.waitFor('› acme-x');
    pty.write(ctrlC);
    await pty.exited;
  });
});

describe('inside tmux', {timeout: 60_000}, () => {
  it('nothing of the passphrase is left after splits, a stop and the end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jirakey-tmux-'));
    const tmux = (...args: string[]) =>
      execFileSync('tmux', ['-S', join(folder, 'socket'), '-f', '/dev/null', ...args], {
        encoding: 'utf8',
        env: {PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TERM: 'xterm-256color', HOME: folder, HISTFILE: ''},
      });
    const keys = (...names: string[]) => tmux('send-keys', '-t', 'test:0.0', ...names);
    const screen = () => tmux('capture-pane', '-p', '-t', 'test:0.0');
    const seen = (text: string | RegExp) =>
      vi.waitFor(() => expect(screen()).toMatch(text), {timeout: 20_000, interval: 50});
    try {
      tmux('new-session', '-d', '-s', 'test', '-x', '80', '-y', '24', 'bash --norc');
      keys(`'${process.execPath}' '${program}' practice --store '${join(folder, 'store')}'`, 'Enter');
      await seen('1 of 9');
      keys('Enter');
      await seen('2 of 9');
      keys('s');
      await seen('3 of 9');
      keys('acme', 'Enter');
      await seen('4 of 9');
      keys('Enter');
      await seen('5 of 9');
      keys('Enter');
      await seen('6 of 9');
      keys('Enter');
      await seen(offeredWords);
      const words = offeredWords.exec(screen())?.[0] ?? '';
      for (const direction of ['-v', '-h', '-v']) {
        tmux('split-window', direction, '-t', 'test:0.0');
        tmux('kill-pane', '-t', 'test:0.1');
      }
      await seen(words);
      keys('C-z');
      await seen('Stopped');
      expect(screen()).not.toContain(words);
      keys('stty -a | grep -o -- "-icanon"; echo modes-seen', 'Enter');
      await seen(/^modes-seen/m);
      expect(screen()).not.toMatch(/^-icanon/m);
      keys('fg', 'Enter');
      await seen(words);
      // Something else writes over the view; Ctrl-L takes it away.
      const pane = tmux('display-message', '-p', '-t', 'test:0.0', '#{pane_tty}').trim();
      // A picture that was still on its way after fg may take the first one away.
      await vi.waitFor(
        () => {
          execFileSync('bash', ['-c', 'printf "\\r\\nBroadcast message\\r\\n" >"$1"', 'bash', pane]);
          expect(screen()).toMatch('Broadcast message');
        },
        {timeout: 20_000, interval: 100},
      );
      keys('C-l');
      await vi.waitFor(() => expect(screen()).not.toContain('Broadcast'), {timeout: 20_000, interval: 50});
      expect(screen()).toContain(words);
      keys('C-c');
      await seen('The draft is kept');
      expect(tmux('capture-pane', '-p', '-S', '-', '-t', 'test:0.0')).not.toContain(words);
    } finally {
      tmux('kill-server');
      removeFolder(folder);
    }
  });
});
