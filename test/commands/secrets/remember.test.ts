/** `--remember MINUTES`: one unlock, then commands without any source of the passphrase, until its end. */
import {execFileSync} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {choose, filesBelow} from '../../e2e/jirakey.ts';
import {program as builtProgram} from '../../support/build.ts';
import {cloudJira, syntheticToken} from '../../support/jira.ts';
import {type Served, serve} from '../../support/lab/serve.ts';
import {hasKeyring, hasRuntime, runtimeFolder} from '../../support/runtime.ts';
import {type Pty, startInPty, stopPtys} from '../../support/terminal/pty.ts';
import {bench, passphrase, unlocked, username} from '../bench.ts';

const {token, jirakey, program, save, store, directory, file} = bench();
let runtime: ReturnType<typeof runtimeFolder>;
const servers: Served[] = [];
beforeEach(() => {
  if (hasRuntime) runtime = runtimeFolder();
});
afterEach(async () => {
  runtime?.remove();
  await Promise.all(servers.splice(0).map(server => server.close()));
});

/** Without keyctl on its PATH the program keeps what it remembers in a file, as it does in most containers. */
const env = (more: Record<string, string> = {}) => ({XDG_RUNTIME_DIR: runtime.path, PATH: withoutKeyctl(), ...more});
function withoutKeyctl(): string {
  const folder = file('bin');
  if (!existsSync(folder)) {
    mkdirSync(folder);
    symlinkSync('/bin/true', join(folder, 'true'));
  }
  return folder;
}
const keys = (): string[] => {
  const folder = join(runtime.path, 'jirakey');
  return existsSync(folder) ? readdirSync(folder) : [];
};
const at = (time: string) => () => new Date(`2026-11-24T${time}Z`);
const remember = (minutes = '30', now = at('10:00:00')) =>
  jirakey(['token', 'acme', '--remember', minutes], {env: env(unlocked), now});
const plain = (now = at('10:05:00'), argv = ['token', 'acme']) => jirakey(argv, {env: env(), now});

