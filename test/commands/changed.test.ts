/** A store edited outside jirakey: every command that sends or hands out says so, and no server hears anything. */

import {readFileSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:net';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {noConnectionSettings} from '../../source/domain/connection-settings.ts';
import {boundFields, type SavedCredential, savedFrom} from '../../source/domain/credential.ts';
import {makeStoreKey} from '../../source/vault/store-key.ts';
import {syntheticToken} from '../support/jira.ts';
import {forgedSeal} from '../support/sealed-store.ts';
import {bench, unlocked} from './bench.ts';

const {token, jirakey, save, store, file} = bench();

/** Counts whoever connects, and answers nobody. */
let servers: Server[] = [];
let connections = 0;
async function counting(): Promise<string> {
  const server = createServer(socket => {
    connections++;
    socket.destroy();
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

let [own, evil] = ['', ''];
beforeEach(async () => {
  connections = 0;
  [own, evil] = [await counting(), await counting()];
  writeFileSync(file('new-token'), syntheticToken(), {mode: 0o600});
  writeFileSync(file('new-passphrase'), 'violet harbour mitten plankton', {mode: 0o600});
});
afterEach(async () => {
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  servers = [];
});

const edits = (): Record<(typeof boundFields)[number], unknown> => ({
  name: 'Acme',
  description: 'edited',
  connector: 'jira-feeds',
  url: evil,
  username: 'them@acme.com',
  scheme: 'bearer',
  route: 'gateway',
  cloudId: '11111111-2222-3333-4444-555555555555',
  accountKind: 'service',
  connection: {...noConnectionSettings, proxy: {url: evil, username: null, password: null}},
  expiresAt: '2030-01-01',
  sealedAt: '2027-01-01T00:00:00.000Z',
  seq: 2,
});

type Document = {credentials: SavedCredential[]; draft: unknown};
function edit(change: (document: Document) => void): void {
  const document: Document = JSON.parse(readFileSync(store().path, 'utf8'));
  change(document);
  writeFileSync(store().path, JSON.stringify(document));
}
const set = (fields: readonly string[]) =>
  edit(({credentials}) => {
    for (const field of fields) Object.assign(credentials[0] ?? {}, {[field]: edits()[field as 'name']});
  });

const commands: Readonly<Record<string, readonly string[]>> = {
  test: ['test', 'acme', '--timeout', '5'],
  'test --all': ['test', '--all', '--timeout', '5'],
  token: ['token', 'acme'],
  exec: ['exec', 'acme', '--', 'touch', 'RAN'],
  'export env': ['export', 'acme', '--format', 'env'],
  'export netrc': ['export', 'acme', '--format', 'netrc'],
  'export json': ['export', 'acme', '--format', 'json'],
  'export jira-cli': ['export', 'acme', '--format', 'jira-cli'],
  'export nexla-form': ['export', 'acme', '--format', 'nexla-form', '--reveal'],
  'export nexla-cli': ['export', 'acme', '--format', 'nexla-cli'],
  rotate: ['rotate', 'acme', '--no-input', '--token-file', 'TOKEN', '--timeout', '5'],
  report: ['report', 'acme'],
  passphrase: ['passphrase', '--new-passphrase-file', 'PASSPHRASE'],
  'setup beside it': [
    ...['setup', '--no-input', '--save-untested', '--name', 'second', '--url', 'https://other.atlassian.net'],
    ...['--username', 'you@acme.com', '--token-file', 'TOKEN'],
  ],
};

async function refuses(argv: readonly string[]): Promise<void> {
  const places: Readonly<Record<string, string>> = {
    RAN: file('ran'),
    TOKEN: file('new-token'),
    PASSPHRASE: file('new-passphrase'),
  };
  const before = readFileSync(store().path, 'utf8');
  const {code, stdout, stderr} = await jirakey(
    argv.map(word => places[word] ?? word),
    {env: unlocked},
  );
  expect(code).toBe(10);
  expect(stdout + stderr).toContain('store-changed');
  expect(stdout + stderr).not.toContain(token);
  expect(connections).toBe(0);
  expect(readFileSync(store().path, 'utf8')).toBe(before);
  expect(() => readFileSync(file('ran'))).toThrow('ENOENT');
}

describe.each(Object.entries(commands))('%s', (_, argv) => {
  it('refuses a credential with any clear field edited, and sends nothing', async () => {
    for (const field of boundFields) {
      await save({url: own});
      set([field]);
      await refuses(argv);
      for (const {name} of (await store().read()).credentials) await store().remove(name);
    }
  });

  it('refuses the seal of another credential in its place', async () => {
    const other = await save({name: 'other', url: evil, token: `${token}x`});
    await save({url: own});
    edit(document => {
      document.credentials = document.credentials.filter(({name}) => name === 'acme');
      for (const one of document.credentials) one.sealed = other.sealed;
    });
    await refuses(argv);
  });
});

describe.each(Object.entries(commands))('%s', (_, argv) => {
  it('refuses a seal that was made with the recipient alone, and sends nothing', async () => {
    await save({url: own});
    const {ring, credentials} = await store().read();
    const [acme] = credentials;
    if (ring === null || acme === undefined) throw new Error('nothing is saved');
    const inside = {...acme, v: 2 as const, url: evil, token: syntheticToken()};
    const {lastTest: _test, sealed: _sealed, ...content} = inside;
    const forger = {...(await makeStoreKey()), id: ring.id, recipient: ring.recipient};
    const forged = savedFrom(content, await forgedSeal(content, forger), acme.lastTest);
    edit(document => {
      document.credentials = [forged];
    });
    await refuses(argv);
  });
});

it('every pair of edited fields is refused by a test, with 0 requests', async () => {
  await save({url: own});
  const clean = readFileSync(store().path, 'utf8');
  for (const [at, one] of boundFields.entries()) {
    for (const other of boundFields.slice(at + 1)) {
      writeFileSync(store().path, clean);
      set([one, other]);
      const {code, stdout} = await jirakey(['test', 'acme', '--json'], {env: unlocked});
      expect([one, other, code]).toEqual([one, other, 10]);
      expect(JSON.parse(stdout).failure.code).toBe('store-changed');
      expect(stdout).toContain(`${one}, ${other}`);
    }
  }
  expect(connections).toBe(0);
});

it('the counting server counts: untouched, the credential’s own site is asked', async () => {
  await save({url: own});
  await jirakey(['test', 'acme', '--timeout', '5'], {env: unlocked});
  expect(connections).toBeGreaterThan(0);
});
