/** `setup --replace` and `edit --no-input`: a credential changed by a script, as often as it runs. */
import {readFileSync, writeFileSync} from 'node:fs';
import {afterEach, describe, expect, it} from 'vitest';
import {basic, cloudJira, syntheticToken} from '../support/jira.ts';
import {type Served, serve} from '../support/lab/serve.ts';
import {opened} from '../support/sealed-store.ts';
import {bench, passphrase, unlocked, username} from './bench.ts';

const {token, jirakey, save, store, file} = bench();
const fresh = syntheticToken();
const servers: Served[] = [];
afterEach(() => Promise.all(servers.splice(0).map(server => server.close())));

async function jira(accepted: string, of = username): Promise<Served> {
  const served = await serve(cloudJira({username: of, token: accepted}));
  servers.push(served);
  return served;
}

const contents = async () => {
  const {credentials} = await store().read();
  return Promise.all(credentials.map(async saved => ({saved, content: await opened(store(), saved, passphrase)})));
};
const bytes = (): string => readFileSync(store().path, 'utf8');
const withToken = (secret: string) => ({...unlocked, JIRA_API_TOKEN: secret});

describe('setup --no-input', () => {
  const setup = (url: string, ...more: string[]): string[] => [
    ...['setup', '--no-input', '--name', 'acme', '--url', url, '--username', username, '--description', 'nightly'],
    ...more,
  ];

  it('refuses a name that is taken, sends nothing, and offers --replace', async () => {
    const {url, requests} = await jira(fresh);
    await save({name: 'Acme', url});
    const before = bytes();
    const {code, stderr} = await jirakey(setup(url), {env: withToken(fresh)});
    expect([code, requests.length, bytes()]).toEqual([2, 0, before]);
    expect(stderr).toContain('--replace');
    const {stdout} = await jirakey(setup(url, '--json'), {env: withToken(fresh)});
    expect(JSON.parse(stdout).usage.hints.join()).toContain('--replace');
  });

  it('--replace makes it, then changes it, with the same result however often it runs', async () => {
    const {url} = await jira(fresh);
    const states = [];
    for (const _ of [1, 2, 3]) {
      const {code, stderr} = await jirakey(setup(url, '--replace', '--expires', '2027-05-01'), {
        env: withToken(fresh),
        now: () => new Date('2026-11-24T00:00:00Z'),
      });
      expect(code, stderr).toBe(0);
      const [one, ...others] = await contents();
      expect(others).toEqual([]);
      const {seq, ...state} = one?.content ?? {seq: 0};
      states.push(state);
      expect(seq).toBe(states.length);
    }
    expect(states[1]).toEqual(states[0]);
    expect(states[2]).toEqual(states[0]);
    expect(states[0]).toMatchObject({token: fresh, description: 'nightly', expiresAt: '2027-05-01'});
  });

  it('--replace of a saved name needs only what is to be new', async () => {
    const {url} = await jira(fresh);
    await save({url, description: 'nightly'});
    const replace = ['setup', '--no-input', '--replace', '--name', 'acme'];
    const {code, stderr} = await jirakey(replace, {env: withToken(fresh)});
    expect(code, stderr).toBe(0);
    const [one] = await contents();
    expect(one?.content).toMatchObject({name: 'acme', url, username, description: 'nightly', token: fresh});
    const unknown = await jirakey(['setup', '--no-input', '--replace', '--name', 'other'], {env: withToken(fresh)});
    expect([unknown.code, unknown.stderr.includes('--url')]).toEqual([2, true]);
  });

  it('--replace keeps what is saved, byte for byte, where the new one does not pass', async () => {
    const {url} = await jira(token);
    await save({url});
    const before = bytes();
    const {code, stderr} = await jirakey(setup(url, '--replace'), {env: withToken(fresh)});
    expect([code, bytes()]).toEqual([4, before]);
    expect(stderr).toContain('Nothing was saved');
  });

  it.each(['--replace', '--keep-connection', '--save-untested'])('%s goes with --no-input', async option => {
    expect((await jirakey(['setup', option], {})).code).toBe(2);
  });
});

