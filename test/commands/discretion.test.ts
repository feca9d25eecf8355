/** What commands repeat of what they were given or read: no password, no token, no control character. */
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {main} from '../../source/commands/main.ts';
import {openStore} from '../../source/store/store.ts';
import {saved} from '../store/samples.ts';
import {syntheticToken} from '../support/jira.ts';
import {fakeWorld} from '../support/world.ts';

let place = '';
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'jirakey-discretion-'));
});
afterEach(() => rmSync(place, {recursive: true, force: true}));

async function jirakey(...argv: string[]) {
  const fake = fakeWorld({env: {JIRAKEY_STORE: place, JIRA_API_TOKEN: syntheticToken()}});
  const code = await main(argv, fake.world);
  return {code, stdout: fake.stdout(), stderr: fake.stderr()};
}

describe('an address that cannot be used', () => {
  it.each(['https://bob:hunter2@acme.atlassian.net', 'bob:hunter2@acme.atlassian.net', 'https:\\\\x:hunter2@host/'])(
    'is repeated without its password: %s',
    async url => {
      const {code, stdout, stderr} = await jirakey('test', '--url', url, '--username', 'you@acme.com', '--json');
      expect(code).toBe(2);
      expect(JSON.parse(stdout).failure.code).toBe('url-invalid');
      expect(stdout + stderr).not.toContain('hunter2');
    },
  );

  it('is a failure with its code also when it is empty', async () => {
    const {code, stdout} = await jirakey('test', '--url', '', '--username', 'you@acme.com', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout).failure.code).toBe('url-invalid');
  });
});

describe('a name out of an edited store', () => {
  it('brings no control character to the terminal', async () => {
    const store = openStore(place);
    await store.save(saved('one'));
    await store.save(saved('two'));
    const text = readFileSync(store.path, 'utf8');
    writeFileSync(store.path, text.replace('"one"', '"a\\u001b]0;owned\\u0007\\u001b[31mX"'));
    for (const argv of [['test'], ['test', '--all'], ['list'], ['show', 'three'], ['show', 'two']]) {
      const {stdout, stderr} = await jirakey(...argv);
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }
  });
});

describe('test --all --json', () => {
  it('prints a document when there is nothing to test', async () => {
    const {code, stdout} = await jirakey('test', '--all', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({schemaVersion: 1, summary: {total: 0}, tests: []});
  });

  it('and when the store is damaged, with the failure in it', async () => {
    writeFileSync(join(place, 'config.json'), '{"version":1,', {mode: 0o600});
    const {code, stdout} = await jirakey('test', '--all', '--json');
    expect(code).toBe(10);
    expect(JSON.parse(stdout).failure.code).toBe('store-damaged');
  });
});
