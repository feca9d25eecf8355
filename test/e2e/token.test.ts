import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {sealedToken} from '../domain/synthetic-token.ts';
import {openedDraft} from '../support/sealed-store.ts';
import type {Pty} from '../support/terminal/pty.ts';
import {
  answer,
  choose,
  cleanUp,
  enter,
  filesBelow,
  finish,
  type Home,
  inTerminal,
  makeHome,
  piecesIn,
  run,
  serve,
  shiftTab,
  takePassphrase,
  toTheName,
  toThePassphrase,
} from './jirakey.ts';

afterEach(cleanUp);

type Served = Awaited<ReturnType<typeof serve>>;

const setUp = (home: Home, {url, username, caFile}: Served): Pty =>
  inTerminal(home, ['setup', '--url', url, '--username', username, '--ca-file', caFile]);

const document = async (home: Home) => JSON.parse(await readFile(join(home.store, 'config.json'), 'utf8'));

const count = '192 characters';

describe('a token from another Jira', {timeout: 180_000}, () => {
  it('is refused with a checklist however it is pasted; that field alone is mended, and it passes', async () => {
    const [home, server] = [await makeHome(), await makeHome()];
    const served = await serve(server);
    const wrong = sealedToken('ATATT3xFfGF0', 'revoked-long-ago-12-'.repeat(9).slice(0, 171));
    const pty = setUp(home, served);
    await toTheName(pty);
    await toThePassphrase(pty, 'prod');
    await takePassphrase(pty);
    // Each way brings the whole of it: the count under the mask, then its own checksum.
    const ways = [{}, {bracketed: false}, {chunk: 7}, {lostEnd: true}];
    for (const how of ways) {
      await pty.paste(wrong, how);
      await pty.waitFor(count);
      pty.write(enter);
      await pty.waitFor('Expiry date of the token');
      await pty.waitFor('checksum OK');
      if (how === ways.at(-1)) break;
      pty.write(shiftTab);
      await pty.waitFor('Enter keeps it');
    }
    await answer(pty, '+90', 'Troubleshooting checklist');
    await pty.waitFor('credentials-rejected');
    await choose(pty, 'Create a new API token and put it in');
    await pty.waitFor('8 of 9');
    await pty.paste(served.token, {bracketed: false, chunk: 16});
    await pty.waitFor(count);
    await answer(pty, '', 'Expiry date of the token');
    pty.write(enter);
    expect(await finish(pty)).toBe(0);

    expect(await document(home)).toMatchObject({
      draft: null,
      credentials: [{name: 'prod', url: served.url, expiresAt: null, lastTest: {outcome: 'passed'}}],
    });
    const written = [pty.transcript(), ...(await filesBelow(home.path)).values()];
    for (const token of [wrong, served.token]) {
      expect(written.flatMap(text => piecesIn(text, {username: served.username, token}))).toEqual([]);
    }
  });
});

describe('a killed assistant', {timeout: 180_000}, () => {
  it('offers its draft at the next start; the passphrase opens it, and it goes on to a saved credential', async () => {
    const [home, server] = [await makeHome(), await makeHome()];
    const served = await serve(server);
    const killed = setUp(home, served);
    await toTheName(killed);
    await toThePassphrase(killed, 'nightly');
    const passphrase = await takePassphrase(killed);
    await killed.paste(served.token);
    await killed.waitFor(count);
    killed.write(enter);
    await killed.waitFor('Sealed in the draft', 40_000);
    killed.kill('SIGKILL');
    expect((await killed.exited).signal).toBe(9);

    const {draft, credentials} = await document(home);
    expect(credentials).toEqual([]);
    expect((await openedDraft({directory: home.store}, draft, passphrase))?.token).toBe(served.token);

    const again = inTerminal(home, ['--ca-file', served.caFile]);
    await again.waitFor('Draft');
    await again.waitFor('nightly');
    await choose(again, 'Go on where it stopped');
    await again.waitFor('7 of 9');
    await again.paste('not the passphrase');
    again.write(enter);
    await again.waitFor(/\d more tries/, 40_000);
    await again.paste(passphrase);
    again.write(enter);
    expect(await finish(again)).toBe(0);
    expect(await document(home)).toMatchObject({
      draft: null,
      credentials: [{name: 'nightly', url: served.url, lastTest: {outcome: 'passed'}}],
    });
    const list = await run(home, ['list']);
    expect(list.stdout).toContain('nightly');
    const written = [killed.transcript(), again.transcript(), ...(await filesBelow(home.path)).values()];
    expect(written.flatMap(text => piecesIn(text, served))).toEqual([]);
  });
});
