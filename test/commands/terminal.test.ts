/** The commands that ask one thing at a time, and the program that exec starts, in a real terminal. */

import {afterEach, describe, expect, it} from 'vitest';
import {enter} from '../e2e/jirakey.ts';
import {program} from '../support/build.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {type Served, serve} from '../support/lab/serve.ts';
import {opened} from '../support/sealed-store.ts';
import {type Pty, startInPty, stopPtys} from '../support/terminal/pty.ts';
import {bench, passphrase, username} from './bench.ts';

const {token, save, store, directory} = bench();
const servers: Served[] = [];
afterEach(async () => {
  await stopPtys();
  await Promise.all(servers.splice(0).map(server => server.close()));
});

const start = (...argv: string[]): Pty =>
  startInPty(process.execPath, [program, ...argv], {env: {JIRAKEY_STORE: directory()}});

async function secret(pty: Pty, label: string, text: string): Promise<void> {
  await pty.waitFor(label);
  await pty.paste(text);
  await pty.waitFor(`${text.length} characters`);
  pty.write(enter);
}

async function openedBy(phrase: string) {
  const [saved] = (await store().read()).credentials;
  if (saved === undefined) throw new Error('nothing is saved');
  return opened(store(), saved, phrase);
}

describe('in a terminal', {timeout: 120_000}, () => {
  it('rotate asks for passphrase, token and its last day, and shows neither', async () => {
    const fresh = syntheticToken();
    const server = await serve(cloudJira({username, token: fresh}));
    servers.push(server);
    await save({url: server.url});
    const pty = start('rotate', 'acme');
    await secret(pty, 'Passphrase', passphrase);
    await secret(pty, 'API Token', fresh);
    await pty.waitFor('Expires on');
    pty.write('+30');
    await pty.waitFor('+30');
    pty.write(enter);
    expect((await pty.exited).code).toBe(0);
    const content = await openedBy(passphrase);
    expect(content.token).toBe(fresh);
    expect(content.expiresAt).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    for (const hidden of [fresh.slice(0, 16), passphrase]) expect(pty.transcript()).not.toContain(hidden);
  });

  it('passphrase asks for the old one, the new one and once more, until the two agree', async () => {
    await save();
    const next = 'violin-moss-harbor-staple-orbit';
    const pty = start('passphrase');
    await secret(pty, 'Passphrase', passphrase);
    await secret(pty, 'New passphrase', next);
    await secret(pty, 'Confirm passphrase', `${next}x`);
    await pty.waitFor('differ');
    await secret(pty, 'New passphrase', next);
    await secret(pty, 'Confirm passphrase', next);
    expect((await pty.exited).code).toBe(0);
    expect((await openedBy(next)).token).toBe(token);
    expect(pty.transcript()).not.toContain(next);
  });

  it('token is refused, and with --reveal shown', async () => {
    await save();
    expect((await start('token', 'acme').exited).code).toBe(2);
    const pty = start('token', 'acme', '--reveal');
    await secret(pty, 'Passphrase', passphrase);
    expect((await pty.exited).code).toBe(0);
    expect(pty.transcript()).toContain(token.slice(0, 60));
  });
});
