import {execFileSync} from 'node:child_process';
import {mkdir, readdir, readFile, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {savedCredentialSchema} from '../../source/domain/credential.ts';
import {opened} from '../support/sealed-store.ts';
import {type Pty, startInPty} from '../support/terminal/pty.ts';
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
  takePassphrase,
  toTheName,
  toThePassphrase,
} from './jirakey.ts';

afterEach(cleanUp);

const hasAge = (() => {
  try {
    execFileSync('age', ['--version'], {stdio: 'ignore'});
    return true;
  } catch {
    return false;
  }
})();

/** The one credential in the practice store. */
async function savedIn(home: Home) {
  const document = JSON.parse(await readFile(join(home.practiceStore, 'config.json'), 'utf8'));
  expect(document.draft).toBeNull();
  expect(document.credentials).toHaveLength(1);
  return savedCredentialSchema.parse(document.credentials[0]);
}

/** Opens the seal as somebody without jirakey would. */
async function openWithAge(home: Home, sealed: string, passphrase: string): Promise<unknown> {
  const [file, key, opened] = [join(home.path, 'seal.age'), join(home.path, 'key.age'), join(home.path, 'opened')];
  await writeFile(file, sealed);
  const {identity} = JSON.parse(await readFile(join(home.practiceStore, 'config.json'), 'utf8'));
  await writeFile(key, String(identity));
  const age = startInPty('age', ['--decrypt', '--identity', key, '--output', opened, file]);
  await age.waitFor(/passphrase/i);
  age.write(`${passphrase}\r`);
  expect((await age.exited).code).toBe(0);
  return JSON.parse(await readFile(opened, 'utf8'));
}

describe('the assistant on the practice Jira', {timeout: 180_000}, () => {
  it('leads by Enter and a name to a credential that is tested, sealed and listed, and shows its token nowhere', async ({
    annotate,
  }) => {
    const home = await makeHome();
    const pty = inTerminal(home, ['practice', '--store', home.practiceStore]);
    await toTheName(pty);
    await toThePassphrase(pty, 'prod');
    const passphrase = await takePassphrase(pty);
    await answer(pty, '', 'Expiry date of the token');
    await pty.waitFor('192 characters, checksum OK');
    await answer(pty, '', 'Connection test');
    expect(await finish(pty)).toBe(0);
    const kept = pty.scrollback().join('\n');
    for (const step of ['dns', 'connect', 'tls', 'site', 'sign-in', 'account', 'permissions', 'feeds']) {
      expect(kept).toMatch(new RegExp(`✓ ${step}\\b`));
    }
    expect((await stat(home.practiceStore)).mode & 0o777).toBe(0o700);
    expect((await stat(join(home.practiceStore, 'config.json'))).mode & 0o777).toBe(0o600);

    const saved = await savedIn(home);
    expect(saved).toMatchObject({name: 'prod', username: 'practice@acme.com', lastTest: {outcome: 'passed'}});
    const content = await opened({directory: home.practiceStore}, saved, passphrase);
    const secrets = {username: saved.username, token: content.token};
    expect(content.token).toMatch(/^ATATT3xFfGF0.{171}=[0-9A-F]{8}$/);
    // The search finds what it is to find.
    expect(piecesIn(`!${content.token.slice(40, 52)}!`, secrets)).toHaveLength(1);
    expect(piecesIn(pty.transcript(), secrets)).toEqual([]);
    for (const [path, text] of await filesBelow(home.path)) {
      expect({path, pieces: piecesIn(text, secrets)}).toEqual({path, pieces: []});
    }

    const list = JSON.parse((await run(home, ['list', '--json', '--store', home.practiceStore])).stdout);
    expect(list).toMatchObject({schemaVersion: 1, credentials: [{name: 'prod', lastTest: {outcome: 'passed'}}]});
    const show = JSON.parse((await run(home, ['show', 'prod', '--json', '--store', home.practiceStore])).stdout);
    expect(show).toMatchObject({name: 'prod', url: saved.url, username: saved.username, expiresAt: saved.expiresAt});

    if (hasAge) expect(await openWithAge(home, saved.sealed, passphrase)).toMatchObject(content);
    else await annotate('not opened with age: that program is not here');
  });

  it('names a fault on the checklist, and passes once the practice Jira is mended', async () => {
    const home = await makeHome();
    const pty = inTerminal(home, ['practice', '--store', home.practiceStore, '--fault', 'rate-limited']);
    await toTheName(pty);
    await toThePassphrase(pty, 'busy');
    await takePassphrase(pty);
    await answer(pty, '', 'Expiry date of the token');
    pty.write(enter);
    await pty.waitFor('Troubleshooting checklist');
    await pty.waitFor('rate-limited');
    await choose(pty, 'Fix the practice Jira');
    expect(await finish(pty)).toBe(0);
    expect(await savedIn(home)).toMatchObject({name: 'busy', lastTest: {outcome: 'passed', code: null}});
  });

  it('is played ten times in a row by Enter alone, each time from an empty store that is gone at the end', async () => {
    const home = await makeHome();
    const runtime = join(home.path, 'runtime');
    await mkdir(runtime, {mode: 0o700});
    for (let round = 0; round < 10; round += 1) {
      const pty = inTerminal(home, ['practice'], {env: {XDG_RUNTIME_DIR: runtime}});
      expect(await byEnterAlone(pty)).toBe(0);
      expect(pty.scrollback().join('\n')).toContain('✓ sign-in');
      expect((await readdir(runtime)).filter(name => name.startsWith('jirakey-practice'))).toEqual([]);
    }
  });
});

/** Enter, and again whenever something new was drawn: what somebody does who reads nothing. */
async function byEnterAlone(pty: Pty): Promise<number> {
  await pty.waitFor('1 of 9');
  let code: number | null = null;
  const ended = pty.exited.then(exit => {
    code = exit.code;
  });
  while (code === null) {
    const drawn = pty.transcript().length;
    pty.write(enter);
    await Promise.race([ended, pty.waitFor(() => pty.transcript().length > drawn)]);
  }
  return code;
}
