/** Command lines that are printed: what each repeats of its run, and that a shell reads back what was meant. */
import {spawnSync} from 'node:child_process';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {commandLine, plainRun, type RunSettings} from '../../source/domain/command-line.ts';

const elsewhere: RunSettings = {
  store: '/srv/my store',
  connection: [
    ['--ca-file', '/etc/acme.pem'],
    ['--proxy', ''],
  ],
};

describe('a printed command', () => {
  it.each([
    [commandLine(plainRun, ''), 'jirakey'],
    [commandLine(plainRun, 'test', {name: 'my jira'}), "jirakey test 'my jira'"],
    [commandLine(elsewhere, 'list'), "jirakey list --store '/srv/my store'"],
    [commandLine(elsewhere, ''), "jirakey --ca-file /etc/acme.pem --proxy '' --store '/srv/my store'"],
    [
      commandLine(elsewhere, 'test', {name: 'acme', raw: ['--ca-file "$CA"']}),
      "jirakey test acme --ca-file \"$CA\" --proxy '' --store '/srv/my store'",
    ],
    [
      commandLine(elsewhere, 'exec', {name: 'acme', rest: ['sh', '-c', 'id; date']}),
      "jirakey exec acme --store '/srv/my store' -- sh -c 'id; date'",
    ],
    [
      commandLine({...plainRun, store: '/s'}, 'rotate', {name: '-x', options: ['--lost-passphrase']}),
      'jirakey rotate --lost-passphrase --store /s -- -x',
    ],
    [commandLine(elsewhere, 'explain'), 'jirakey explain'],
    [commandLine({...plainRun, connection: [['--timeout', '60']]}, 'doctor'), 'jirakey doctor'],
  ])('%s', (printed, meant) => {
    expect(printed).toBe(meant);
  });

  it('every word reaches the program as it is', () => {
    const word = fc.string({minLength: 1, unit: 'binary'}).filter(text => !/\u0000|\p{Cs}/u.test(text));
    const cases = fc.sample(fc.tuple(word, word, word), 60);
    for (const [name, option, store] of cases) {
      const line = commandLine({store: `/${store}`, connection: []}, 'test', {name, options: ['--url', option]});
      const shell = spawnSync('sh', ['-c', line.replace(/^jirakey/, 'printf "%s\\0"')], {encoding: 'utf8'});
      const words = shell.stdout.split('\0').slice(0, -1);
      const named = name.startsWith('-')
        ? ['test', '--url', option, '--store', `/${store}`, '--', name]
        : ['test', name, '--url', option, '--store', `/${store}`];
      expect(words).toEqual(named);
    }
  });
});
