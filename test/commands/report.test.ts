import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {leakIn} from '../../source/commands/report.ts';
import {commandNames} from '../../source/commands/table.ts';
import {bench, passphrase, unlocked, username} from './bench.ts';

const {token, jirakey, program, save, store, file} = bench();

describe('jirakey report', () => {
  it('tells the last test without the account’s name, and says that it was searched', async () => {
    await save({expiresAt: '2099-01-01'});
    await store().recordTest('acme', {outcome: 'failed', code: 'credentials-rejected', at: '2026-11-20T10:00:00.000Z'});
    const {code, stdout} = await jirakey(['report', 'acme'], {env: unlocked});
    expect(code).toBe(0);
    expect(stdout).toMatch(/failed \(credentials-rejected\), 2026-11-20 10:00 UTC/);
    expect(stdout).toContain('Troubleshooting checklist');
    expect(stdout).toContain('https://acme.atlassian.net');
    expect(stdout).toContain('y…@acme.com');
    expect(stdout).not.toContain(username);
    expect(stdout).toMatch(/Self-check: searched for the token/);
    expect(stdout).not.toContain(token.slice(0, 12));
    expect((await jirakey(['report', 'acme'])).stdout).toMatch(/Self-check: searched for anything shaped like a token/);
  });

  it('takes the credential tested last', async () => {
    await save();
    await save({name: 'other', url: 'https://other.atlassian.net'});
    await store().recordTest('acme', {outcome: 'passed', code: null, at: '2026-11-20T10:00:00.000Z'});
    await store().recordTest('other', {outcome: 'passed', code: null, at: '2026-11-19T10:00:00.000Z'});
    expect((await jirakey(['report'])).stdout).toContain('https://acme.atlassian.net');
    expect((await jirakey(['report', 'nobody'])).code).toBe(3);
  });

  it('exit 3 where nothing is saved', async () => {
    expect((await jirakey(['report'])).code).toBe(3);
  });

  it('would notice a secret in every form', async () => {
    const saved = await save();
    const basic = Buffer.from(`${username}:${token}`).toString('base64');
    expect(leakIn('all is well', saved, [token, passphrase])).toBeNull();
    for (const text of [
      token,
      `x${token}y`,
      `Basic ${basic}`,
      basic,
      encodeURIComponent(token),
      passphrase,
      saved.sealed,
    ]) {
      expect(leakIn(`before ${text} after`, saved, [token, passphrase])).not.toBeNull();
    }
    for (const text of [token, `Authorization: Basic ${basic}`, saved.sealed])
      expect(leakIn(text, saved, [])).not.toBeNull();
  });
});

describe('jirakey completion', () => {
  it('writes a script for each shell that knows every command; another shell is refused', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const {code, stdout} = await jirakey(['completion', shell]);
      expect(code).toBe(0);
      for (const name of commandNames) expect(stdout).toContain(name);
    }
    const {code, stderr} = await jirakey(['completion', 'fsh']);
    expect(code).toBe(2);
    expect(stderr).toContain('fish');
  });

  const bash = spawnSync('bash', ['--version']).status === 0;

  /** What bash offers for a line, with `jirakey` being the built program on a store of this test. */
  async function offered(...words: string[]): Promise<string[]> {
    const {stdout: script} = await jirakey(['completion', 'bash']);
    const {stdout: listed} = await jirakey(['list', '--json']);
    writeFileSync(file('script'), script);
    writeFileSync(file('list'), listed);
    const line = words.map(word => `'${word}'`).join(' ');
    const ask = `jirakey() { cat "$LIST"; }; source "$SCRIPT"; COMP_WORDS=(jirakey ${line}); COMP_CWORD=${words.length}; _jirakey; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = {PATH: process.env.PATH ?? '', SCRIPT: file('script'), LIST: file('list')};
    const {stdout, stderr} = spawnSync('bash', ['--norc', '-c', ask], {env, encoding: 'utf8'});
    expect(stderr).toBe('');
    return stdout.split('\n').filter(word => word !== '');
  }

  it.skipIf(!bash)('bash offers commands, options, values, codes and saved names, which are never run', async () => {
    await save({name: 'my acme $(touch /tmp/never) `id`'});
    expect(await offered('')).toEqual(commandNames);
    expect(await offered('ex')).toEqual(commandNames.filter(name => name.startsWith('ex')));
    expect(await offered('test', '--pass')).toEqual(
      ['stdin', 'file', 'fd', 'command'].map(way => `--passphrase-${way}`),
    );
    expect(await offered('setup', '--connector', '')).toEqual(['jira-software', 'jira-feeds']);
    expect(await offered('explain', 'dns')).toEqual(['dns-not-found', 'dns-unavailable']);
    const [name = ''] = await offered('show', 'my');
    expect(name).toMatch(/^my\\ acme\\ \\\$\\\(touch/);
    expect(await offered('exec', 'x', '--', 'a')).toEqual([]);
  });

  it.skipIf(!bash)('bash takes the script without complaint', async () => {
    const {stdout} = await program(['completion', 'bash']);
    expect(spawnSync('bash', ['-n'], {input: stdout, encoding: 'utf8'})).toMatchObject({status: 0, stderr: ''});
  });
});

describe('jirakey edit', () => {
  it('without a terminal says what to do instead', async () => {
    await save();
    const {code, stderr} = await jirakey(['edit', 'acme']);
    expect(code).toBe(2);
    expect(stderr).toContain('rotate');
    expect((await jirakey(['edit', 'nobody'])).code).toBe(3);
  });
});
