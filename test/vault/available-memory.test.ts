/** What leaves how much memory, on made-up systems: control groups of both versions, nested, in containers, with cache. */
import {expect, test} from 'vitest';
import {memoryAvailable} from '../../source/vault/available-memory.ts';

const mebibyte = 1024 * 1024;
const meminfo = 'MemTotal: 16777216 kB\nMemFree: 1048576 kB\nMemAvailable: 8388608 kB\n';
const onV1 =
  '30 20 0:26 / /sys/fs/cgroup ro - tmpfs tmpfs ro\n33 30 0:29 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory\n';
const onV2 = '30 20 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n';
const unlimited = '9223372036854771712\n';

const available = (files: Readonly<Record<string, string>>): number =>
  memoryAvailable(path => ({'/proc/meminfo': meminfo, ...files})[path] ?? null) / mebibyte;

test('without control groups it is what the machine has', () => {
  expect(available({})).toBe(8192);
  expect(memoryAvailable()).toBeGreaterThan(0);
});

test('version 1: the group’s limit less what it uses, cache that goes at once not counted as used', () => {
  const group = '/sys/fs/cgroup/memory/mine';
  const files = {
    '/proc/self/mountinfo': onV1,
    '/proc/self/cgroup': '4:cpu:/other\n3:memory:/mine\n0::/\n',
    [`${group}/memory.limit_in_bytes`]: `${300 * mebibyte}\n`,
    [`${group}/memory.usage_in_bytes`]: `${40 * mebibyte}\n`,
    [`${group}/memory.stat`]: `cache ${9 * mebibyte}\ntotal_inactive_file ${6 * mebibyte}\nhierarchical_memory_limit ${300 * mebibyte}\n`,
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': unlimited,
    '/sys/fs/cgroup/memory/memory.usage_in_bytes': `${900 * mebibyte}\n`,
  };
  expect(available(files)).toBe(266);
});

test('version 1: a tighter group further up counts, seen or only told of', () => {
  const group = '/sys/fs/cgroup/memory/outer/inner';
  const inner = {
    '/proc/self/mountinfo': onV1,
    '/proc/self/cgroup': '3:memory:/outer/inner\n',
    [`${group}/memory.limit_in_bytes`]: unlimited,
    [`${group}/memory.usage_in_bytes`]: `${10 * mebibyte}\n`,
  };
  expect(available(inner)).toBe(8192);
  const seen = {
    ...inner,
    '/sys/fs/cgroup/memory/outer/memory.limit_in_bytes': `${200 * mebibyte}\n`,
    '/sys/fs/cgroup/memory/outer/memory.usage_in_bytes': `${50 * mebibyte}\n`,
  };
  expect(available(seen)).toBe(150);
  const told = {...inner, [`${group}/memory.stat`]: `hierarchical_memory_limit ${120 * mebibyte}\n`};
  expect(available(told)).toBe(110);
});

test('version 1 in a container: its own group is the root of what is mounted', () => {
  const files = {
    '/proc/self/mountinfo': onV1.replace(' / /sys/fs/cgroup/memory ', ' /docker/ab /sys/fs/cgroup/memory '),
    '/proc/self/cgroup': '3:memory:/docker/ab\n',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${128 * mebibyte}\n`,
    '/sys/fs/cgroup/memory/memory.usage_in_bytes': `${28 * mebibyte}\n`,
  };
  expect(available(files)).toBe(100);
});

test('version 2: the tightest of all groups above, memory.high included', () => {
  const at = '/sys/fs/cgroup/system.slice/job.service';
  const files = {
    '/proc/self/mountinfo': onV2,
    '/proc/self/cgroup': '0::/system.slice/job.service\n',
    [`${at}/memory.max`]: 'max\n',
    [`${at}/memory.high`]: 'max\n',
    [`${at}/memory.current`]: `${30 * mebibyte}\n`,
    [`${at}/memory.stat`]: `anon 5\ninactive_file ${4 * mebibyte}\n`,
  };
  expect(available(files)).toBe(8192);
  expect(available({...files, [`${at}/memory.max`]: `${300 * mebibyte}\n`})).toBe(274);
  expect(
    available({...files, [`${at}/memory.max`]: `${300 * mebibyte}\n`, [`${at}/memory.high`]: `${100 * mebibyte}\n`}),
  ).toBe(74);
  const slice = '/sys/fs/cgroup/system.slice';
  expect(
    available({
      ...files,
      [`${at}/memory.max`]: `${300 * mebibyte}\n`,
      [`${slice}/memory.max`]: `${120 * mebibyte}\n`,
      [`${slice}/memory.current`]: `${100 * mebibyte}\n`,
    }),
  ).toBe(20);
});

test('version 2 in a container with a namespace of its own: the mounted root is its group', () => {
  const files = {
    '/proc/self/mountinfo': onV2,
    '/proc/self/cgroup': '0::/\n',
    '/sys/fs/cgroup/memory.max': `${96 * mebibyte}\n`,
    '/sys/fs/cgroup/memory.current': `${200 * mebibyte}\n`,
  };
  expect(available(files)).toBe(0);
});

test('a mount point with blanks in its name is found', () => {
  const files = {
    '/proc/self/mountinfo': onV2.replace('/sys/fs/cgroup ', '/my\\040groups '),
    '/proc/self/cgroup': '0::/a\n',
    '/my groups/a/memory.max': `${64 * mebibyte}\n`,
    '/my groups/a/memory.current': '0\n',
  };
  expect(available(files)).toBe(64);
});

test('the limit on address space counts', () => {
  const limits = 'Limit  Soft Limit  Hard Limit  Units\nMax address space         1073741824  unlimited  bytes\n';
  expect(available({'/proc/self/limits': limits, '/proc/self/status': 'VmSize:\t  943718 kB\n'})).toBeCloseTo(102.4, 0);
  expect(available({'/proc/self/limits': limits.replace('1073741824', 'unlimited')})).toBe(8192);
});
