/**
 * Token and passphrase, looked for in everything the program leaves or shows: a terminal's transcript, stdout, stderr,
 * every file below a fresh home, arguments and environment of every process, JSON, the report, and a core file.
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {program} from '../support/build.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {type Served, serve} from '../support/lab/serve.ts';
import {leaksIn, type Needle, wholeForms} from '../support/leak.ts';
import {watchProcesses} from '../support/processes.ts';
import {cleanUp, enter, filesBelow, type Home, inTerminal, makeHome} from './jirakey.ts';

const username = 'you@acme.com';
const token = syntheticToken();
const passphrase = 'Rk7-vunmo Qäszi"9 &pWxlgtb/ehjd';
const needles: Needle[] = [
  {what: 'token', secret: token, from: 12},
  {what: 'pair', secret: `${username}:${token}`, from: username.length + 13},
  {what: 'passphrase', secret: passphrase},
];

let home: Home;
let jira: Served;
let files: Readonly<{token: string; passphrase: string}>;
beforeEach(async () => {
  home = await makeHome();
  jira = await serve(cloudJira({username, token}));
  // The sources themselves lie in another home: they hold what is looked for.
  const sources = await makeHome();
  files = {token: join(sources.path, 'token'), passphrase: join(sources.path, 'passphrase')};
  writeFileSync(files.token, token, {mode: 0o600});
  writeFileSync(files.passphrase, passphrase, {mode: 0o600});
});
afterEach(async () => {
  await cleanUp();
  await jira.close();
});

async function jirakey(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: home.path,
    env: {PATH: process.env.PATH, LANG: 'C.UTF-8', ...home.env, ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', data => {
    stdout += data;
  });
  child.stderr.on('data', data => {
    stderr += data;
  });
  const [code] = await once(child, 'close');
  return {code: Number(code), stdout, stderr};
}

const unlock = () => ['--passphrase-file', files.passphrase];
const setup = () => [
  ...['setup', '--no-input', '--name', 'acme', '--url', jira.url, '--username', username],
  ...['--token-file', files.token, ...unlock()],
];

describe('commands from scripts', {timeout: 120_000}, () => {
  const hasProc = existsSync('/proc/self/environ');

  it('leave neither token nor passphrase in output, files, arguments or environments', async () => {
    const watch = hasProc ? watchProcesses() : null;
    const outputs: Record<string, string> = {};
    const all: [args: string[], code: number][] = [
      [setup(), 0],
      [['test', 'acme', '--json', ...unlock()], 0],
      [['test', 'acme', ...unlock()], 0],
      [['test', '--all', ...unlock()], 0],
      [['list', '--json'], 0],
      [['show', 'acme'], 0],
      [['report', 'acme', '--json', ...unlock()], 0],
      [['export', 'acme', '--format', 'nexla-form', ...unlock()], 0],
      [['export', 'acme', '--format', 'jira-cli', ...unlock()], 0],
      [['doctor', '--fix', '--yes', '--json'], 0],
      [['token', 'acme', '--passphrase-file', files.token], 10],
      [['rotate', 'acme', '--no-input', '--token-file', files.token, ...unlock()], 2],
    ];
    for (const [args, code] of all) {
      const ended = await jirakey(args);
      const what = args.slice(0, 2).join(' ');
      expect([what, ended.code, ended.code === code ? '' : ended.stderr]).toEqual([what, code, '']);
      outputs[`stdout of ${what}`] = ended.stdout;
      outputs[`stderr of ${what}`] = ended.stderr;
    }
    expect(jira.requests.some(({headers}) => headers.authorization !== undefined)).toBe(true);
    const written = Object.fromEntries(await filesBelow(home.path));
    expect(Object.keys(written).length).toBeGreaterThanOrEqual(2);
    const processes = watch?.stop() ?? {};
    if (hasProc) expect(Object.keys(processes).some(where => where.startsWith('cmdline of node'))).toBe(true);
    expect(leaksIn({...outputs, ...written, ...processes}, needles)).toEqual([]);
  });

  it('give the token to the child of exec alone, and mask it in every form the child prints', async () => {
    expect((await jirakey(setup())).code).toBe(0);
    const print = [
      'const t = process.env.JIRA_API_TOKEN; const u = process.env.JIRA_USERNAME; const b = x => Buffer.from(x);',
      'console.log(t, encodeURIComponent(t), JSON.stringify(t), b(t).toString("base64"), b(u + ":" + t).toString("base64"));',
      'console.error(t); console.log("x".repeat(9), b("ab" + t).toString("base64url"));',
    ].join('');
    const {code, stdout, stderr} = await jirakey(['exec', 'acme', ...unlock(), '--', process.execPath, '-e', print]);
    expect(code).toBe(0);
    expect(stdout).toContain('***');
    expect(leaksIn({stdout, stderr, ...Object.fromEntries(await filesBelow(home.path))}, needles)).toEqual([]);
  });

  it.skipIf(!hasProc)('would be seen by this search: a token in a variable is found', async () => {
    const watch = watchProcesses();
    await jirakey(['test', '--url', jira.url, '--username', username], {JIRA_API_TOKEN: token});
    expect(leaksIn(watch.stop(), needles)).toContainEqual(expect.stringMatching(/^token in environ of node/));
    expect(
      leaksIn({a: `x ${encodeURIComponent(passphrase)} y`, b: Buffer.from(`q:${token}`).toString('base64')}, needles),
    ).toEqual(expect.arrayContaining(['token in b', 'passphrase in a']));
  });
});

describe('the assistant in a terminal', {timeout: 120_000}, () => {
  it('shows and leaves neither, where a saved credential is edited and tested', async () => {
    expect((await jirakey(setup())).code).toBe(0);
    const pty = inTerminal(home, ['test', 'acme']);
    await pty.waitFor('Passphrase');
    await pty.paste(passphrase);
    pty.write(enter);
    expect((await pty.exited).code).toBe(0);
    const edit = inTerminal(home, ['edit', 'acme']);
    await edit.waitFor('Passphrase');
    await edit.paste(passphrase);
    edit.write(enter);
    await edit.waitFor(/API Token/, 40_000);
    edit.kill('SIGTERM');
    await edit.exited;
    const haystacks = {
      test: pty.transcript(),
      edit: edit.transcript(),
      ...Object.fromEntries(await filesBelow(home.path)),
    };
    expect(leaksIn(haystacks, needles)).toEqual([]);
  });
});

const corePattern = existsSync('/proc/sys/kernel/core_pattern')
  ? readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim()
  : '|';
const cores = !/[|/]/.test(corePattern) && existsSync('/proc/self/coredump_filter') && existsSync('/bin/bash');

describe.skipIf(!cores)(
  'a core file (skipped where the system writes none into the working folder)',
  {timeout: 120_000},
  () => {
    /** Aborts a test that waits for an answer, with the token sent and so in memory; the bytes of the core it left. */
    async function coreOf(filter: string | null): Promise<Buffer> {
      const stalled = await serve((asked, response) => {
        if (asked.headers.authorization === undefined) return cloudJira({username, token})(asked, response);
        return undefined;
      });
      const folder = (await makeHome()).path;
      try {
        const options = [
          'test',
          '--url',
          stalled.url,
          '--username',
          username,
          '--timeout',
          '100',
          '--token-file',
          files.token,
        ];
        const child = spawn(
          'bash',
          ['-c', 'ulimit -c unlimited && exec "$@"', 'bash', process.execPath, program, ...options],
          {
            cwd: folder,
            env: {PATH: process.env.PATH, HOME: home.path, LANG: 'C.UTF-8'},
            stdio: 'ignore',
          },
        );
        const gone = once(child, 'close');
        await expect
          .poll(() => stalled.requests.some(({headers}) => headers.authorization !== undefined), {timeout: 20_000})
          .toBe(true);
        if (filter !== null) writeFileSync(`/proc/${child.pid}/coredump_filter`, filter);
        child.kill('SIGABRT');
        expect((await gone)[1]).toBe('SIGABRT');
        const name = readdirSync(folder).find(each => each.startsWith('core'));
        return name === undefined ? Buffer.alloc(0) : readFileSync(join(folder, name));
      } finally {
        await stalled.close();
      }
    }

    const holds = (core: Buffer): string[] =>
      needles
        .slice(0, 2)
        .flatMap(needle => wholeForms(needle).filter(form => core.includes(Buffer.from(form, 'latin1'))));

    it('holds nothing of the token', async () => {
      const core = await coreOf(null);
      expect(holds(core)).toEqual([]);
      expect(core.includes(Buffer.from(token.slice(40, 72)))).toBe(false);
    });

    it('would hold it: the same with memory let into the core again', async () => {
      expect(holds(await coreOf('0x33')).length).toBeGreaterThan(0);
    });
  },
);

it('every file below the home is its owner’s alone', {timeout: 60_000}, async () => {
  expect((await jirakey(setup())).code).toBe(0);
  const paths = [...(await filesBelow(home.path)).keys()];
  expect(paths.map(path => [path, statSync(path).mode & 0o077])).toEqual(paths.map(path => [path, 0]));
});
