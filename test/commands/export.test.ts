import {execFile, execFileSync, spawnSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {exportFormats} from '../../source/commands/line/options.ts';
import type {Exported} from '../../source/commands/saved/exported.ts';
import {writers} from '../../source/commands/saved/formats.ts';
import type {SealedContent} from '../../source/domain/credential.ts';
import {Secret} from '../../source/domain/secret.ts';
import {serve} from '../support/lab/serve.ts';
import {bench, unlocked, username} from './bench.ts';

const {token, jirakey, save, file, directory} = bench();

/** Somebody who can write the store's file. */
async function edit(from: string, to: string): Promise<void> {
  const path = join(directory(), 'config.json');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(from, to), {mode: 0o600});
}
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

  const odd = [
    'pl41n-but-/+=~!*()[]{}<>|&;:,.?^%@',
    '#starts like a comment',
    'with a blank and "quotes" and \\backslash',
    "it's $HOME `id`",
    '"',
    "'single'",
    '=begins',
    '~tilde',
  ];

  it.each(['sh', 'bash', 'dash', 'zsh', 'ksh'])('env: odd characters survive %s', async shell => {
    if (spawnSync(shell, ['-c', 'exit 0']).error !== undefined) return;
    for (const secret of odd) {
      await save({name: 'odd', token: secret, username: secret});
      const {stdout} = await jirakey(['export', 'odd', '--format', 'env'], {env: unlocked});
      const read = `${stdout}printf '%s\\n' "$JIRA_API_TOKEN" "$JIRA_USERNAME"`;
      expect(execFileSync(shell, ['-c', read], {encoding: 'utf8'})).toBe(`${secret}\n${secret}\n`);
      const evaluated = execFileSync(shell, ['-c', `eval "$TEXT"; printf '%s\\n' "$JIRA_API_TOKEN"`], {
        encoding: 'utf8',
        env: {PATH: process.env.PATH, TEXT: stdout},
      });
      expect(evaluated).toBe(`${secret}\n`);
      await jirakey(['remove', 'odd', '--yes']);
    }
  });

  it.skipIf(spawnSync('curl', ['--version']).error !== undefined)(
    'netrc: curl signs in with it, odd characters too',
    async () => {
      const server = await serve(() => ({status: 200, body: 'ok'}));
      try {
        for (const secret of [...odd, token]) {
          await save({name: 'odd', token: secret, url: server.url});
          const {stdout, stderr} = await jirakey(['export', 'odd', '--format', 'netrc'], {env: unlocked});
          writeFileSync(file('netrc'), stdout, {mode: 0o600});
          await promisify(execFile)('curl', ['-sS', '--noproxy', '*', '--netrc-file', file('netrc'), server.url]);
          const sent = server.requests.at(-1)?.headers.authorization ?? '';
          expect(Buffer.from(sent.replace('Basic ', ''), 'base64').toString()).toBe(`${username}:${secret}`);
          expect(/in quotes/.test(stderr)).toBe(stdout.includes('password "'));
          await jirakey(['remove', 'odd', '--yes']);
        }
      } finally {
        await server.close();
      }
    },
  );

  it.skipIf(spawnSync('python3', ['-c', 'import netrc']).status !== 0)('netrc: Python reads the same', async () => {
    for (const secret of odd) {
      await save({name: 'odd', token: secret});
      writeFileSync(file('netrc'), (await jirakey(['export', 'odd', '--format', 'netrc'], {env: unlocked})).stdout);
      const read =
        'import netrc, sys; sys.stdout.write(netrc.netrc(sys.argv[1]).authenticators("acme.atlassian.net")[2])';
      expect(execFileSync('python3', ['-c', read, file('netrc')], {encoding: 'utf8'})).toBe(secret);
      await jirakey(['remove', 'odd', '--yes']);
    }
  });

  it('json: url, username, token, route', async () => {
    const {stdout} = await exported('json');
    const url = 'https://acme.atlassian.net';
    expect(JSON.parse(stdout)).toEqual({
      url,
      baseUrl: url,
      username,
      token,
      route: 'site',
      scheme: 'basic',
      cloudId: null,
    });
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

  it('jira-cli: over the gateway, with links that lead to the site, and its own init with these values', async () => {
    const {stdout, stderr} = await exported('jira-cli', {route: 'gateway', cloudId});
    expect(stdout).toContain(`\nserver: https://api.atlassian.com/ex/jira/${cloudId}\n`);
    expect(stdout).toContain('\nbrowse_server: https://acme.atlassian.net\n');
    expect(stderr).toContain(
      `jirakey exec acme -- jira init --force --installation cloud --server https://api.atlassian.com/ex/jira/${cloudId} --login you@acme.com --auth-type basic`,
    );
  });

  it.skipIf(spawnSync('python3', ['-c', 'import yaml']).status !== 0)(
    'jira-cli: a YAML reader finds its keys as text',
    async () => {
      for (const name of [
        'you@acme.com',
        'true',
        'null',
        '0x1F',
        '1e3',
        '2026-01-01',
        'a: b',
        '#x',
        "o'x",
        '"q"',
        'ü ö',
        '- a',
        '~',
        'y',
        'No',
      ]) {
        await save({name: 'odd', username: name, url: 'https://jira.acme.example:8443/jira', scheme: 'bearer'});
        const {stdout} = await jirakey(['export', 'odd', '--format', 'jira-cli'], {env: unlocked});
        const read = 'import yaml, json, sys; print(json.dumps(yaml.safe_load(sys.stdin.read())))';
        expect(JSON.parse(execFileSync('python3', ['-c', read], {encoding: 'utf8', input: stdout}))).toEqual({
          installation: 'Local',
          server: 'https://jira.acme.example:8443/jira',
          login: name,
          auth_type: 'bearer',
        });
        await jirakey(['remove', 'odd', '--yes']);
      }
    },
  );

  it('nexla-form: the five labels in their order, the token only with --reveal', async () => {
    await save({description: 'for the nightly load'});
    const hidden = await jirakey(['export', 'acme', '--format', 'nexla-form'], {terminal: true, env: unlocked});
    expect(hidden.code).toBe(0);
    expect(hidden.stdout.trimEnd().split('\n').slice(0, 4)).toEqual([
      'Credential Name: acme',
      'Credential Description: for the nightly load',
      'JIRA Software URL: https://acme.atlassian.net',
      `Username: ${username}`,
    ]);
    expect(hidden.stdout).not.toContain(token.slice(0, 12));
    expect(hidden.stderr).toContain('IP allowlist');
    const shown = await jirakey(['export', 'acme', '--format', 'nexla-form', '--reveal'], {env: unlocked});
    expect(shown.stdout).toContain(`\nAPI Token: ${token}\n`);
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

  it.each(exportFormats)('an edited store hands out nothing as %s', async format => {
    const saved = await save();
    await edit(saved.url, 'https://acme.atlassian.net.evil.example');
    const argv = ['export', 'acme', '--format', format, ...(format === 'template' ? ['--template', '{url}'] : [])];
    const {code, stdout, stderr} = await jirakey(argv, {env: unlocked});
    expect([code, stdout]).toEqual([10, '']);
    expect(stderr).not.toContain('jira init');
  });

  it('does not guess the form', async () => {
    await save();
    const {code, stderr} = await jirakey(['export', 'acme']);
    expect(code).toBe(2);
    expect(stderr).toContain('nexla-cli');
  });

  describe('in the words of other tools', () => {
    const parts = fc.constantFrom(
      'a',
      'Z',
      '7',
      '-',
      '_',
      '.',
      '@',
      '+',
      '/',
      '=',
      '#',
      '$',
      '%',
      ':',
      '{',
      '}',
      '*',
      '&',
      '|',
      ' ',
      "'",
      '"',
      '\\',
      '\t',
      'ä',
      '\u2028',
      '😀',
      '\u0085',
    );
    const odd = fc.array(parts, {minLength: 1, maxLength: 12}).map(each => each.join(''));
    const given = (change: Partial<Exported>): Exported => ({
      ...{name: 'acme', description: '', connector: 'jira-software', url: 'https://acme.atlassian.net', username},
      ...{scheme: 'basic', route: 'site', accountKind: null, cloudId: null, expiresAt: null, template: null},
      token: new Secret(token),
      ...change,
    });
    const valuesOf = (text: string) =>
      Object.fromEntries(
        text.split('\n').map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
      );

    it('dotenv: what is written is the value itself, or it is refused and nothing is written', () => {
      fc.assert(
        fc.property(odd, secret => {
          const write = () => writers.dotenv(given({token: new Secret(secret)})).text;
          if (/["'\\]|^\s|\s$/.test(secret)) expect(write).toThrow(/docker and systemd/);
          else expect(valuesOf(write())).toMatchObject({JIRA_API_TOKEN: secret, JIRA_USERNAME: username});
        }),
      );
    });

    it('mcp-atlassian: its variables, a PAT under its own name, the gateway as the address', () => {
      expect(valuesOf(writers['mcp-atlassian'](given({})).text)).toEqual({
        JIRA_URL: 'https://acme.atlassian.net',
        JIRA_USERNAME: username,
        JIRA_API_TOKEN: token,
      });
      const pat = given({scheme: 'bearer', url: 'https://jira.acme.example/jira'});
      expect(valuesOf(writers['mcp-atlassian'](pat).text)).toEqual({
        JIRA_URL: 'https://jira.acme.example/jira',
        JIRA_PERSONAL_TOKEN: token,
      });
      const scoped = given({route: 'gateway', cloudId});
      expect(valuesOf(writers['mcp-atlassian'](scoped).text)).toMatchObject({
        JIRA_URL: `https://api.atlassian.com/ex/jira/${cloudId}`,
      });
    });

    it('kubernetes: a YAML reader finds what was sealed, whatever is in it', () => {
      const secrets = fc.sample(odd, 40);
      const manifests = secrets.map(
        secret => writers.kubernetes(given({name: secret, token: new Secret(secret)})).text,
      );
      const read = 'import sys, json, yaml; print(json.dumps(list(yaml.safe_load_all(sys.stdin.read()))))';
      const {stdout, stderr} = spawnSync('python3', ['-c', read], {input: manifests.join('\n---\n'), encoding: 'utf8'});
      const found: {kind: string; metadata: {name: string}; stringData: Record<string, string>}[] = JSON.parse(
        stdout || stderr,
      );
      expect(found.map(({stringData}) => stringData.JIRA_API_TOKEN)).toEqual(secrets);
      for (const {kind, metadata} of found) {
        expect(kind).toBe('Secret');
        expect(metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
      }
    });

    it('airbyte: by kind of account, and nothing where it cannot sign in', () => {
      expect(JSON.parse(writers.airbyte(given({})).text)).toEqual({
        domain: 'acme.atlassian.net',
        credentials: {auth_type: 'API Token', email: username, api_token: token},
      });
      const service = given({accountKind: 'service', route: 'gateway', cloudId, scheme: 'bearer'});
      expect(JSON.parse(writers.airbyte(service).text).credentials).toEqual({
        auth_type: 'Service Account',
        service_account_token: token,
      });
      expect(() => writers.airbyte(given({scheme: 'bearer'}))).toThrow(/Bearer/);
    });

    it('template: any other tool, the token only where it is asked for', async () => {
      const {stdout} = await exported('template', {}, '--template', '{{x}} U={url} T={token} N={name} C={cloudId};');
      expect(stdout).toBe(`{x} U=https://acme.atlassian.net T=${token} N=acme C=;\n`);
      const run = (...more: string[]) => jirakey(['export', 'acme', ...more], {env: unlocked, terminal: true});
      expect(await run('--template', '{baseUrl}')).toMatchObject({code: 0, stdout: 'https://acme.atlassian.net\n'});
      expect(await run('--template', '{token}')).toMatchObject({code: 2, stdout: ''});
      expect(await run('--template', '{tokn}')).toMatchObject({code: 2, stderr: expect.stringContaining('{tokn}')});
      expect(await run('--format', 'template')).toMatchObject({code: 2});
      expect(await run('--format', 'env', '--template', 'x')).toMatchObject({code: 2});
    });

    it('nexla-form: the gateway’s address in a second line, and what is not known about it', async () => {
      const {stdout, stderr} = await exported('nexla-form', {route: 'gateway', cloudId});
      expect(stdout.match(/^JIRA Software URL: .*$/gm)).toEqual([
        'JIRA Software URL: https://acme.atlassian.net',
        `JIRA Software URL: https://api.atlassian.com/ex/jira/${cloudId}`,
      ]);
      expect(stderr).toMatch(/unconfirmed/);
      expect(stderr).toMatch(/IP allowlist/);
    });
  });
});
