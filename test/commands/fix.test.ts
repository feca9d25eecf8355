/** `doctor --fix`: what it mends, what it asks about, and what it leaves alone. */
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {acquire} from '../../source/store/lock.ts';
import type {Repaired} from '../../source/store/store.ts';
import {bench} from './bench.ts';

const {jirakey, save, store, directory, file} = bench();
const isRoot = process.geteuid?.() === 0;
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const names = (): string[] => readdirSync(directory()).sort();

async function fix(...more: string[]): Promise<{code: number; ok: boolean; fixes: Repaired[]; text: string}> {
  const {code, stdout, stderr} = await jirakey(['doctor', '--fix', '--json', ...more]);
  expect(stderr).toBe('');
  const {ok, fixes} = JSON.parse(stdout);
  return {code, ok, fixes, text: JSON.stringify(fixes)};
}
const summary = (fixes: readonly Repaired[]): string[] => fixes.map(({id, state}) => `${id} ${state}`);

describe('nothing to mend', () => {
  it('is said, where there is a store and where there is none', async () => {
    expect(await fix()).toMatchObject({code: 0, ok: true, fixes: []});
    expect(existsSync(directory())).toBe(false);
    await save();
    expect(await fix('--yes')).toMatchObject({code: 0, ok: true, fixes: []});
    expect((await jirakey(['doctor', '--fix'])).stdout).toContain('Repaired: nothing needed it.');
    expect((await jirakey(['doctor', '--yes'])).code).toBe(2);
  });
});

describe('what others may read', () => {
  it('is closed: folder, file, backup, and what was kept aside', async () => {
    await save();
    await save({name: 'two'});
    writeFileSync(`${store().path}.damaged-20260101T000000Z`, 'old', {mode: 0o644});
    chmodSync(directory(), 0o755);
    for (const name of names()) chmodSync(join(directory(), name), 0o644);
    const before = await jirakey(['doctor']);
    expect(before.stdout).toContain('To repair it: jirakey doctor --fix');
    expect(before.stdout).toMatch(/config\.json\.bak[\s\S]*mode 0644/);
    const {code, fixes, text} = await fix();
    expect(code).toBe(0);
    expect(summary(fixes)).toEqual(['modes repaired', 'modes repaired', 'modes repaired', 'modes repaired']);
    expect(text).toContain('mode 0600, it was 0644');
    expect([mode(directory()), ...names().map(name => mode(join(directory(), name)))]).toEqual([
      ...['700', '600', '600', '600'],
    ]);
    expect((await jirakey(['doctor'])).stdout).not.toContain('--fix');
  });
});

describe('what others may write', () => {
  it('is left until somebody agrees, and says what to check first', async () => {
    await save();
    chmodSync(store().path, 0o666);
    const asked = await fix();
    expect(asked).toMatchObject({code: 10, ok: false});
    expect(asked.fixes).toMatchObject([{id: 'modes', state: 'left'}]);
    expect(asked.text).toContain('closing it could hide what was done');
    expect(mode(store().path)).toBe('666');
    const agreed = await fix('--yes');
    expect(agreed).toMatchObject({code: 0, ok: true});
    expect(agreed.fixes[0]?.more.join(' ')).toMatch(
      /Until now others could write here.*jirakey list.*jirakey test --all/,
    );
    expect(mode(store().path)).toBe('600');
  });

  it('the folder too', async () => {
    await save();
    chmodSync(directory(), 0o777);
    expect((await fix()).code).toBe(10);
    expect((await fix('--yes')).code).toBe(0);
    expect(mode(directory())).toBe('700');
  });
});