describe('edit --no-input', () => {
  const edit = (...more: string[]): string[] => ['edit', 'acme', '--no-input', ...more];

  it('changes what is given and keeps the rest, the token included', async () => {
    const before = await jira(token);
    const after = await jira(token);
    await save({url: before.url, description: 'old', expiresAt: '2027-01-31'});
    const argv = edit('--name', 'prod', '--url', after.url, '--description', 'new', '--connector', 'jira-feeds');
    const {code, stderr} = await jirakey(argv, {env: unlocked});
    expect(code, stderr).toBe(0);
    const [one, ...others] = await contents();
    expect(others).toEqual([]);
    expect(one?.content).toMatchObject({
      ...{name: 'prod', url: after.url, description: 'new', connector: 'jira-feeds'},
      ...{username, token, expiresAt: '2027-01-31', seq: 2},
    });
    expect(one?.saved.lastTest).toMatchObject({outcome: 'passed'});
    expect(before.requests).toEqual([]);
    expect(stderr).not.toContain(token.slice(0, 20));
  });

  it('takes a new token, whose day of expiry is not that of the old one', async () => {
    const {url, requests} = await jira(fresh);
    await save({url, expiresAt: '2026-12-31'});
    expect((await jirakey(edit(), {env: withToken(fresh)})).code).toBe(0);
    expect((await contents())[0]?.content).toMatchObject({token: fresh, expiresAt: null});
    expect(requests.some(({headers}) => headers.authorization === basic(username, fresh))).toBe(true);
  });

  it('saves without a test when that is asked for, marked untested', async () => {
    const {url, requests} = await jira(token);
    await save({url});
    const {code} = await jirakey(edit('--description', 'x', '--save-untested', '--json'), {env: unlocked});
    expect([code, requests.length]).toEqual([0, 0]);
    expect((await contents())[0]?.saved).toMatchObject({description: 'x', lastTest: {outcome: 'untested'}});
  });

  it('keeps the connection settings, as the options change them', async () => {
    const {url} = await jira(token);
    await save({url});
    expect((await jirakey(edit('--timeout', '12'), {env: unlocked})).code).toBe(0);
    expect((await jirakey(edit('--description', 'x'), {env: unlocked})).code).toBe(0);
    const shown = await jirakey(['show', 'acme', '--json'], {});
    expect(JSON.parse(shown.stdout).connection).toMatchObject({timeoutSeconds: 12});
  });

  it('changes nothing, byte for byte, where it does not pass', async () => {
    const {url} = await jira(token);
    await save({url});
    const before = bytes();
    const {code, stdout} = await jirakey(edit('--username', 'me@acme.com', '--json'), {env: unlocked});
    expect([code, bytes()]).toEqual([4, before]);
    expect(JSON.parse(stdout).failure.code).toBe('credentials-rejected');
  });

  it('says what is missing or too much, before anything is opened or sent', async () => {
    await save({});
    await save({name: 'other'});
    writeFileSync(file('token'), fresh, {mode: 0o600});
    const before = bytes();
    for (const [argv, env, says] of [
      [edit(), unlocked, 'nothing to change was given'],
      [edit('--description', 'x'), {}, 'passphrase'],
      [edit('--name', 'OTHER'), unlocked, 'other'],
      [edit('--expires', 'soon'), unlocked, '--expires'],
      [['edit', 'acme', '--description', 'x'], unlocked, '--no-input'],
      [['edit', 'acme', '--token-file', file('token')], unlocked, '--no-input'],
    ] as const) {
      const {code, stderr} = await jirakey(argv, {env});
      expect([code, stderr.includes(says)], `${argv.join(' ')}: ${stderr}`).toEqual([2, true]);
    }
    const {code, stdout} = await jirakey(edit('--url', 'not a site', '--json'), {env: unlocked});
    expect([code, JSON.parse(stdout).failure.code]).toEqual([2, 'url-invalid']);
    expect(bytes()).toBe(before);
  });
});
