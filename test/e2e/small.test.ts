import xterm from '@xterm/headless';
import {afterEach, describe, expect, it} from 'vitest';
import type {Pty} from '../support/terminal/pty.ts';
import {answer, cleanUp, enter, finish, inTerminal, makeHome, takePassphrase} from './jirakey.ts';

afterEach(cleanUp);

const size = {columns: 40, rows: 15};

/** Lines the terminal had to break because they were wider than it is, and lines that scrolled out of sight. */
async function misfits(pty: Pty): Promise<string[]> {
  const terminal = new xterm.Terminal({cols: size.columns, rows: size.rows, allowProposedApi: true});
  await new Promise<void>(done => terminal.write(pty.transcript(), done));
  const {active} = terminal.buffer;
  const lines = Array.from({length: active.length}, (_, row) => active.getLine(row));
  terminal.dispose();
  return lines.filter((line, row) => line?.isWrapped || row >= size.rows).map(line => line?.translateToString() ?? '');
}

/** The first line of a screen, with or without its place: a long title leaves no room for that beside the word practice. */
const heading = (title: string) => new RegExp(`^(practice:|\\d of 9 .) ${title}`, 'm');

describe('forty columns and fifteen rows without colour', {timeout: 180_000}, () => {
  it('hold every screen from the first to the saved credential', async () => {
    const pty = inTerminal(await makeHome(), ['practice'], {...size, env: {NO_COLOR: '1'}});
    const fits = async () => expect(await misfits(pty)).toEqual([]);
    await pty.waitFor('1 of 9');
    await fits();
    // All prerequisites, page by page: each has its own first line.
    const top = () => pty.screen()[0] ?? '';
    while (!heading('Credential Name').test(top())) {
      const before = top();
      pty.write(enter);
      await pty.waitFor(() => top() !== before && top() !== '');
      await fits();
    }
    for (const [text, next] of [
      ['small', heading('Credential Description')],
      ['', heading('JIRA Software URL')],
      ['', heading('Username')],
      ['', heading('Passphrase')],
    ] as const) {
      await answer(pty, text, next);
      await fits();
    }
    await takePassphrase(pty);
    await fits();
    await answer(pty, '', 'Expiry date');
    await fits();
    await answer(pty, '', 'Connection test');
    await pty.waitFor('What next', 40_000);
    await fits();
    expect(await finish(pty)).toBe(0);
    expect(pty.transcript()).not.toMatch(/\u001b\[[\d;:]*m/);
  });
});