describe.skipIf(!hasRuntime)('--remember', () => {
  it('unlocks once; then a pipe gets the token without any source of the passphrase', async () => {
    await save();
    const first = await program(['token', 'acme', '--remember', '1', '--passphrase-stdin'], {
      env: env(),
      stdin: passphrase,
    });
    expect(first).toMatchObject({code: 0, stdout: `${token}\n`});
    expect(first.stderr).toMatch(
      /No passphrase is needed for one minute, until \d\d:\d\d\. To end it sooner:\njirakey passphrase --remember 0/,
    );
    const second = await program(['token', 'acme'], {env: env()});
    expect(second).toMatchObject({code: 0, stdout: `${token}\n`, stderr: ''});
    for (const [path, text] of await filesBelow(runtime.path)) {
      for (const hidden of [passphrase, token.slice(0, 20), token.slice(-20), username]) {
        expect(text, path).not.toContain(hidden);
        expect(text, path).not.toContain(Buffer.from(hidden).toString('base64').replace(/=+$/, ''));
        expect(text, path).not.toContain(Buffer.from(hidden).toString('hex'));
      }
    }
    const forgot = await program(['passphrase', '--remember', '0'], {env: env()});
    expect(forgot).toMatchObject({code: 0, stdout: ''});
    expect(forgot.stderr).toContain('forgotten');
    expect((await program(['token', 'acme'], {env: env()})).code).toBe(2);
  });

  it('holds to its end and not longer, and using it does not lengthen it', async () => {
    await save();
    await remember();
    for (const time of ['10:00:00', '10:20:00', '10:29:59']) expect((await plain(at(time))).code).toBe(0);
    const over = await plain(at('10:30:00'));
    expect(over).toMatchObject({code: 2, stdout: ''});
    expect(over.stderr).toContain('--passphrase-file');
    expect(keys()).toEqual([]);
  });

  it('ends when the clock is set back', async () => {
    await save();
    await remember();
    expect((await plain(at('09:59:59'))).code).toBe(2);
    expect((await plain()).code).toBe(2);
  });

  it('opens the store, so every credential in it', async () => {
    await save();
    await save({name: 'other'});
    await remember();
    expect((await plain()).code).toBe(0);
    expect((await plain(at('10:05:00'), ['token', 'other'])).code).toBe(0);
    expect(keys()).toHaveLength(1);
  });

  it('test --all remembers all', async () => {
    const server = await serve(cloudJira({username, token}));
    servers.push(server);
    await save({url: server.url});
    await save({name: 'other', url: server.url});
    const all = await jirakey(['test', '--all', '--remember', '30'], {env: env(unlocked), now: at('10:00:00')});
    expect(all.code, all.stderr).toBe(0);
    expect(all.stderr.match(/No passphrase is needed/g)).toHaveLength(1);
    expect(keys()).toHaveLength(1);
    expect((await plain(at('10:05:00'), ['test', '--all'])).code).toBe(0);
    expect((await plain(at('10:05:00'), ['export', 'other', '--format', 'env'])).code).toBe(0);
    expect((await plain(at('10:05:00'), ['exec', 'other', '--', 'true'])).code).toBe(0);
    const report = await plain(at('10:05:00'), ['report', 'other']);
    expect(report.stdout).toContain('searched for the token (also');
  });

  it('still tells a store that was changed', async () => {
    const saved = await save();
    await remember();
    await store().save({...saved, url: 'https://evil.example'}, {replace: true});
    const changed = await plain();
    expect([changed.code, changed.stdout]).toEqual([10, '']);
    expect(changed.stderr).toContain('store-changed');
  });

  it('goes behind a source of the passphrase', async () => {
    await save();
    await remember();
    const wrong = await jirakey(['token', 'acme'], {
      env: env({JIRAKEY_PASSPHRASE: 'another one'}),
      now: at('10:05:00'),
    });
    expect(wrong.code).toBe(10);
    expect((await plain()).code).toBe(0);
  });

  it('only the passphrase lengthens it; a shorter time shortens it', async () => {
    await save();
    await remember('30');
    const longer = await jirakey(['token', 'acme', '--remember', '90'], {env: env(), now: at('10:10:00')});
    expect(longer.code).toBe(0);
    expect(longer.stderr).toContain('only the passphrase makes that longer');
    expect((await plain(at('10:30:00'))).code).toBe(2);
    await remember('30');
    await jirakey(['token', 'acme', '--remember', '5'], {env: env(), now: at('10:10:00')});
    expect((await plain(at('10:14:59'))).code).toBe(0);
    expect((await plain(at('10:15:00'))).code).toBe(2);
  });

  it('--remember 0 forgets before the command asks for its passphrase', async () => {
    await save();
    await remember();
    const zero = await jirakey(['token', 'acme', '--remember', '0'], {env: env(), now: at('10:05:00')});
    expect([zero.code, zero.stdout]).toEqual([2, '']);
    expect(zero.stderr).toContain('forgotten');
    expect(keys()).toEqual([]);
    await remember();
    const given = await jirakey(['token', 'acme', '--remember', '0'], {env: env(unlocked), now: at('10:05:00')});
    expect(given).toMatchObject({code: 0, stdout: `${token}\n`});
    expect(keys()).toEqual([]);
  });

  it('a new passphrase forgets, a removed credential does not', async () => {
    await save();
    await save({name: 'other'});
    await remember();
    await plain(at('10:05:00'), ['remove', 'acme', '--yes']);
    expect((await plain(at('10:06:00'), ['token', 'other'])).code).toBe(0);
    writeFileSync(file('new'), 'violet harbour mitten plankton', {mode: 0o600});
    const changed = await jirakey(['passphrase', '--new-passphrase-file', file('new')], {env: env(unlocked)});
    expect(changed.code).toBe(0);
    expect(keys()).toEqual([]);
  });

  it('rotate goes by it as well, and what it sealed is opened by it', async () => {
    const fresh = syntheticToken();
    const server = await serve(cloudJira({username, token: fresh}));
    servers.push(server);
    await save({url: server.url});
    await remember();
    const before = keys();
    const rotated = await jirakey(['rotate', 'acme'], {env: env({JIRA_API_TOKEN: fresh}), now: at('10:05:00')});
    expect(rotated.code, rotated.stderr).toBe(0);
    expect(keys()).toEqual(before);
    expect((await plain(at('10:20:00'))).stdout).toBe(`${fresh}\n`);
  });

  it.each(['721', '-1', '1.5', 'x', '', '00001', '1e2'])('%j is no number of minutes', async minutes => {
    await save();
    const {code, stdout} = await jirakey(['token', 'acme', `--remember=${minutes}`], {env: env(unlocked)});
    expect([code, stdout]).toEqual([2, '']);
  });

  it('is refused before anything is asked where there is no place for it', async () => {
    await save();
    chmodSync(runtime.path, 0o750);
    const {code, stdout, stderr} = await remember();
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('has mode 0750, not 0700');
    expect(stderr).toContain('Leave it away');
    const none = await jirakey(['token', 'acme', '--remember', '30'], {
      env: {...unlocked, PATH: withoutKeyctl()},
    });
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('XDG_RUNTIME_DIR is not set');
    expect((await jirakey(['token', 'acme'], {env: unlocked})).code).toBe(0);
  });

  it('makes no sense without a saved credential, nor while the passphrase is changed', async () => {
    await save();
    const adHoc = ['test', '--url', 'acme.atlassian.net', '--username', username, '--remember', '5'];
    expect((await jirakey(adHoc, {env: env({JIRA_API_TOKEN: token})})).code).toBe(2);
    const change = await jirakey(['passphrase', '--remember', '5'], {env: env(unlocked)});
    expect([change.code, change.stderr.includes('--remember 0')]).toEqual([2, true]);
  });
});

