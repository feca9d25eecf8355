/** A program under exec behaves as without it: the same output, in the same order, the same status, and the token masked. */
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {afterEach, describe, expect, it} from 'vitest';
import {program as built} from '../support/build.ts';
import {bench, unlocked} from './bench.ts';

const {token, program, save, directory, file} = bench();
const env = () => ({
  PATH: process.env.PATH,
  LANG: 'C.UTF-8',
  HOME: process.env.HOME,
  JIRAKEY_STORE: directory(),
  ...unlocked,
});
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** Over pipes of the shell: Node would give it sockets, in which `/dev/stdout` cannot be opened by anybody. */
const overPipes = (line: string): string =>
  `{ ( ${line} ) 2>&1 >&3 3>&- | cat > "$ERR"; exit "\${PIPESTATUS[0]}"; } 3>&1 | cat > "$OUT"; exit "\${PIPESTATUS[0]}"`;

/** Runs a shell line in which `"$@"` is the program, with exec before it or without. */
function inShell(line: string, run: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const [OUT, ERR] = [file('stdout'), file('stderr')];
  const {status} = spawnSync('bash', ['-c', overPipes(line), 'bash', ...run], {
    env: {...env(), ...more, OUT, ERR},
    stdio: 'ignore',
  });
  return {status, stdout: readFileSync(OUT, 'utf8'), stderr: readFileSync(ERR, 'utf8')};
}
const under = (...options: string[]): string[] => {
  writeFileSync(file('passphrase'), unlocked.JIRAKEY_PASSPHRASE, {mode: 0o600});
  return [process.execPath, built, 'exec', 'acme', '--passphrase-file', file('passphrase'), ...options, '--'];
};

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(20);
}

/**
 * Files are appended to, here and in the rows: a name opened anew has an offset of its own, so that without exec lines
 * would overwrite each other, and `>` would empty the file. Under exec a pipe is before the file, and neither happens.
 */
const script = `#!/bin/sh
echo "to stdout $JIRA_API_TOKEN"
echo "to stderr by its name" >> /dev/stderr
echo "to stdout by its name $JIRA_API_TOKEN" >> /dev/stdout
echo "appended" >> /dev/stdout
trap 'echo "got USR1" >&2' USR1
sleep 0.2 & job=$!
kill -USR1 $$
wait $job
printf 'a\\nb\\n' | less
cat
tee -a /dev/stderr <<END
both
END
exec 7</dev/null
(exit 9)
`;

/** The way from a shell to a script of its own, for a program started with and without exec. */
const ways = [
  ['two pipes', '"$@" < input'],
  ['one pipe for both', '"$@" < input 2>&1'],
  ['one pipe, read slowly', '"$@" < input 2>&1 | { sleep 0.2; cat; }; exit "${PIPESTATUS[0]}"'],
  ['two files', '"$@" < input >> out 2>> err; code=$?; cat out; cat err >&2; exit $code'],
  ['one file for both', '"$@" < input >> out 2>&1; code=$?; cat out; exit $code'],
  ['a file that has lines already', 'echo first > out; "$@" < input >> out 2>&1; code=$?; cat out; exit $code'],
  ['stdout nowhere', '"$@" < input > /dev/null'],
  ['nothing to read', '"$@" < /dev/null'],
] as const;

describe('exec, beside the same program without it', () => {
  it.each(ways)('an unmodified script: %s', async (_, line) => {
    await save();
    writeFileSync(file('script'), script, {mode: 0o700});
    writeFileSync(file('input'), 'what it reads\n');
    const cd = `cd ${file('')}; rm -f out err; `;
    const without = inShell(cd + line, ['./script'], {JIRA_API_TOKEN: token});
    const within = inShell(cd + line, [...under(), './script']);
    const masked = (text: string): string => text.replaceAll(token, '***');
    expect(without.status).toBe(9);
    expect(within).toEqual({...without, stdout: masked(without.stdout), stderr: masked(without.stderr)});
    expect(within.stdout + within.stderr).not.toContain(token.slice(0, 20));
  });

  it('opens its pipes by their names, as for `> /dev/stdout` and `> /dev/stderr`', async () => {
    await save();
    const run = ['sh', '-c', 'echo out > /dev/stdout; echo err > /dev/stderr'];
    const without = inShell('"$@"', run);
    expect(without).toEqual({status: 0, stdout: 'out\n', stderr: 'err\n'});
    expect(inShell('"$@"', [...under(), ...run])).toEqual(without);
  });

  it.each(['yes', 'yes "$JIRA_API_TOKEN"', 'seq 1000000'])('%s | head -1 ends quietly', async command => {
    await save();
    const line = '"$@" | head -1; exit "${PIPESTATUS[0]}"';
    const without = inShell(line, ['sh', '-c', command], {JIRA_API_TOKEN: token});
    const within = inShell(line, [...under(), 'sh', '-c', command]);
    expect(within).toEqual({...without, stdout: without.stdout.replaceAll(token, '***')});
  });

  it('a reader that is slow gets all of it', async () => {
    await save();
    const line = '"$@" | { sleep 0.3; wc -c; }; exit "${PIPESTATUS[0]}"';
    expect(inShell(line, [...under(), 'sh', '-c', 'head -c 3000000 /dev/zero'])).toMatchObject({
      status: 0,
      stdout: '3000000\n',
    });
  });
});

