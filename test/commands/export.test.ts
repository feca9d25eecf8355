import {execFileSync} from 'node:child_process';
import {describe, expect, it} from 'vitest';
import type {SealedContent} from '../../source/domain/credential.ts';
import {bench, unlocked, username} from './bench.ts';

const {token, jirakey, save} = bench();
const cloudId = '5f0cdf7a-3c6c-4d4a-9e0a-0a1b2c3d4e5f';

async function exported(format: string, change: Partial<SealedContent> = {}, ...more: string[]) {
  await save(change);
  return jirakey(['export', 'acme', '--format', format, ...more], {env: unlocked});
}

describe('jirakey export', () => {
  it('env: what a shell reads back is what was sealed, whatever is in it', async () => {
    const nasty = `it's $HOME \`id\` "x" \\ !`;
    const {code, stdout} = await exported('env', {token: nasty, url: 'https://jira.acme.example/jira'});
    expect(code).toBe(0);
    for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^export JIRA_[A-Z_]+=/);
    const read = 'printf "%s\\n" "$JIRA_URL" "$JIRA_USERNAME" "$JIRA_API_TOKEN" "$JIRA_BASE_URL"';
    expect(
      execFileSync('sh', ['-c', `${stdout}${read}`], {encoding: 'utf8'})
        .trimEnd()
        .split('\n'),
    ).toEqual(['https://jira.acme.example/jira', username, nasty, 'https://jira.acme.example/jira']);
  });

  it('netrc: one line, at the gateway where the token works there', async () => {
    expect((await exported('netrc')).stdout).toBe(`machine acme.atlassian.net login ${username} password ${token}\n`);
    const change = {name: 'scoped', route: 'gateway', cloudId} as const;
    await save(change);
    const scoped = await jirakey(['export', 'scoped', '--format', 'netrc'], {env: unlocked});
    expect(scoped.stdout).toMatch(/^machine api\.atlassian\.com login /);
  });

  it('netrc: says where it sends less, or otherwise, than Jira wants', async () => {
    const {stdout, stderr} = await exported('netrc', {url: 'https://jira.acme.example:8443/jira', scheme: 'bearer'});
    expect(stdout).toMatch(/^machine jira\.acme\.example login /);
    expect(stderr).toContain('no port and no path');
    expect(stderr).toContain('Bearer');
  });

  it('json: url, username, token, route', async () => {
    const {stdout} = await exported('json');
    expect(JSON.parse(stdout)).toEqual({url: 'https://acme.atlassian.net', username, token, route: 'site'});
  });

  it('json: names the address of the gateway', async () => {
    const {stdout} = await exported('json', {route: 'gateway', cloudId});
    expect(JSON.parse(stdout)).toMatchObject({
      route: 'gateway',
      baseUrl: `https://api.atlassian.com/ex/jira/${cloudId}`,
    });
  });

  it('jira-cli: its configuration, and the token by its variable only', async () => {
    const {stdout} = await exported('jira-cli');
    expect(stdout).toContain('\ninstallation: Cloud\nserver: https://acme.atlassian.net\nlogin: you@acme.com\n');
    expect(stdout).toContain('auth_type: basic');
    expect(stdout).toContain('JIRA_API_TOKEN');
    expect(stdout).not.toContain(token);
  });

  it('jira-cli: a Data Center with a personal access token', async () => {
    const change = {url: 'https://jira.acme.example', scheme: 'bearer', username: 'true'} as const;
    const {stdout, stderr} = await exported('jira-cli', change);
    expect(stdout).toContain('installation: Local');
    expect(stdout).toContain('login: "true"');
    expect(stdout).toContain('auth_type: bearer');
    expect(stderr).toContain('JIRA_AUTH_TYPE=bearer');
  });

  it('nexla-form: the five labels in their order, the token only with --reveal, no passphrase without it', async () => {
    await save({description: 'for the nightly load'});
    const hidden = await jirakey(['export', 'acme', '--format', 'nexla-form'], {terminal: true});
    expect(hidden.code).toBe(0);
    expect(hidden.stdout.trimEnd().split('\n').slice(0, 4)).toEqual([
      'Credential Name: acme',
      'Credential Description: for the nightly load',
      'JIRA Software URL: https://acme.atlassian.net',
      `Username: ${username}`,
    ]);
    expect(hidden.stdout).not.toContain(token.slice(0, 12));
    expect(hidden.stderr).toContain('with scopes will not pass');
    const shown = await jirakey(['export', 'acme', '--format', 'nexla-form', '--reveal'], {env: unlocked});
    expect(shown.stdout).toContain(`\nAPI Token: ${token}\n`);
  });

  it('nexla-form: says that this very token will not pass', async () => {
    expect((await exported('nexla-form', {route: 'gateway', cloudId})).stderr).toContain(
      'This token is one with scopes',
    );
  });

  it('nexla-cli: the documented body, and what is not known', async () => {
    const {stdout, stderr} = await exported('nexla-cli');
    expect(JSON.parse(stdout)).toEqual({
      name: 'acme',
      connector: 'custom_rest',
      auth_mode: 'BASIC',
      config: {'basic.username': username, 'basic.password': token},
    });
    expect(stderr).toContain('not published');
    expect(stderr).toContain('command line');
  });

  it('refuses a terminal for every form that holds the token', async () => {
    await save();
    for (const format of ['env', 'netrc', 'json', 'nexla-cli']) {
      const refused = await jirakey(['export', 'acme', '--format', format], {terminal: true, env: unlocked});
      expect([refused.code, refused.stdout], format).toEqual([2, '']);
    }
  });

  it('does not guess the form', async () => {
    await save();
    const {code, stderr} = await jirakey(['export', 'acme']);
    expect(code).toBe(2);
    expect(stderr).toContain('nexla-cli');
  });
});
