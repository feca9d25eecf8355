/**
 * How much memory this process may still take. Node's own answer is not enough: on Node 20 it sees the limit of this
 * process's control group only, not one further up (measured: 23 GiB "available" below a group of 300 MiB), counts file
 * cache the kernel would give back as taken, and knows one place where control groups are mounted.
 * Formats: the kernel's admin-guide, cgroup-v1/memory and cgroup-v2; proc(5) for meminfo, cgroups(7) for the rest.
 */
import {readFileSync} from 'node:fs';
import {join, posix} from 'node:path';

/** Reads a file below the root of the system; null where there is none. */
export type Reading = (path: string) => string | null;

/**
 * Bytes that can be taken without the kernel having to refuse them or kill somebody: the least that the machine, every
 * control group around this process and its own limit (`ulimit -v`) leave. Infinity where nothing tells.
 */
export function memoryAvailable(read: Reading = fromSystem): number {
  const groups = groupsOf(read).map(group => leftIn(group, read));
  return Math.max(0, Math.min(onMachine(read), addressSpace(read), ...groups));
}

function fromSystem(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** MemAvailable is the kernel's estimate, in KiB; without it (no Linux) Node's is taken. */
function onMachine(read: Reading): number {
  const found = /^MemAvailable:\s+(\d+) kB$/m.exec(read('/proc/meminfo') ?? '');
  if (found !== null) return Number(found[1]) * 1024;
  return typeof process.availableMemory === 'function' ? process.availableMemory() : Number.POSITIVE_INFINITY;
}

/** proc(5): the soft limit in bytes, and what is mapped of it in KiB. */
function addressSpace(read: Reading): number {
  const limit = /^Max address space\s+(\d+)\s/m.exec(read('/proc/self/limits') ?? '')?.[1];
  const mapped = /^VmSize:\s+(\d+) kB$/m.exec(read('/proc/self/status') ?? '')?.[1];
  return limit === undefined || mapped === undefined ? Number.POSITIVE_INFINITY : Number(limit) - Number(mapped) * 1024;
}

type Version = 1 | 2;
type Group = Readonly<{version: Version; folder: string}>;

/** The folders of the control groups this process is in, from its own upwards, as far as they are mounted here. */
function groupsOf(read: Reading): Group[] {
  const mounts = mountsOf(read('/proc/self/mountinfo') ?? '');
  const lines = (read('/proc/self/cgroup') ?? '').split('\n');
  return lines.flatMap(line => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) return [];
    const version = controllers === '' ? 2 : controllers.split(',').includes('memory') ? 1 : null;
    return version === null
      ? []
      : mounts.filter(mount => mount.version === version).flatMap(mount => upwards(mount, path));
  });
}

type Mount = Readonly<{version: Version; root: string; point: string}>;

/** proc(5): "36 35 98:0 ROOT POINT options fields - TYPE source superoptions", with blanks as \040. */
function mountsOf(text: string): Mount[] {
  return text.split('\n').flatMap((line): Mount[] => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root, point] = before.split(' ').map(unescaped);
    const [type, , options = ''] = after.split(' ');
    if (root === undefined || point === undefined) return [];
    if (type === 'cgroup2') return [{version: 2, root, point}];
    return type === 'cgroup' && options.split(',').includes('memory') ? [{version: 1, root, point}] : [];
  });
}

const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** In a container the mount shows a part of the tree only: its root is the container's group, or says nothing of it. */
function upwards({version, root, point}: Mount, path: string): Group[] {
  const below = posix.relative(root, path);
  const inside = below === '..' || below.startsWith('../') ? '' : below;
  const parts = inside === '' ? [] : inside.split('/');
  return Array.from({length: parts.length + 1}, (_, up) => ({
    version,
    folder: join(point, ...parts.slice(0, parts.length - up)),
  }));
}

const names = {
  1: {limits: ['memory.limit_in_bytes'], usage: 'memory.usage_in_bytes', hierarchy: 'hierarchical_memory_limit'},
  // Above memory.high a process is not killed but slowed down until it seems to hang.
  2: {limits: ['memory.max', 'memory.high'], usage: 'memory.current', hierarchy: null},
} as const;

/** What a group leaves; Infinity where it has no limit. */
function leftIn({version, folder}: Group, read: Reading): number {
  const {limits, usage, hierarchy} = names[version];
  const stat = statOf(read(join(folder, 'memory.stat')) ?? '');
  const set = limits.map(name => numberIn(read(join(folder, name))) ?? Number.POSITIVE_INFINITY);
  // Version 1 repeats here the tightest limit of the groups above, which a container does not see.
  const above = hierarchy === null ? undefined : stat.get(hierarchy);
  const limit = Math.min(...set, above ?? Number.POSITIVE_INFINITY);
  const used = numberIn(read(join(folder, usage)));
  // "No limit" is a very large number in version 1, rounded to pages.
  if (used === null || limit >= 2 ** 62) return Number.POSITIVE_INFINITY;
  return limit - used + reclaimable(stat);
}

/** File cache on the inactive list goes first, without harm; the active part is left out to be on the safe side. */
const reclaimable = (stat: ReadonlyMap<string, number>): number =>
  stat.get('total_inactive_file') ?? stat.get('inactive_file') ?? 0;

const statOf = (text: string): ReadonlyMap<string, number> =>
  new Map(text.split('\n').map(line => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]));

function numberIn(text: string | null): number | null {
  const trimmed = text?.trim() ?? '';
  return /^\d+$/.test(trimmed) ? Number(trimmed) : null;
}
