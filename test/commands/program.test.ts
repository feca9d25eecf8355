/** The built program, started as a shell would: hygiene, streams, signals, descriptors. */
import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, cpSync, existsSync, openSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {program} from '../support/build.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {type Served, serve} from '../support/lab/serve.ts';
import {folder, run} from '../support/program.ts';
import {bench} from './bench.ts';

const {version} = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const token = syntheticToken();
const username = 'you@acme.com';

let place: ReturnType<typeof folder>;
let jira: Served;
beforeEach(async () => {
  place = folder();
  jira = await serve(cloudJira({username, token}));
});
afterEach(async () => {
  place.remove();
  await jira.close();
});

const store = () => ({JIRAKEY_STORE: join(place.path, 'store')});
const adHoc = (...more: string[]): string[] => ['test', '--url', jira.url, '--username', username, ...more];

describe('the program', () => {
  it('says its version and its help', async () => {
    expect(await run(['--version'])).toMatchObject({code: 0, stdout: `jirakey ${version}\n`, stderr: ''});
    expect(await run(['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Usage: jirakey'),
      stderr: '',
    });
  });

  it.each(['module', 'commonjs'])('is one folder that needs nothing beside it, in a package of type %s', async type => {
    const copy = join(place.path, 'copied');
    cpSync(dirname(program), copy, {recursive: true});
    writeFileSync(join(place.path, 'package.json'), JSON.stringify({type}));
    const child = spawn(process.execPath, [join(copy, 'jirakey.js'), 'explain', 'site-moved'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: place.path,
    });
    let text = '';
    child.stdout.on('data', chunk => {
      text += chunk;
    });
    const code = await new Promise(resolve => child.on('close', resolve));
    expect(code).toBe(0);
    expect(text).toContain('Troubleshooting checklist');
  });

  it('tests: JSON alone on stdout, no control characters anywhere', async () => {
    const {code, stdout, stderr} = await run(adHoc('--json', '--token-stdin'), {
      env: store(),
      stdin: `Bearer ${token}\n`,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({outcome: 'passed'});
    expect(stderr).toMatch(/cleaned/);
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(stdout + stderr).not.toContain(token.slice(0, 16));
  });

  it('reads a token from a descriptor the shell opened', async () => {
    const path = join(place.path, 'token');
    writeFileSync(path, token, {mode: 0o600});
    const fd = openSync(path, 'r');
    const child = spawn(process.execPath, [program, ...adHoc('--json', '--token-fd', '3')], {
      stdio: ['ignore', 'ignore', 'inherit', fd],
      env: {PATH: process.env.PATH, ...store()},
    });
    closeSync(fd);
    expect(await new Promise(resolve => child.on('close', resolve))).toBe(0);
  });
});

describe('before anything is sent', () => {
  it.each([
    ['NODE_DEBUG=http', {NODE_DEBUG: 'http'}, []],
    ['NODE_DEBUG=fs,TLS', {NODE_DEBUG: 'fs,TLS'}, []],
    ['NODE_DEBUG=*', {NODE_DEBUG: '*'}, []],
    ['NODE_DEBUG=ht*', {NODE_DEBUG: 'ht*'}, []],
    ['NODE_DEBUG=child_process', {NODE_DEBUG: 'child_process'}, []],
    ['NODE_DEBUG=module,CHILD_PROC*', {NODE_DEBUG: 'module,CHILD_PROC*'}, []],
    ['a section nobody knows', {NODE_DEBUG: 'module_not_there'}, []],
    ['NODE_DEBUG_NATIVE', {NODE_DEBUG_NATIVE: 'http2'}, []],
    ['an inspector whose option is spelt with a backslash', {NODE_OPTIONS: '"--in\\spect=127.0.0.1:0"'}, []],
    ['--inspect', {}, ['--inspect=127.0.0.1:0']],
    ['--inspect in NODE_OPTIONS', {NODE_OPTIONS: '--inspect=127.0.0.1:0'}, []],
    ['--tls-keylog', {}, ['--tls-keylog=/dev/null']],
    ['--tls_keylog, spelt with an underscore', {}, ['--tls_keylog=/dev/null']],
    ['--inspect_port in NODE_OPTIONS', {NODE_OPTIONS: '--inspect_port=127.0.0.1:0'}, []],
    ['--heapsnapshot-signal', {}, ['--heapsnapshot-signal=SIGUSR2']],
    ['--report-on-signal in NODE_OPTIONS', {NODE_OPTIONS: '--report-on-signal'}, []],
    ['--report-uncaught-exception', {}, ['--report-uncaught-exception']],
    ['--tls-keylog in NODE_OPTIONS', {NODE_OPTIONS: '--tls-keylog=/dev/null'}, []],
  ])('%s is refused', async (_, env, node) => {
    const {code, stdout, stderr} = await run(adHoc('--token-stdin'), {env: {...store(), ...env}, node, stdin: token});
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/refused to start/);
    expect(jira.connections()).toBe(0);
  });

  it.each(['module', 'esm,TIMER', ' module , timers'])('harmless debugging of Node is allowed: %j', async list => {
    expect((await run(['--version'], {env: {NODE_DEBUG: list}})).code).toBe(0);
  });

  it('NODE_TLS_REJECT_UNAUTHORIZED=0 does not switch certificate checks off', async () => {
    const {code} = await run(['practice', '--fault', 'certificate-untrusted', '--json'], {
      env: {...store(), NODE_TLS_REJECT_UNAUTHORIZED: '0'},
    });
    expect(code).toBe(8);
  });
});

describe('streams and signals', () => {
  it('a reader that leaves is no fault', async () => {
    const ended = await run(['explain', '--json'], {env: store(), onStart: child => child.stdout?.destroy()});
    expect(ended).toMatchObject({code: 0, stderr: ''});
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends it with %i', async (signal, code) => {
    const ended = run(['practice', '--serve'], {
      env: store(),
      onStart: child => child.stdout?.once('data', () => child.kill(signal)),
    });
    expect(await ended).toMatchObject({code});
  });

  it.skipIf(!existsSync('/proc/self/status'))('a signal ends a wait for stdin', async () => {
    const child = spawn(process.execPath, [program, ...adHoc('--token-stdin')], {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: {PATH: process.env.PATH, ...store()},
    });
    const ended = new Promise(resolve => child.on('close', (code, signal) => resolve([code, signal])));
    await expect.poll(() => waitsForSignals(child.pid), {timeout: 20_000}).toBe(true);
    child.kill('SIGTERM');
    expect(await ended).toEqual([143, null]);
  });

  it('SIGUSR1 does not open the inspector', async () => {
    const ended = await run(['practice', '--serve'], {
      env: store(),
      onStart: child =>
        child.stdout?.once('data', () => {
          child.kill('SIGUSR1');
          child.kill('SIGTERM');
        }),
    });
    expect(ended.code).toBe(143);
    expect(ended.stderr).not.toMatch(/debugger/i);
  });

  it.skipIf(!existsSync('/proc/self/coredump_filter'))('keeps its memory out of core files', async () => {
    let filter = '';
    await run(['practice', '--serve'], {
      env: store(),
      onStart: child =>
        child.stdout?.once('data', () => {
          filter = readFileSync(`/proc/${child.pid}/coredump_filter`, 'utf8').trim();
          child.kill('SIGTERM');
        }),
    });
    expect(Number.parseInt(filter, 16)).toBe(0);
  });
});

/**
 * Has the process put its handlers in place? /proc tells which signals are caught. Node itself catches SIGTERM and SIGINT
 * from its first moment, so the one to look for is SIGHUP.
 */
function waitsForSignals(pid: number | undefined): boolean {
  const path = `/proc/${pid}/status`;
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? '0';
  const sighup = 1n;
  return ((BigInt(`0x${caught}`) >> (sighup - 1n)) & 1n) === 1n;
}

describe('a fault of the program itself', () => {
  const {save, program: onStore} = bench();

  it('exit 1, with what is needed to find it and without the text of the error', async () => {
    await save();
    // A fault that can be had at will: a clock that breaks when it is asked for the time as text.
    const broken = `Date.prototype.toISOString = () => { throw new Error('at acme.atlassian.net') }`;
    const node = ['--import', `data:text/javascript,${encodeURIComponent(broken)}`];
    const ended = await onStore(['report', 'acme'], {node});
    expect(ended).toMatchObject({code: 1, stdout: ''});
    expect(ended.stderr).toMatch(/jirakey itself failed[\s\S]*Error in jirakey \d+\.\d+\.\d+, Node v\d/);
    expect(ended.stderr).toMatch(/^ {4}at .*:\d+:\d+\)?$/m);
    expect(ended.stderr).not.toContain('acme.atlassian.net');
  });
});

