/** Where secrets come from, through the built program: the token that arrives is seen on the wire. */
import {type ChildProcess, execFileSync, spawn, spawnSync} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {program} from '../../support/build.ts';
import {cloudJira, syntheticToken} from '../../support/jira.ts';
import {type Served, serve} from '../../support/lab/serve.ts';
import {startInPty, stopPtys} from '../../support/terminal/pty.ts';
import {bench, passphrase, username} from '../bench.ts';

const {save, file, directory} = bench();
const token = syntheticToken();
let jira: Served;
beforeEach(async () => {
  jira = await serve(cloudJira({username, token}));
});
afterEach(async () => {
  await stopPtys();
  await jira.close();
});

const put = (name: string, text: string | Buffer): string => {
  writeFileSync(file(name), text, {mode: 0o600});
  return file(name);
};
const env = (more: Record<string, string> = {}) => ({
  PATH: process.env.PATH ?? '',
  LANG: 'C.UTF-8',
  JIRAKEY_STORE: directory(),
  ...more,
});

type Ended = Readonly<{code: number | null; stdout: string; stderr: string}>;

function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', chunk => (stdout += String(chunk)));
  child.stderr?.on('data', chunk => (stderr += String(chunk)));
  return new Promise(resolve => child.on('close', code => resolve({code, stdout, stderr})));
}

