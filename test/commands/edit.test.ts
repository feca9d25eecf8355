import {afterEach, describe, expect, it} from 'vitest';
import {choose, ctrlC, enter} from '../e2e/jirakey.ts';
import {program} from '../support/build.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {type Served, serve} from '../support/lab/serve.ts';
import {opened, openedDraft} from '../support/sealed-store.ts';
import {type Pty, startInPty, stopPtys} from '../support/terminal/pty.ts';
import {bench, passphrase, unlocked, username} from './bench.ts';

const {token, jirakey, save, store, directory} = bench();
const servers: Served[] = [];
afterEach(async () => {
  await stopPtys();
  await Promise.all(servers.splice(0).map(server => server.close()));
});

async function edit(): Promise<Pty> {
  const server = await serve(cloudJira({username, token}));
  servers.push(server);
  await save({url: server.url, description: 'before'});
  const pty = startInPty(process.execPath, [program, 'edit', 'acme'], {env: {JIRAKEY_STORE: directory()}});
  await pty.waitFor('Passphrase');
  pty.write(passphrase);
  await pty.waitFor(`${passphrase.length} characters`);
  pty.write(enter);
  await pty.waitFor('Test and save');
  return pty;
}

describe('jirakey edit', () => {
  it('changes one field, tests the credential and saves it', async () => {
    const pty = await edit();
    await choose(pty, 'Credential Description');
    await pty.waitFor('before');
    pty.write(' and after');
    await pty.waitFor('and after');
    pty.write(enter);
    await pty.waitFor('Test and save');
    await choose(pty, 'Test and save');
    await pty.waitFor('What next', 40_000);
    const {credentials} = await store().read();
    expect(credentials.map(({name}) => name)).toEqual(['acme']);
    const [saved] = credentials;
    if (saved === undefined) throw new Error('nothing is saved');
    expect(await opened(store(), saved, passphrase)).toMatchObject({
      token,
      description: expect.stringMatching(/after/),
      seq: 2,
    });
    expect(saved.lastTest?.outcome).toBe('passed');
    expect(pty.transcript()).not.toContain(token.slice(0, 16));
    pty.write(ctrlC);
    await pty.exited;
  });

  it('changes nothing when it is left', async () => {
    const pty = await edit();
    // The seal of a low work factor is made anew; what it holds is not changed.
    const held = async () => {
      const {credentials, draft} = await store().read();
      const contents = credentials.map(each => opened(store(), each, passphrase));
      return [credentials.map(({sealed: _, ...clear}) => clear), await Promise.all(contents), draft];
    };
    const before = await held();
    await choose(pty, 'Leave');
    expect((await pty.exited).code).toBe(0);
    expect(await held()).toEqual(before);
  });

  it.each(['SIGHUP', 'SIGKILL'] as const)('a new token that was typed outlives %s, sealed', async signal => {
    const fresh = syntheticToken();
    const pty = await edit();
    const before = (await store().read()).credentials;
    await choose(pty, 'API Token');
    await pty.waitFor('API Token');
    await pty.paste(fresh);
    await pty.waitFor(`${fresh.length} characters`);
    pty.write(enter);
    await expect.poll(async () => (await store().read()).draft?.sealed ?? null, {timeout: 30_000}).not.toBeNull();
    pty.kill(signal);
    await pty.exited;
    const {credentials, draft} = await store().read();
    expect(credentials).toEqual(before);
    if (draft === null) throw new Error('no draft');
    expect(draft.edits).toBe('acme');
    expect((await openedDraft(store(), draft, passphrase))?.token).toBe(fresh);
    expect((await jirakey(['list'])).stderr).toContain('jirakey edit acme');

    const again = startInPty(process.execPath, [program, 'edit', 'acme'], {env: {JIRAKEY_STORE: directory()}});
    await choose(again, 'Go on where it stopped');
    await again.waitFor('Passphrase');
    again.write(passphrase);
    await again.waitFor(`${passphrase.length} characters`);
    again.write(enter);
    await again.waitFor('Test and save');
    await choose(again, 'Leave');
    expect((await again.exited).code).toBe(0);
    expect((await store().read()).draft).toBeNull();
  });

  it('says what to do where there is no terminal, and which names there are', async () => {
    await save();
    const none = await jirakey(['edit', 'acme'], {env: unlocked});
    expect([none.code, none.stderr.includes('jirakey edit acme --no-input')]).toEqual([2, true]);
    expect((await jirakey(['edit', 'acne'])).code).toBe(3);
  });
});
