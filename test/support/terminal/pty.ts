// A real terminal for tests: the program runs in a pty, what it draws is read from an emulated screen.
import {once} from 'node:events';
import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';

export type PtyOptions = Readonly<{
  /** The program's whole environment; TERM and a UTF-8 locale are added unless given. PATH is kept. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  /** Size in cells; default 80 × 24. */
  columns?: number;
  rows?: number;
}>;

export type PasteOptions = Readonly<{
  /** Wrapped in the markers of bracketed paste; default true. */
  bracketed?: boolean;
  /** The end marker never comes, as happens over SSH and in tmux. */
  lostEnd?: boolean;
  /** Characters a write; default all at once. */
  chunk?: number;
  /** Milliseconds between two writes; default 0. */
  pause?: number;
}>;

export type Exit = Readonly<{code: number; signal: number | null}>;

export type Pty = Readonly<{
  pid: number;
  /** Keys, as bytes. */
  write: (keys: string) => void;
  paste: (text: string, options?: PasteOptions) => Promise<void>;
  /** Resolves when the screen shows the text or pleases the predicate; after the deadline fails with the screen in its message. */
  waitFor: (wanted: string | RegExp | ((screen: string) => boolean), deadlineMs?: number) => Promise<void>;
  /** The lines in sight, without the spaces at their ends. */
  screen: () => string[];
  /** The same with everything that has scrolled away. */
  scrollback: () => string[];
  /** All the bytes the program has written, as text. */
  transcript: () => string;
  /** Where the cursor stands, from 0, and whether it is shown. */
  cursor: () => Readonly<{x: number; y: number; visible: boolean}>;
  resize: (columns: number, rows: number) => void;
  kill: (signal?: NodeJS.Signals) => void;
  exited: Promise<Exit>;
  /** Ends the program and frees the emulator; for afterEach. */
  stop: () => Promise<void>;
}>;

const running = new Set<Pty>();

/** Stops whatever a test has left running; for afterEach. */
export async function stopPtys(): Promise<void> {
  await Promise.all([...running].map(pty => pty.stop()));
}

/** Starts a program in a terminal of its own. */
export function startInPty(command: string, args: readonly string[], options: PtyOptions = {}): Pty {
  const {columns = 80, rows = 24} = options;
  const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 5000});
  const child = spawn(command, [...args], {
    cols: columns,
    rows,
    cwd: options.cwd ?? process.cwd(),
    env: {PATH: process.env.PATH ?? '', TERM: 'xterm-256color', LANG: 'C.UTF-8', ...options.env},
  });
  let transcript = '';
  const changed = new EventTarget();
  const announce = () => changed.dispatchEvent(new Event('change'));
  child.onData(data => {
    transcript += data;
    terminal.write(data, announce);
  });
  // What a terminal answers to a program's questions, such as where the cursor is.
  terminal.onData(answer => child.write(answer));
  let exit: Exit | null = null;
  const exited = new Promise<Exit>(resolve => {
    child.onExit(({exitCode, signal}) => {
      exit = {code: exitCode, signal: signal ? signal : null};
      // Only after what it wrote last has been drawn.
      terminal.write('', () => {
        announce();
        resolve({code: exitCode, signal: signal ? signal : null});
      });
    });
  });
  const lines = (from: number, count: number) =>
    Array.from({length: count}, (_, row) => terminal.buffer.active.getLine(from + row)?.translateToString(true) ?? '');
  const screen = () => lines(terminal.buffer.active.viewportY, terminal.rows);
  const describe = () => `${screen().join('\n')}\n--- ${exit ? `exited ${JSON.stringify(exit)}` : 'running'}`;

  const pty: Pty = {
    pid: child.pid,
    write: keys => child.write(keys),
    paste: (text, how) => paste(keys => child.write(keys), text, how),
    waitFor: (wanted, deadlineMs = 20_000) =>
      waitUntil(
        changed,
        () => matches(wanted, screen().join('\n')),
        deadlineMs,
        () => `waited for ${String(wanted)}, saw\n${describe()}`,
      ),
    screen,
    scrollback: () => lines(0, terminal.buffer.active.length),
    transcript: () => transcript,
    cursor: () => ({
      x: terminal.buffer.active.cursorX,
      y: terminal.buffer.active.cursorY,
      visible: transcript.lastIndexOf('\u001b[?25l') <= transcript.lastIndexOf('\u001b[?25h'),
    }),
    resize: (toColumns, toRows) => {
      child.resize(toColumns, toRows);
      terminal.resize(toColumns, toRows);
    },
    kill: signal => child.kill(signal),
    exited,
    stop: async () => {
      running.delete(pty);
      if (exit === null) killGroup(child.pid);
      await exited;
      terminal.dispose();
    },
  };
  running.add(pty);
  return pty;
}

/** The whole group: a shell between us and the program would leave it behind. It may have ended just now. */
function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {}
}

function matches(wanted: string | RegExp | ((screen: string) => boolean), screen: string): boolean {
  if (typeof wanted === 'function') return wanted(screen);
  return typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen);
}

async function waitUntil(changed: EventTarget, holds: () => boolean, deadlineMs: number, failure: () => string) {
  const deadline = AbortSignal.timeout(deadlineMs);
  while (!holds()) {
    if (deadline.aborted) throw new Error(failure());
    const heard = new AbortController();
    await Promise.race([
      once(changed, 'change', {signal: heard.signal}),
      once(deadline, 'abort', {signal: heard.signal}),
    ]).catch(() => {});
    heard.abort();
  }
}

async function paste(write: (keys: string) => void, text: string, options: PasteOptions = {}): Promise<void> {
  const {bracketed = true, lostEnd = false, chunk = Number.POSITIVE_INFINITY, pause = 0} = options;
  const bytes = bracketed ? `\u001b[200~${text}${lostEnd ? '' : '\u001b[201~'}` : text;
  for (let at = 0; at < bytes.length; at += chunk) {
    if (at > 0) await new Promise(resolve => setTimeout(resolve, pause));
    write(bytes.slice(at, at + chunk));
    if (chunk === Number.POSITIVE_INFINITY) break;
  }
}

/**
 * Runs a program between two looks at the terminal's settings.
 * @returns bash's arguments; `between` cuts the two settings out of the transcript once the program has ended
 */
export function withSettings(command: string, args: readonly string[]): readonly [string, string[]] {
  const script = 'stty -a; echo "<before>"; "$@"; echo "<status $?>"; stty -a; echo "<after>"';
  return ['bash', ['-c', script, 'bash', command, ...args]];
}

/** The terminal's settings before and after the program, and the status it ended with. */
export function settingsIn(transcript: string): {before: string; after: string; status: number} {
  const before = /([\s\S]*?)<before>/.exec(transcript)?.[1] ?? '';
  const [, status = 'NaN', after = ''] = /<status (\d+)>\r?\n([\s\S]*?)<after>/.exec(transcript) ?? [];
  return {before: before.trim(), after: after.trim(), status: Number(status)};
}
