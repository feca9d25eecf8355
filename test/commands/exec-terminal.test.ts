/** Programs that exec starts where somebody sits at a terminal: they have one as well, and the mask stays on. */
import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {ctrlC} from '../e2e/jirakey.ts';
import {program} from '../support/build.ts';
import {type Pty, settingsIn, startInPty, stopPtys, withSettings} from '../support/terminal/pty.ts';
import {bench, unlocked, username} from './bench.ts';

const {token, save, directory, file} = bench();
afterEach(stopPtys);

const has = (name: string, ...args: string[]): boolean => spawnSync(name, args, {stdio: 'ignore'}).error === undefined;
const hasScript = spawnSync('script', ['--version'], {encoding: 'utf8'}).stdout?.includes('util-linux') ?? false;

const env = (more: Record<string, string> = {}) => ({JIRAKEY_STORE: directory(), ...unlocked, ...more});
const words = (command: readonly string[], ...options: string[]): string[] => [
  program,
  'exec',
  'acme',
  '--quiet',
  ...options,
  '--',
  ...command,
];
const start = (command: readonly string[], more: Record<string, string> = {}): Pty =>
  startInPty(process.execPath, words(command), {env: env(more)});
/** Between two looks at the terminal's settings. */
const between = (command: readonly string[]): Pty => {
  const [shell, args] = withSettings(process.execPath, words(command));
  return startInPty(shell, args, {env: env()});
};

async function expectAsBefore(pty: Pty, status: number): Promise<void> {
  await pty.exited;
  const settings = settingsIn(pty.transcript());
  expect(settings.status).toBe(status);
  expect(settings.before).toContain('speed');
  expect(settings.after).toBe(settings.before);
}

/** The process numbers of a process's children, theirs included. */
function below(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
  return children.flatMap(child => [child, ...below(child)]);
}
const nameOf = (pid: number): string => readFileSync(`/proc/${pid}/comm`, 'utf8').trim();

