/**
 * Nothing a server, a proxy or a certificate says acts on the terminal: every payload in every field they control, shown
 * as text, as JSON, line by line and on a screen, in an emulated terminal that notices all that is not plain text.
 */

import type {Socket} from 'node:net';
import {renderToString} from 'ink';
import {afterAll, describe, expect, test} from 'vitest';
import {main} from '../../source/commands/main.ts';
import {probe} from '../../source/connection/probe.ts';
import {reportJson, reportText, stepLines} from '../../source/diagnosis/report-text.ts';
import type {Report} from '../../source/diagnosis/test-report.ts';
import {View} from '../../source/ui/app.tsx';
import {ThemeContext, themeOf, ViewportContext} from '../../source/ui/theme.ts';
import {Drive, toResult} from '../assistant/drive.ts';
import {cloudJira, dataCenterJira, syntheticToken} from '../support/jira.ts';
import {makeAuthority} from '../support/lab/authority.ts';
import {type Payload, payloads} from '../support/lab/payloads.ts';
import {type Handler, type Reply, serve, serveRaw} from '../support/lab/serve.ts';
import {folder} from '../support/program.ts';
import {show} from '../support/terminal/emulator.ts';
import {fakeWorld} from '../support/world.ts';
import {type Examined, reach, run, target, using} from './lab.ts';

const token = syntheticToken();

/** As bytes on the wire; half surrogates become what UTF-8 has for them. */
const wire = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
/** A header cannot hold a line end. */
const oneLine = (text: string): string => text.replace(/[\r\n\0]+/g, ' ');

const raw = (socket: Socket | null, head: string, body: string): void => {
  const length = Buffer.byteLength(body);
  socket?.end(
    Buffer.concat([
      Buffer.from(`${head}Content-Length: ${length}\r\nConnection: close\r\n\r\n`, 'latin1'),
      Buffer.from(body),
    ]),
  );
};

/** The same for every request, or only for those with a credential. */
const refusing =
  (head: (each: string) => string, body: (each: string) => string, signedOnly = true) =>
  (payload: string): Handler => {
    const jira = cloudJira({token});
    return (asked, response) => {
      if (signedOnly && asked.headers.authorization === undefined) return jira(asked, response);
      raw(response.socket, head(payload), body(payload));
      return undefined;
    };
  };

const quoted = [
  'Server',
  'X-Seraph-LoginReason',
  'X-Authentication-Denied-Reason',
  'X-Failure-Category',
  'X-AUSERNAME',
  'WWW-Authenticate',
  'Via',
  'Retry-After',
  'RateLimit-Reason',
  'Atl-TraceId',
  'X-ARequestId',
];

/** Answers that carry the payload in one or several fields, over HTTP on this machine. */
const answers: Readonly<Record<string, (payload: string) => Handler>> = {
  'reason phrase': refusing(
    each => `HTTP/1.1 401 ${wire(oneLine(each))}\r\nX-ARequestId: a\r\n`,
    () => 'no',
  ),
  'message and error': refusing(
    () => 'HTTP/1.1 403 No\r\nX-ARequestId: a\r\nContent-Type: application/json\r\n',
    each => JSON.stringify({message: each, error: each}),
  ),
  'list of messages': refusing(
    () => 'HTTP/1.1 401 No\r\nX-ARequestId: a\r\nContent-Type: application/json\r\n',
    each => JSON.stringify({errorMessages: [each]}),
  ),
  'body text': refusing(
    () => 'HTTP/1.1 500 No\r\nContent-Type: text/plain\r\n',
    each => each,
  ),
  'title of a page': refusing(
    () => 'HTTP/1.1 403 No\r\nContent-Type: text/html\r\n',
    each => `<html><title>${each}</title><body>${each}`,
    false,
  ),
  'entities in a page': refusing(
    () => 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n',
    each => `<html><title>${[...each].map(character => `&#${character.codePointAt(0)};`).join('')}</title>`,
    false,
  ),
  'every quoted header': refusing(
    each => `HTTP/1.1 403 No\r\n${quoted.map(name => `${name}: ${wire(oneLine(each))}\r\n`).join('')}`,
    () => 'no',
  ),
  Location: refusing(
    each => `HTTP/1.1 302 Found\r\nLocation: https://jira.acme.example/${wire(oneLine(each))}\r\n`,
    () => '',
    false,
  ),
  'Location, all of it': refusing(
    each => `HTTP/1.1 302 Found\r\nLocation: ${wire(oneLine(each))}\r\n`,
    () => '',
    false,
  ),
  account: payload => {
    const body = {accountId: payload, displayName: payload, emailAddress: `${payload}@acme.com`, active: true};
    return cloudJira({
      token,
      routes: {
        '/rest/api/2/myself': asked =>
          asked.headers.authorization === undefined
            ? {status: 401, headers: {'x-arequestid': 'a'}}
            : {body, headers: {'x-aaccountid': 'a'}},
      },
    });
  },
  serverInfo: payload => {
    const body = {
      version: payload,
      baseUrl: `https://x/${payload}`,
      serverTitle: payload,
      buildNumber: 1,
      deploymentType: 'Server',
    };
    return dataCenterJira({token, routes: {'/rest/api/2/serverInfo': {body}}});
  },
  state: payload => {
    const broken: Reply = {status: 500, body: ''};
    return dataCenterJira({
      routes: {'/rest/api/2/serverInfo': broken, '/rest/api/2/myself': broken, '/status': {body: {state: payload}}},
    });
  },
  'projects and boards': payload => {
    const jira = cloudJira({token});
    return (asked, response) =>
      asked.path.endsWith('/project/search')
        ? {body: {total: 1, values: [{key: payload, name: payload}]}}
        : asked.path.endsWith('/board')
          ? {status: 403, body: {errorMessages: [payload], values: [{id: 1, name: payload}]}}
          : jira(asked, response);
  },
};