describe('what cut-off saves left', () => {
  it('goes: temporary files and the lock of a process that is gone', async () => {
    await save();
    const lock = await acquire(`${store().path}.lock`, 0);
    const dead = {...JSON.parse(readFileSync(`${store().path}.lock`, 'utf8')), id: 'feedfacefeedface', started: '1'};
    await lock.release();
    writeFileSync(`${store().path}.lock`, JSON.stringify(dead), {mode: 0o600});
    for (const end of ['.tmp-1-aa', '.bak.tmp-1-bb', '.lock-0011223344556677']) {
      writeFileSync(store().path + end, 'x', {mode: 0o600});
    }
    expect((await jirakey(['doctor'])).stdout).toMatch(/A save that was cut off left[\s\S]*lock of a process/);
    const {code, fixes, text} = await fix();
    expect([code, ...summary(fixes)]).toEqual([0, 'leftovers repaired']);
    expect(text).toContain('config.json.tmp-1-aa');
    expect(names()).toEqual(['config.json']);
  });

  it('stays while a living process holds the lock', async () => {
    await save();
    const lock = await acquire(`${store().path}.lock`, 0);
    const {fixes, text} = await fix('--yes');
    expect(summary(fixes)).toEqual(['leftovers left']);
    expect(text).toContain(`ps -p ${process.pid}`);
    expect(names()).toEqual(['config.json', 'config.json.lock']);
    await lock.release();
  });
});

describe('a damaged or missing file', () => {
  it('gets its backup back when somebody agrees, and the damaged one is kept', async () => {
    await save();
    await save({name: 'two'});
    writeFileSync(store().path, '{"version": 1, "cred');
    const told = await jirakey(['list']);
    expect(told.code).toBe(10);
    expect(told.stderr).toContain('jirakey doctor --fix');
    const asked = await fix();
    expect([asked.code, ...summary(asked.fixes)]).toEqual([10, 'backup left']);
    expect(asked.text).toContain('holds 1 saved credential');
    const agreed = await fix('--yes');
    expect([agreed.code, ...summary(agreed.fixes)]).toEqual([0, 'backup repaired']);
    expect((await store().read()).credentials.map(({name}) => name)).toEqual(['acme']);
    const kept = names().find(name => name.includes('.damaged-')) ?? '';
    expect(readFileSync(join(directory(), kept), 'utf8')).toBe('{"version": 1, "cred');
    expect(agreed.text).toContain(kept);
  });

  it('a missing one as well; every command says so until then', async () => {
    await save();
    await save({name: 'two'});
    rmSync(store().path);
    for (const argv of [['list'], ['token', 'acme']]) {
      expect((await jirakey(argv)).stderr).toMatch(/is missing; its backup holds 1 saved credential.*doctor --fix/);
    }
    expect((await jirakey(['doctor'])).stdout).toMatch(/is missing; its backup\s+holds/);
    expect(summary((await fix('--yes')).fixes)).toEqual(['backup repaired']);
    expect((await jirakey(['list'])).stderr).toBe('');
  });

  it('without a backup is left, with the way on', async () => {
    await save();
    writeFileSync(store().path, 'x');
    rmSync(`${store().path}.bak`, {force: true});
    const {code, fixes, text} = await fix('--yes');
    expect([code, ...summary(fixes)]).toEqual([10, 'backup left']);
    expect(text).toContain('move it aside');
    expect(readFileSync(store().path, 'utf8')).toBe('x');
  });

  it('of a newer jirakey is not damaged, and left', async () => {
    await save();
    await save({name: 'two'});
    writeFileSync(store().path, '{"version": 3}');
    const {code, fixes, text} = await fix('--yes');
    expect([code, ...summary(fixes)]).toEqual([10, 'left-alone left']);
    expect(text).toContain('explain store-newer');
    expect(readFileSync(store().path, 'utf8')).toBe('{"version": 3}');
  });
});

