/** A token that ends soon is spoken of wherever it is used, once, on stderr. */
import {readFileSync} from 'node:fs';
import {Ajv2020} from 'ajv/dist/2020.js';
import {afterEach, describe, expect, it} from 'vitest';
import {mostSevere} from '../../../source/commands/connection-test/all-tests.ts';
import {contextOf} from '../../../source/commands/context.ts';
import {expiryWarning} from '../../../source/commands/saved/expiring.ts';
import {cloudJira} from '../../support/jira.ts';
import {type Served, serve} from '../../support/lab/serve.ts';
import {fakeWorld} from '../../support/world.ts';
import {bench, unlocked, username} from '../bench.ts';

const {token, jirakey, save} = bench();
const servers: Served[] = [];
afterEach(() => Promise.all(servers.splice(0).map(server => server.close())));

const now = () => new Date('2026-11-24T23:30:00Z');
const commands: readonly (readonly [string, readonly string[]])[] = [
  ['token', ['token', 'acme']],
  ['exec', ['exec', 'acme', '--', 'true']],
  ['export', ['export', 'acme', '--format', 'json']],
  ['list', ['list']],
  ['show', ['show', 'acme']],
];

describe('a token that ends', () => {
  it.each(commands)('%s: nothing from 31 days on, a word from 30, and the day after', async (_, argv) => {
    for (const [expiresAt, said] of [
      ['2026-12-25', null],
      ['2026-12-24', 'expires in 30 days (its last day is 2026-12-24, UTC)'],
      ['2026-12-17', 'expires in 23 days'],
      ['2026-11-25', 'expires tomorrow'],
      ['2026-11-24', 'expires today'],
      ['2026-11-23', 'expired yesterday (its last day was 2026-11-23, UTC)'],
      [null, null],
    ] as const) {
      await save({name: 'acme', expiresAt, url: 'https://acme.atlassian.net'});
      const {code, stderr} = await jirakey(argv, {env: unlocked, now});
      expect(code).toBe(0);
      const words = stderr.split('\n').filter(line => line.includes('Warning: the token of “acme”'));
      expect(words).toHaveLength(said === null ? 0 : 1);
      if (said !== null) {
        expect(words[0]).toContain(said);
        expect(stderr).toMatch(/^jirakey rotate acme --store \S+$/m);
        expect(
          (await jirakey([...argv.slice(0, 2), '--quiet', ...argv.slice(2)], {env: unlocked, now})).stderr,
        ).not.toContain('expire');
      }
      await jirakey(['remove', 'acme', '--yes']);
    }
  });

  it('list and show say it in days, whatever the time zone', async () => {
    await save({expiresAt: '2026-12-17'});
    const zone = process.env.TZ;
    try {
      for (const TZ of ['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kolkata']) {
        process.env.TZ = TZ;
        expect((await jirakey(['list'], {now})).stdout).toContain('expires in 23 days');
        expect((await jirakey(['show', 'acme'], {now})).stdout).toContain('2026-12-17 (expires in 23 days)');
      }
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it('a name that needs quotes has them in the command', () => {
    const {world} = fakeWorld({now});
    const context = contextOf({command: 'list', args: [], rest: [], options: {}}, world);
    expect(expiryWarning({name: "it's", expiresAt: '2026-11-25'}, context)).toMatch(/\njirakey rotate 'it'\\''s'$/);
  });
});

describe('test for cron', () => {
  async function three(): Promise<void> {
    const server = await serve(cloudJira({username, token}));
    servers.push(server);
    await save({name: 'well', url: server.url, expiresAt: '2027-10-01'});
    await save({name: 'soon', url: server.url, expiresAt: '2026-12-01'});
    await save({name: 'refused', url: server.url, token: `${token.slice(0, 40)}${token}`.slice(0, token.length)});
  }

  it('--all --json: a summary and one document each, by the schema, and the mostSevere exit code', async () => {
    await three();
    const {code, stdout} = await jirakey(['test', '--all', '--json'], {env: unlocked, now});
    expect(code).toBe(4);
    const document = JSON.parse(stdout);
    expect(document.summary).toEqual({total: 3, passed: 2, failed: 1, unverified: 0, expiring: 1});
    expect(document.tests.map((test: {credential: {name: string}}) => test.credential.name)).toEqual([
      'well',
      'soon',
      'refused',
    ]);
    const schema = JSON.parse(readFileSync(new URL('../../../schemas/test-all.schema.json', import.meta.url), 'utf8'));
    const valid = new Ajv2020({strict: false, validateFormats: false}).compile(schema);
    expect([valid(document), valid.errors]).toEqual([true, null]);
  });

  it('--quiet says nothing when all is well, and what is not when it is not', async () => {
    await three();
    const well = await jirakey(['test', 'well', '--quiet'], {env: unlocked, now});
    expect(well).toEqual({code: 0, stdout: '', stderr: ''});
    const soon = await jirakey(['test', 'soon', '--quiet'], {env: unlocked, now});
    expect([soon.code, soon.stderr]).toEqual([0, '']);
    expect(soon.stdout).toContain('“soon”');
    expect(soon.stdout).toContain('token-expires');
    const all = await jirakey(['test', '--all', '--quiet'], {env: unlocked, now});
    expect(all.code).toBe(4);
    expect(all.stdout).not.toContain('“well”');
    expect(all.stdout).toContain('“soon”');
    expect(all.stdout).toContain('“refused”');
    expect(
      JSON.parse((await jirakey(['test', 'well', '--quiet', '--json'], {env: unlocked, now})).stdout).outcome,
    ).toBe('passed');
  });

  it('weighs exit codes', () => {
    expect(mostSevere([])).toBe(0);
    expect(mostSevere([0, 9, 0, 7])).toBe(7);
    expect(mostSevere([9, 4, 0])).toBe(4);
    expect(mostSevere([4, 10])).toBe(10);
  });
});