/** What speaks something else than HTTP, or stands in the way. */
const others: Readonly<Record<string, (payload: string) => Promise<Examined>>> = {
  'no HTTP': async payload => {
    const server = await using(serveRaw(socket => void socket.once('data', () => socket.end(payload))));
    return run(target(`http://localhost:${server.port}`, token), await reach());
  },
  'no TLS': async payload => {
    const server = await using(serveRaw(socket => void socket.once('data', () => socket.end(payload))));
    return run(target(`https://localhost:${server.port}`, token), await reach());
  },
  'a proxy’s refusal': async payload => {
    const text = wire(oneLine(payload));
    const head = `HTTP/1.1 407 ${text}\r\nServer: ${text}\r\nProxy-Authenticate: Basic realm="${text}"\r\nX-Squid-Error: ${text}\r\n`;
    const server = await using(serveRaw(socket => void socket.once('data', () => raw(socket, head, payload))));
    return run(target('https://acme.atlassian.net', token), await reach({proxy: `http://localhost:${server.port}`}));
  },
  'a proxy that is none': async payload => {
    const server = await using(serveRaw(socket => void socket.once('data', () => socket.end(payload))));
    return run(target('https://acme.atlassian.net', token), await reach({proxy: `http://localhost:${server.port}`}));
  },
  'a proxy’s address': async payload =>
    run(target('https://acme.atlassian.net', token), await reach({env: {HTTPS_PROXY: `http://${payload}:1`}})),
  'a resolver': async payload =>
    run(
      target('https://jira.acme.example', token),
      await reach({
        lookup: () => Promise.reject(Object.assign(new Error(`getaddrinfo ${payload}`), {code: 'ENOTFOUND'})),
      }),
    ),
};

type Text = readonly [what: string, text: string];

/** One line end is ours; every other control character came from outside. */
const foreign =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e0fff}]|\p{M}{5}|\p{Surrogate}/u;

/** Shows all of them, one after the other, in one terminal; only where that notices something, each by itself. */
async function harmless(texts: readonly Text[]): Promise<void> {
  for (const [what, text] of texts) expect(text, what).not.toMatch(foreign);
  const all = texts.map(([, text]) => text).join('\n');
  const {harm, lines} = await show(all);
  const same = lines.every((line, at) => line === all.split('\n')[at]?.trimEnd());
  if (harm.length === 0 && same) return;
  for (const [what, text] of texts) {
    const one = await show(text);
    expect({what, text, harm: one.harm, lines: one.lines}).toEqual({
      what,
      text,
      harm: [],
      lines: text.split('\n').map(line => line.trimEnd()),
    });
  }
  expect(harm).toEqual([]);
}

/** A report as text in two widths, and line by line; its JSON is checked here. */
function textsOf(what: string, report: Report): readonly Text[] {
  const document = reportJson(report);
  expect(document, what).not.toMatch(foreign);
  // JSON may spell a control character out, and whoever reads it would have it back.
  expect(document.replaceAll('\\\\', ''), what).not.toMatch(/\\u00[0189][0-9a-f]|\\u007f|\\[bfnrt]/i);
  const live = report.steps.flatMap(step => stepLines(step, {width: 80, unicode: true})).join('\n');
  return [
    [`${what}, text`, reportText(report, {width: 80, unicode: true})],
    [`${what}, narrow ASCII`, reportText(report, {width: 40, unicode: false})],
    [`${what}, live lines`, live],
  ];
}

