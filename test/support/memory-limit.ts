/**
 * A control group with a limit on memory, of whichever version this machine lets a test make, and how to start a program
 * in it. Every one is made and removed by the test itself.
 */
import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

export type MemoryLimit = Readonly<{
  /** What to put in front of a command so that it, and all it starts, lives under the limit. */
  wrap: (command: readonly string[]) => readonly [string, ...string[]];
  remove: () => void;
}>;

const versions = [
  {root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes', swap: 'memory.memsw.limit_in_bytes'},
  {root: '/sys/fs/cgroup', limit: 'memory.max', swap: 'memory.swap.max'},
] as const;
let made = 0;

/** @returns null where neither a group can be made nor systemd makes one */
export function limitMemory(bytes: number): MemoryLimit | null {
  for (const version of versions) {
    const group = tryGroup(version, bytes);
    if (group !== null) return group;
  }
  return trySystemd(bytes);
}

function tryGroup({root, limit, swap}: (typeof versions)[number], bytes: number): MemoryLimit | null {
  const folder = join(root, `jirakey-test-${process.pid}-${made++}`);
  try {
    if (!existsSync(join(root, 'cgroup.procs'))) return null;
    mkdirSync(folder);
    if (!existsSync(join(folder, limit))) throw new Error('no control of memory here');
    writeFileSync(join(folder, limit), String(bytes));
  } catch {
    remove(folder);
    return null;
  }
  try {
    writeFileSync(join(folder, swap), limit === 'memory.max' ? '0' : String(bytes));
  } catch {
    // Without swap accounting there is nothing to limit.
  }
  const procs = join(folder, 'cgroup.procs');
  const group: MemoryLimit = {
    wrap: command => ['sh', '-c', `echo $$ > ${procs} && exec "$@"`, 'sh', ...command],
    remove: () => remove(folder),
  };
  if (works(group)) return group;
  group.remove();
  return null;
}

const works = ({wrap}: MemoryLimit): boolean => {
  const [command, ...args] = wrap(['true']);
  return spawnSync(command, args).status === 0;
};

function remove(folder: string): void {
  try {
    // What was left by a killed child ends with it.
    for (const pid of readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean)) {
      process.kill(Number(pid), 'SIGKILL');
    }
    rmdirSync(folder);
  } catch {
    // Not made, or gone.
  }
}

function trySystemd(bytes: number): MemoryLimit | null {
  const scope = process.geteuid?.() === 0 ? [] : ['--user'];
  const limit: MemoryLimit = {
    wrap: command => [
      ...([
        'systemd-run',
        ...scope,
        '--scope',
        '--quiet',
        '-p',
        `MemoryMax=${bytes}`,
        '-p',
        'MemorySwapMax=0',
        '--',
      ] as [string, ...string[]]),
      ...command,
    ],
    remove: () => {},
  };
  return works(limit) ? limit : null;
}
