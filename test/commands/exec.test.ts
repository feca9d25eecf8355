import {spawnSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {program as builtProgram} from '../support/build.ts';
import {bench, passphrase, unlocked, username} from './bench.ts';

const {token, program, save, jirakey, file, directory} = bench();
const exec = (...command: string[]): string[] => ['exec', 'acme', '--', ...command];
const script = (text: string): string[] => exec('sh', '-c', text);
const node = (text: string): string[] => exec(process.execPath, '-e', text);

describe('jirakey exec', () => {
  it('gives the program the credential in its environment, and nothing that opens the store', async () => {
    await save();
    const show = `const {JIRA_URL, JIRA_BASE_URL, JIRA_USERNAME, JIRA_API_TOKEN = '', JIRAKEY_PASSPHRASE} = process.env;
      console.log(JSON.stringify([JIRA_URL, JIRA_BASE_URL, JIRA_USERNAME, JIRA_API_TOKEN.length, JIRAKEY_PASSPHRASE ?? null, process.argv.join(' ')]));`;
    const {code, stdout} = await program(node(show), {env: unlocked});
    expect(code).toBe(0);
    const [url, base, user, length, secret, argv] = JSON.parse(stdout);
    expect([url, base, user, length, secret]).toEqual([
      'https://acme.atlassian.net',
      'https://acme.atlassian.net',
      username,
      token.length,
      null,
    ]);
    expect(argv).not.toContain(token);
  });

  it('names the gateway where requests have to go there', async () => {
    await save({route: 'gateway', cloudId: 'c-1'});
    const {stdout} = await program(script('echo $JIRA_URL $JIRA_BASE_URL $JIRA_SITE $JIRA_AUTH_TYPE'), {env: unlocked});
    expect(stdout).toBe(`${'https://api.atlassian.com/ex/jira/c-1 '.repeat(2)}https://acme.atlassian.net basic\n`);
  });

  it('masks the token in stdout and stderr, also as a Basic header, in pieces', async () => {
    await save();
    const print = `const t = process.env.JIRA_API_TOKEN;
      process.stdout.write('a ' + t.slice(0, 50));
      setImmediate(() => { process.stdout.write(t.slice(50) + ' b\\n');
      process.stderr.write('Basic ' + Buffer.from(process.env.JIRA_USERNAME + ':' + t).toString('base64') + '\\n'); });`;
    const {code, stdout, stderr} = await program(node(print), {env: unlocked});
    expect(code).toBe(0);
    expect(stdout).toBe('a *** b\n');
    expect(stderr).toMatch(/Basic \S*\*\*\*/);
    expect(stdout + stderr).not.toContain(token.slice(0, 20));
  });

  it('--no-masking leaves the output as it is', async () => {
    await save();
    const argv = ['exec', 'acme', '--no-masking', '--', 'sh', '-c', 'echo "$JIRA_API_TOKEN"'];
    expect((await program(argv, {env: unlocked})).stdout).toBe(`${token}\n`);
  });

  it.each([
    ['exit 0', 0],
    ['exit 7', 7],
    ['exit 255', 255],
    ['kill -TERM $$', 143],
    ['kill -KILL $$', 137],
  ])('passes on how it ended: %s', async (text, code) => {
    await save();
    expect((await program(script(text), {env: unlocked})).code).toBe(code);
  });

  it('127 where there is no such program, 126 where it may not be run', async () => {
    await save();
    const missing = await program(exec('/nonexistent/program'), {env: unlocked});
    expect(missing.code).toBe(127);
    expect(missing.stderr).toContain('no such program');
    writeFileSync(file('text'), 'no program', {mode: 0o600});
    expect((await program(exec(file('text')), {env: unlocked})).code).toBe(126);
  });

  it('passes stdin on, and signals; waits for the program to end in its own time', async () => {
    await save();
    expect((await program(exec('cat'), {env: unlocked, stdin: 'one\ntwo\n'})).stdout).toBe('one\ntwo\n');
    const wait = `process.on('SIGTERM', () => { console.log('tidied'); process.exit(5); });
      console.log('ready'); setInterval(() => {}, 1000);`;
    const ended = await program(node(wait), {
      env: unlocked,
      onStart: child => child.stdout?.once('data', () => child.kill('SIGTERM')),
    });
    expect(ended).toMatchObject({code: 5, stdout: 'ready\ntidied\n'});
  });

  it.each(['HUP', 'INT', 'QUIT', 'TERM', 'USR1', 'USR2', 'ALRM', 'CONT', 'WINCH'])(
    'passes SIG%s on, once',
    async name => {
      await save();
      const count = `let count = 0; process.on('SIG${name}', () => { count += 1;
      // Another one that is under way would come before this one, which is asked for last.
      if (count === 1) setTimeout(() => { console.log(count); process.exit(); }, 100); });
      console.log('ready'); setInterval(() => {}, 1000);`;
      const ended = await program(node(count), {
        env: unlocked,
        onStart: child => child.stdout?.once('data', () => process.kill(child.pid ?? 0, `SIG${name}`)),
      });
      expect(ended).toMatchObject({code: 0, stdout: 'ready\n1\n'});
    },
  );

  it('ends when its program has ended, whoever keeps its output open', async () => {
    await save();
    const {code, stdout} = await program(script('sleep 60 & echo $!; exit 4'), {env: unlocked});
    expect(code).toBe(4);
    expect(process.kill(Number(stdout), 'SIGTERM')).toBe(true);
  });

  it('takes the passphrase over stdin and then has no stdin to give', async () => {
    await save();
    const argv = ['exec', 'acme', '--passphrase-stdin', '--', 'cat'];
    expect(await program(argv, {stdin: `${passphrase}\n`})).toMatchObject({code: 0, stdout: ''});
  });

  it('starts nothing when the passphrase is wrong, the name unknown or the command missing', async () => {
    await save();
    const wrong = await jirakey(script('echo started'), {env: {JIRAKEY_PASSPHRASE: 'another one entirely'}});
    expect(wrong).toMatchObject({code: 10, stdout: ''});
    expect((await jirakey(['exec', 'nobody', '--', 'true'], {env: unlocked})).code).toBe(3);
    for (const argv of [
      ['exec', 'acme'],
      ['exec', 'acme', '--'],
      ['exec', '--', 'true'],
      ['exec', 'acme', 'true'],
    ]) {
      expect((await jirakey(argv, {env: unlocked})).code).toBe(2);
    }
  });

  it('masks what comes byte by byte with pauses, and shows a question at once', async () => {
    await save();
    const slowly = `const t = process.env.JIRA_API_TOKEN; let at = 0;
      process.stdout.write('continue? AT');
      process.stdin.once('data', function next() {
        if (at === t.length) { process.stdout.write('.'); process.exit(); }
        process.stdout.write(t[at]); at += 1; setTimeout(next, at % 40 === 0 ? 150 : 1); });`;
    let said = '';
    const {code, stdout} = await program(node(slowly), {
      env: unlocked,
      stdinOpen: true,
      onStart: child => {
        child.stdout?.on('data', chunk => {
          if (!said.endsWith('AT')) said += String(chunk);
          if (said === 'continue? AT') child.stdin?.end('y');
        });
      },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^continue\? AT.{0,7}\*\*\*\.$/);
    expect(stdout).not.toContain(token.slice(0, 8));
    expect(stdout).not.toContain(token.slice(7, 15));
  });

  it('lets 64 MiB of binary output through unchanged, to a reader that takes its time', async () => {
    await save();
    const produce = `const {createHash} = require('node:crypto'); const hash = createHash('sha256');
      const block = Buffer.from(Array.from({length: 65536}, (_, at) => (at * 7919) >> 3 & 255));
      let left = 1024;
      const go = () => { while (left > 0) { left -= 1; block.writeUInt32LE(left, 8); hash.update(block);
        if (!process.stdout.write(Buffer.from(block))) { process.stdout.once('drain', go); return; } }
        process.stderr.write(hash.digest('hex')); };
      go();`;
    const read = 'sleep 0.2; sha256sum | cut -d" " -f1';
    const argv = ['-c', `"$@" 2>"$OUT" | { ${read}; }`, 'sh', process.execPath, builtProgram, ...node(produce)];
    const out = file('hash');
    const {status, stdout} = spawnSync('sh', argv, {
      encoding: 'utf8',
      env: {PATH: process.env.PATH, JIRAKEY_STORE: directory(), ...unlocked, OUT: out},
    });
    expect(status).toBe(0);
    expect(readFileSync(out, 'utf8')).toContain(stdout.trim());
    expect(stdout.trim()).toMatch(/^[0-9a-f]{64}$/);
  });

  it('a reader that leaves early ends the program as if it had written there itself', async () => {
    await save();
    const argv = [
      '-c',
      '{ "$@"; echo "status $?" >&2; } | head -1',
      'sh',
      process.execPath,
      builtProgram,
      ...script('while :; do echo line; done'),
    ];
    const {stdout, stderr} = spawnSync('sh', argv, {
      encoding: 'utf8',
      env: {PATH: process.env.PATH, JIRAKEY_STORE: directory(), ...unlocked},
    });
    expect(stdout).toBe('line\n');
    expect(stderr).toMatch(/status 141\n$/);
  });

  it('a program may close its output early and go on', async () => {
    await save();
    const early = await program(script('echo one; exec >&-; echo two >&2; exit 3'), {env: unlocked});
    expect(early).toMatchObject({code: 3, stdout: 'one\n'});
    expect(early.stderr.split('\n')).toContain('two');
  });

  it('its grandchildren that keep the output open do not get the status wrong', async () => {
    await save();
    const {code, stdout} = await program(
      script('(tail --pid=$$ -s 0.05 -f /dev/null; echo late) & echo early; exit 6'),
      {env: unlocked},
    );
    expect([code, stdout]).toEqual([6, 'early\nlate\n']);
  });

  it.each(debugSections())('the token stands in nothing that NODE_DEBUG=%s prints', async section => {
    await save();
    const {stdout, stderr} = await program([...exec('true')], {env: {...unlocked, NODE_DEBUG: section}});
    expect((stdout + stderr).includes(token.slice(0, 20))).toBe(false);
    expect(stderr).not.toBe('');
  });
});

/** Every section that some module of this Node asks for, and all at once. */
function debugSections(): string[] {
  const binding: unknown = Reflect.get(process, 'binding');
  if (typeof binding !== 'function') return ['*'];
  const sources: unknown = Reflect.apply(binding, process, ['natives']);
  const text = Object.values(sources ?? {}).join('\n');
  const names = [...text.matchAll(/debuglog\('(\w+)'/g)].map(([, name = '']) => name);
  // The binding keeps back Node's internal modules; these are theirs.
  return [...new Set([...names, 'child_process', 'fs', 'fetch', 'undici', '*'])];
}
