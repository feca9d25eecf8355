/** The built program in a network of its own, where only what the test puts there exists. Linux with user namespaces. */
import {spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {program} from '../build.ts';
import {removeFolder} from '../remove-folder.ts';

/** Answers every question with "no such name", but for `names`, which have these IPv4 addresses. */
const nameServer = `
const names = JSON.parse(process.argv[2]);
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (asked, from) => {
  const labels = [];
  let at = 12;
  while (asked[at] !== 0) { labels.push(asked.toString('latin1', at + 1, at + 1 + asked[at])); at += asked[at] + 1; }
  const type = asked.readUInt16BE(at + 1);
  const address = names[labels.join('.').toLowerCase()];
  const head = Buffer.from(asked.subarray(0, at + 5));
  head.writeUInt16BE(address === undefined ? 0x8183 : 0x8180, 2);
  head.writeUInt16BE(type === 1 && address !== undefined ? 1 : 0, 6);
  head.writeUInt16BE(0, 8);
  head.writeUInt16BE(0, 10);
  const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...(address ?? '0.0.0.0').split('.').map(Number)]);
  socket.send(type === 1 && address !== undefined ? Buffer.concat([head, answer]) : head, from.port, from.address);
});
socket.bind(53, '127.0.0.1', () => console.log('ready'));`;

const isolate = ['-r', '-n', '-m', 'sh', '-c'];

/** Why there can be no island here, or null. */
export function noIsland(): string | null {
  const tried = spawnSync('unshare', [...isolate, 'ip link set lo up && mount --bind /etc/hosts /etc/resolv.conf']);
  return tried.status === 0 ? null : 'unshare, ip or mount cannot make a network of its own here';
}

export type IslandOptions = Readonly<{
  /** Names its name server knows. Without any option there is no name server at all. */
  names?: Readonly<Record<string, string>>;
  /** Run before the program, such as a route. */
  before?: string;
}>;

/** Runs `jirakey` there. */
export async function onIsland(
  args: readonly string[],
  {names, before = 'true'}: IslandOptions,
): Promise<Readonly<{code: number | null; stdout: string; stderr: string}>> {
  const folder = mkdtempSync(join(tmpdir(), 'jirakey-island-'));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const resolver = file('resolv.conf', 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
  const server = file('dns.cjs', nameServer);
  // The name server speaks through a pipe, whose end tells as well when it could not start.
  const served = `mkfifo "${join(folder, 'up')}"
    "${process.execPath}" "${server}" '${JSON.stringify(names ?? {})}' > "${join(folder, 'up')}" & server=$!
    read line < "${join(folder, 'up')}" || exit 99`;
  const script = `ip link set lo up; mount --bind "${resolver}" /etc/resolv.conf; mount --bind "${file('hosts', '127.0.0.1 localhost\n')}" /etc/hosts
    ${names === undefined ? 'server=' : served}
    ${before}
    "$@"; code=$?
    [ -z "$server" ] || kill $server
    exit $code`;
  const child = spawn('unshare', [...isolate, script, 'sh', process.execPath, program, ...args], {
    env: {
      PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`,
      HOME: folder,
      LANG: 'C.UTF-8',
      JIRAKEY_STORE: join(folder, 'store'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', chunk => (stdout += chunk));
  child.stderr.on('data', chunk => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => {
      removeFolder(folder);
      resolve({code, stdout, stderr});
    });
  });
}
