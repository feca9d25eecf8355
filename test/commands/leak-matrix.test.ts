/** Every way a secret is written, at every exit of the program, for every kind of secret: twelve characters never leave. */
import {writeFileSync} from 'node:fs';
import {afterEach, describe, expect, it} from 'vitest';
import {encodings, type KindOfSecret, kindsOfSecrets, readableRun} from '../support/encodings.ts';
import {cloudJira, dataCenterJira, syntheticToken} from '../support/jira.ts';
import {type Handler, type Reply, type Served, serve, serveRaw} from '../support/lab/serve.ts';
import {bench, username} from './bench.ts';

const {jirakey, program, save, file} = bench();
const servers: Served[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()));
});
async function using(starting: Promise<Served>): Promise<Served> {
  const served = await starting;
  servers.push(served);
  return served;
}

const known = kindsOfSecrets;
const kinds = Object.keys(known) as KindOfSecret[];
/** All four are secrets of each run, wherever it got them. */
const env = {
  JIRAKEY_PASSPHRASE: known.passphrase,
  HTTPS_PROXY: `http://me:${encodeURIComponent(known['proxy password'])}@127.0.0.1:9`,
};
const isPat = (kind: KindOfSecret): boolean => kind === 'PAT';
const tokenOf = (kind: KindOfSecret): string => (isPat(kind) ? known.PAT : known['Cloud token']);

/** Three ways at a time: one in a header, one in JSON or a page, one where a redirect leads. */
const groups = encodings.flatMap((_, at) => (at % 3 === 0 ? [encodings.slice(at, at + 3)] : []));

const oneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ').replace(/[^\t -~\u0080-\u00ff]/g, '');

/** Signed in, it hands back what it was given to say; after so many times it refuses the token, which ends a watch. */
function echo(kind: KindOfSecret, texts: readonly string[], most = Number.POSITIVE_INFINITY): Handler {
  const healthy = isPat(kind)
    ? dataCenterJira({username, token: 'another', scheme: 'bearer'})
    : cloudJira({username, token: 'another'});
  const [first = '', second = first, third = second] = texts;
  const answers: Reply[] = [
    {status: 503, headers: {server: oneLine(second)}, body: {message: third, errorMessages: [first]}},
    {
      status: 403,
      headers: {server: oneLine(first), 'content-type': 'text/html'},
      body: `<title>${second}</title><p>${third}`,
    },
    {status: 403, headers: {'x-arequestid': oneLine(third)}, body: {message: first, errorMessages: [second]}},
    {
      status: 302,
      headers: {location: `/away?x=${oneLine(second).replace(/ /g, '+')}`, server: oneLine(third)},
      body: first,
    },
  ];
  let count = 0;
  return (asked, response) => {
    if (asked.headers.authorization === undefined) return healthy(asked, response);
    count += 1;
    if (count > most) return healthy(asked, response);
    return answers[(count - 1) % answers.length];
  };
}

/** Whatever exit gave it, and in whichever run: no secret of this run can be read from it. */
function expectNothing(outputs: Readonly<Record<string, string>>): void {
  for (const [exit, text] of Object.entries(outputs)) {
    for (const kind of kinds) expect([exit, kind, readableRun(text, known[kind])]).toEqual([exit, kind, null]);
  }
}

async function atEveryExit(kind: KindOfSecret, texts: readonly string[]): Promise<Record<string, string>> {
  const server = await using(serve(echo(kind, texts)));
  await save({url: server.url, token: tokenOf(kind), scheme: isPat(kind) ? 'bearer' : 'basic'}, known.passphrase);
  const outputs: Record<string, string> = {};
  const keep = async (argv: readonly string[]): Promise<void> => {
    const {stdout, stderr} = await jirakey(argv, {env});
    outputs[argv.join(' ').slice(0, 40)] = `${stdout}\n${stderr}`;
  };
  await keep(['test', 'acme', '--json']);
  await keep(['report', 'acme', '--json']);
  await keep(['test', 'acme']);
  await keep(['report', 'acme']);
  await keep(['report', 'acme', '--for', 'jira-admin']);
  return outputs;
}

describe('a server that hands secrets back', {timeout: 120_000}, () => {
  it('is heard at all: a token that is nobody’s is in what is said', async () => {
    const stranger = syntheticToken('Stranger0000');
    const outputs = await atEveryExit('Cloud token', [stranger, stranger, stranger]);
    const heard = Object.entries(outputs).filter(([, text]) => readableRun(text, stranger) !== null);
    expect(heard.map(([exit]) => exit)).toEqual(expect.arrayContaining(['test acme --json', 'report acme']));
  });

  it.each(kinds.flatMap(kind => groups.map(group => [kind, group.map(([how]) => how).join(', '), group] as const)))(
    'a %s %s',
    async (kind, _how, group) => {
      expectNothing(
        await atEveryExit(
          kind,
          group.map(([, write]) => write(known[kind])),
        ),
      );
    },
  );

  it.each(kinds)('a %s, to a test that is watched', async kind => {
    const texts = encodings.slice(0, 3).map(([, write]) => write(known[kind]));
    const server = await using(serve(echo(kind, texts, 2)));
    await save({url: server.url, token: tokenOf(kind), scheme: isPat(kind) ? 'bearer' : 'basic'}, known.passphrase);
    const {code, stdout, stderr} = await jirakey(['test', 'acme', '--watch', '1'], {env});
    expect([code, stderr.includes('Not yet: ')]).toEqual([4, true]);
    expectNothing({stdout, stderr});
  });
});

