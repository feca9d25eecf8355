import {X509Certificate} from 'node:crypto';
import {createServer} from 'node:net';
import {networkInterfaces} from 'node:os';
import {crc32} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {failureCodes} from '../../source/diagnosis/codes.ts';
import {UsageFault} from '../../source/domain/fault.ts';
import {thinkingTime} from '../../source/practice/exchange.ts';
import {startPractice} from '../../source/practice/practice.ts';
import {practiceFaults, scenarios, unplayable} from '../../source/practice/scenarios.ts';
import {ask, codeOf, connects} from './client.ts';

const serverHandles = (): number => process.getActiveResourcesInfo().filter(name => name === 'TCPServerWrap').length;
const socketHandles = (): number => process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap').length;

describe('a practice Jira', () => {
  test('listens on loopback addresses and on nothing else', async () => {
    const practice = await startPractice();
    try {
      expect(practice.url).toBe(`https://localhost:${practice.port}`);
      for (const address of practice.addresses) expect(['127.0.0.1', '::1']).toContain(address);
      for (const address of practice.addresses) expect(await connects(address, practice.port)).toBe(true);
      const others = Object.values(networkInterfaces()).flatMap(list => list?.filter(entry => !entry.internal) ?? []);
      for (const {address, family, scopeid} of others) {
        // A link-local address needs its interface's name and is no different from the others here.
        if (family === 'IPv6' && scopeid !== 0) continue;
        expect(await connects(address, practice.port)).toBe(false);
      }
    } finally {
      await practice.stop();
    }
  });

  test('stop leaves no server, no connection, and a port that refuses', async () => {
    const practice = await startPractice({fault: 'proxy-refused'});
    await ask(practice, {as: 'practice'});
    expect(serverHandles()).toBeGreaterThan(0);
    await practice.stop();
    await expect.poll(serverHandles).toBe(0);
    await expect.poll(socketHandles).toBe(0);
    expect(await codeOf(ask(practice))).toBe('ECONNREFUSED');
  });

  test('stop ends a connection that waits for an answer', async () => {
    const practice = await startPractice({fault: 'answer-timed-out'});
    const waiting = codeOf(ask(practice));
    // Both ends of the connection live in this process.
    await expect.poll(socketHandles).toBeGreaterThan(1);
    await practice.stop();
    expect(await waiting).toBe('ECONNRESET');
  });

  test('each start has an authority and a token of its own', async () => {
    const [one, other] = await Promise.all([startPractice(), startPractice()]);
    try {
      expect(one.caPem).not.toBe(other.caPem);
      expect(one.token).not.toBe(other.token);
      expect(await codeOf(ask(one, {ca: other.caPem}))).not.toBe('none');
      expect((await ask(one, {headers: {Authorization: 'Bearer x'}})).status).toBe(403);
    } finally {
      await Promise.all([one.stop(), other.stop()]);
    }
  });

  test('the Cloud token has the shape and the checksum of a real one', async () => {
    const {token, stop} = await startPractice();
    await stop();
    expect(token).toMatch(/^ATATT3xFfGF0[A-Za-z0-9_-]+=[0-9A-F]{8}$/);
    expect(token).toHaveLength(192);
    expect(crc32(token.slice(0, -8)).toString(16).toUpperCase().padStart(8, '0')).toBe(token.slice(-8));
  });

  test('the Data Center token is 44 characters over digits, a colon and bytes', async () => {
    const {token, stop} = await startPractice({fault: 'pat-needs-bearer'});
    await stop();
    expect(token).toMatch(/^[MNO][A-Za-z0-9+/]{43}$/);
    expect(Buffer.from(token, 'base64').toString('latin1')).toMatch(/^\d+:/);
  });

  test('the expiry date follows the injected clock', async () => {
    const now = () => new Date();
    const practice = await startPractice({now});
    await practice.stop();
    const days = (Date.parse(practice.expiresAt) - now().getTime()) / 86_400_000;
    expect(days).toBeGreaterThan(88);
    expect(days).toBeLessThan(91);
  });

  test('its authority is one, and made for this run', async () => {
    const {caPem, stop} = await startPractice();
    await stop();
    const authority = new X509Certificate(caPem);
    expect(authority.ca).toBe(true);
    expect(authority.checkIssued(authority)).toBe(true);
    expect(authority.verify(authority.publicKey)).toBe(true);
  });

  test('a taken port is a usage fault that says so', async () => {
    const other = createServer();
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(startPractice({port})).rejects.toThrow(UsageFault);
    await expect(startPractice({port})).rejects.toThrow(String(port));
    await new Promise(resolve => other.close(resolve));
  });

  test('the time an answer takes is short and the same for the same path', () => {
    for (const path of ['/', '/rest/api/2/myself', '/rest/agile/1.0/board']) {
      expect(thinkingTime(path)).toBe(thinkingTime(path));
      expect(thinkingTime(path)).toBeGreaterThanOrEqual(15);
      expect(thinkingTime(path)).toBeLessThan(60);
    }
  });
});

describe('the scenarios', () => {
  test('name every failure code once: playable, or with the reason why not', () => {
    const named = [...practiceFaults, ...Object.keys(unplayable)];
    expect([...named].sort()).toEqual([...failureCodes].sort());
  });

  test('tell their story in one sentence', () => {
    for (const {story} of scenarios) expect(story).toMatch(/^[A-Z](?:[^.!?]|\.\w)*\.$/);
    for (const reason of Object.values(unplayable)) expect(reason).toMatch(/\.$/);
  });

  test('a fault no server can cause is refused with its reason', async () => {
    await expect(startPractice({fault: 'dns-not-found'})).rejects.toThrow(/host name that does not exist/);
  });
});
