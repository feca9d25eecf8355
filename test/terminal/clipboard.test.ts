import {execFileSync} from 'node:child_process';
import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {copySequence, copyToTerminal, longestCopy} from '../../source/terminal/clipboard.ts';
import {removeFolder} from '../support/remove-folder.ts';
import {startInPty, stopPtys} from '../support/terminal/pty.ts';
import {fakeWorld} from '../support/world.ts';

const text = 'Hello “admin”,\n\nplease. '.repeat(40);
const decoded = (sequence: string): string =>
  Buffer.from(/\u001b\]52;c;([\w+/=]*)\u0007/.exec(sequence)?.[1] ?? '', 'base64').toString();

describe('the request to copy', () => {
  it('is OSC 52 with the text in base64', () => {
    expect(copySequence('x', null)).toBe('\u001b]52;c;eA==\u0007');
    expect(decoded(copySequence(text, null) ?? '')).toBe(text);
  });

  it('is given to tmux itself and through it', () => {
    expect(copySequence('x', 'tmux')).toBe('\u001b]52;c;eA==\u0007\u001bPtmux;\u001b\u001b]52;c;eA==\u0007\u001b\\');
  });

  it('goes through screen in pieces that it does not cut', () => {
    const sequence = copySequence(text, 'screen') ?? '';
    const pieces = sequence.split('\u001b\\').filter(piece => piece !== '');
    expect(pieces.length).toBeGreaterThan(3);
    for (const piece of pieces) {
      expect(piece.startsWith('\u001bP')).toBe(true);
      expect(piece.length).toBeLessThanOrEqual(254);
    }
    expect(decoded(pieces.map(piece => piece.slice(2)).join(''))).toBe(text);
  });

  it('is not made for a text no terminal would take', () => {
    expect(copySequence('x'.repeat(longestCopy), null)).not.toBeNull();
    expect(copySequence('x'.repeat(longestCopy + 1), null)).toBeNull();
    expect(copySequence('é'.repeat(longestCopy / 2 + 1), 'tmux')).toBeNull();
  });

  it('is written to a terminal only, and to one that understands sequences', () => {
    const piped = fakeWorld({env: {TERM: 'xterm'}});
    expect(copyToTerminal('x', piped.world)).toBe('no-terminal');
    const dumb = fakeWorld({env: {TERM: 'dumb'}});
    Object.assign(dumb.world.stdout, {isTTY: true});
    expect(copyToTerminal('x', dumb.world)).toBe('no-terminal');
    expect(piped.stdout() + dumb.stdout()).toBe('');
    const onError = fakeWorld({env: {TERM: 'xterm'}});
    Object.assign(onError.world.stderr, {isTTY: true});
    expect(copyToTerminal('x', onError.world)).toBe('sent');
    expect([onError.stdout(), onError.stderr()]).toEqual(['', '\u001b]52;c;eA==\u0007']);
    expect(copyToTerminal('x'.repeat(longestCopy + 1), onError.world)).toBe('too-long');
  });
});

const hasTmux = (() => {
  try {
    execFileSync('tmux', ['-V'], {stdio: 'ignore'});
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasTmux)('in a real tmux', () => {
  const place = mkdtempSync(join(tmpdir(), 'jirakey-tmux-'));
  const socket = join(place, 'socket');
  const tmux = (...args: string[]): string => execFileSync('tmux', ['-S', socket, ...args], {encoding: 'utf8'});
  afterEach(async () => {
    try {
      tmux('kill-server');
    } catch {}
    await stopPtys();
    removeFolder(place);
  });

  it('set-clipboard on: the text becomes a buffer of tmux', async () => {
    const file = join(place, 'sequence');
    writeFileSync(file, copySequence('from afar', 'tmux') ?? '');
    const pty = startInPty('tmux', ['-S', socket, '-f', '/dev/null', 'new-session', 'cat'], {});
    await expect.poll(() => tmux('list-panes', '-F', '#{pane_tty}'), {timeout: 20_000}).toContain('/dev/');
    tmux('set-option', '-s', 'set-clipboard', 'on');
    tmux('run-shell', `cat ${file} > ${tmux('list-panes', '-F', '#{pane_tty}').trim()}`);
    await expect.poll(() => buffer(), {timeout: 20_000}).toBe('from afar');
    expect(pty.pid).toBeGreaterThan(0);
  });

  function buffer(): string {
    try {
      return tmux('show-buffer');
    } catch {
      return '';
    }
  }
});