describe('--token-file', () => {
  const show =
    'stat -c "%a %s" "$JIRA_API_TOKEN_FILE"; stat -f -c %T "$JIRA_API_TOKEN_FILE"; echo "${JIRA_API_TOKEN-none}"; ' +
    'echo "$JIRA_API_TOKEN_FILE" >&2; cat "$JIRA_API_TOKEN_FILE"; echo; wc -c < "$JIRA_API_TOKEN_FILE"; exit 3';

  it('gives the token in a file in memory, for nobody else, and not in the environment; it is gone at the end', async () => {
    await save();
    const older = {...unlocked, JIRA_API_TOKEN: token};
    const {code, stdout, stderr} = await program(['exec', 'acme', '--token-file', '--', 'sh', '-c', show], {
      env: older,
    });
    expect([code, stdout]).toEqual([3, `600 ${token.length}\ntmpfs\nnone\n***\n${token.length}\n`]);
    const path = stderr.split('\n').find(line => line.startsWith('/')) ?? '';
    expect(path).not.toBe('');
    expect(existsSync(path)).toBe(false);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGKILL'] as const)('is gone after %s as well', async signal => {
    await save();
    const line = 'echo "$JIRA_API_TOKEN_FILE"; exec sleep 600';
    let path = '';
    await program(['exec', '--token-file', 'acme', '--quiet', '--', 'sh', '-c', line], {
      env: unlocked,
      onStart: child =>
        child.stdout?.once('data', data => {
          path = String(data).trim();
          expect(existsSync(path)).toBe(true);
          child.kill(signal);
        }),
    });
    expect(path).not.toBe('');
    await until(() => !existsSync(path));
  });

  it('takes no value, and belongs to exec by this meaning alone', async () => {
    await save();
    const wrong = await program(['exec', 'acme', '--token-file=x', '--', 'true'], {env: unlocked});
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('--token-file takes no value');
  });
});

describe('what is left of exec', () => {
  it.each([[[]], [['--no-masking']]])('a program does not outlive exec that was killed (%j)', async options => {
    await save();
    const child = spawn(
      process.execPath,
      [built, 'exec', 'acme', ...options, '--', 'sh', '-c', 'echo $$; exec sleep 600'],
      {
        env: env(),
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    started.push(child);
    let said = '';
    child.stdout.on('data', data => {
      said += String(data);
    });
    await until(() => said.endsWith('\n'));
    const pid = said.trim();
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    child.kill('SIGKILL');
    await until(() => !existsSync(`/proc/${pid}`) || readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '));
  });

  it('nothing of its pipes and watchers stays', async () => {
    await save();
    const place = file('runtime');

    mkdirSync(place, {mode: 0o700});
    const line = 'echo "$PPID"; ls -A "$XDG_RUNTIME_DIR"';
    const {stdout} = await program(['exec', 'acme', '--', 'sh', '-c', line], {
      env: {...unlocked, XDG_RUNTIME_DIR: place},
    });
    expect(stdout).toMatch(/^\d+\n$/);
    expect(readdirSync(place)).toEqual([]);
    const left = () =>
      readdirSync('/proc')
        .filter(name => /^\d+$/.test(name))
        .filter(pid => {
          try {
            return (
              readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('read -r _ && exit') &&
              readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === '1'
            );
          } catch {
            return false;
          }
        });
    await until(() => left().length === 0);
  });
});
