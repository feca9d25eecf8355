/** The assistant on what was edited outside: a draft, a saved credential. No server hears anything, not even a look. */

import {mkdir, writeFile} from 'node:fs/promises';
import {createServer, type Server} from 'node:net';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {noConnectionSettings} from '../../source/domain/connection-settings.ts';
import {type Draft, type SavedCredential, type SealedContent, savedFrom} from '../../source/domain/credential.ts';
import {Secret} from '../../source/domain/secret.ts';
import {seal} from '../../source/vault/seal.ts';
import {lockKey, makeStoreKey} from '../../source/vault/store-key.ts';
import {syntheticToken} from '../support/jira.ts';
import {forgedSeal} from '../support/sealed-store.ts';
import {choose, cleanUp, enter, type Home, inTerminal, makeHome, piecesIn} from './jirakey.ts';

const passphrase = 'orbit-velvet-canyon-ticket-wagon-sugar';
const token = syntheticToken();

let server: Server;
let connections = 0;
let home: Home;
let content: SealedContent;
beforeEach(async () => {
  connections = 0;
  server = createServer(socket => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  home = await makeHome();
  content = {
    v: 2,
    name: 'acme',
    description: 'as sealed',
    connector: 'jira-software',
    url: `http://127.0.0.1:${address.port}`,
    username: 'you@acme.com',
    scheme: 'basic',
    route: 'site',
    cloudId: null,
    accountKind: null,
    connection: noConnectionSettings,
    token,
    expiresAt: '2027-01-31',
    sealedAt: '2026-11-01T00:00:00.000Z',
    seq: 1,
  };
});
afterEach(async () => {
  await cleanUp();
  await new Promise(resolve => server.close(resolve));
});

async function write(credentials: readonly SavedCredential[], draft: Draft | null): Promise<void> {
  await mkdir(home.store, {recursive: true, mode: 0o700});
  const {identity, ...key} = await keyed();
  const {id, recipient} = key;
  const document = JSON.stringify({version: 2, seq: 1, id, recipient, identity, keys: [], credentials, draft});
  await writeFile(join(home.store, 'config.json'), document, {mode: 0o600});
}
/** One key for all the stores here, under the passphrase. */
const keyed = (() => {
  const making = makeStoreKey().then(async key => ({...key, identity: await lockKey(key, new Secret(passphrase))}));
  return () => making;
})();
const sealedAs = (change: Partial<SealedContent> = {}): Promise<string> =>
  keyed().then(key => seal({...content, ...change}, key));

const forgedAs = async (change: Partial<SealedContent>): Promise<string> => {
  const {id, recipient} = await keyed();
  return forgedSeal({...content, ...change}, {...(await makeStoreKey()), id, recipient});
};

const answers = () => {
  const {connector, name, description, url, username, connection, expiresAt} = content;
  return {connector, name, description, url, username, connection, expiresAt, updatedAt: '2026-11-02T00:00:00.000Z'};
};
const evil = () => `http://localhost:${new URL(content.url).port}`;

const draftEdits: Readonly<Record<string, () => Promise<Partial<Draft>>>> = {
  'the site': async () => ({url: evil()}),
  'the username': async () => ({username: 'them@acme.com'}),
  'the connector': async () => ({connector: 'jira-feeds'}),
  'the name': async () => ({name: 'prod'}),
  'the connection': async () => ({connection: {...noConnectionSettings, addresses: ['localhost:443:127.0.0.2']}}),
  'the expiry date': async () => ({expiresAt: null}),
  'the seal, for one made with the recipient alone': async () => ({url: evil(), sealed: await forgedAs({url: evil()})}),
  'the seal, for another credential’s': async () => ({sealed: await sealedAs({name: 'other', url: evil()})}),
};

describe('a draft in which somebody changed', {timeout: 60_000}, () => {
  it.each(Object.entries(draftEdits))('%s is not gone on with', async (_, change) => {
    await write([], {...answers(), sealed: await sealedAs(), ...(await change())});
    const pty = inTerminal(home, []);
    await pty.waitFor('Draft');
    await choose(pty, 'Go on where it stopped');
    await pty.waitFor('7 of 9');
    await pty.paste(passphrase);
    pty.write(enter);
    await pty.waitFor('Troubleshooting checklist', 40_000);
    await pty.waitFor('store-changed');
    expect(connections).toBe(0);
    expect(piecesIn(pty.transcript(), {username: content.username, token})).toEqual([]);
  });
});

describe('a saved credential', {timeout: 60_000}, () => {
  const changed: Readonly<Record<string, () => Promise<SavedCredential>>> = {
    'whose site somebody changed': async () => ({...savedFrom(content, await sealedAs(), null), url: evil()}),
    'whose seal was made with the recipient alone': async () => {
      const elsewhere = {...content, url: evil()};
      return savedFrom(elsewhere, await forgedAs(elsewhere), null);
    },
  };
  const ways = Object.entries(changed).flatMap(([how, make]) =>
    ['edit', 'fix'].map(command => [how, command, make] as const),
  );

  it.each(ways)('%s is not opened by %s', async (_, command, make) => {
    await write([await make()], null);
    const pty = inTerminal(home, [command, 'acme']);
    await pty.waitFor('Passphrase');
    await pty.paste(passphrase);
    pty.write(enter);
    await pty.waitFor('store-changed', 40_000);
    expect(connections).toBe(0);
    expect(piecesIn(pty.transcript(), {username: content.username, token})).toEqual([]);
  });
});

describe('untouched', {timeout: 60_000}, () => {
  it('a draft is gone on with, and its own site is looked at', async () => {
    await write([], {...answers(), sealed: await sealedAs()});
    const pty = inTerminal(home, []);
    await pty.waitFor('Draft');
    await choose(pty, 'Go on where it stopped');
    await pty.waitFor('7 of 9');
    await pty.paste(passphrase);
    pty.write(enter);
    await expect.poll(() => connections, {timeout: 40_000}).toBeGreaterThan(0);
  });
});