describe.skipIf(!hasScript)('exec in a terminal', {timeout: 120_000}, () => {
  it('gives the program a terminal of the same size, and hands on a new size', async () => {
    await save();
    const pty = start(['sh', '-c', 'tty; trap "stty size" WINCH; stty size; while :; do read line || true; done']);
    await pty.waitFor(/\/dev\/pts\/\d+/);
    await pty.waitFor('24 80');
    pty.resize(100, 30);
    await pty.waitFor('30 100');
    pty.write(ctrlC);
    expect((await pty.exited).code).toBe(130);
  });

  it('masks the token there as well, on stdout, on stderr, and where a line of the screen ends', async () => {
    await save();
    const show =
      'echo "[$JIRA_API_TOKEN]"; echo "($JIRA_API_TOKEN)" >&2; printf "%s" "$JIRA_USERNAME:$JIRA_API_TOKEN" | base64';
    const pty = start(['sh', '-c', show]);
    expect((await pty.exited).code).toBe(0);
    expect(pty.transcript()).toContain('[***]');
    expect(pty.transcript()).toContain('(***)');
    for (let at = 8; at + 12 <= token.length; at += 1) expect(pty.transcript()).not.toContain(token.slice(at, at + 12));
    const pair = Buffer.from(`${username}:${token}`).toString('base64');
    for (let at = 24; at + 16 <= pair.length; at += 1) expect(pty.transcript()).not.toContain(pair.slice(at, at + 16));
  });

  it('asks and hides what is typed, as `read -s` does', async () => {
    await save();
    const pty = between(['bash', '-c', 'read -rsp "Password: " x; echo; echo "got ${#x}"']);
    await pty.waitFor('Password: ');
    pty.write('hidden-words\r');
    await expectAsBefore(pty, 0);
    expect(pty.transcript()).toContain('got 12');
    expect(pty.transcript()).not.toContain('hidden-words');
  });

  it('does not hold back a prompt that ends as the token begins', async () => {
    await save();
    const pty = start(['sh', '-c', 'printf "A or %s? ATATT" x; read -r x; echo "read $x"']);
    await pty.waitFor('A or x? ATATT');
    pty.write('yes\r');
    await pty.waitFor('read yes');
    expect((await pty.exited).code).toBe(0);
  });

  it.skipIf(!has('vim.tiny', '--version'))('vim opens, draws, is left, and the terminal is as it was', async () => {
    await save();
    writeFileSync(file('text'), `first line\nlast line\n`);
    const pty = between(['vim.tiny', '-u', 'NONE', file('text')]);
    await pty.waitFor('last line');
    pty.write('ionly typed \u001b');
    await pty.waitFor('only typed first line');
    pty.write(`:r !echo "<$JIRA_API_TOKEN>"\r`);
    // The editor draws a long word in pieces, and each has its mark.
    await pty.waitFor('***>');
    pty.write(':wq\r');
    await expectAsBefore(pty, 0);
    expect(readFileSync(file('text'), 'utf8')).toContain(token);
    for (let at = 8; at + 12 <= token.length; at += 1) expect(pty.transcript()).not.toContain(token.slice(at, at + 12));
    expect(pty.screen().join('\n')).not.toContain('last line');
  });

  it.skipIf(!has('less', '--version'))('less shows a long line, wrapped, with the token masked', async () => {
    await save();
    writeFileSync(file('text'), `first\n${'x'.repeat(20)} <${token}> end\nlast\n`);
    const pty = between(['less', file('text')]);
    await pty.waitFor('<***> end');
    pty.write('q');
    await expectAsBefore(pty, 0);
    for (let at = 8; at + 12 <= token.length; at += 1) expect(pty.transcript()).not.toContain(token.slice(at, at + 12));
  });

  it('Ctrl-C is the program’s, once; Ctrl-Z stops nothing for good', async () => {
    await save();
    const script = `
      let count = 0;
      process.on('SIGINT', () => { count += 1; console.log('got ' + count); if (count === 2) process.exit(5); });
      console.log('ready'); setInterval(() => {}, 1000);`;
    const pty = between([process.execPath, '-e', script]);
    await pty.waitFor('ready');
    pty.write('\u001a');
    pty.write(ctrlC);
    await pty.waitFor('got 1');
    pty.write(ctrlC);
    await expectAsBefore(pty, 5);
    expect(pty.transcript()).not.toContain('got 3');
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('%s to jirakey is the program’s own', async (signal, status) => {
    await save();
    const pty = between(['sh', '-c', 'echo ready; exec sleep 600']);
    await pty.waitFor('ready');
    const own = below(pty.pid).find(pid => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(program));
    process.kill(own ?? 0, signal);
    await expectAsBefore(pty, status);
  });

  it('sets the terminal back after a program that was killed in the middle of its screen', async () => {
    await save();
    const draw = 'printf "\\033[?1049h\\033[?25l\\033[?1000;1006h\\033="; stty raw -echo; echo drawn; exec sleep 600';
    const pty = between(['sh', '-c', draw]);
    await pty.waitFor('drawn');
    const asleep = () => below(pty.pid).find(pid => nameOf(pid) === 'sleep');
    await pty.waitFor(() => asleep() !== undefined);
    process.kill(asleep() ?? 0, 'SIGKILL');
    await expectAsBefore(pty, 137);
    const written = pty.transcript();
    for (const mode of ['?1049l', '?25h', '?1000l', '?1006l', '>'])
      expect(written).toContain(`\u001b${mode === '>' ? '' : '['}${mode}`);
  });

  it('sets the terminal back even when `script` itself is killed', async () => {
    await save();
    const pty = between(['sh', '-c', 'echo ready; exec sleep 600']);
    await pty.waitFor('ready');
    const script = below(pty.pid).find(pid => nameOf(pid) === 'script');
    process.kill(script ?? 0, 'SIGKILL');
    await expectAsBefore(pty, 137);
  });

  it('the token is in the environment of the program alone, and on no command line', async () => {
    await save();
    const pty = start(['sh', '-c', 'echo ready; exec sleep 600'], {JIRA_API_TOKEN: 'an-older-one-of-the-shell'});
    await pty.waitFor('ready');
    // The shell that watches over the program is a child as well.
    const script = below(pty.pid).find(pid => nameOf(pid) === 'script') ?? 0;
    const [sleep = 0] = below(script);
    await pty.waitFor(() => nameOf(sleep) === 'sleep');
    const environment = (pid: number) => readFileSync(`/proc/${pid}/environ`, 'latin1');
    expect(nameOf(script)).toBe('script');
    expect(environment(script)).not.toContain('JIRA_API_TOKEN');
    expect(environment(script)).not.toContain('JIRAKEY_PASSPHRASE');
    expect(environment(sleep)).toContain(`JIRA_API_TOKEN=${token}\0`);
    expect(environment(sleep)).not.toContain('JIRAKEY_PASSPHRASE');
    for (const pid of below(pty.pid))
      expect(readFileSync(`/proc/${pid}/cmdline`, 'latin1')).not.toContain(token.slice(8, 20));
    // Nothing of ours stays open in the program.
    const open = readdirSync(`/proc/${sleep}/fd`).map(fd => readlinkSync(`/proc/${sleep}/fd/${fd}`));
    expect(open.filter(target => target.startsWith('socket:'))).toEqual([]);
  });

  it('the words, the shell and other variables reach the program unchanged', async () => {
    await save();
    const odd = ['a b', "it's", '$HOME `x` "q"', '', '\\n', '=x', 'grüße'];
    const show = 'console.log(JSON.stringify([process.argv.slice(1), process.env.SHELL, process.env.OTHER]))';
    const pty = start([process.execPath, '-e', show, ...odd], {SHELL: '/bin/some shell', OTHER: "o'ther"});
    expect((await pty.exited).code).toBe(0);
    const [argv, shell, other] = JSON.parse(
      pty
        .scrollback()
        .join('')
        .match(/\[\[.*\]/)?.[0] ?? '[]',
    );
    expect([argv, shell, other]).toEqual([odd, '/bin/some shell', "o'ther"]);
  });

  it.each([
    ['exit 0', 0],
    ['exit 7', 7],
    ['exit 255', 255],
    ['kill -TERM $$', 143],
    ['kill -KILL $$', 137],
  ])('passes on how it ended: %s', async (text, code) => {
    await save();
    expect((await start(['sh', '-c', text]).exited).code).toBe(code);
  });

  it('126 and 127 as without a terminal', async () => {
    await save();
    expect((await start(['/nonexistent/program']).exited).code).toBe(127);
    expect((await start(['no-such-program-anywhere']).exited).code).toBe(127);
    writeFileSync(file('text'), 'no program', {mode: 0o600});
    expect((await start([file('text')]).exited).code).toBe(126);
  });

  it('stderr that goes to a file still goes there, masked', async () => {
    await save();
    const [shell, ...args] = ['sh', '-c', `"$@" 2>${file('errors')}`, 'sh', process.execPath];
    const command = ['sh', '-c', 'tty <&1; echo "to stderr $JIRA_API_TOKEN" >&2'];
    const pty = startInPty(shell ?? 'sh', [...args, ...words(command)], {env: env()});
    expect((await pty.exited).code).toBe(0);
    expect(pty.transcript()).toContain('/dev/pts/');
    expect(readFileSync(file('errors'), 'utf8')).toBe('to stderr ***\n');
  });

  it('in the background of a shell it keeps its hands off the terminal', async () => {
    await save();
    const script = `set -m; "$@" >${file('out')} & wait $!; echo "status $?"; "$@" & wait $!; echo "again $?"`;
    const all = ['-c', script, 'bash', process.execPath, ...words(['sh', '-c', 'echo "<$JIRA_API_TOKEN>"'])];
    const pty = startInPty('bash', all, {env: env()});
    await pty.waitFor('again 0');
    expect(pty.transcript()).toContain('status 0');
    expect(pty.transcript()).toContain('<***>');
    expect(readFileSync(file('out'), 'utf8')).toBe('<***>\n');
  });

  it('without `script` the program gets a pipe, and it is said how it gets the terminal', async () => {
    await save();
    const bin = file('bin');
    mkdirSync(bin);
    for (const name of ['sh', 'tty']) {
      const path = execFileSync('sh', ['-c', `command -v ${name}`], {encoding: 'utf8'}).trim();
      if (!existsSync(join(bin, name))) symlinkSync(path, join(bin, name));
    }
    const loud = words(['sh', '-c', 'tty <&1 || true; read -r line; echo "read: $line $JIRA_API_TOKEN"']).filter(
      word => word !== '--quiet',
    );
    const pty = startInPty(process.execPath, loud, {env: env({PATH: bin})});
    await pty.waitFor('sees a pipe');
    await pty.waitFor('not a tty');
    pty.write('hello\r');
    await pty.waitFor('read: hello ***');
    expect((await pty.exited).code).toBe(0);
  });

  it('--no-masking gives it this terminal itself', async () => {
    await save();
    const argv = words(['sh', '-c', 'echo "$PPID"; echo "$JIRA_API_TOKEN"'], '--no-masking');
    const pty = startInPty(process.execPath, argv, {env: env()});
    expect((await pty.exited).code).toBe(0);
    expect(pty.transcript()).toContain(String(pty.pid));
    expect(pty.transcript()).toContain(token.slice(0, 60));
  });
});
