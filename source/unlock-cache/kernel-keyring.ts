/**
 * Linux's key retention service (keyrings(7)) by keyctl(1): a key in the user's keyring lies in the kernel's memory, is
 * never swapped out, and goes by itself at its time, whether or not a program runs. Where keyctl is missing or the kernel
 * refuses (most containers), there is none.
 */
import {execFile} from 'node:child_process';
import {accessSync, constants, statSync} from 'node:fs';
import {delimiter, isAbsolute, join} from 'node:path';
import type {Env} from './unlock-cache-location.ts';

export type Keyring = Readonly<{
  /** Whether keys can be kept here. */
  isUsable(): Promise<boolean>;
  /** @returns whether the text is kept for so many seconds, and no longer */
  keep(id: string, text: string, seconds: number): Promise<boolean>;
  find(id: string): Promise<string | null>;
  forget(id: string): Promise<void>;
  /** @returns how many there were */
  forgetAll(): Promise<number>;
}>;

/** The keyring of a user id: every session of that user has it, over SSH as well as from cron. */
const keyring = '@u';
const nameOf = (id: string): string => `jirakey:${id}`;
/** keyctl(1), setperm: all for who possesses it; view, read and search for the same user in another session. */
const ownersOnly = '0x3f0b0000';
const patienceMs = 2000;
const largest = 64 * 1024;

/** @param env its PATH leads to keyctl; the working folder never does */
export function kernelKeyring({PATH}: Env): Keyring | null {
  const program = process.platform === 'linux' ? keyctlIn(PATH ?? '') : null;
  if (program === null) return null;
  const keyctl = (args: readonly string[], input?: string): Promise<string | null> => ask(program, args, input);
  const idOf = (id: string): Promise<string | null> => keyctl(['search', keyring, 'user', nameOf(id)]);
  const forget = async (id: string): Promise<void> => {
    const key = await idOf(id);
    if (key !== null) await keyctl(['unlink', key, keyring]);
  };
  return {
    isUsable: async () => (await keyctl(['rdescribe', keyring])) !== null,
    keep: async (id, text, seconds) => {
      await forget(id);
      const key = await keyctl(['padd', 'user', nameOf(id), keyring], text);
      if (key === null) return false;
      const isKept =
        (await keyctl(['timeout', key, String(Math.ceil(seconds))])) !== null &&
        (await keyctl(['setperm', key, ownersOnly])) !== null;
      if (!isKept) await keyctl(['unlink', key, keyring]);
      return isKept;
    },
    find: async id => {
      const key = await idOf(id);
      return key === null ? null : keyctl(['pipe', key]);
    },
    forget,
    forgetAll: async () => {
      const keys = (await keyctl(['rlist', keyring]))?.split(/\s+/).filter(key => /^\d+$/.test(key)) ?? [];
      let count = 0;
      for (const key of keys) {
        const isOurs = /;jirakey:[^;]*$/.test((await keyctl(['rdescribe', key])) ?? '');
        if (isOurs && (await keyctl(['unlink', key, keyring])) !== null) count += 1;
      }
      return count;
    },
  };
}

function keyctlIn(path: string): string | null {
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const program = join(folder, 'keyctl');
    if (isTrusted(program)) return program;
  }
  return null;
}

/** It is given the key: only one that nobody but root or this user could have put there. */
function isTrusted(program: string): boolean {
  try {
    accessSync(program, constants.X_OK);
    const {uid, mode} = statSync(program);
    return (uid === 0 || uid === process.geteuid?.()) && (mode & 0o022) === 0;
  } catch {
    return false;
  }
}

/** What it printed, without the line end; null when it failed. The secret goes by stdin: anybody may read arguments. */
function ask(program: string, args: readonly string[], input?: string): Promise<string | null> {
  return new Promise(resolve => {
    const options = {env: {LC_ALL: 'C'}, timeout: patienceMs, maxBuffer: largest, encoding: 'utf8'} as const;
    const child = execFile(program, [...args], options, (error, stdout) =>
      resolve(error === null ? stdout.replace(/\n$/, '') : null),
    );
    // It may end without reading; then its status says so.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}
