import {chmodSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {bench} from './bench.ts';

const {jirakey, save, store, directory} = bench();

type Check = {id: string; state: string; text: string; more: string[]};
async function checks(env: Record<string, string> = {}, argv: string[] = [], now = () => new Date()) {
  const {code, stdout} = await jirakey(['doctor', '--json', ...argv], {env, now});
  const all: Check[] = JSON.parse(stdout).checks;
  return {code, stdout, of: (id: string) => all.find(check => check.id === id)};
}

describe('jirakey doctor', () => {
  it('looks at everything it promises, on a machine where nothing is saved', async () => {
    const {code, stdout, of} = await checks();
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({schemaVersion: 1, ok: true});
    for (const id of ['node', 'store', 'memory', 'terminal', 'locale', 'proxy', 'ca', 'clock', 'environment']) {
      expect(of(id)?.state, id).toMatch(/^(ok|note)$/);
    }
    expect(of('node')?.text).toContain(process.version);
    expect(of('store')?.text).toContain(store().path);
  });

  it('names the way to each saved site, and no proxy’s password', async () => {
    await save();
    await save({name: 'other', url: 'https://jira.acme.example'});
    const {of, stdout} = await checks({
      HTTPS_PROXY: 'http://me:hush-hush@proxy.acme.example:3128',
      NO_PROXY: '.acme.example',
    });
    expect(of('proxy')?.more).toContain('acme.atlassian.net: through http://proxy.acme.example:3128 (HTTPS_PROXY)');
    expect(of('proxy')?.more).toContain('jira.acme.example: directly');
    expect(stdout).not.toContain('hush-hush');
  });

  it('says which proxy cannot be used', async () => {
    const {of} = await checks({ALL_PROXY: 'socks5://127.0.0.1:1080'});
    expect(of('proxy')?.state).toBe('note');
    expect(of('proxy')?.more.join(' ')).toContain('SOCKS');
  });

  it('shows the modes of folder and files', async () => {
    await save();
    const more = (await checks()).of('store')?.more.join(' ');
    expect(more).toContain('folder 0700');
    expect(more).toContain('config.json 0600');
  });

  it('exits 10 for a store that others can write', async () => {
    await save();
    chmodSync(directory(), 0o777);
    const {code, of} = await checks();
    expect(code).toBe(10);
    expect(of('store')?.state).toBe('failed');
    expect(of('store')?.more.join(' ')).toContain('jirakey explain store-unsafe');
  });

  it('catches a clock that contradicts what was saved', async () => {
    await save({sealedAt: '2026-11-20T00:00:00.000Z'});
    const {of} = await checks({}, [], () => new Date('2026-11-10T00:00:00Z'));
    expect(of('clock')?.state).toBe('note');
    expect(of('clock')?.more.join(' ')).toContain('2026-11-20');
  });

  it('is plain text in 80 columns, in ASCII where the locale has no more', async () => {
    const {stdout} = await jirakey(['doctor'], {env: {LANG: 'C'}});
    expect(stdout).toMatch(/^[v!] node/);
    expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
  });
});