describe.skipIf(!hasKeyring)('--remember where the kernel keeps keys', () => {
  const PATH = process.env.PATH ?? '';
  const storeId = async (): Promise<string> => (await store().read()).ring?.id ?? '';
  const keyctl = (...args: string[]): string => execFileSync('keyctl', args, {encoding: 'utf8'}).trim();

  it('keeps them there and nowhere else, for this user and this time', async () => {
    await save();
    const first = await program(['token', 'acme', '--remember', '2', '--passphrase-stdin'], {
      env: {PATH},
      stdin: passphrase,
    });
    expect(first.code, first.stderr).toBe(0);
    const id = await storeId();
    const key = keyctl('search', '@u', 'user', `jirakey:${id}`);
    expect(keyctl('rdescribe', key)).toMatch(/^user;\d+;-?\d+;3f0b0000;jirakey:/);
    expect(keyctl('pipe', key)).not.toContain(passphrase);
    const expiry = /^0*[0-9a-f]+ \S+ +\d+ +(\S+) /m.exec(
      readFileSync('/proc/keys', 'utf8')
        .split('\n')
        .filter(line => line.includes(id))
        .join('\n'),
    )?.[1];
    expect(expiry).toMatch(/^(?:1m|2m|\d+s)$/);
    expect(await program(['token', 'acme'], {env: {PATH}})).toMatchObject({code: 0, stdout: `${token}\n`, stderr: ''});
    expect((await program(['passphrase', '--remember', '0'], {env: {PATH}})).stderr).toContain('forgotten');
    expect(() => keyctl('search', '@u', 'user', `jirakey:${id}`)).toThrow();
    expect((await program(['token', 'acme'], {env: {PATH}})).code).toBe(2);
  });

  it('a keyring that refuses is no obstacle where there is a folder in memory', async () => {
    await save();
    writeFileSync(file('keyctl'), '#!/bin/sh\nexit 1\n', {mode: 0o755});
    const refusing = {...env(unlocked), PATH: join(file('keyctl'), '..')};
    expect((await jirakey(['token', 'acme', '--remember', '5'], {env: refusing})).code).toBe(0);
    expect(keys()).toHaveLength(1);
  });
});

it.skipIf(!hasRuntime)('a keyctl that others may have put there is not given the key', async () => {
  await save();
  const seen = file('seen');
  writeFileSync(file('keyctl'), `#!/bin/sh\necho called >>'${seen}'\nexit 0\n`);
  chmodSync(file('keyctl'), 0o777);
  const {code} = await jirakey(['token', 'acme', '--remember', '5'], {
    env: {...env(unlocked), PATH: join(file('keyctl'), '..')},
  });
  expect([code, existsSync(seen), keys().length]).toEqual([0, false, 1]);
});

describe.skipIf(!hasRuntime)('--remember in a terminal', {timeout: 120_000}, () => {
  const start = (argv: readonly string[], more: Record<string, string> = {}) =>
    startInPty(process.execPath, [builtProgram, ...argv], {
      env: {JIRAKEY_STORE: directory(), ...env(), ...more},
    });
  afterEach(stopPtys);

  async function typePassphrase(pty: Pty): Promise<void> {
    await pty.waitFor('Passphrase');
    pty.write(passphrase);
    await pty.waitFor(`${passphrase.length} characters`);
    pty.write('\r');
  }

  it('asks once; what comes next in the same session is not asked', async () => {
    await save();
    const first = start(['exec', 'acme', '--remember', '720', '--', 'true']);
    await typePassphrase(first);
    expect((await first.exited).code).toBe(0);
    expect(first.scrollback().join(' ')).toMatch(/No passphrase is needed for 720 minutes, until \d\d:\d\d/);
    const second = start(['token', 'acme', '--reveal']);
    expect((await second.exited).code).toBe(0);
    expect(second.transcript()).not.toContain('Passphrase');
    expect(second.transcript()).toContain(token.slice(0, 60));
    const forget = start(['passphrase', '--remember', '0']);
    expect((await forget.exited).code).toBe(0);
    const third = start(['token', 'acme', '--reveal']);
    await typePassphrase(third);
    expect((await third.exited).code).toBe(0);
  });

  it('edit asks, since it seals, and remembers what it leaves behind', async () => {
    await save();
    const pty = start(['edit', 'acme', '--remember', '10']);
    await typePassphrase(pty);
    await pty.waitFor('Test and save');
    await choose(pty, 'Leave');
    expect((await pty.exited).code).toBe(0);
    expect(pty.scrollback().join(' ')).toContain('No passphrase is needed for 10 minutes');
    expect(keys()).toHaveLength(1);
    expect((await program(['token', 'acme'], {env: env()})).stdout).toBe(`${token}\n`);
  });
});