describe('what could be an attack is left alone, with --yes too', () => {
  it('symbolic links beside the file', async () => {
    await save();
    writeFileSync(file('victim'), 'precious', {mode: 0o644});
    symlinkSync(file('victim'), `${store().path}.bak`);
    const {fixes, text} = await fix('--yes');
    expect(summary(fixes)).toEqual(['left-alone left']);
    expect(text).toContain('is a symbolic link');
    expect(mode(file('victim'))).toBe('644');
  });

  it('a link to nothing in the place of the file', async () => {
    await save();
    renameSync(store().path, file('elsewhere'));
    symlinkSync('nowhere', store().path);
    const {code, fixes, text} = await fix('--yes');
    expect([code, ...summary(fixes)]).toEqual([10, 'left-alone left']);
    expect(text).toContain('repairing it could hide what somebody did');
  });

  it('a folder above that others may write', async () => {
    mkdirSync(file('open'));
    chmodSync(file('open'), 0o777);
    const inside = join(file('open'), 'store');
    mkdirSync(inside, {mode: 0o700});
    const {code, fixes, text} = await fix('--yes', '--store', inside);
    expect([code, ...summary(fixes)]).toEqual([0, 'left-alone left']);
    expect(text).toContain('put another folder in the store’s place');
    expect(mode(file('open'))).toBe('777');
  });

  it.skipIf(!isRoot)('files, folders and links of another user (needs root to give them away)', async () => {
    await save();
    chownSync(store().path, 54321, 54321);
    chmodSync(store().path, 0o644);
    const foreign = await fix('--yes');
    expect([foreign.code, ...summary(foreign.fixes)]).toEqual([10, 'left-alone left']);
    expect(foreign.text).toContain('sudo chown 0');
    expect(mode(store().path)).toBe('644');
    chownSync(store().path, 0, 0);
    renameSync(store().path, file('real'));
    symlinkSync(file('real'), store().path);
    lchownSync(store().path, 54321, 54321);
    expect(summary((await fix('--yes')).fixes)).toEqual(['left-alone left']);
    rmSync(store().path);
    chmodSync(directory(), 0o755);
    chownSync(directory(), 54321, 54321);
    const folder = await fix('--yes');
    expect(folder.code).toBe(10);
    expect(new Set(summary(folder.fixes))).toEqual(new Set(['left-alone left']));
    expect(mode(directory())).toBe('755');
  });
});

describe.skipIf(!isRoot)('saving as somebody else than one may think (needs root)', () => {
  const setup = ['setup', '--no-input', '--save-untested', '--name', 'acme', '--url', 'https://acme.atlassian.net'];
  async function saving(env: Record<string, string>, ...more: string[]): Promise<string> {
    writeFileSync(file('token'), 'ATATT3xFfGF0xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', {mode: 0o600});
    writeFileSync(file('phrase'), 'orbit velvet canyon ticket', {mode: 0o600});
    const secrets = ['--username', 'you@acme.com', '--token-file', file('token'), '--passphrase-file', file('phrase')];
    const {code, stderr} = await jirakey([...setup, ...secrets, ...more], {env: {JIRAKEY_STORE: '', ...env}});
    expect(code).toBe(0);
    return stderr;
  }

  it('by sudo is said once', async () => {
    mkdirSync(file('root'), {mode: 0o700});
    const said = await saving({HOME: file('root'), SUDO_UID: '54321'});
    expect(said.match(/This runs by sudo: the store is root’s/g)).toHaveLength(1);
    expect(await jirakey(['list'], {env: {JIRAKEY_STORE: '', HOME: file('root'), SUDO_UID: '54321'}})).toMatchObject({
      stderr: '',
    });
  });

  it('in another’s home is said once, also when root has saved there before', async () => {
    mkdirSync(file('home'), {mode: 0o700});
    chownSync(file('home'), 54321, 54321);
    const env = {HOME: file('home')};
    expect((await saving(env)).match(/You are root, but .*home belongs to user 54321/g)).toHaveLength(1);
    const {stdout} = await jirakey(['doctor', '--json'], {env: {JIRAKEY_STORE: '', ...env}});
    expect(stdout).toContain('belongs to user 54321');
    const {stderr} = await jirakey(['remove', 'acme', '--yes'], {env: {JIRAKEY_STORE: '', ...env}});
    expect(stderr).toContain('belongs to user 54321');
  });

  it('as oneself is not', async () => {
    mkdirSync(file('own'), {mode: 0o700});
    expect(await saving({HOME: file('own')})).not.toContain('Warning');
  });
});
