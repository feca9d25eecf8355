/** Every command with --json prints exactly one document, whatever happens. */
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {type CommandName, commandNames} from '../../source/commands/line/command-table.ts';
import {main} from '../../source/commands/main.ts';
import {failureCodes} from '../../source/diagnosis/codes.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {type Served, serve} from '../support/lab/serve.ts';
import {fakeWorld} from '../support/world.ts';
import {bench, passphrase, username} from './bench.ts';

const {token, directory, save, file} = bench();
const servers: Served[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()));
});

type Given = Readonly<{name: string; url: string; token: string; file: (name: string) => string}>;

/** What each command is given. Commands without a document of their own print none where all is well. */
const lines: Readonly<Record<CommandName, (given: Given) => readonly (readonly string[])[]>> = {
  setup: ({url}) => [['setup', '--no-input', '--name', 'new', '--url', url, '--username', username]],
  test: ({name}) => [
    ['test', name],
    ['test', '--all'],
  ],
  list: () => [['list']],
  show: ({name}) => [['show', name]],
  edit: ({name}) => [['edit', name, '--no-input', '--description', 'other']],
  fix: ({name}) => [['fix', name]],
  rotate: ({name}) => [
    ['rotate', name, '--no-input'],
    ['rotate', name, '--lost-passphrase'],
  ],
  passphrase: ({file}) => [
    ['passphrase', '--remember', '0'],
    ['passphrase', '--new-passphrase-file', file('new')],
    ['passphrase'],
  ],
  key: ({file}) => [
    ['key', 'list'],
    ['key', 'add', 'more', '--new-passphrase-file', file('new')],
    ['key', 'remove', 'nothing'],
  ],
  token: ({name}) => [['token', name]],
  exec: ({name}) => [['exec', name, '--', 'true']],
  export: ({name}) => [
    ['export', name],
    ['export', name, '--format', 'env'],
  ],
  remove: ({name}) => [
    ['remove', name],
    ['remove', name, '--yes'],
  ],
  explain: () => [['explain'], ['explain', '401'], ['explain', '7'], ['explain', 'site-moved'], ['explain', 'nothing']],
  doctor: () => [['doctor']],
  report: ({name}) => [['report', name], ['report']],
  practice: () => [
    ['practice', '--list'],
    ['practice', '--fault', 'site-moved'],
  ],
  path: () => [['path']],
  completion: () => [
    ['completion', 'bash'],
    ['completion', 'csh'],
  ],
};

/** Only these leave stdout to somebody else, and only where there was no obstacle. */
const silentWhenWell: readonly CommandName[] = ['exec'];

const situations: Readonly<
  Record<string, Readonly<{name?: string; pass?: string; more?: readonly string[]; damaged?: true; interrupted?: true}>>
> = {
  'all is well': {},
  'the usage is wrong': {more: ['--nonsense']},
  'a secret is on the command line': {more: ['--password=hunter2']},
  'the name is unknown': {name: 'acne'},
  'the passphrase is wrong': {pass: 'quite another sentence here'},
  'the passphrase is missing': {pass: ''},
  'the store is damaged': {damaged: true},
  'it was interrupted': {interrupted: true},
};

describe.each(commandNames)('jirakey %s --json', command => {
  it.each(Object.entries(situations))('one document where %s', async (title, situation) => {
    const jira = await serve(cloudJira({username, token}));
    servers.push(jira);
    await save({url: jira.url});
    writeFileSync(file('new'), 'violet harbour mitten plankton', {mode: 0o600});
    if (situation.damaged) writeFileSync(join(directory(), 'config.json'), '{"version":1');
    const given = {name: situation.name ?? 'acme', url: jira.url, token, file};
    for (const line of lines[command](given)) {
      const at = line.indexOf('--');
      const own = at < 0 ? line : line.slice(0, at);
      const argv = [...own, '--json', ...(situation.more ?? []), ...(at < 0 ? [] : line.slice(at))];
      const fake = fakeWorld({
        env: {
          JIRAKEY_STORE: directory(),
          PATH: process.env.PATH,
          JIRA_API_TOKEN: command === 'rotate' ? syntheticToken() : token,
          JIRAKEY_PASSPHRASE: situation.pass ?? passphrase,
        },
      });
      if (situation.interrupted) fake.interrupt();
      const code = await main(argv, fake.world);
      const said = fake.stdout();
      if (said === '' && silentWhenWell.includes(command) && code === 0) continue;
      expect(said, `${argv.join(' ')}: ${fake.stderr()}`).toMatch(/^\{[\s\S]*\}\n$/);
      const document: Record<string, unknown> = JSON.parse(said);
      if (title === 'the usage is wrong' || title.startsWith('a secret'))
        expect([code, Object.keys(document)]).toEqual([2, ['schemaVersion', 'usage']]);
      if (code !== 0 && 'failure' in document) expect(failureCodes).toContain(Object(document.failure).code);
      expect(said + fake.stderr()).not.toContain('hunter2');
    }
  });
});

describe('the failure that is in it', () => {
  const failureOf = async (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const fake = fakeWorld({env: {JIRAKEY_STORE: directory(), JIRAKEY_PASSPHRASE: passphrase, ...env}});
    const code = await main([...argv, '--json'], fake.world);
    return {code, document: JSON.parse(fake.stdout())};
  };

  it.each([['test'], ['show'], ['token'], ['export'], ['rotate'], ['edit'], ['remove']])(
    '%s of an unknown name: credential-unknown, exit 3, with the nearest name',
    async command => {
      await save();
      const {code, document} = await failureOf([command, 'acne', ...(command === 'remove' ? ['--yes'] : [])]);
      expect([code, document.failure.code]).toEqual([3, 'credential-unknown']);
      expect(document.failure.evidence.join(' ')).toContain('“acme”');
      expect(Object.keys(document)).toEqual(
        command === 'test' ? expect.arrayContaining(['steps', 'outcome']) : ['schemaVersion', 'failure'],
      );
    },
  );

  it('a test where nothing is saved: credential-unknown as well, exit 3', async () => {
    const {code, document} = await failureOf(['test']);
    expect([code, document.failure.code, document.outcome]).toEqual([3, 'credential-unknown', 'unverified']);
  });

  it.each([
    ['a variable that was not replaced', {JIRA_API_TOKEN: '$JIRA_TOKEN'}, []],
    ['a masked copy', {JIRA_API_TOKEN: 'ATATT3********'}, []],
    ['a file that is not there', {}, ['--token-file', '/nowhere/token']],
    ['a command that fails', {}, ['--token-command', 'exit 4']],
    ['an empty file', {}, ['--token-file', '/dev/null']],
  ])('%s: token-unusable, exit 2, of test, setup and rotate', async (_, env, more) => {
    await save();
    for (const argv of [
      ['test', '--url', 'https://acme.atlassian.net', '--username', username],
      ['setup', '--no-input', '--name', 'new', '--url', 'https://acme.atlassian.net', '--username', username],
      ['rotate', 'acme', '--no-input'],
    ]) {
      const {code, document} = await failureOf([...argv, ...more], env);
      expect([code, document.failure?.code], argv[0]).toEqual([2, 'token-unusable']);
      expect(document.failure.checklist.length).toBeGreaterThan(1);
    }
  });
});
