import {execFileSync, spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {commandNames, commandRow} from '../../source/commands/line/command-table.ts';
import {wordOf} from '../../source/commands/line/options.ts';
import {program} from '../support/build.ts';
import {bench} from './bench.ts';

const {jirakey, save, directory, file} = bench();
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

async function script(shell: string): Promise<string> {
  const {code, stdout} = await jirakey(['completion', shell]);
  expect(code).toBe(0);
  const path = file(`completion.${shell}`);
  writeFileSync(path, stdout);
  return path;
}

/** What bash offers for the words of a command line, the last of which is being typed. */
async function offered(...words: string[]): Promise<string[]> {
  const path = await script('bash');
  const list = words.map(word => `'${word}'`).join(' ');
  const text = execFileSync(
    'bash',
    [
      '--norc',
      '-c',
      `jirakey() { '${process.execPath}' '${program}' "$@"; }
       source '${path}'
       COMP_WORDS=(jirakey ${list}); COMP_CWORD=${words.length}; _jirakey
       printf '%s\\n' "\${COMPREPLY[@]}"`,
    ],
    {encoding: 'utf8', env: {PATH: process.env.PATH, JIRAKEY_STORE: directory()}},
  );
  return text.split('\n').filter(line => line !== '');
}

describe('jirakey completion', () => {
  it.each(['bash', 'zsh', 'fish'])('%s: every command and every option of it is in the script', async shell => {
    const {stdout} = await jirakey(['completion', shell]);
    for (const name of commandNames) {
      expect(stdout).toContain(name);
      for (const option of commandRow(name).options)
        expect(stdout).toContain(shell === 'fish' ? `-l ${wordOf(option)}` : `--${wordOf(option)}`);
    }
  });

  it.each(['bash', 'zsh', 'fish'])('%s reads the script without complaint', async context => {
    if (!has(context)) return;
    const path = await script(context);
    expect(spawnSync(context, ['-n', path], {encoding: 'utf8'})).toMatchObject({status: 0, stderr: ''});
  });

  describe.skipIf(!has('bash'))('in bash (skipped where there is none)', () => {
    it('offers commands, options, values and saved names', async () => {
      await save();
      await save({name: 'acme two'});
      expect(await offered('')).toEqual(expect.arrayContaining([...commandNames]));
      expect(await offered('ro')).toEqual(['rotate']);
      expect(await offered('export', 'acme', '--for')).toEqual(['--format']);
      expect(await offered('export', 'acme', '--format', 'nexla-')).toEqual(['nexla-form', 'nexla-cli']);
      // A flag of exec, elsewhere a word before a path.
      expect(await offered('exec', '--token-file', 'ac')).toContain('acme');
      expect(await offered('help', 'e')).toEqual(['edit', 'exec', 'export', 'explain', 'environment', 'exit-codes']);
      expect(await offered('test', '--all', '--format', '')).toEqual(['prometheus', 'nagios']);
      expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
      expect(await offered('show', 'ac')).toContain('acme');
      expect(await offered('explain', 'certificate-unt')).toEqual(['certificate-untrusted']);
    });

    it('offers names with spaces so that they are one word', async () => {
      await save({name: 'acme two'});
      expect(await offered('show', 'ac')).toEqual(['acme\\ two']);
    });
  });

  it('knows its shells', async () => {
    const {code, stderr} = await jirakey(['completion', 'tcsh']);
    expect(code).toBe(2);
    expect(stderr).toContain('bash, zsh, fish');
  });
});