/** A shell line in which `jirakey …` is the program. */
const shell = (line: string, more: Record<string, string> = {}): Promise<Ended> =>
  ended(
    spawn('sh', ['-c', line.replaceAll('jirakey ', `'${process.execPath}' '${program}' `)], {
      env: env(more),
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
const test = (options: string): string => `jirakey test --url ${jira.url} --username ${username} ${options}`;

/** The token as Jira got it. */
const arrived = (): string => {
  const header =
    jira.requests.findLast(({headers}) => headers.authorization !== undefined)?.headers.authorization ?? '';
  return Buffer.from(header.replace('Basic ', ''), 'base64').toString().replace(`${username}:`, '');
};

const childrenOf = (pid: number): string => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();

describe('the token, from each of its sources', () => {
  const raw = `  JIRA_API_TOKEN="Bearer ${token.slice(0, 40)}\u200b${token.slice(40)}"\r\n`;
  const said = /^API Token cleaned: .+ removed\.$/m;

  it.each<[string, () => Promise<Ended>]>([
    ['stdin', () => shell(`cat ${put('t', raw)} | ${test('--token-stdin')}`)],
    ['a file', () => shell(test(`--token-file ${put('t', raw)}`))],
    ['a descriptor of a file', () => shell(`${test('--token-fd 3')} 3<${put('t', raw)}`)],
    ['a descriptor of a pipe', () => shell(`cat ${put('t', raw)} | ${test('--token-fd 5')} 5<&0 0</dev/null`)],
    ['descriptor 0', () => shell(`${test('--token-fd 0')} <${put('t', raw)}`)],
    [
      'a descriptor of a socket',
      () => {
        const words = ['test', '--url', jira.url, '--username', username, '--token-fd', '4'];
        const child = spawn(process.execPath, [program, ...words], {
          env: env(),
          stdio: ['ignore', 'pipe', 'pipe', 'ignore', 'pipe'],
        });
        (child.stdio[4] as NodeJS.WritableStream).end(raw);
        return ended(child);
      },
    ],
    ['a command', () => shell(test(`--token-command 'cat ${put('t', raw)}'`))],
    [
      'the credentials folder',
      () => {
        mkdirSync(file('credentials'));
        put('credentials/jirakey.token', raw);
        return shell(test(''), {CREDENTIALS_DIRECTORY: file('credentials')});
      },
    ],
    ['the environment', () => shell(test(''), {JIRA_API_TOKEN: raw})],
  ])('%s: cleaned alike, and what was cleaned is said', async (_, run) => {
    const {code, stdout, stderr} = await run();
    expect(code, stderr).toBe(0);
    expect(arrived()).toBe(token);
    expect(stderr).toMatch(said);
    expect(stdout + stderr).not.toContain(token.slice(0, 16));
    expect(stderr.match(/Warning/g) ?? []).toHaveLength(_ === 'the environment' ? 1 : 0);
  });

  it('a file in UTF-16, as PowerShell writes it: read, and said', async () => {
    const path = put('wide.txt', Buffer.from(`\ufeff${token}\r\n`, 'utf16le'));
    const {code, stderr} = await shell(test(`--token-file ${path}`));
    expect(code, stderr).toBe(0);
    expect(arrived()).toBe(token);
    expect(stderr).toContain('The token was read as UTF-16 text.');
  });

  it.each<[string, string, RegExp]>([
    ...Array.from({length: 7}, (_, at): [string, string, RegExp] => [
      `descriptor ${at + 3}, which nobody opened`,
      `--token-fd ${at + 3} ${at + 3}<&-`,
      /nobody opened it/,
    ]),
    ['a descriptor of a folder', '--token-fd 7 7</', /folder/],
    ['an empty file', '--token-fd 7 7</dev/null', /empty/],
    ['stdout as descriptor', '--token-fd 1', /3 or higher/],
    ['no number', '--token-fd three', /3 or higher/],
    ['a command that fails', "--token-command 'echo partly; exit 4'", /ended[\s\S]*status[\s\S]*4;[\s\S]*nothing/],
    ['a command that is not there', "--token-command 'no-such-command-here'", /status 127/],
    ['a command that is killed', "--token-command 'kill -9 $$'", /SIGKILL/],
    ['a command that prints nothing', '--token-command true', /empty/],
    ['a command that prints no text', String.raw`--token-command 'printf "\377\376\200"'`, /not UTF-8/],
    ['a command that does not end printing', "--token-command 'yes'", /64 KiB/],
    [
      'a command that waits',
      "--timeout 1 --token-command 'sleep 600'",
      /Waiting for the command of --token-command[\s\S]*longer than 1 s and was ended/,
    ],
    [
      'a command that has left something behind',
      "--timeout 1 --token-command 'sleep 600 & sleep 600'",
      /longer than 1 s and was ended/,
    ],
    ['an endless file', '--token-file /dev/zero', /64 KiB/],
    ['an endless descriptor', '--token-fd 3 3</dev/zero', /64 KiB/],
  ])('%s is refused with the reason, and nothing is sent', async (_, options, reason) => {
    const {code, stdout, stderr} = await shell(test(options));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(reason);
    expect(jira.connections()).toBe(0);
  });

  it('a descriptor that is a terminal is refused', async () => {
    const words = [
      '-c',
      '"$@" 3<&0',
      'sh',
      process.execPath,
      program,
      'test',
      '--url',
      jira.url,
      '--username',
      username,
    ];
    const pty = startInPty('sh', [...words, '--token-fd', '3'], {env: env()});
    expect((await pty.exited).code).toBe(2);
    expect(pty.scrollback().join(' ')).toContain('is a terminal, which would show the token');
  });

  it('a named pipe is waited for, and Ctrl-C ends the waiting', async () => {
    execFileSync('mkfifo', [file('pipe')]);
    const words = ['test', '--url', jira.url, '--username', username, '--token-file', file('pipe')];
    const pty = startInPty('sh', ['-c', 'echo started; exec "$@"', 'sh', process.execPath, program, ...words], {
      env: env(),
    });
    await pty.waitFor('started');
    await expect.poll(() => childrenOf(pty.pid), {timeout: 20_000}).not.toBe('');
    pty.kill('SIGINT');
    expect((await pty.exited).code).toBe(130);
    const fed = await shell(`cat ${put('t', token)} >${file('pipe')} & ${test(`--token-file ${file('pipe')}`)}`);
    expect(fed.code, fed.stderr).toBe(0);
    expect(arrived()).toBe(token);
  });

  it('a file that is a terminal is refused', async () => {
    const words = ['test', '--url', jira.url, '--username', username, '--token-file', '/dev/tty'];
    const pty = startInPty(process.execPath, [program, ...words], {env: env()});
    expect((await pty.exited).code).toBe(2);
    expect(pty.scrollback().join(' ')).toContain('is a terminal');
  });

  it('the stderr of a command passes; Ctrl-C ends it and us', async () => {
    const words = [
      'test',
      '--url',
      jira.url,
      '--username',
      username,
      '--token-command',
      'echo touch your key >&2; exec sleep 600',
    ];
    const pty = startInPty(process.execPath, [program, ...words], {env: env()});
    await pty.waitFor('touch your key');
    pty.write('\u0003');
    expect((await pty.exited).code).toBe(130);
    expect(jira.connections()).toBe(0);
  });
});

describe('the passphrase, from each of its sources', () => {
  const odd = ' “correct”  horse\tbattery ';

  it.each([
    ['', odd],
    ['\n', odd],
    ['\r\n', odd],
    ['\n\n', `${odd}\n`],
    ['\r\n\r\n', `${odd}\r\n`],
    ['\r', `${odd}\r`],
    [' ', `${odd} `],
  ])('followed by %j it opens what was sealed with it, from stdin, file, descriptor, command', async (end, phrase) => {
    await save({}, phrase);
    const path = put('p', `${odd}${end}`);
    const lines = [
      `jirakey token acme --passphrase-stdin <${path}`,
      `jirakey token acme --passphrase-file ${path}`,
      `jirakey token acme --passphrase-fd 9 9<${path}`,
      `jirakey token acme --passphrase-command 'cat ${path}'`,
    ];
    for (const line of lines) expect((await shell(line)).code, line).toBe(0);
  });

  it('in composed and decomposed letters is the same', async () => {
    await save({}, 'Grüße aus der Küche'.normalize('NFD'));
    const path = put('p', 'Grüße aus der Küche'.normalize('NFC'));
    expect((await shell(`jirakey token acme --passphrase-file ${path}`)).code).toBe(0);
  });

  it('a file of bytes at random is refused: much of it would become the same character', async () => {
    await save();
    const {code, stderr} = await shell(
      `jirakey token acme --passphrase-file ${put('p', Buffer.from([200, 201, 13, 250]))}`,
    );
    expect(code).toBe(2);
    expect(stderr).toContain('not UTF-8');
  });

  it('from the environment warns exactly once, also where it opens several', async () => {
    await save({url: jira.url, token});
    await save({name: 'other', url: jira.url, token});
    const lines = [
      'jirakey token acme',
      'jirakey test --all',
      'jirakey export acme --format json',
      'jirakey exec acme -- true',
    ];
    for (const line of lines) {
      const {code, stderr} = await shell(line, {JIRAKEY_PASSPHRASE: passphrase});
      expect(code, stderr).toBe(0);
      expect(stderr.match(/JIRAKEY_PASSPHRASE/g), line).toHaveLength(1);
    }
  });

  it('of a service: from the credentials folder, without a word', async () => {
    await save();
    mkdirSync(file('credentials'));
    put('credentials/jirakey.passphrase', `${passphrase}\n`);
    const {code, stderr} = await shell('jirakey token acme', {CREDENTIALS_DIRECTORY: file('credentials')});
    // The seals of these tests have a low work factor; that it is raised is no word about the source.
    expect([code, stderr.replace(/^.* is sealed anew: .*\n/, '')]).toEqual([0, '']);
  });
});

describe('contradictions', () => {
  it.each([
    ['--token-fd 3 --passphrase-fd 3', /one descriptor/],
    ['--token-stdin --passphrase-fd 0', /stdin can be the source of one secret only/],
    ['--token-file a --token-command b', /both given/],
    ['--passphrase-file a --passphrase-stdin', /both given/],
  ])('%s is a usage error before anything is read', async (options, reason) => {
    const {code, stderr} = await shell(`jirakey rotate acme ${options}`);
    expect(code).toBe(2);
    expect(stderr).toMatch(reason);
  });

  it('a secret among the words is never repeated', () => {
    for (const words of [
      ['test', `--token=${token}`],
      ['test', '--token', token],
      ['test', `-t${token}`],
      ['test', '-t', token],
      ['rotate', 'acme', `--tok=${token}`],
      ['token', 'acme', `--passphrase=${passphrase}`],
      ['token', 'acme', '--pass', passphrase],
      [token],
    ]) {
      const {status, stdout, stderr} = spawnSync(process.execPath, [program, ...words], {encoding: 'utf8', env: env()});
      expect([status, stdout]).toEqual([2, '']);
      for (const hidden of [token.slice(0, 12), token.slice(-12), passphrase, 'two three'])
        expect(stderr).not.toContain(hidden);
    }
  });
});
