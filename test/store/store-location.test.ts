import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {homedir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {openStore, type Store, storeDirectory} from '../../source/store/store.ts';
import {faultOf, saved, temporaryFolder} from './samples.ts';

let place: ReturnType<typeof temporaryFolder>;
let directory = '';
let store: Store;
beforeEach(async () => {
  place = temporaryFolder();
  directory = join(place.folder, 'store');
  store = openStore(directory);
  await store.save(saved('one'));
});
afterEach(() => place.remove());

const isRoot = process.geteuid?.() === 0;
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

async function expectUnsafe(path: string, facts: Readonly<Record<string, unknown>>): Promise<void> {
  for (const action of [() => store.read(), () => store.save(saved('two')), () => store.restoreBackup()]) {
    const fault = await faultOf(action());
    expect(fault).toMatchObject({code: 'store-unsafe', problem: {path, ...facts}});
  }
  expect(await store.check()).toMatchObject({writable: false, fault: {code: 'store-unsafe'}});
}

describe('the folder', () => {
  test.each([
    [{JIRAKEY_STORE: '/srv/keys', XDG_CONFIG_HOME: '/x', HOME: '/home/you'}, '/srv/keys'],
    [{JIRAKEY_STORE: 'keys', HOME: '/home/you'}, resolve('keys')],
    [{JIRAKEY_STORE: '', XDG_CONFIG_HOME: '/x', HOME: '/home/you'}, '/x/jirakey'],
    [{XDG_CONFIG_HOME: 'relative', HOME: '/home/you'}, '/home/you/.config/jirakey'],
    [{XDG_CONFIG_HOME: '', HOME: '/home/you'}, '/home/you/.config/jirakey'],
    [{}, join(homedir(), '.config', 'jirakey')],
    // Never the folder one happens to stand in.
    [{HOME: ''}, join(homedir(), '.config', 'jirakey')],
    [{HOME: 'somewhere'}, join(homedir(), '.config', 'jirakey')],
  ])('of %o is %s', (env, expected) => {
    expect(storeDirectory(env, 'linux')).toBe(expected);
  });

  test('is where the platform keeps such things', () => {
    expect(storeDirectory({HOME: '/Users/you'}, 'darwin')).toBe('/Users/you/Library/Preferences/jirakey');
    expect(storeDirectory({APPDATA: '/roaming'}, 'win32')).toBe('/roaming/jirakey/Config');
  });
});

describe.skipIf(process.platform === 'win32')('modes', () => {
  test.each([0o620, 0o602, 0o666])('a file others may write (%o) is refused, with the cure', async bits => {
    chmodSync(store.path, bits);
    await expectUnsafe(store.path, {
      mode: `0${bits.toString(8)}`,
      owner: isRoot ? 'root' : 'you',
      cure: `chmod 600 ${store.path}`,
    });
    expect(mode(store.path)).toBe(bits.toString(8));
  });

  test.each([0o770, 0o707, 0o777])('a folder others may write (%o) is refused, with the cure', async bits => {
    chmodSync(directory, bits);
    await expectUnsafe(directory, {mode: `0${bits.toString(8)}`, cure: `chmod 700 ${directory}`});
  });

  test('what others may only read is told and repaired by the next save', async () => {
    chmodSync(store.path, 0o644);
    chmodSync(directory, 0o755);
    const check = await store.check();
    expect(check).toMatchObject({exists: true, writable: true, private: false, fault: null});
    expect(check.notices).toEqual([expect.stringMatching(/mode 0755.*0700/), expect.stringMatching(/mode 0644.*0600/)]);
    await store.save(saved('two'));
    expect([mode(directory), mode(store.path), mode(`${store.path}.bak`)]).toEqual(['700', '600', '600']);
    expect(await store.check()).toMatchObject({private: true, notices: []});
  });
});

describe.skipIf(!isRoot)('owners (needs root to give files away)', () => {
  test('a file of another user is refused', async () => {
    chownSync(store.path, 54321, 54321);
    await expectUnsafe(store.path, {uid: 54321, owner: 'user 54321', cure: `sudo chown 0 ${store.path}`});
  });

  test('a folder of another user is refused', async () => {
    chownSync(directory, 54321, 54321);
    await expectUnsafe(directory, {uid: 54321});
  });

  test('a link of another user is refused, though its target is ours', async () => {
    renameSync(store.path, join(directory, 'real.json'));
    symlinkSync('real.json', store.path);
    lchownSync(store.path, 54321, 54321);
    await expectUnsafe(store.path, {owner: 'user 54321'});
  });

  test('root in somebody else’s home is told so', async () => {
    chownSync(place.folder, 54321, 54321);
    const check = await openStore(join(place.folder, 'new')).check();
    expect(check).toMatchObject({fault: null, exists: false});
    expect(check.notices).toEqual([expect.stringContaining('belongs to user 54321')]);
  });
});

describe.skipIf(process.platform === 'win32')('symbolic links', () => {
  test('of ours to a file of ours are followed and kept', async () => {
    const elsewhere = join(place.folder, 'dotfiles');
    mkdirSync(elsewhere, {mode: 0o755});
    renameSync(store.path, join(elsewhere, 'jirakey.json'));
    symlinkSync(join(elsewhere, 'jirakey.json'), store.path);
    await store.save(saved('two'));
    expect(lstatSync(store.path).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(elsewhere, 'jirakey.json'), 'utf8')).toContain('"two"');
    expect((await store.read()).credentials).toHaveLength(2);
    expect([mode(elsewhere), mode(directory)]).toEqual(['755', '700']);
  });

  test('to a folder of ours are followed', async () => {
    const link = join(place.folder, 'link');
    symlinkSync(directory, link);
    await openStore(link).save(saved('two'));
    expect((await store.read()).credentials).toHaveLength(2);
  });

  test('into a folder others may write are refused', async () => {
    const elsewhere = join(place.folder, 'shared');
    mkdirSync(elsewhere);
    chmodSync(elsewhere, 0o777);
    renameSync(store.path, join(elsewhere, 'config.json'));
    symlinkSync(join(elsewhere, 'config.json'), store.path);
    await expectUnsafe(elsewhere, {mode: '0777'});
  });

  test('to nothing, to a device and to themselves are refused', async () => {
    renameSync(store.path, join(directory, 'gone'));
    symlinkSync('nowhere', store.path);
    await expectUnsafe(store.path, {problem: 'is a symbolic link to nothing'});
    renameSync(store.path, join(directory, 'gone-too'));
    symlinkSync('/dev/zero', store.path);
    await expectUnsafe(store.path, {problem: 'is not a file'});
    renameSync(store.path, join(directory, 'gone-as-well'));
    symlinkSync('config.json', store.path);
    expect(await faultOf(store.read())).toMatchObject({code: 'store-unwritable', problem: {errno: 'ELOOP'}});
  });

  test('planted where a temporary file or the backup goes are not written through', async () => {
    const victim = join(place.folder, 'victim');
    writeFileSync(victim, 'precious');
    symlinkSync(victim, `${store.path}.bak`);
    symlinkSync(victim, `${store.path}.tmp-1-aa`);
    await store.save(saved('two'));
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(lstatSync(`${store.path}.bak`).isSymbolicLink()).toBe(false);
  });
});

test('a file where the folder should be is refused', async () => {
  writeFileSync(join(place.folder, 'plain'), '');
  expect((await faultOf(openStore(join(place.folder, 'plain')).read())).code).toBe('store-unsafe');
  const below = openStore(join(place.folder, 'plain', 'store'));
  expect(await faultOf(below.save(saved('one')))).toMatchObject({
    code: 'store-unwritable',
    problem: {errno: 'ENOTDIR'},
  });
  expect(await below.check()).toMatchObject({writable: false, fault: {code: 'store-unwritable'}});
});
