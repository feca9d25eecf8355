import {readdirSync, readFileSync} from 'node:fs';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {commandNames, commandRow} from '../../../source/commands/line/command-table.ts';
import {parse, type Request} from '../../../source/commands/line/grammar.ts';
import {commandHelp, overview, topicHelp} from '../../../source/commands/line/help.ts';
import {isOptionName, optionTable, wordOf} from '../../../source/commands/line/options.ts';
import {topicNames, topicOf} from '../../../source/commands/line/topics.ts';
import {exit} from '../../../source/domain/exit.ts';
import {UsageFault} from '../../../source/domain/fault.ts';
import {syntheticToken} from '../../support/jira.ts';

const words = (line: string): string[] => (line === '' ? [] : line.split(' '));
const parsed = (line: string): Request => parse(words(line));

function fault(argv: readonly string[]): string {
  try {
    parse(argv);
  } catch (error) {
    if (error instanceof UsageFault) return [error.message, ...error.hints].join('\n');
    throw error;
  }
  throw new Error(`accepted: ${argv.join(' ')}`);
}

describe('a word that is no command', () => {
  it.each([
    ['login', 'Here it is: jirakey setup'],
    ['ls', 'Here it is: jirakey list'],
    ['repair', 'Here it is: jirakey fix NAME'],
    ['lst', 'Did you mean jirakey list?'],
    ['statsu', 'Did you mean status? Here it is: jirakey list'],
    ['delte', 'Did you mean delete? Here it is: jirakey remove NAME'],
  ])('%s leads to ours', (word, hint) => {
    expect(() => parse([word])).toThrow(expect.objectContaining({hints: expect.arrayContaining([hint])}));
  });
});

describe('what a command line asks for', () => {
  it.each([
    ['', 'setup', [], {}],
    ['setup', 'setup', [], {}],
    ['--connector jira-feeds', 'setup', [], {connector: 'jira-feeds'}],
    ['--store=/s list --json', 'list', [], {store: '/s', json: true}],
    ['list --no-color --quiet', 'list', [], {'no-color': true, quiet: true}],
    ['test acme', 'test', ['acme'], {}],
    ['test acme --watch', 'test', ['acme'], {watch: ''}],
    ['test acme --watch 5', 'test', ['acme'], {watch: '5'}],
    ['test --watch acme', 'test', ['acme'], {watch: ''}],
    ['test --watch=7 acme', 'test', ['acme'], {watch: '7'}],
    ['test --watch --json', 'test', [], {watch: '', json: true}],
    ['test --url u --username n --token-stdin', 'test', [], {url: 'u', username: 'n', 'token-stdin': true}],
    ['test --resolve a:1:::1 --resolve b:2:127.0.0.1', 'test', [], {resolve: ['a:1:::1', 'b:2:127.0.0.1']}],
    ['test --proxy=', 'test', [], {proxy: ''}],
    ['setup --description=-x', 'setup', [], {description: '-x'}],
    ['show -- -odd', 'show', ['-odd'], {}],
    ['remove acme --yes', 'remove', ['acme'], {yes: true}],
    ['explain', 'explain', [], {}],
    ['explain dns-not-found', 'explain', ['dns-not-found'], {}],
    ['practice --fault site-moved', 'practice', [], {fault: 'site-moved'}],
  ])('jirakey %s', (line, command, args, options) => {
    expect(parsed(line)).toEqual({ask: 'run', invocation: {command, args, rest: [], options}});
  });

  it.each([
    ['--version', {ask: 'version'}],
    ['-v', {ask: 'version'}],
    ['-V', {ask: 'version'}],
    ['--help', {ask: 'help', command: null}],
    ['-h', {ask: 'help', command: null}],
    ['help', {ask: 'help', command: null}],
    ['help test', {ask: 'help', command: 'test'}],
    ['help exit-codes', {ask: 'topic', topic: 'exit-codes'}],
    ['test --help', {ask: 'help', command: 'test'}],
    ['--help list', {ask: 'help', command: 'list'}],
    ['test -h --nonsense', {ask: 'help', command: 'test'}],
  ])('jirakey %s', (line, request) => {
    expect(parsed(line)).toEqual(request);
  });
});

