/** The real forward proxies Debian has, each with a configuration of the test's own on a port of the test's own. */
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {removeFolder} from '../remove-folder.ts';
import type {Issued} from './authority.ts';
import {closedPort} from './serve.ts';

export type ForwardProxyOptions = Readonly<{
  /** The login it wants, without characters that mean something to a shell. */
  login?: Readonly<{user: string; password: string}>;
  /** The only ports CONNECT may lead to; default all. */
  ports?: readonly number[];
  /** Host names that are forbidden. */
  deny?: readonly string[];
  /** It speaks TLS itself; Squid only. */
  tls?: Issued;
}>;

export type ForwardProxy = Readonly<{port: number; log: () => string; close(): Promise<void>}>;

// Debian keeps both out of the path of users who are not root.
const env = {...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`};

const missing = (program: string): boolean => spawnSync(program, ['-v'], {env}).status !== 0;

type Kind = Readonly<{
  arguments: (configuration: string) => readonly string[];
  configure: (folder: string, port: number, options: ForwardProxyOptions) => string;
}>;

const kinds = {
  tinyproxy: {
    arguments: configuration => ['-d', '-c', configuration],
    configure(folder, port, {login, ports = [], deny = []}) {
      writeFileSync(join(folder, 'filter'), deny.map(host => `^${host.replaceAll('.', '\\.')}$\n`).join(''));
      return [
        `Port ${port}`,
        'Listen 127.0.0.1',
        'Timeout 30',
        'MaxClients 30',
        `LogFile "${join(folder, 'log')}"`,
        'LogLevel Connect',
        ...(login === undefined ? [] : [`BasicAuth ${login.user} ${login.password}`]),
        ...ports.map(each => `ConnectPort ${each}`),
        ...(deny.length === 0 ? [] : [`Filter "${join(folder, 'filter')}"`]),
      ].join('\n');
    },
  },
  squid: {
    arguments: configuration => ['-N', '-f', configuration],
    configure(folder, port, {login, ports, deny = [], tls}) {
      const helper = join(folder, 'login');
      writeFileSync(
        helper,
        `while read pair; do [ "$pair" = "${login?.user} ${login?.password}" ] && echo OK || echo ERR; done`,
      );
      if (tls !== undefined) writeFileSync(join(folder, 'pem'), tls.cert + tls.key);
      return [
        tls === undefined
          ? `http_port 127.0.0.1:${port}`
          : `https_port 127.0.0.1:${port} tls-cert=${join(folder, 'pem')}`,
        'visible_hostname lab',
        'pid_filename none',
        'shutdown_lifetime 0 seconds',
        'cache deny all',
        'pinger_enable off',
        `access_log stdio:${join(folder, 'log')}`,
        `cache_log ${join(folder, 'cache.log')}`,
        `coredump_dir ${folder}`,
        ...(login === undefined
          ? []
          : [`auth_param basic program /bin/sh ${helper}`, 'acl known proxy_auth REQUIRED', 'http_access deny !known']),
        ...(ports === undefined ? [] : [`acl open port ${ports.join(' ')}`, 'http_access deny !open']),
        ...(deny.length === 0 ? [] : [`acl forbidden dstdomain ${deny.join(' ')}`, 'http_access deny forbidden']),
        'http_access allow CONNECT',
        'http_access deny all',
      ].join('\n');
    },
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type ForwardProxyKind = keyof typeof kinds;
export const forwardProxies = Object.keys(kinds) as ForwardProxyKind[];

/** Why a proxy cannot be started here, or null. */
export const absent = (kind: ForwardProxyKind): string | null => (missing(kind) ? `${kind} is not installed` : null);

export async function startForwardProxy(
  kind: ForwardProxyKind,
  options: ForwardProxyOptions = {},
): Promise<ForwardProxy> {
  const folder = mkdtempSync(join(tmpdir(), `jirakey-${kind}-`));
  // Started by root, Squid goes on as a user of its own and writes its logs as that.
  chmodSync(folder, 0o777);
  const port = await closedPort();
  const configuration = join(folder, 'conf');
  writeFileSync(configuration, `${kinds[kind].configure(folder, port, options)}\n`);
  const child = spawn(kind, [...kinds[kind].arguments(configuration)], {env, stdio: ['ignore', 'pipe', 'pipe']});
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += chunk));
  const exited = once(child, 'exit');
  const log = (): string => readOr(join(folder, 'log'), '');
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
    removeFolder(folder);
  };
  try {
    await listening(child, port);
  } catch {
    const cache = readOr(join(folder, 'cache.log'), '');
    await close();
    throw new Error(`${kind} does not listen:\n${said}${cache}`);
  }
  return {port, log, close};
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}

/** Until the port answers; there is no sign of readiness but that. */
async function listening(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const answered = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (answered) return;
    await new Promise(setImmediate);
  }
  throw new Error('It ended.');
}
