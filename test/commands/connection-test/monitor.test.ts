/** `jirakey test --all --format …` over real sockets, read by what reads it in the field. */
import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {afterEach, describe, expect, it} from 'vitest';
import {cloudJira, type JiraOptions} from '../../support/jira.ts';
import {type Served, serve} from '../../support/lab/serve.ts';
import {readExposition, readPlugin} from '../../support/monitor-formats.ts';
import {bench, unlocked, username} from '../bench.ts';

const {save, jirakey, program, store, token} = bench();
const servers: Served[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()));
});
async function jira(options: JiraOptions = {}): Promise<Served> {
  const served = await serve(cloudJira({username, token, ...options}));
  servers.push(served);
  return served;
}
const all = (format: string, ...more: string[]) =>
  jirakey(['test', '--all', '--format', format, ...more], {env: unlocked});

/** The Python client's parser, which is Prometheus' own project; null where it is not installed. */
function byPython(text: string): unknown {
  const script =
    'import json,sys\nfrom prometheus_client.parser import text_string_to_metric_families as read\n' +
    'print(json.dumps([[s.name,s.labels,s.value] for f in read(sys.stdin.read()) for s in f.samples]))';
  for (const python of ['/usr/bin/python3', 'python3']) {
    const {status, stdout} = spawnSync(python, ['-c', script], {input: text, encoding: 'utf8'});
    if (status === 0) return JSON.parse(stdout);
  }
  return null;
}

describe('two credentials, one of them refused', () => {
  const name = 'an “odd” \\ "name"';
  async function both(): Promise<void> {
    await save({url: (await jira()).url, expiresAt: '2027-01-31'});
    await save({url: (await jira({accepts: 'nowhere'})).url, name});
  }

  it('as metrics, with the exit code of the most severe', async context => {
    await both();
    const {code, stdout} = await all('prometheus');
    expect(code).toBe(4);
    const samples = readExposition(stdout);
    const passed = samples.filter(sample => sample.name === 'jirakey_test_passed');
    expect(passed.map(({labels, value}) => [labels.name, value])).toEqual([
      ['acme', 1],
      [name, 0],
    ]);
    const other = byPython(stdout);
    if (other === null) return context.skip('python3-prometheus-client is not installed');
    expect(other).toEqual(samples.map(({name: metric, labels, value}) => [metric, labels, value]));
  });

  it('as a plugin, with its exit code and nothing on stderr', async () => {
    await both();
    const {code, stdout, stderr} = await program(['test', '--all', '--format', 'nagios'], {env: unlocked});
    expect(code).toBe(2);
    expect(readPlugin(stdout).text).toContain(`JIRAKEY CRITICAL - 1 of 2 passed; ${name}: credentials-rejected`);
    expect(stderr.replace(/^Warning: .*\n/gm, '')).toBe('');
  });

  it('one of them by its name', async () => {
    await both();
    const {code, stdout} = await jirakey(['test', 'acme', '--format', 'nagios'], {env: unlocked});
    expect({code, text: readPlugin(stdout).text}).toEqual({code: 0, text: 'JIRAKEY OK - 1 of 1 passed'});
  });
});

describe('where nothing can be tested', () => {
  const nothing = async (): Promise<void> => {};
  const one = async (): Promise<void> => void (await save());
  const damage = async (): Promise<void> => {
    await save();
    writeFileSync(store().path, '{');
  };
  it.each([
    ['nothing is saved', nothing, unlocked, 'credential-unknown', 3],
    ['no passphrase is given', one, {}, 'usage', 2],
    ['the store is damaged', damage, unlocked, 'store-damaged', 10],
  ] as const)('%s', async (_, prepare, env, reason, exitCode) => {
    await prepare();
    const metrics = await jirakey(['test', '--all', '--format', 'prometheus'], {env});
    expect(metrics.code).toBe(exitCode);
    expect(readExposition(metrics.stdout)).toContainEqual({name: 'jirakey_up', labels: {code: reason}, value: 0});
    const plugin = await jirakey(['test', '--all', '--format', 'nagios'], {env});
    expect(plugin.code).toBe(3);
    expect(plugin.stdout).toMatch(/^JIRAKEY UNKNOWN - \S.*\n$/);
  });

  it.each([
    [['test', '--all', '--format', 'csv'], /--format takes one of: prometheus, nagios/],
    [['test', '--all', '--format', 'nagios', '--json'], /two formats/],
    [['test', 'acme', '--format', 'nagios', '--watch'], /--watch/],
    [['test', '--url', 'x', '--format', 'nagios'], /saved credentials/],
    [['list', '--format', 'nagios'], /belongs to: test, export/],
  ])('%j is a usage error', async (argv, said) => {
    const {code, stderr} = await jirakey(argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(said);
  });
});
