/** A rotation that does not come to its end: the old token stays, and the new one, which is shown only once, is not lost. */

import {readFileSync} from 'node:fs';
import {afterEach, describe, expect, it} from 'vitest';
import {noConnectionSettings} from '../../source/domain/connection-settings.ts';
import {ctrlC} from '../e2e/jirakey.ts';
import {program as builtProgram} from '../support/build.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {type Handler, type Served, serve} from '../support/lab/serve.ts';
import {opened} from '../support/sealed-store.ts';
import {type Pty, startInPty, stopPtys} from '../support/terminal/pty.ts';
import {bench, passphrase, unlocked, username} from './bench.ts';

const {token: old, jirakey, program, save, store, directory} = bench();
const fresh = syntheticToken();
const servers: Served[] = [];
afterEach(async () => {
  await stopPtys();
  await Promise.all(servers.splice(0).map(server => server.close()));
});

/** A Jira that stands still at one address until it is told to go on. */
async function jira(stillAt: string | null): Promise<{url: string; goOn: () => void; reached: Promise<void>}> {
  const healthy = cloudJira({username, token: fresh});
  let still = stillAt;
  let arrive = () => {};
  const reached = new Promise<void>(resolve => {
    arrive = resolve;
  });
  const handler: Handler = (asked, response) => {
    if (asked.path !== still) return healthy(asked, response);
    arrive();
    return undefined;
  };
  const served = await serve(handler);
  servers.push(served);
  return {url: served.url, goOn: () => (still = null), reached};
}

async function type(pty: Pty, label: string, text: string): Promise<void> {
  await pty.waitFor(label);
  await pty.paste(text);
  await pty.waitFor(`${text.length} characters`);
  pty.write('\r');
}

async function startRotation(): Promise<Pty> {
  const pty = startInPty(process.execPath, [builtProgram, 'rotate', 'acme'], {env: {JIRAKEY_STORE: directory()}});
  await type(pty, 'Passphrase', passphrase);
  await type(pty, 'API Token', fresh);
  await pty.waitFor('Expires on');
  pty.write('+30');
  await pty.waitFor('+30');
  pty.write('\r');
  return pty;
}

async function now() {
  const {credentials, draft} = await store().read();
  const [saved] = credentials;
  if (saved === undefined) throw new Error('nothing is saved');
  return {saved, draft, content: await opened(store(), saved, passphrase)};
}

const end: Readonly<Record<string, (pty: Pty) => void>> = {
  'Ctrl-C': pty => pty.write(ctrlC),
  SIGTERM: pty => pty.kill('SIGTERM'),
  SIGHUP: pty => pty.kill('SIGHUP'),
  SIGKILL: pty => pty.kill('SIGKILL'),
};
const steps = ['/rest/api/2/serverInfo', '/rest/api/2/myself', '/rest/api/2/mypermissions'];

describe('rotate, interrupted', {timeout: 120_000}, () => {
  it.each(Object.keys(end).flatMap((how, at) => [[how, steps[at % steps.length] ?? ''] as const]))(
    '%s while Jira does not answer at %s: the old token stays, the new one waits',
    async (how, path) => {
      const server = await jira(path);
      await save({url: server.url});
      const before = (await now()).saved.sealed;
      const pty = await startRotation();
      await server.reached;
      end[how]?.(pty);
      const {code, signal} = await pty.exited;
      if (how !== 'SIGKILL') {
        // After a hang-up the program ends by the signal itself, which a pty tells apart from a code.
        expect(signal === 1 ? 129 : code).toBe({'Ctrl-C': 130, SIGTERM: 143, SIGHUP: 129}[how]);
        const said = pty.scrollback().join(' ');
        expect(said).toContain('the old token is still the saved one');
        expect(said).toContain('jirakey rotate acme');
      } else expect(signal).toBe(9);

      const after = await now();
      expect(after.saved.sealed).toBe(before);
      expect(after.content.token).toBe(old);
      expect(after.draft).toMatchObject({edits: 'acme', name: 'acme', url: server.url});
      expect(readFileSync(store().path, 'utf8')).not.toContain(fresh.slice(0, 20));
      expect(pty.transcript()).not.toContain(fresh.slice(0, 16));

      server.goOn();
      const again = await jirakey(['rotate', 'acme', '--no-input'], {env: unlocked});
      expect(again.code, again.stderr).toBe(0);
      expect(again.stderr).toContain('Going on with the new token');
      const done = await now();
      expect(done.content.token).toBe(fresh);
      expect(done.content.expiresAt).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(done.draft).toBeNull();
    },
  );

  it('a site that cannot be reached: said, kept, and another token given later goes before it', async () => {
    const server = await jira(null);
    await save({url: server.url});
    await servers.splice(0)[0]?.close();
    const pty = await startRotation();
    expect((await pty.exited).code).toBe(7);
    expect(pty.scrollback().join(' ')).toMatch(/new one is kept, sealed, as a draft/);
    expect((await jirakey(['list'])).stderr).toContain('jirakey edit acme');
    const other = await jirakey(['rotate', 'acme'], {env: {...unlocked, JIRA_API_TOKEN: syntheticToken()}});
    expect(other.stderr).not.toContain('Going on with');
    expect((await now()).draft?.edits).toBe('acme');
    await jirakey(['remove', 'acme', '--yes']);
    expect((await store().read()).draft).toBeNull();
  });

  it('leaves the draft of another credential alone, and keeps none from a script', async () => {
    const server = await jira(null);
    await save({url: server.url});
    const none = {connector: null, connection: noConnectionSettings, expiresAt: null, sealed: null};
    const other = {...none, name: 'new', description: '', url: '', username: ''};
    await store().saveDraft({...other, updatedAt: '2026-11-20T00:00:00.000Z'});
    await servers.splice(0)[0]?.close();
    const pty = await startRotation();
    expect((await pty.exited).code).toBe(7);
    expect(pty.scrollback().join(' ')).not.toContain('as a draft');
    expect((await now()).draft?.name).toBe('new');
    await store().clearDraft();
    expect((await jirakey(['rotate', 'acme'], {env: {...unlocked, JIRA_API_TOKEN: fresh}})).code).toBe(7);
    expect((await now()).draft).toBeNull();
  });

  it('killed from a script at any step, the file is whole and has the old token', async () => {
    for (const path of steps) {
      const server = await jira(path);
      await save({url: server.url});
      const before = readFileSync(store().path, 'utf8');
      const ended = await program(['rotate', 'acme'], {
        env: {...unlocked, JIRA_API_TOKEN: fresh},
        onStart: child => {
          void server.reached.then(() => child.kill('SIGKILL'));
        },
      });
      expect(ended.signal).toBe('SIGKILL');
      expect(readFileSync(store().path, 'utf8')).toBe(before);
      await jirakey(['remove', 'acme', '--yes']);
    }
  });
});
