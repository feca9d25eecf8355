/** The package for Debian, installed into a root of its own: what it brings works there, and goes with it. */
import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {folder} from '../support/program.ts';

const root = resolve(import.meta.dirname, '../..');
const can = spawnSync('dpkg-deb', ['--version']).status === 0 && spawnSync('dpkg', ['--version']).status === 0;

describe.skipIf(!can)('the package for Debian (skipped without dpkg)', () => {
  let place: ReturnType<typeof folder>;
  let deb = '';
  let installed = '';
  const dpkg = (...args: string[]) =>
    spawnSync(
      'dpkg',
      [
        '--root',
        installed,
        '--force-not-root',
        '--force-depends',
        '--log=/dev/null',
        '--force-script-chrootless',
        ...args,
      ],
      {encoding: 'utf8'},
    );
  beforeAll(() => {
    place = folder();
    deb = execFileSync(process.execPath, ['build/deb.mjs', place.path], {cwd: root, encoding: 'utf8'}).trim();
    installed = join(place.path, 'root');
    for (const each of ['var/lib/dpkg/info', 'var/lib/dpkg/updates'])
      mkdirSync(join(installed, each), {recursive: true});
    writeFileSync(join(installed, 'var/lib/dpkg/status'), '');
  }, 120_000);
  afterAll(() => place.remove());

  it('says what it needs, and belongs to root', () => {
    const field = (name: string) => execFileSync('dpkg-deb', ['--field', deb, name], {encoding: 'utf8'}).trim();
    expect(field('Depends')).toBe('nodejs (>= 20.19)');
    expect(Number(field('Installed-Size'))).toBeGreaterThan(500);
    const list = execFileSync('dpkg-deb', ['--contents', deb], {encoding: 'utf8'}).trim().split('\n');
    expect(list.filter(line => !/^\S+ root\/root /.test(line))).toEqual([]);
    expect(list.filter(line => !/ \.\/(?:usr\/.*)?$/.test(line))).toEqual([]);
  });

  it('is installed, runs, has its manual and completions, and leaves nothing when it is removed', () => {
    const done = dpkg('--install', deb);
    expect(done.status, done.stderr).toBe(0);
    const program = join(installed, 'usr/lib/jirakey/jirakey.js');
    expect(execFileSync(process.execPath, [program, '--version'], {encoding: 'utf8'})).toMatch(/^jirakey \d/);
    const tested = spawnSync(process.execPath, [program, 'practice', '--no-input', '--json'], {
      encoding: 'utf8',
      env: {PATH: process.env.PATH, HOME: place.path},
    });
    expect(JSON.parse(tested.stdout)).toMatchObject({outcome: 'passed'});
    expect(execFileSync('sh', ['-n', join(installed, 'usr/bin/jirakey')], {encoding: 'utf8'})).toBe('');
    for (const page of ['man1/jirakey.1.gz', 'man5/jirakey-store.5.gz'])
      expect(execFileSync('gzip', ['-dc', join(installed, 'usr/share/man', page)], {encoding: 'utf8'})).toMatch(
        /^\.TH JIRAKEY/,
      );
    for (const path of [
      'bash-completion/completions/jirakey',
      'zsh/vendor-completions/_jirakey',
      'fish/vendor_completions.d/jirakey.fish',
    ])
      expect(existsSync(join(installed, 'usr/share', path)), path).toBe(true);
    const gone = dpkg('--purge', 'jirakey');
    expect(gone.status, gone.stderr).toBe(0);
    const left = readdirSync(installed, {recursive: true, encoding: 'utf8'}).filter(path => path.includes('jirakey'));
    expect(left).toEqual([]);
  });
});