describe('what has no end or no reader', () => {
  const sh = (script: string) => spawn('sh', ['-c', script], {env: {PATH: process.env.PATH, ...store()}});
  const ended = async (child: ReturnType<typeof sh>) => {
    let stderr = '';
    child.stderr.on('data', chunk => {
      stderr += chunk;
    });
    const [code] = await once(child, 'close');
    return {code, stderr};
  };
  const jirakey = `'${process.execPath}' '${program}'`;

  it.each(['/dev/zero', 'a pipe nobody writes to'])(
    'a CA file that is %s is refused, with the document',
    async name => {
      const file = name.startsWith('/') ? name : join(place.path, 'pipe');
      if (file !== name) execFileSync('mkfifo', [file]);
      const {code, stdout, stderr} = await run(adHoc('--token-file', '/dev/null', '--ca-file', file, '--json'));
      expect(code).toBe(2);
      expect(stderr).toContain('no regular file');
      expect(JSON.parse(stdout)).toMatchObject({usage: {message: expect.stringContaining('no regular file')}});
      const doctor = await run(['doctor'], {env: {SSL_CERT_FILE: file}});
      expect(doctor.stdout.replace(/\s+/g, ' ')).toContain(`${file} (could not be read)`);
    },
  );

  it('a full disk behind stdout is told as that, and is no success', async () => {
    const {code, stderr} = await ended(sh(`${jirakey} explain >/dev/full`));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^jirakey: the output could not be written \(ENOSPC\)/);
  });

  it('a test that is interrupted still prints its document', async () => {
    const silent = await serve(() => undefined);
    const file = join(place.path, 'token');
    writeFileSync(file, token, {mode: 0o600});
    const argv = ['test', '--url', silent.url, '--username', username, '--token-file', file, '--json'];
    const test = run(argv, {
      onStart: async child => {
        await expect.poll(() => silent.requests.length, {timeout: 20_000}).toBeGreaterThan(0);
        child.kill('SIGINT');
      },
    });
    const {code, stdout} = await test;
    await silent.close();
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({usage: {message: expect.stringContaining('interrupted')}});
  });

  it('opens a seal and passes a status on where addresses are limited', async () => {
    const [phrase, file] = ['passphrase', 'token'].map(name => join(place.path, name));
    writeFileSync(phrase ?? '', 'one two three four five six', {mode: 0o600});
    writeFileSync(file ?? '', token, {mode: 0o600});
    const made = `${jirakey} setup --no-input --save-untested --name acme --url https://acme.atlassian.net --username ${username} --token-file ${file} --passphrase-file ${phrase}`;
    const used = `${jirakey} exec acme --passphrase-file ${phrase} -- sh -c 'sleep 0.3; exit 7'`;
    // Node's own fetch reserves 10 GB of addresses when it is loaded.
    const {code, stderr} = await ended(sh(`ulimit -v 4000000 && ${made} && ${used}`));
    expect({code, stderr}).toMatchObject({code: 7, stderr: expect.not.stringContaining('bug')});
  });
});
