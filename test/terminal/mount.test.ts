import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {bundle} from '../support/terminal/bundle.ts';
import {type PtyOptions, settingsIn, startInPty, stopPtys, withSettings} from '../support/terminal/pty.ts';

let program: Awaited<ReturnType<typeof bundle>>;
beforeAll(async () => {
  program = await bundle('test/terminal/fixture.tsx');
});
afterEach(stopPtys);
afterAll(() => program.remove());

const start = (scene = '', options: PtyOptions = {}) => startInPty(process.execPath, [program.path, scene], options);
const startBetweenSettings = (scene = '', options: PtyOptions = {}) => {
  const [command, args] = withSettings(process.execPath, [program.path, scene]);
  return startInPty(command, args, options);
};
describe('mount', {timeout: 60_000}, () => {
  it('asks, takes keys typed ahead of the question, and gives back what finish was told', async () => {
    const pty = start();
    await pty.waitFor('Credential Name');
    pty.write('prod jira\ryou@acme.com\r2\r');
    await pty.waitFor('GOT ["prod jira","busy","you@acme.com","green"]');
    expect(await pty.exited).toEqual({code: 0, signal: null});
  });

  it('keeps keys typed before the first question', async () => {
    const pty = start();
    pty.write('early\r');
    await pty.waitFor('Username');
    pty.write('me\r\r');
    await pty.waitFor('GOT ["early","busy","me","red"]');
  });

  it('shows the real cursor behind the text of the field', async () => {
    const pty = start('', {env: {NO_COLOR: '1'}});
    await pty.waitFor('Credential Name');
    pty.write('ab日');
    await pty.waitFor('› ab日');
    await pty.waitFor(() => pty.cursor().x === 6 && pty.cursor().y === 1 && pty.cursor().visible);
    pty.write('\u001b[D');
    await pty.waitFor(() => pty.cursor().x === 4);
  });

  it('draws without colour when NO_COLOR is set, and with it otherwise', async () => {
    const coloured = start();
    await coloured.waitFor('Credential Name');
    expect(coloured.transcript()).toMatch(/\u001b\[\d+m/);
    const plain = start('', {env: {NO_COLOR: '1'}});
    await plain.waitFor('Credential Name');
    expect(plain.transcript()).not.toMatch(/\u001b\[[\d;]*m/);
  });

  it('sends nothing but ASCII to a terminal without Unicode', async () => {
    const pty = start('', {env: {LANG: 'C'}});
    await pty.waitFor('Credential Name');
    pty.write('Zoë 日');
    await pty.waitFor('> Zoe ??');
    expect(pty.transcript()).toMatch(/^[\x00-\x7f]*$/);
  });

  it('can be used again in the same process', async () => {
    const pty = startBetweenSettings('twice');
    await pty.waitFor('API Token');
    pty.write('first\r');
    await pty.waitFor(/GOT "first"\nAPI Token/);
    pty.write('second\r');
    await pty.exited;
    expect(pty.transcript()).toContain('GOT "second"');
    const settings = settingsIn(pty.transcript());
    expect(settings.after).toBe(settings.before);
  });

  it('gives Ink each key as that key', async () => {
    const pty = start('keys');
    await pty.waitFor('Listening');
    pty.write('ab\u001b[A\u001b[1;5D\u0015\u001bf\u001b');
    await pty.waitFor(screen =>
      screen.includes(
        ['"a"', '"b"', 'upArrow+""', 'leftArrow+ctrl+""', 'ctrl+"u"', 'meta+"f"', 'escape+""'].join('\n'),
      ),
    );
  });

  it('hears Ctrl-C behind a paste whose end was lost', async () => {
    const pty = start('token');
    await pty.waitFor('API Token');
    pty.write('\u001b[200~half a token');
    pty.write('\u0003');
    await pty.waitFor('GOT "interrupted"');
  });

  it('survives keys no view knows, and types none of them', async () => {
    const pty = start();
    await pty.waitFor('Credential Name');
    pty.write('a\u001b[I\u001b[24~\u001b[12;40R\u001bOPb\r');
    await pty.waitFor('Username');
    pty.write('\u001b]11;rgb:0/0/0\u0007c\r\r');
    await pty.waitFor('GOT ["ab","busy","c","red"]');
  });

  it('writes nothing to a stderr that is no terminal', async () => {
    const pty = startInPty('bash', [
      '-c',
      '{ "$@" 2>&1 >/dev/tty | sed "s/^/on stderr: /"; }',
      'bash',
      process.execPath,
      program.path,
      'token',
    ]);
    await pty.waitFor('API Token');
    pty.write('x\r');
    await pty.waitFor('GOT "x"');
    await pty.exited;
    expect(pty.transcript()).not.toContain('on stderr');
  });

  it('follows the window when it becomes narrow', async () => {
    const pty = start('token');
    await pty.waitFor('API Token');
    await pty.paste('x'.repeat(192));
    await pty.waitFor('192 characters');
    pty.resize(40, 15);
    await pty.waitFor(screen =>
      screen.split('\n').some(line => /^› •+ {2}192 characters$/.test(line) && line.length === 39),
    );
  });

  it('leaves nothing of its frame behind', async () => {
    const pty = start('token');
    await pty.waitFor('API Token');
    pty.write('x\r');
    await pty.waitFor('GOT "x"');
    expect(pty.screen().filter(line => line !== '')).toEqual(['GOT "x"']);
  });
});

describe('endings leave the terminal as it was', {timeout: 60_000}, () => {
  const endings: readonly [string, string, (pty: ReturnType<typeof start>) => void, number, string][] = [
    ['the answer', 'token', pty => pty.write('x\r'), 0, 'GOT "x"'],
    ['Ctrl-C', 'token', pty => pty.write('\u0003'), 0, 'GOT "interrupted"'],
    [
      'Ctrl-C three times into a view that does not listen',
      'deaf',
      pty => pty.write('\u0003\u0003\u0003'),
      130,
      'SIGNAL 2',
    ],
    ['a component that throws', 'crash', pty => pty.write('x\r'), 1, 'FAULT Error: drawn badly'],
    ['process.exit behind its back', 'exit', pty => pty.write('x\r'), 7, ''],
  ];
  it.each(endings)('%s', async (_name, scene, act, status, words) => {
    const pty = startBetweenSettings(scene);
    await pty.waitFor(/API Token|Credential Name/);
    act(pty);
    await pty.exited;
    const settings = settingsIn(pty.transcript());
    expect(settings.before).toContain('icanon');
    expect(settings.after).toBe(settings.before);
    expect(settings.status).toBe(status);
    expect(pty.transcript()).toContain(words);
    expectNeutral(pty.transcript());
  });

  it.each([
    ['SIGTERM', 143, 'SIGNAL 15'],
    ['SIGHUP', 129, 'SIGNAL 1'],
  ] as const)('%s', async (signal, status, words) => {
    const pty = startBetweenSettings('pid');
    await pty.waitFor('Credential Name');
    process.kill(Number(/PID (\d+)/.exec(pty.transcript())?.[1]), signal);
    await pty.exited;
    const settings = settingsIn(pty.transcript());
    expect(settings.after).toBe(settings.before);
    expect(settings.status).toBe(status);
    expect(pty.transcript()).toContain(words);
    expectNeutral(pty.transcript());
  });

  it('a signal nobody handles', async () => {
    const pty = startBetweenSettings('unhandled');
    await pty.waitFor('Credential Name');
    process.kill(Number(/PID (\d+)/.exec(pty.transcript())?.[1]), 'SIGTERM');
    await pty.exited;
    const settings = settingsIn(pty.transcript());
    expect(settings.after).toBe(settings.before);
    expect(settings.status).toBe(143);
    expectNeutral(pty.transcript());
  });

  it('does not hand a late paste to the shell', async () => {
    const script = `"$@"; IFS= read -r -t 0.3 line; echo "<shell read: $line>"`;
    const pty = startInPty('bash', ['-c', script, 'bash', process.execPath, program.path, 'token']);
    await pty.waitFor('API Token');
    pty.write('x\r\u001b[200~touch /tmp/never\r');
    pty.write('\u001b[201~echo never\r');
    await pty.exited;
    expect(pty.transcript()).toContain('<shell read: >');
  });
});

describe('a paste that arrives late, in pieces with gaps', {timeout: 60_000}, () => {
  // The shell lives on and would run what reaches it. What it has read is told after it had time to read.
  const script = `"$@"; IFS= read -r -t 1 line; echo "<shell read: $line>"`;

  it.each([
    ['after the answer', 'x\r', true],
    ['after Ctrl-C', '\u0003', true],
    ['after Ctrl-C, without brackets', '\u0003', false],
  ])('never reaches the shell: %s', async (_name, ending, bracketed) => {
    const pty = startInPty('bash', ['-c', script, 'bash', process.execPath, program.path, 'token']);
    await pty.waitFor('API Token');
    pty.write(ending);
    await pty.paste(`${'touch-never-'.repeat(12)}\r`, {chunk: 16, pause: 25, bracketed});
    await pty.exited;
    expect(pty.transcript()).toContain('<shell read: >');
  });
});

describe('the terminal to ask on', {timeout: 60_000}, () => {
  it('is /dev/tty when a secret comes through a pipe and the result goes into one', async () => {
    const script = `printf secret | "$@" | sed 's/^/piped: /'`;
    const pty = startInPty('bash', ['-c', script, 'bash', process.execPath, program.path, 'token']);
    await pty.waitFor('API Token');
    pty.write('typed\r');
    await pty.waitFor('piped: GOT "typed"');
    expect(await pty.exited).toEqual({code: 0, signal: null});
  });

  it('is refused with the way out where there is none', async () => {
    const pty = startInPty('bash', [
      '-c',
      `setsid -w "$@" </dev/null 2>&1 | cat`,
      'bash',
      process.execPath,
      program.path,
    ]);
    await pty.waitFor('FAULT UsageFault: There is no terminal to ask on.');
    await pty.exited;
  });

  it('may go away while a view is up', async () => {
    const pty = startInPty('bash', ['-c', `"$@"; echo "status $?" >"$0"`, '/dev/null', process.execPath, program.path]);
    await pty.waitFor('Credential Name');
    pty.kill('SIGHUP');
    await pty.exited;
  });
});

/** The last word on the cursor is “show”, the last on bracketed paste “off”. */
function expectNeutral(transcript: string) {
  expect(transcript.lastIndexOf('\u001b[?25h')).toBeGreaterThan(transcript.lastIndexOf('\u001b[?25l'));
  expect(transcript.lastIndexOf('\u001b[?2004l')).toBeGreaterThan(transcript.lastIndexOf('\u001b[?2004h'));
}

describe('where nothing can be drawn twice', {timeout: 60_000}, () => {
  it.each([
    ['a dumb terminal', {TERM: 'dumb'}, /^[^\u001b]*$/],
    ['a screen reader', {ACCESSIBLE: '1', NO_COLOR: '1'}, /^(?:[^\u001b]|\u001b\[\?2004[hl]|\u001b\[\?25h)*$/],
  ])('%s is told line by line', async (_name, env, allowed) => {
    const pty = start('', {env});
    await pty.waitFor('Credential Name');
    pty.write('prod');
    await pty.waitFor(/› +prod/);
    pty.write('\r');
    await pty.waitFor('Username');
    pty.write('me\r');
    await pty.waitFor(/3\. +blue/);
    pty.write('2');
    await pty.waitFor(/› 2\. +green/);
    pty.write('\r');
    await pty.waitFor('GOT ["prod","busy","me","green"]');
    expect(pty.transcript()).toMatch(allowed);
    expect(pty.transcript().match(/Credential Name/g)).toHaveLength(1);
  });

  it('a secret is not told either', async () => {
    const pty = start('token', {env: {TERM: 'dumb'}});
    await pty.waitFor('API Token');
    pty.write('secret');
    await pty.waitFor('6 characters');
    pty.write('\u0003');
    await pty.waitFor('GOT "interrupted"');
    expect(pty.transcript()).not.toContain('secret');
  });
});
