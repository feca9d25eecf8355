import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {UsageFault} from '../../source/domain/fault.ts';
import {openUnlockCache} from '../../source/unlock-cache/unlock-cache.ts';
import {makeStoreKey, sameKey} from '../../source/vault/store-key.ts';
import {folder} from '../support/program.ts';
import {hasRuntime, runtimeFolder} from '../support/runtime.ts';

let runtime: ReturnType<typeof runtimeFolder>;
let now: number;
let up: number;
let boot: string | null;
beforeEach(() => {
  if (!hasRuntime) return;
  runtime = runtimeFolder();
  now = Date.parse('2026-11-24T10:00:00Z');
  up = 5000;
  boot = 'boot-1';
});
afterEach(() => runtime?.remove());

const memory = (env: Record<string, string> = {XDG_RUNTIME_DIR: runtime.path}) =>
  openUnlockCache(env, () => new Date(now), {uptime: () => up, bootId: () => boot});
const files = (): string[] => readdirSync(join(runtime.path, 'jirakey'));
const only = (): string => join(runtime.path, 'jirakey', files()[0] ?? '');

/** As time passes: both clocks go on. */
const pass = (minutes: number): void => {
  now += minutes * 60_000;
  up += minutes * 60;
};

describe.skipIf(!hasRuntime)('what is remembered', () => {
  it('is the key that was kept, again and again, until its time; then it is gone from the folder', async () => {
    const key = await makeStoreKey();
    const until = await memory().keep(key, 30);
    expect(until.toISOString()).toBe('2026-11-24T10:30:00.000Z');
    for (const step of [0, 10, 19]) {
      pass(step);
      const found = await memory().find(key.id);
      expect(found?.until).toEqual(until);
      expect(found !== null && sameKey(found.key, key)).toBe(true);
    }
    pass(1);
    expect(await memory().find(key.id)).toBeNull();
    expect(files()).toEqual([]);
  });

  it('is of one store', async () => {
    const [one, other] = [await makeStoreKey(), await makeStoreKey()];
    await memory().keep(one, 30);
    expect(await memory().find(other.id)).toBeNull();
    expect(await memory().find(one.id)).not.toBeNull();
  });

  it('lies in a file of mode 0600 in a folder of mode 0700', async () => {
    await memory().keep(await makeStoreKey(), 30);
    expect(lstatSync(only()).mode & 0o777).toBe(0o600);
    expect(lstatSync(join(runtime.path, 'jirakey')).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['a clock set back before its beginning', () => (now -= 1)],
    ['a clock set back again and again, as the machine goes on', () => (up += 30 * 60)],
    ['a clock set forward', () => (now += 30 * 60_000)],
    ['another start of the machine', () => (boot = 'boot-2')],
    ['a machine that tells its start no more', () => (boot = null)],
    ['a machine that runs for less long than it did', () => (up -= 1)],
  ])('ends by %s', async (_, change) => {
    const key = await makeStoreKey();
    await memory().keep(key, 30);
    change();
    expect(await memory().find(key.id)).toBeNull();
    expect(files()).toEqual([]);
  });

  it.each([
    ['readable by others', (path: string) => chmodSync(path, 0o640)],
    ['with a second name', (path: string) => linkSync(path, join(runtime.path, 'second'))],
    ['no JSON', (path: string) => writeFileSync(path, '{')],
    ['with a field more', (path: string) => writeFileSync(path, readFileSync(path, 'utf8').replace('{', '{"x":1,'))],
    ['far too long', (path: string) => writeFileSync(path, readFileSync(path, 'utf8') + ' '.repeat(5000))],
    [
      'a symbolic link',
      (path: string) => {
        const elsewhere = join(runtime.path, 'elsewhere');
        writeFileSync(elsewhere, readFileSync(path), {mode: 0o600});
        rmSync(path);
        symlinkSync(elsewhere, path);
      },
    ],
    [
      'a folder',
      (path: string) => {
        rmSync(path);
        mkdirSync(path);
      },
    ],
  ])('is not used and removed when it is %s', async (_, change) => {
    const key = await makeStoreKey();
    await memory().keep(key, 30);
    change(only());
    expect(await memory().find(key.id)).toBeNull();
    expect(files()).toEqual([]);
  });

  it('forgets one store, or all', async () => {
    const [one, other] = [await makeStoreKey(), await makeStoreKey()];
    for (const key of [one, other]) await memory().keep(key, 30);
    await memory().forget(one.id);
    expect(await memory().find(one.id)).toBeNull();
    expect(await memory().find(other.id)).not.toBeNull();
    expect(await memory().forgetAll()).toBe(1);
    expect(files()).toEqual([]);
    expect(await memory().forgetAll()).toBe(0);
  });

  it('forgets also where the folder has become one that is not trusted', async () => {
    const key = await makeStoreKey();
    await memory().keep(key, 30);
    chmodSync(runtime.path, 0o755);
    expect(await memory().find(key.id)).toBeNull();
    expect(await memory().forgetAll()).toBe(1);
  });

  it('removes what a killed writer left, once it has lain there', async () => {
    const key = await makeStoreKey();
    await memory().keep(key, 30);
    const left = join(runtime.path, 'jirakey', 'ab.key.tmp-1-2');
    writeFileSync(left, 'half', {mode: 0o600});
    now = lstatSync(left).mtimeMs;
    await memory().find(key.id);
    expect(readdirSync(join(runtime.path, 'jirakey'))).toContain('ab.key.tmp-1-2');
    now += 61_000;
    await memory().find(key.id);
    expect(readdirSync(join(runtime.path, 'jirakey'))).not.toContain('ab.key.tmp-1-2');
  });
});

describe.skipIf(!hasRuntime)('where it is remembered', () => {
  const reasonOf = async (env: Record<string, string>): Promise<string> => {
    try {
      await memory(env).prove();
    } catch (error) {
      if (!(error instanceof UsageFault)) throw error;
      expect(error.hints.join(' ')).toContain('Leave it away');
      return error.message;
    }
    return 'not refused';
  };

  it.each<[string, RegExp, () => Record<string, string>]>([
    ['not named', /XDG_RUNTIME_DIR is not set/, () => ({})],
    ['empty', /XDG_RUNTIME_DIR is not set/, () => ({XDG_RUNTIME_DIR: ''})],
    ['relative', /no absolute path/, () => ({XDG_RUNTIME_DIR: 'run'})],
    ['missing', /ENOENT/, () => ({XDG_RUNTIME_DIR: join(runtime.path, 'missing')})],
    [
      'open to others',
      /mode 0755, not 0700/,
      () => {
        chmodSync(runtime.path, 0o755);
        return {XDG_RUNTIME_DIR: runtime.path};
      },
    ],
    [
      'a symbolic link',
      /symbolic link/,
      () => {
        mkdirSync(join(runtime.path, 'real'), {mode: 0o700});
        symlinkSync(join(runtime.path, 'real'), join(runtime.path, 'link'));
        return {XDG_RUNTIME_DIR: join(runtime.path, 'link')};
      },
    ],
    [
      'a folder whose jirakey is a link elsewhere',
      /jirakey is a symbolic link/,
      () => {
        mkdirSync(join(runtime.path, 'real'), {mode: 0o700});
        symlinkSync(join(runtime.path, 'real'), join(runtime.path, 'jirakey'));
        return {XDG_RUNTIME_DIR: runtime.path};
      },
    ],
    [
      'a file',
      /no folder/,
      () => {
        writeFileSync(join(runtime.path, 'file'), '');
        return {XDG_RUNTIME_DIR: join(runtime.path, 'file')};
      },
    ],
  ])('is refused where the folder is %s', async (_, said, make) => {
    const env = make();
    expect(await reasonOf(env)).toMatch(said);
    expect(await memory(env).find((await makeStoreKey()).id)).toBeNull();
    expect(await memory(env).forgetAll()).toBe(0);
  });

  it('is refused on a disk', async ({skip}) => {
    const disk = folder();
    try {
      const said = await reasonOf({XDG_RUNTIME_DIR: disk.path});
      // Some machines have all temporary files in memory.
      if (said === 'not refused') skip();
      expect(said).toMatch(/on a disk, not in memory/);
    } finally {
      disk.remove();
    }
  });

  it.skipIf(process.geteuid?.() !== 0)('is refused where the folder is another user’s', async () => {
    const {chownSync} = await import('node:fs');
    chownSync(runtime.path, 12345, 12345);
    expect(await reasonOf({XDG_RUNTIME_DIR: runtime.path})).toMatch(/belongs to user 12345/);
  });

  it('is refused where one start of the machine looks like the next', async () => {
    boot = null;
    expect(await reasonOf({XDG_RUNTIME_DIR: runtime.path})).toMatch(/one start of the machine/);
  });
});