describe.each(payloads)('$what', ({text}: Payload) => {
  test('in what a server answers', async () => {
    const texts: Text[] = [];
    for (const [field, handler] of Object.entries(answers)) {
      const server = await using(serve(handler(text)));
      const connector = field.startsWith('projects') ? 'jira-feeds' : 'jira-software';
      texts.push(...textsOf(field, (await run(target(server.url, token, {connector}), await reach())).report));
    }
    await harmless(texts);
  });

  test('in what proxies, resolvers and strangers say', async () => {
    const texts: Text[] = [];
    for (const [field, meet] of Object.entries(others)) texts.push(...textsOf(field, (await meet(text)).report));
    await harmless(texts);
  });
});

describe('a certificate', () => {
  test('carries nothing out of its names', async () => {
    const fits = payloads.filter(({text}) => !/[\ud800-\udfff\r\n]/.test(text));
    const all = await makeAuthority('Lab Root CA');
    for (const {what, text} of fits.filter((_each, at) => at % 4 === 0)) {
      const name = text.replace(/[,+"\\<>;=#]/g, ' ').slice(0, 60);
      const ascii = `x${text.replace(/[^\u0001-\u007e]/g, '')}.example`;
      const issuer = await makeAuthority(`Root ${name}`);
      const leaf = await (what.length % 2 === 0 ? issuer : all).issue({
        names: [ascii],
        commonName: `leaf ${name}`,
        organisation: `org ${name}`,
      });
      const server = await using(serve(() => ({}), {tls: leaf}));
      const {report} = await run(target(server.url, token), await reach());
      expect(report.failure?.step).toBe('tls');
      await harmless(textsOf(`certificate with ${what}`, report));
    }
  });
});

describe('what the program prints', () => {
  const place = folder();
  afterAll(() => place.remove());
  test.each(['account', 'message and error'])('%s, to stdout and stderr', async field => {
    const texts: Text[] = [];
    for (const [at, {what, text}] of payloads.entries()) {
      const server = await using(serve((answers[field] as (payload: string) => Handler)(text)));
      const fake = fakeWorld({env: {JIRAKEY_STORE: place.path, JIRA_API_TOKEN: token, PATH: process.env.PATH}});
      const json = at % 4 === 0 ? ['--json'] : [];
      await main(['test', '--url', server.url, '--username', 'you@acme.com', ...json], fake.world);
      if (json.length > 0) expect(fake.stdout(), what).not.toMatch(foreign);
      else texts.push([`${what} on stdout`, fake.stdout()]);
      texts.push([`${what} on stderr`, fake.stderr()]);
    }
    await harmless(texts);
  });

  test('the look, before any secret is typed', async () => {
    const texts: Text[] = [];
    for (const {what, text} of payloads) {
      const server = await using(serve((answers.serverInfo as (payload: string) => Handler)(text)));
      const found = await probe(target(server.url, '').site, await reach(), new AbortController().signal);
      texts.push([what, [found.title ?? '', found.version ?? ''].join('\n')]);
    }
    await harmless(texts);
  });
});

describe('on the screen', () => {
  test.each(['account', 'serverInfo', 'title of a page', 'every quoted header'])('%s', async field => {
    for (const {what, text} of payloads.filter((_each, at) => at % 8 === 0)) {
      const server = await using(serve((answers[field] as (payload: string) => Handler)(text)));
      const {report} = await run(target(server.url, token), await reach());
      const {state} = await toResult(new Drive(), report);
      const drawn = renderToString(
        <ThemeContext value={themeOf({unicode: true, screenReader: false, dumb: false})}>
          <ViewportContext value={{columns: 80, rows: 24}}>
            <View state={state} dispatch={() => {}} typed={new Map()} />
          </ViewportContext>
        </ThemeContext>,
        {columns: 80},
      );
      // Colours and weights are ours; concealing is nobody's.
      const ours = drawn.replaceAll(/\u001b\[(?:[0-79]|[1-9]\d)?(?:;\d+)*m/g, '');
      expect(ours, what).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      expect((await show(ours)).harm, what).toEqual([]);
    }
  });
});

describe('the emulator is no deaf ear', () => {
  test.each(payloads.filter(({loud}) => loud))('$what would be noticed', async ({text}) => {
    const line = `before ${text} after`;
    const {harm, lines} = await show(line);
    expect(harm.length > 0 || lines[0] !== line).toBe(true);
  });

  test('plain text in many scripts is none', async () => {
    const plain = 'Zugriff verweigert – “ça”\nアクセス拒否 漢字 한국어\nДоступ ✓ ✗ …';
    expect(await show(plain)).toEqual({harm: [], lines: plain.split('\n')});
  });

  test('there are payloads enough, and no two are alike', () => {
    expect(payloads.length).toBeGreaterThanOrEqual(60);
    expect(new Set(payloads.map(({what}) => what)).size).toBe(payloads.length);
  });
});
