// The longest pause between two frames of a spinner, as a terminal shows them: sealing, the connection test, saving.
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';

const spinning = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/;
const goal = 100;
/** What each screen shows, the key that answers it, and how long it has to be seen before, in milliseconds. */
const reading = 150;
const keys = [
  ['1 of 9', '\r', reading],
  ['2 of 9', 's', reading],
  ['3 of 9', 'bench\r', reading],
  ['4 of 9', '\r', reading],
  ['5 of 9', '\r', reading],
  ['6 of 9', '\r', reading],
  // A passphrase is not taken before it has been there for a second.
  ['7 of 9', '\r', 1500],
  ['8 of 9', '\r', reading],
  ['Expiry date', '\r', reading],
];

/** Answers the assistant's questions with Enter until the credential is saved. */
export async function gap() {
  const home = await mkdtemp(join(tmpdir(), 'jirakey-bench-'));
  const child = spawn(process.execPath, ['dist/jirakey.js', 'practice', '--store', join(home, 'store')], {
    cols: 80,
    rows: 24,
    env: {PATH: process.env.PATH, HOME: home, TERM: 'xterm-256color', LANG: 'C.UTF-8'},
  });
  try {
    const gaps = await gapsOf(child);
    const longest = Math.max(...gaps);
    return [
      `${'longest pause between two spinner frames'.padEnd(44)} ${`${longest.toFixed(0)} ms`.padStart(9)}   ` +
        `${(longest / goal).toFixed(2)} × the goal of ${goal} ms (${gaps.length} pauses)`,
    ];
  } finally {
    child.kill();
    await rm(home, {recursive: true, force: true});
  }
}

/** Milliseconds between each two neighbouring frames of one and the same wait, read from an emulated screen. */
function gapsOf(child) {
  const terminal = new xterm.Terminal({cols: 80, rows: 24, allowProposedApi: true});
  const steps = [...keys];
  const gaps = [];
  let shown = null;
  let since = 0;
  let answered = '';
  return new Promise((resolve, reject) => {
    const tooLong = setTimeout(() => reject(new Error(`the assistant stopped at:\n${screenOf(terminal)}`)), 60_000);
    const look = at => {
      const screen = screenOf(terminal);
      const [glyph = null] = spinning.exec(screen) ?? [];
      if (glyph !== null && shown !== null && glyph !== shown) gaps.push(at - since);
      if (glyph !== shown) since = at;
      shown = glyph;
      const [next] = steps;
      if (next && screen !== answered && screen.includes(next[0])) {
        steps.shift();
        answered = screen;
        // The screen that was just drawn has to be reading before its key comes.
        setTimeout(() => child.write(next[1]), next[2]);
      }
      if (screen.includes('What next')) {
        clearTimeout(tooLong);
        resolve(gaps);
      }
    };
    child.onData(data => {
      const at = performance.now();
      terminal.write(data, () => look(at));
    });
  });
}

const screenOf = terminal =>
  Array.from({length: terminal.rows}, (_, row) =>
    terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row)?.translateToString(true),
  ).join('\n');
