import {readFileSync} from 'node:fs';
import {afterEach, describe, expect, it} from 'vitest';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {type Served, serve} from '../support/lab/serve.ts';
import {opened} from '../support/sealed-store.ts';
import {bench, passphrase, unlocked, username} from './bench.ts';

const {token: old, jirakey, save, store} = bench();
const fresh = syntheticToken();
const servers: Served[] = [];
afterEach(() => Promise.all(servers.splice(0).map(server => server.close())));

async function jira(accepted: string): Promise<string> {
  const served = await serve(cloudJira({username, token: accepted}));
  servers.push(served);
  return served.url;
}

async function sealedToken() {
  const [saved] = (await store().read()).credentials;
  if (saved === undefined) throw new Error('nothing is saved');
  return {saved, content: await opened(store(), saved, passphrase)};
}

const env = {...unlocked, JIRA_API_TOKEN: fresh};

describe('jirakey rotate', () => {
  it('swaps the token once the new one has passed, and says where the old one is revoked', async () => {
    await save({url: await jira(fresh), expiresAt: '2026-12-01'});
    const argv = ['rotate', 'acme', '--no-input', '--expires', '2027-01-31', '--json'];
    const {code, stdout, stderr} = await jirakey(argv, {env, now: () => new Date('2026-11-23T00:00:00Z')});
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).outcome).toBe('passed');
    const {saved, content} = await sealedToken();
    expect(content).toMatchObject({token: fresh, expiresAt: '2027-01-31', seq: 2, name: 'acme', username});
    expect(saved.lastTest).toMatchObject({outcome: 'passed', code: null});
    expect(stderr).toContain('revoked');
    expect(stdout + stderr).not.toContain(fresh.slice(0, 20));
  });

  it('keeps the old token, byte for byte, when the new one is refused', async () => {
    await save({url: await jira(old)});
    const before = readFileSync(store().path, 'utf8');
    const {code, stderr} = await jirakey(['rotate', 'acme'], {env});
    expect(code).toBe(4);
    expect(stderr).toContain('Nothing was changed');
    expect(readFileSync(store().path, 'utf8')).toBe(before);
  });

  it('keeps the old token when the site cannot be reached', async () => {
    const url = await jira(fresh);
    await servers.splice(0)[0]?.close();
    await save({url});
    const before = readFileSync(store().path, 'utf8');
    expect((await jirakey(['rotate', 'acme'], {env})).code).toBe(7);
    expect(readFileSync(store().path, 'utf8')).toBe(before);
  });

  it('sends nothing for the token that is saved already, or one that came with another username', async () => {
    const url = await jira(old);
    await save({url});
    const same = await jirakey(['rotate', 'acme'], {env: {...unlocked, JIRA_API_TOKEN: old}});
    expect([same.code, same.stderr.includes('saved already')]).toEqual([2, true]);
    const other = await jirakey(['rotate', 'acme'], {env: {...unlocked, JIRA_API_TOKEN: `me@acme.com:${fresh}`}});
    expect([other.code, other.stderr.includes('me@acme.com')]).toEqual([2, true]);
    expect(servers[0]?.requests).toHaveLength(0);
  });

  it('names everything that is missing at once', async () => {
    await save();
    const {code, stderr} = await jirakey(['rotate', 'acme', '--no-input']);
    expect(code).toBe(2);
    expect(stderr).toContain('--token-file');
    expect(stderr).toContain('--passphrase-file');
  });
});