describe('what is refused, and what is said', () => {
  it.each([
    ['tset', /no command “tset”.*\n.*jirakey test/],
    ['lst', /jirakey list/],
    ['explian x', /jirakey explain/],
    ['test --jsno', /--jsno.*\n.*--json/],
    ['test --usrname x', /--username/],
    ['list --url x', /list does not take --url.*\n.*test/],
    ['show', /something is missing/],
    ['list acme', /takes no argument/],
    ['show a b', /too many arguments.*\n.*show NAME.*\n.*quotes/],
    ['test --url', /--url needs a value/],
    ['test --url --json', /--url needs a value[\s\S]*--url=VALUE/],
    ['test --url a --url b', /--url is given twice/],
    ['test --json=yes', /--json takes no value/],
    ['setup --connector jira', /jira-software, jira-feeds/],
    ['setup --name=', /--name is empty/],
  ])('jirakey %s', (line, said) => {
    expect(fault(words(line))).toMatch(said);
  });

  it.each([
    ['--token', 'hunter'],
    ['test', '--token', 'hunter'],
    ['test', '--token=hunter'],
    ['--token=hunter'],
    ['test', 'acme', '--passphrase', 'hunter'],
    ['--passphrase', 'hunter', 'test'],
    ['test', '--passphrase=hunter'],
    ['setup', '--api-token', 'hunter'],
    ['setup', '--password=hunter'],
    ['test', '-t', 'hunter'],
    ['test', '-thunter'],
    ['rotate', 'acme', '-p', 'hunter'],
    ['-phunter'],
    ['test', '--tok', 'hunter'],
    ['test', '--tok=hunter'],
    ['test', '--pass=hunter'],
    ['test', '--passphras', 'hunter'],
    ['test', '--passwd', 'hunter'],
    ['test', '--api_token=hunter'],
    ['test', '--pat', 'hunter'],
    ['passphrase', '--new-passphrase', 'hunter'],
    ['test', '--TOKEN=hunter'],
    ['test', '-u', 'you@acme.com:hunter'],
    ['setup', '--jira-pat', 'hunter'],
    ['setup', '--apiToken', 'hunter'],
    ['setup', '--bearer=hunter'],
    ['setup', '--auth', 'hunter'],
    ['setup', '--client-secret', 'hunter'],
    ['setup', '--personal-access-token', 'hunter'],
    ['setup', '--jira_password=hunter'],
  ])('a secret in %s %s is refused with reason and ways, and not repeated', (...argv) => {
    const said = fault(argv);
    expect(said).toMatch(/refused: every user of this machine can read command lines/);
    expect(said).toMatch(/--(token|passphrase)-stdin.*-file F.*-fd N.*-command CMD/);
    expect(said).not.toContain('hunter');
  });

  it('the login of a proxy is refused with its own way', () => {
    for (const argv of [
      ['test', '--proxy-password', 'hunter'],
      ['test', '--proxy-user=me:hunter'],
      ['test', '--proxyPassword=hunter'],
    ]) {
      expect(fault(argv)).toMatch(/refused[\s\S]*HTTPS_PROXY/);
      expect(fault(argv)).not.toContain('hunter');
    }
  });

  it.each([
    ['exec acme sh -c x', /What to run goes after --: jirakey exec NAME -- CMD/],
    ['exec acme -c x', /What to run goes after --/],
    ['exec acme', /needs a program to run[\s\S]*exec NAME -- CMD/],
    ['exec acme curl --token x -p y', /What to run goes after --/],
    ['--frobnicate', /^jirakey does not know --frobnicate/],
  ])('jirakey %s says what to write', (line, said) => {
    expect(fault(words(line))).toMatch(said);
  });

  it.each([
    ['login', 'setup'],
    ['add', 'setup'],
    ['new', 'setup'],
    ['status', 'list'],
    ['ls', 'list'],
    ['rm', 'remove NAME'],
    ['delete', 'remove NAME'],
    ['logout', 'remove NAME'],
    ['repair', 'fix NAME'],
    ['mend', 'fix NAME'],
    ['version', '--version'],
  ])('%s of another tool leads to %s', (word, ours) => {
    expect(fault([word])).toContain(`jirakey ${ours}`);
  });

  it('a token is refused wherever it stands, and not repeated', () => {
    const token = syntheticToken();
    for (const argv of [
      [token],
      ['test', token],
      ['test', '--username', token],
      ['setup', `--name=${token}`],
      ['-x', token],
    ]) {
      expect(fault(argv)).not.toContain(token.slice(0, 24));
    }
    // A command may print one; a program to run may be given one.
    expect(parse(['test', '--url', 'u', '--token-command', `echo ${token}`])).toMatchObject({ask: 'run'});
  });

  it('never repeats a word that could be a secret', () => {
    const secret = fc.stringMatching(/^[a-z0-9]{6,30}[0-9+/=]{2}$/);
    const shape = fc.constantFrom<(secret: string) => string[]>(
      word => [word],
      word => ['--passwort', word],
      word => ['test', `--tokn=${word}`],
      word => ['test', `--${word}`],
      word => ['list', word],
      word => ['test', 'a', word],
      word => ['test', '--timeout', '-1', word],
    );
    fc.assert(
      fc.property(secret, shape, (word, make) => {
        expect(fault(make(word))).not.toContain(word);
      }),
    );
  });

  it('either answers or explains, whatever the words', () => {
    const word = fc.oneof(
      fc.constantFrom(...commandNames, ...Object.keys(optionTable).map(name => `--${name}`), '--', '-', ''),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word, {maxLength: 6}), argv => {
        try {
          expect(['run', 'help', 'topic', 'version']).toContain(parse(argv).ask);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageFault);
        }
      }),
      {numRuns: 500},
    );
  });
});

