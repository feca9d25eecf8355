// tmux sends keys and pastes in its own way: several keys in one read, pastes with and without markers.
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi} from 'vitest';
import {removeFolder} from '../support/remove-folder.ts';
import {bundle} from '../support/terminal/bundle.ts';

const missing = spawnSync('tmux', ['-V']).status !== 0;
const token = `${'ATATT3x'.padEnd(184, 'Ab1-_')}=0123ABC`;

let program: Awaited<ReturnType<typeof bundle>>;
let folder = '';
const tmux = (...args: string[]) =>
  execFileSync('tmux', ['-S', join(folder, 'socket'), '-f', '/dev/null', ...args], {
    encoding: 'utf8',
    env: {PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TERM: 'xterm-256color', HOME: folder},
  });
const screen = () => tmux('capture-pane', '-p', '-J', '-t', 'test');
const seen = (text: string) => vi.waitFor(() => expect(screen()).toContain(text), {timeout: 20_000, interval: 50});

describe.skipIf(missing)('inside tmux (skipped where there is none)', () => {
  beforeAll(async () => {
    program = await bundle('test/terminal/fixture.tsx');
  });
  afterAll(() => program.remove());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jirakey-tmux-'));
    writeFileSync(join(folder, 'token'), token);
  });
  afterEach(() => {
    tmux('kill-server');
    removeFolder(folder);
  });
  const start = (scene: string) =>
    tmux(
      'new-session',
      '-d',
      '-s',
      'test',
      '-x',
      '80',
      '-y',
      '24',
      `'${process.execPath}' '${program.path}' ${scene}; cat`,
    );

  it.each([
    ['a paste with markers', () => tmux('load-buffer', join(folder, 'token'), ';', 'paste-buffer', '-p', '-t', 'test')],
    ['a paste without', () => tmux('load-buffer', join(folder, 'token'), ';', 'paste-buffer', '-t', 'test')],
    ['send-keys', () => tmux('send-keys', '-l', '-t', 'test', token)],
  ])('%s arrives whole', async (_name, send) => {
    start('token');
    await seen('API Token');
    send();
    await seen('192 characters');
    tmux('send-keys', '-t', 'test', 'Enter');
    await seen(`GOT "${token}"`);
  });

  it('keys sent in one go are taken one by one', async () => {
    start('');
    await seen('Credential Name');
    tmux('send-keys', '-t', 'test', 'prod', 'Enter', 'mee', 'BSpace', 'Left', 'x', 'Enter', 'Down', 'Enter');
    await seen('GOT ["prod","busy","mxe","green"]');
  });

  it('Escape typed into a field does nothing, and Ctrl-C leaves', async () => {
    start('');
    await seen('Credential Name');
    tmux('send-keys', '-t', 'test', 'a', 'Escape');
    tmux('send-keys', '-t', 'test', 'F5', 'b');
    await seen('› ab');
    tmux('send-keys', '-t', 'test', 'C-c');
    await seen('GOT "interrupted"');
  });
});
