/** `rotate --lost-passphrase`: everything is kept but the token and the passphrase. */

import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {openStore} from '../../../source/store/store.ts';
import {program} from '../../support/build.ts';
import {cloudJira, syntheticToken} from '../../support/jira.ts';
import {type Served, serve} from '../../support/lab/serve.ts';
import {opened} from '../../support/sealed-store.ts';
import {startInPty, stopPtys} from '../../support/terminal/pty.ts';
import {bench, passphrase, username} from '../bench.ts';

const {token: old, jirakey, save, store, directory, file} = bench();
const fresh = syntheticToken();
const next = 'violet harbour mitten plankton';
const servers: Served[] = [];
afterEach(async () => {
  await stopPtys();
  await Promise.all(servers.splice(0).map(server => server.close()));
});

async function jira(accepted: string): Promise<string> {
  const served = await serve(cloudJira({username, token: accepted}));
  servers.push(served);
  return served.url;
}

function rotate(name: string, ...more: string[]) {
  writeFileSync(file('new'), next, {mode: 0o600});
  writeFileSync(file('token'), fresh, {mode: 0o600});
  const argv = ['rotate', name, '--lost-passphrase', '--no-input', '--token-file', file('token')];
  return jirakey([...argv, '--new-passphrase-file', file('new'), ...more], {
    now: () => new Date('2026-11-24T00:00:00Z'),
  });
}

const savedNow = async (name: string) => {
  const saved = (await store().read()).credentials.find(one => one.name === name);
  if (saved === undefined) throw new Error(`${name} is gone`);
  return saved;
};

describe('rotate --lost-passphrase', () => {
  it('takes a new token and a new passphrase, keeps everything else and the old seals beside', async () => {
    const before = await save({url: await jira(fresh), description: 'nightly', connector: 'jira-feeds'});
    const {code, stdout, stderr} = await rotate('acme', '--yes', '--expires', '2027-05-01');
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('passed');
    expect(stderr).toContain(before.url);
    const saved = await savedNow('acme');
    expect(await opened(store(), saved, next)).toMatchObject({
      name: 'acme',
      description: 'nightly',
      connector: 'jira-feeds',
      url: before.url,
      username,
      token: fresh,
      expiresAt: '2027-05-01',
      seq: 2,
    });
    await expect(opened(store(), saved, passphrase)).rejects.toMatchObject({code: 'passphrase-wrong'});
    const copy = readdirSync(directory()).find(name => name.includes('.lost-passphrase-'));
    expect(stderr).toContain(copy);
    // The copy is a whole store: it has the old key as well.
    const aside = openStore(file('aside'));
    mkdirSync(aside.directory, {mode: 0o700});
    writeFileSync(aside.path, readFileSync(join(directory(), copy ?? '')), {mode: 0o600});
    const [kept] = (await aside.read()).credentials;
    if (kept === undefined) throw new Error('the copy is empty');
    expect((await opened(aside, kept, passphrase)).token).toBe(old);
  });

  it('names what still has the lost passphrase, until the last one is done', async () => {
    const url = await jira(fresh);
    await save({url});
    await save({name: 'the other', url});
    const first = await rotate('acme', '--yes');
    expect(first.stderr).toContain("jirakey rotate 'the other' --lost-passphrase");
    const second = await rotate('the other', '--yes');
    expect([second.code, second.stderr.includes('Still sealed')]).toEqual([0, false]);
    const all = await jirakey(['test', '--all', '--json', '--passphrase-file', file('new')]);
    expect([all.code, JSON.parse(all.stdout).summary.passed]).toEqual([0, 2]);
  });

  it('changes nothing when the new token is refused, or the site cannot be reached', async () => {
    await save({url: await jira(old)});
    const before = readFileSync(store().path, 'utf8');
    expect((await rotate('acme', '--yes')).code).toBe(4);
    await servers.splice(0)[0]?.close();
    const {code, stderr} = await rotate('acme', '--yes');
    expect(code).toBe(7);
    expect(stderr).toContain('Nothing was changed');
    expect(readFileSync(store().path, 'utf8')).toBe(before);
    expect(readdirSync(directory()).filter(name => name.includes('lost'))).toEqual([]);
  });

  it('sends nothing before somebody has said that the site is right', async () => {
    await save({url: await jira(fresh)});
    const {code, stderr} = await rotate('acme');
    expect(code).toBe(2);
    expect(stderr).toContain('--yes');
    expect(servers[0]?.requests).toHaveLength(0);
  });

  it('is explained where a passphrase does not open, and does not go with the old one', async () => {
    await save();
    const wrong = await jirakey(['test', 'acme'], {env: {JIRAKEY_PASSPHRASE: 'not this one'}});
    expect(wrong.stdout).toContain('jirakey rotate acme --lost-passphrase');
    const both = await jirakey(['rotate', 'acme', '--lost-passphrase', '--passphrase-file', file('new')]);
    expect([both.code, both.stderr.includes('--new-passphrase-file')]).toEqual([2, true]);
    expect((await jirakey(['rotate', 'acme', '--yes'])).code).toBe(2);
  });

  it('asks in a terminal: the site, the new passphrase twice, the token, its day', {timeout: 60_000}, async () => {
    await save({url: await jira(fresh)});
    const pty = startInPty(process.execPath, [program, 'rotate', 'acme', '--lost-passphrase'], {
      env: {JIRAKEY_STORE: directory()},
      columns: 40,
      rows: 15,
    });
    const secret = async (label: string, text: string) => {
      await pty.waitFor(label);
      await pty.paste(text);
      await pty.waitFor(`${text.length} characters`);
      pty.write('\r');
    };
    await pty.waitFor('right site');
    pty.write('\u001b[B');
    await pty.waitFor(/› .*Yes/);
    pty.write('\r');
    await secret('New passphrase', 'violin-moss-harbor-staple-orbit');
    await secret('Confirm passphrase', 'violin-moss-harbor-staple-orbit');
    await secret('API Token', fresh);
    await pty.waitFor('Expires on');
    pty.write('\r');
    expect((await pty.exited).code).toBe(0);
    expect((await opened(store(), await savedNow('acme'), 'violin-moss-harbor-staple-orbit')).token).toBe(fresh);
    for (const hidden of [fresh.slice(0, 16), 'violin-moss']) expect(pty.transcript()).not.toContain(hidden);
  });

  it('No leaves everything as it is', {timeout: 60_000}, async () => {
    await save({url: await jira(fresh)});
    const before = readFileSync(store().path, 'utf8');
    const pty = startInPty(process.execPath, [program, 'rotate', 'acme', '--lost-passphrase'], {
      env: {JIRAKEY_STORE: directory()},
    });
    await pty.waitFor('right site');
    pty.write('\r');
    expect((await pty.exited).code).toBe(0);
    expect(readFileSync(store().path, 'utf8')).toBe(before);
  });
});
