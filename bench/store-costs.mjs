// What a store of many credentials costs: each command as a process, against the same with one credential. All sites are
// relays to one practice Jira, which shares the machine with the program.
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {bundled} from './bundled.mjs';
import {inTurn, row, timeOf} from './measure.mjs';
import {servePractice} from './practice.mjs';
import {slowLink} from './slow-link.mjs';

const counts = [1, 5, 20, 100];
const runs = 3;
const phrase = 'orbit velvet canyon ticket';

export async function storeCosts() {
  const folder = await mkdtemp(join(tmpdir(), 'jirakey-bench-'));
  const practice = await servePractice(folder);
  const links = [];
  try {
    const room = await bundled(
      folder,
      'store',
      "export {openStore} from './source/store/store.ts'; export {savedFrom} from './source/domain/credential.ts'; export {noConnectionSettings} from './source/domain/connection-settings.ts'; export {Secret} from './source/domain/secret.ts';",
    );
    const passphraseFile = join(folder, 'passphrase');
    await writeFile(passphraseFile, phrase, {mode: 0o600});
    // Each credential is for a site of its own: one site is never asked twice at once.
    for (let at = 0; at < Math.max(...counts); at++) links.push(await slowLink(new URL(practice.url).port, 0));
    const lines = [];
    for (const count of counts) {
      const store = join(folder, `store-${count}`);
      await fill(room, store, links.slice(0, count), practice);
      lines.push(...(await costsOf({store, count, passphraseFile, practice, folder})));
    }
    return lines;
  } finally {
    for (const link of links) link.close();
    practice.child.kill();
    await rm(folder, {recursive: true, force: true});
  }
}

async function fill({openStore, savedFrom, noConnectionSettings, Secret}, directory, links, {username, token}) {
  const store = openStore(directory);
  const unlocked = await store.unlock(new Secret(phrase));
  for (const [at, {port}] of links.entries()) {
    const content = {
      v: 2,
      name: `c${at + 1}`,
      description: '',
      connector: 'jira-software',
      url: `https://localhost:${port}`,
      username,
      scheme: 'basic',
      route: 'site',
      cloudId: null,
      accountKind: null,
      connection: noConnectionSettings,
      token,
      expiresAt: null,
      sealedAt: new Date().toISOString(),
      seq: 1,
    };
    await store.save(savedFrom(content, await unlocked.seal(content), null));
  }
}

async function costsOf({store, count, passphraseFile, practice, folder}) {
  const env = {PATH: process.env.PATH, HOME: folder, JIRAKEY_STORE: store};
  const command = (...args) =>
    timeOf(process.execPath, ['dist/jirakey.js', ...args, '--passphrase-file', passphraseFile], {env});
  const trust = ['--ca-file', practice.caFile];
  const [all, one] = await inTurn(
    () => command('test', '--all', ...trust),
    () => command('test', 'c1', ...trust),
    runs,
  );
  const [change, unlock] = await inTurn(
    () => command('passphrase', '--new-passphrase-file', passphraseFile),
    () => command('token', 'c1'),
    runs,
  );
  const of = `of ${count} credential${count === 1 ? '' : 's'}`;
  return [
    row(`test --all ${of}`, all, `one test with its unlock${count === 20 ? ' (goal 1.50)' : ''}`, all / one),
    row(`passphrase ${of}`, change, 'one unlock (goal 2.20)', change / unlock),
  ];
}
