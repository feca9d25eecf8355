// How long until the program answers, against the same Node printing one line.
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {spawn} from '@lydell/node-pty';
import {bundled} from './bundled.mjs';
import {inTurn, row, timeOf} from './measure.mjs';

const program = 'dist/jirakey.js';
const runs = 9;
const oneLine = ['-e', 'console.log("one line")'];
const oneLineAndScrypt = [
  '-e',
  'require("node:crypto").scryptSync("passphrase", Buffer.alloc(16), 32, {N: 2 ** 18, r: 8, p: 1, maxmem: 2 ** 30}); console.log("one line")',
];
const phrase = 'orbit velvet canyon ticket';

export async function startUp() {
  const home = await mkdtemp(join(tmpdir(), 'jirakey-bench-'));
  try {
    const store = join(home, 'store');
    const passphraseFile = join(home, 'passphrase');
    await writeFile(passphraseFile, phrase, {mode: 0o600});
    await saveOne(home, store);
    const env = {PATH: process.env.PATH, HOME: home, JIRAKEY_STORE: store, LANG: 'C.UTF-8', TERM: 'xterm-256color'};
    const node = args => timeOf(process.execPath, args, {env});
    const lines = [];
    const add = async (what, args, goal, basis = oneLine, said = 'Node printing one line') => {
      const [ours, theirs] = await inTurn(
        () => node([program, ...args]),
        () => node(basis),
        runs,
      );
      lines.push(row(what, ours, `${said} (goal ${goal})`, ours / theirs));
    };
    await add('jirakey --version', ['--version'], '1.25');
    await add('jirakey list --json', ['list', '--json'], '1.60');
    const token = ['token', 'bench', '--passphrase-file', passphraseFile];
    await add('jirakey token', token, '1.15', oneLineAndScrypt, 'Node with one scrypt');
    const exec = ['exec', 'bench', '--passphrase-file', passphraseFile, '--', 'true'];
    await add('jirakey exec', exec, '1.15', oneLineAndScrypt, 'Node with one scrypt');
    const [frame, theirs] = await inTurn(
      () => firstFrame(env),
      () => node(oneLine),
      runs,
    );
    lines.push(row('first frame of the assistant', frame, 'Node printing one line (goal 2.20)', frame / theirs));
    return lines;
  } finally {
    await rm(home, {recursive: true, force: true});
  }
}

async function saveOne(folder, directory) {
  const {openStore, savedFrom, noConnectionSettings, Secret} = await bundled(
    folder,
    'store',
    "export {openStore} from './source/store/store.ts'; export {savedFrom} from './source/domain/credential.ts'; export {noConnectionSettings} from './source/domain/connection-settings.ts'; export {Secret} from './source/domain/secret.ts';",
  );
  const store = openStore(directory);
  const unlocked = await store.unlock(new Secret(phrase));
  const content = {
    v: 2,
    name: 'bench',
    description: '',
    connector: 'jira-software',
    url: 'https://acme.atlassian.net',
    username: 'you@acme.com',
    scheme: 'basic',
    route: 'site',
    cloudId: null,
    accountKind: null,
    connection: noConnectionSettings,
    token: 'x'.repeat(192),
    expiresAt: null,
    sealedAt: new Date().toISOString(),
    seq: 1,
  };
  await store.save(savedFrom(content, await unlocked.seal(content), null));
}

/** Milliseconds until the first question stands in the terminal. */
function firstFrame(env) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(process.execPath, [program, 'setup'], {cols: 80, rows: 24, env});
    let text = '';
    let took = null;
    child.onData(data => {
      text += data;
      if (took !== null || !text.includes('1 of 9')) return;
      took = performance.now() - begun;
      child.write('\x03');
    });
    child.onExit(() => (took === null ? reject(new Error(`no first frame: ${text}`)) : resolve(took)));
  });
}
