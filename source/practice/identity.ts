/** The credential a practice Jira hands out: made at start, shaped like the real thing, worth nothing anywhere else. */
import {randomBytes, randomInt} from 'node:crypto';
import {crc32} from 'node:zlib';
import type {Deployment} from '../domain/credential.ts';
import type {Play} from './play.ts';

export type Identity = Readonly<{username: string; email: string; secret: string}>;

/**
 * An Atlassian user token: its last eight characters are the CRC32 of everything before them, "=" included. 128 random
 * bytes make the 192 characters that published samples have.
 */
function cloudToken(): string {
  const start = `ATATT3xFfGF0${randomBytes(128).toString('base64url')}=`;
  return start + crc32(start).toString(16).toUpperCase().padStart(8, '0');
}

/** A Data Center personal access token: 44 characters of base64 over "twelve digits, colon, random bytes". */
function personalAccessToken(): string {
  const digits = String(randomInt(1e11, 1e12 - 1e9));
  return Buffer.concat([Buffer.from(`${digits}:`), randomBytes(20)]).toString('base64');
}

const password = (): string => `practice-${randomBytes(6).toString('hex')}`;

/** Cloud knows its users by e-mail address, Data Center by login name. */
export function makeIdentity(deployment: Deployment, play: Play): Identity {
  const email = 'practice@acme.com';
  const token = deployment === 'cloud' ? cloudToken : personalAccessToken;
  return {
    username: deployment === 'cloud' ? email : 'practice',
    email,
    secret: play.secret === 'password' ? password() : token(),
  };
}
