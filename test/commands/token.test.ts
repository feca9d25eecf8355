import {describe, expect, it} from 'vitest';
import {bench, unlocked} from './bench.ts';

const {token, store, jirakey, save} = bench();

describe('jirakey token', () => {
  it('prints the token and nothing else', async () => {
    await save();
    const {code, stdout} = await jirakey(['token', 'ACME'], {env: unlocked});
    expect(code).toBe(0);
    expect(stdout).toBe(`${token}\n`);
  });

  it('refuses a terminal before it asks for anything, and obeys --reveal', async () => {
    await save();
    const refused = await jirakey(['token', 'acme'], {terminal: true});
    expect(refused.code).toBe(2);
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toContain('--reveal');
    expect((await jirakey(['token', 'acme', '--reveal'], {terminal: true, env: unlocked})).stdout).toBe(`${token}\n`);
  });

  it('prints nothing for a wrong passphrase, an unknown name, or a changed address', async () => {
    const saved = await save();
    const wrong = await jirakey(['token', 'acme'], {env: {JIRAKEY_PASSPHRASE: 'another one'}});
    expect([wrong.code, wrong.stdout]).toEqual([10, '']);
    const unknown = await jirakey(['token', 'acne'], {env: unlocked});
    expect([unknown.code, unknown.stdout]).toEqual([3, '']);
    await store().save({...saved, url: 'https://evil.example'}, {replace: true});
    const changed = await jirakey(['token', 'acme'], {env: unlocked});
    expect([changed.code, changed.stdout]).toEqual([10, '']);
  });

  it('says what is missing where nothing can be asked', async () => {
    await save();
    const {code, stderr} = await jirakey(['token', 'acme']);
    expect(code).toBe(2);
    expect(stderr).toContain('--passphrase-file');
  });
});
