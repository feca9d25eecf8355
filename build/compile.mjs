// Compiled code for the Node that builds: what the usual commands and the assistant's first screen run. It is not packed:
// V8 takes it only from the same version.
import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';

const recorder = new URL('record-compiled.cjs', import.meta.url).pathname;

/** Runs the program of this folder as a user would; each run adds what it compiled. */
export async function compileParts(folder) {
  const into = resolve(folder, 'compiled', `${process.version}-${process.arch}`);
  await rm(resolve(folder, 'compiled'), {recursive: true, force: true});
  await mkdir(into, {recursive: true});
  const home = await mkdtemp(join(tmpdir(), 'jirakey-build-'));
  const program = [recorder, into, resolve(folder, 'jirakey.js')];
  const env = {PATH: process.env.PATH, HOME: home, TERM: 'xterm-256color', LANG: 'C.UTF-8'};
  try {
    await inTerminal([...program, 'setup', '--store', home], {env});
    const test = ['test', '--url', 'https://127.0.0.1:9', '--username', 'you@acme.com', '--token-stdin'];
    for (const args of [['--help'], ['list', '--json', '--store', home], ['token', 'none', '--store', home], test]) {
      await inBackground([...program, ...args], {env});
    }
  } finally {
    await rm(home, {recursive: true, force: true});
  }
}

function inBackground(args, options) {
  return new Promise(done => {
    execFile(process.execPath, args, options, () => done()).stdin.end('none');
  });
}

/** Leaves as soon as the first screen stands. */
async function inTerminal(args, options) {
  const {spawn} = await import('@lydell/node-pty').catch(() => ({}));
  // It comes as a binary for the usual platforms; elsewhere screens are compiled at each start.
  if (spawn === undefined) return;
  const child = spawn(process.execPath, args, {cols: 80, rows: 24, ...options});
  let quiet;
  child.onData(() => {
    clearTimeout(quiet);
    quiet = setTimeout(() => child.write('\x03'), 100);
  });
  return new Promise(done => {
    child.onExit(() => {
      clearTimeout(quiet);
      done();
    });
  });
}
