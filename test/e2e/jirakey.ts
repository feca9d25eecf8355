/** The built program as a user has it: in a home folder of its own, in a real terminal, beside a practice Jira that serves. */
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {mkdtemp, readdir, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {z} from 'zod';
import {program} from '../support/build.ts';
import {checkDocument} from '../support/documents.ts';
import {type Pty, type PtyOptions, startInPty, stopPtys, withSettings} from '../support/terminal/pty.ts';

export const enter = '\r';
export const shiftTab = '\u001b[Z';
export const ctrlC = '\u0003';
export const down = '\u001b[B';

/** A new home folder; everything the program keeps lies below it. */
export type Home = Readonly<{
  path: string;
  env: Readonly<Record<string, string>>;
  practiceStore: string;
  store: string;
}>;

const homes = new Set<string>();
const servers = new Set<ChildProcess>();

export async function makeHome(): Promise<Home> {
  const path = await mkdtemp(join(tmpdir(), 'jirakey-home-'));
  homes.add(path);
  const env = {HOME: path, XDG_CONFIG_HOME: join(path, 'config'), XDG_STATE_HOME: join(path, 'state')};
  return {
    path,
    env,
    practiceStore: join(env.XDG_STATE_HOME, 'practice-store'),
    store: join(env.XDG_CONFIG_HOME, 'jirakey'),
  };
}

/** Ends every program a test has started and removes its folders; for afterEach. */
export async function cleanUp(): Promise<void> {
  await stopPtys();
  await Promise.all(
    [...servers].map(async server => {
      servers.delete(server);
      if (server.exitCode !== null || server.signalCode !== null) return;
      const gone = once(server, 'exit');
      server.kill('SIGKILL');
      await gone;
    }),
  );
  await Promise.all([...homes].map(path => rm(path, {recursive: true, force: true})));
  homes.clear();
}

function built(): string {
  if (!existsSync(program)) throw new Error(`${program} is missing: the build has failed.`);
  return program;
}

/** Starts jirakey in a terminal. */
export const inTerminal = (home: Home, args: readonly string[], options: Omit<PtyOptions, 'cwd'> = {}): Pty =>
  startInPty(process.execPath, [built(), ...args], {...options, cwd: home.path, env: {...home.env, ...options.env}});

/** The same between two looks at the terminal's settings; see `settingsIn`. */
export function inTerminalBetweenSettings(home: Home, args: readonly string[]): Pty {
  const [command, all] = withSettings(process.execPath, [built(), ...args]);
  return startInPty(command, all, {cwd: home.path, env: home.env});
}

const start = (home: Home, args: readonly string[]) =>
  spawn(process.execPath, [built(), ...args], {
    cwd: home.path,
    env: {PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', ...home.env},
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Runs jirakey without a terminal to its end. */
export async function run(home: Home, args: readonly string[]): Promise<{code: number; stdout: string}> {
  const child = start(home, args);
  let stdout = '';
  child.stdout.on('data', data => {
    stdout += String(data);
  });
  child.stderr.resume();
  const [code] = await once(child, 'close');
  checkDocument(args, stdout);
  return {code: Number(code), stdout};
}

const servedSchema = z.object({url: z.string(), username: z.string(), token: z.string(), caFile: z.string()});

/** A practice Jira in a process of its own, so that a real `setup` has something to sign in to. */
export async function serve(home: Home): Promise<z.infer<typeof servedSchema> & {pid: number}> {
  const child = start(home, ['practice', '--serve', '--json']);
  servers.add(child);
  let text = '';
  for await (const data of child.stdout) {
    text += String(data);
    const served = whole(text);
    if (served === null) continue;
    checkDocument(['practice', '--serve', '--json'], text);
    return {...served, pid: child.pid ?? 0};
  }
  throw new Error(`the practice Jira ended before it told its address: ${text}`);
}

function whole(text: string): z.infer<typeof servedSchema> | null {
  try {
    return servedSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** From the first screen to the first field, past the prerequisites. */
export async function toTheName(pty: Pty): Promise<void> {
  await pty.waitFor('1 of 9');
  pty.write(enter);
  await pty.waitFor('2 of 9');
  pty.write('s');
  await pty.waitFor('3 of 9');
}

/** Types an answer, or with '' takes what the field offers, and waits for the next screen. */
export async function answer(pty: Pty, text: string, next: string | RegExp): Promise<void> {
  pty.write(text);
  if (text !== '') await pty.waitFor(text.slice(-12));
  pty.write(enter);
  await pty.waitFor(next);
}

/** From the name to the passphrase with what the fields offer. */
export async function toThePassphrase(pty: Pty, name: string): Promise<void> {
  await answer(pty, name, '4 of 9');
  await answer(pty, '', '5 of 9');
  await answer(pty, '', '6 of 9');
  await answer(pty, '', '7 of 9');
}

/** The passphrase offered on the screen; takes it. */
export async function takePassphrase(pty: Pty): Promise<string> {
  // On a narrow screen it goes on in a second line, behind a hyphen.
  const offered = /^[a-z]+(?:-\n?[a-z]+){5}$/m;
  await pty.waitFor(offered);
  const passphrase = (offered.exec(pty.screen().join('\n'))?.[0] ?? '').replace('\n', '');
  // The field takes no keys before it has been seen for a second; its cursor says so.
  await pty.waitFor(() => pty.cursor().visible);
  const lastWord = passphrase.slice(passphrase.lastIndexOf('-') + 1);
  pty.write(lastWord);
  await pty.waitFor(`${lastWord.length} characters`);
  pty.write(enter);
  await pty.waitFor('8 of 9');
  return passphrase;
}

/** Highlights the item with this label and takes it. */
export async function choose(pty: Pty, label: string): Promise<void> {
  const marked = () => pty.screen().find(line => /^\s*› /.test(line)) ?? '';
  await pty.waitFor(() => marked() !== '');
  for (let presses = 0; !marked().includes(label); presses++) {
    if (presses > 20) throw new Error(`no choice “${label}” on\n${pty.screen().join('\n')}`);
    const before = marked();
    pty.write(down);
    await pty.waitFor(() => marked() !== before);
  }
  pty.write(enter);
}

/** From the saved credential's screen, page by page, to the end of the program. */
export async function finish(pty: Pty): Promise<number> {
  await pty.waitFor('What next', 40_000);
  let ended = false;
  void pty.exited.then(() => {
    ended = true;
  });
  for (let page = 0; page < 12 && !ended; page++) {
    const before = pty.transcript().length;
    pty.write(enter);
    await Promise.race([pty.exited, pty.waitFor(() => pty.transcript().length > before)]);
  }
  return (await pty.exited).code;
}

/** The contents of all files below a folder, by path. */
export async function filesBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.map(async path => [path, await readFile(path, 'latin1')] as const)));
}

/**
 * Whatever of the token stands in a text: itself, what a Basic header is made of, any twelve characters of its random part.
 * Also looked for behind escape sequences and line ends, which a terminal's output is full of.
 */
export function piecesIn(text: string, {username, token}: Readonly<{username: string; token: string}>): string[] {
  const pair = Buffer.from(`${username}:${token}`).toString('base64');
  // The beginning is the same in every token of its kind, and the pair begins with the user name.
  const random = windows(token.slice(12, -9), 12);
  const header = windows(pair.slice(Buffer.from(`${username}:ATATT3xFfGF0`).toString('base64').length), 16);
  const plain = text.replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '').replace(/\s/g, '');
  return [token, pair, ...random, ...header].filter(piece => text.includes(piece) || plain.includes(piece));
}

const windows = (text: string, size: number): string[] =>
  Array.from({length: Math.max(0, text.length - size + 1)}, (_, at) => text.slice(at, at + size));