describe('help', () => {
  it('names every command in the overview, within 80 columns', () => {
    const lines = overview().split('\n');
    for (const name of commandNames) expect(overview()).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(80);
  });

  it.each(commandNames)('%s: every option it takes, and examples that parse', name => {
    const text = commandHelp(name);
    for (const option of commandRow(name).options) expect(text).toContain(`--${wordOf(option)}`);
    expect(commandRow(name).examples.length).toBeGreaterThan(0);
    for (const [line] of commandRow(name).examples) {
      // As it stands alone, or inside `eval "$(…)"`, before a pipe or a redirection.
      const [program, ...argv] = (/jirakey[^|>)]*/.exec(line)?.[0] ?? '').trim().split(' ');
      expect(program).toBe('jirakey');
      expect(parse(argv), line).toMatchObject({ask: 'run', invocation: {command: name}});
    }
  });

  it.each(topicNames)('%s fits 80 columns, and its examples parse', name => {
    const text = topicHelp(name);
    const examples = topicOf(name).passages.flatMap(passage =>
      typeof passage === 'string' || 'rows' in passage ? [] : passage.examples.map(([line]) => line),
    );
    const prose = text.split('\n').filter(line => !examples.includes(line.trim()));
    expect(Math.max(...prose.map(line => line.length))).toBeLessThanOrEqual(80);
    for (const line of examples)
      expect(parse((/^[^|]*/.exec(line)?.[0] ?? '').trim().split(' ').slice(1)), line).toMatchObject({ask: 'run'});
  });

  it('names every variable that is read', () => {
    const sources = new URL('../../../source/', import.meta.url);
    const texts = readdirSync(sources, {recursive: true, encoding: 'utf8'})
      .filter(name => /\.tsx?$/.test(name))
      .map(name => readFileSync(new URL(name, sources), 'utf8'));
    const read = new Set(
      texts.flatMap(text => [...text.matchAll(/\benv\??\.([A-Z][A-Z_]+)\b/g)].map(([, name = '']) => name)),
    );
    // Windows has none of its own, and PATH is what it is everywhere.
    read.delete('PATH');
    const help = topicHelp('environment');
    expect(read.size).toBeGreaterThan(10);
    expect([...read].filter(name => !help.includes(name))).toEqual([]);
  });

  it('has each exit code once', () => {
    for (const code of Object.values(exit)) expect(topicHelp('exit-codes')).toMatch(new RegExp(`^  ${code} `, 'm'));
  });

  it('knows only options of the table', () => {
    for (const name of commandNames) expect(commandRow(name).options.every(isOptionName)).toBe(true);
  });
});