describe('a proxy that hands secrets back', () => {
  it.each(groups.map(group => [group.map(([how]) => how).join(', '), group] as const))('%s', async (_how, group) => {
    const [first = '', second = first, third = second] = group.map(([, write]) => write(known['proxy password']));
    const proxy = await using(
      serveRaw(socket => {
        socket.once('data', () =>
          socket.end(
            `HTTP/1.1 403 ${oneLine(first)}\r\nServer: ${oneLine(second)}\r\nX-Cache: ${oneLine(third)}\r\n` +
              `Content-Type: text/html\r\nConnection: close\r\n\r\n<title>${third}</title>${first}`,
          ),
        );
      }),
    );
    const through = `http://me:${encodeURIComponent(known['proxy password'])}@127.0.0.1:${proxy.port}`;
    const words = ['test', '--url', 'https://acme.atlassian.net', '--username', username, '--proxy', through];
    const given = {...env, JIRA_API_TOKEN: known['Cloud token']};
    const plain = await jirakey(words, {env: given});
    const document = await jirakey([...words, '--json'], {env: given});
    const report = await jirakey(['report'], {env: given});
    expect(JSON.parse(document.stdout).failure.step).toBe('connect');
    const texts = [plain, document, report].map(({stdout, stderr}) => `${stdout}\n${stderr}`);
    expectNothing(Object.fromEntries(texts.map((text, at) => [['test', 'test --json', 'report'][at] ?? '', text])));
  });

  it('a login that cannot be read is not repeated', async () => {
    for (const login of [`me:${known['proxy password']}`, `A\\me:${known['proxy password']}`]) {
      const words = ['test', '--url', 'https://acme.atlassian.net', '--username', username];
      const given = {JIRA_API_TOKEN: known['Cloud token']};
      const option = await jirakey([...words, '--proxy', `http://${login}@127.0.0.1:9`, '--json'], {env: given});
      const variable = await jirakey([...words, '--json'], {
        env: {...given, https_proxy: `http://${login}@127.0.0.1:9`},
      });
      expectNothing({option: option.stdout + option.stderr, variable: variable.stdout + variable.stderr});
    }
  });
});

describe('what the program says of its own', () => {
  it.each(kinds)('a %s in every word of a command line: no error repeats it', async kind => {
    await save({token: known['Cloud token']}, known.passphrase);
    const given = {...env, JIRA_API_TOKEN: tokenOf(kind)};
    for (const [how, write] of encodings) {
      const text = write(known[kind]).replaceAll('\0', '');
      const outputs: Record<string, string> = {};
      for (const words of [
        ['show', text],
        ['explain', text],
        ['test', '--url', `https://acme.example/${text}`, '--username', username, '--json', '--timeout', text],
        ['export', 'acme', '--format', text],
        [text, '--json'],
        [`--${text}`],
      ]) {
        const {code, stdout, stderr} = await jirakey(words, {env: given});
        expect(code).not.toBe(0);
        outputs[`${how}: ${words[0] === text ? 'command' : words[0]}`] = `${stdout}\n${stderr}`;
      }
      expectNothing(outputs);
    }
  });

  it.each(kinds)('exec: a %s in all ways, on both streams', async kind => {
    await save({token: tokenOf(kind)}, known.passphrase);
    writeFileSync(file('texts'), encodings.map(([, write]) => `<${write(known[kind])}>\n`).join(''));
    const argv = ['exec', 'acme', '--', 'sh', '-c', `cat '${file('texts')}'; cat '${file('texts')}' >&2`];
    const {code, stdout, stderr} = await jirakey(argv, {env});
    expect(code).toBe(0);
    for (const text of [stdout, stderr]) expect(text.match(/<[^<>]*\*\*\*/g)?.length).toBeGreaterThan(20);
    expectNothing({stdout, stderr});
  });

  it.each(kinds)('a crash with a %s in its name, its code and its stack', async kind => {
    const texts = encodings.map(([, write]) => write(known[kind]));
    const thrown = `const texts = ${JSON.stringify(texts)};
      const error = new Error(texts.join());
      error.name = texts[0];
      error.code = texts[0];
      error.stack = texts.map(text => '    at ' + text.replace(/\\s/g, '') + ' (file:///x.js:1:1)').join('\\n');
      process.stdout.write = () => { throw error; };`;
    const preload = `data:text/javascript,${encodeURIComponent(thrown)}`;
    const ended = await program(['list', '--json'], {
      node: ['--import', preload],
      env: {...env, JIRA_API_TOKEN: tokenOf(kind)},
    });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('jirakey itself failed');
    expectNothing({crash: ended.stdout + ended.stderr});
  });
});
