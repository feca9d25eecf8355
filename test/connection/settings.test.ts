/** Proxy rules, trusted CAs, --resolve: what is read from options and the environment. */
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {interleaved} from '../../source/connection/dial.ts';
import {chooseProxy, isExempt} from '../../source/connection/proxy.ts';
import {parseResolve} from '../../source/connection/reach.ts';
import {loadTrust} from '../../source/connection/trust.ts';
import {UsageFault} from '../../source/domain/fault.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {send, serve} from '../support/lab/serve.ts';
import {bench, codeOf, reach, run, target, using} from './lab.ts';

describe('NO_PROXY', () => {
  test.each([
    ['*', 'acme.atlassian.net', 443, true],
    ['acme.atlassian.net', 'acme.atlassian.net', 443, true],
    ['ACME.Atlassian.NET', 'acme.atlassian.net', 443, true],
    ['atlassian.net', 'acme.atlassian.net', 443, true],
    ['.atlassian.net', 'acme.atlassian.net', 443, true],
    ['*.atlassian.net', 'acme.atlassian.net', 443, true],
    ['lassian.net', 'acme.atlassian.net', 443, false],
    ['acme.atlassian.net.', 'acme.atlassian.net', 443, true],
    ['atlassian.net:443', 'acme.atlassian.net', 443, true],
    ['atlassian.net:8443', 'acme.atlassian.net', 443, false],
    ['a.example, b.example  .c.example', 'x.c.example', 443, true],
    ['10.0.0.0/8', '10.1.2.3', 443, true],
    ['10.0.0.0/8', '11.1.2.3', 443, false],
    ['10.0.0.0/8', 'ten.example', 443, false],
    ['10.0.0.0/99', '10.1.2.3', 443, false],
    ['10.0.0.7', '10.0.0.7', 443, true],
    ['10.0.0.7:80', '10.0.0.7', 443, false],
    ['::1', '::1', 443, true],
    ['[::1]:443', '::1', 443, true],
    ['[::1]:80', '::1', 443, false],
    ['fd00::/8', 'fd12::7', 443, true],
    ['2001:db8:0::1', '2001:db8::1', 443, true],
    ['', 'acme.atlassian.net', 443, false],
    [' , ,', 'acme.atlassian.net', 443, false],
    ['.', 'acme.atlassian.net', 443, false],
  ])('%j for %s:%i is %s', (noProxy, host, port, exempt) => {
    expect(isExempt({host, port}, noProxy)).toBe(exempt);
  });
});

describe('the proxy chosen', () => {
  const https = {protocol: 'https:', host: 'acme.atlassian.net', port: 443} as const;
  const plain = {protocol: 'http:', host: 'localhost', port: 80} as const;
  const because = async (
    env: Record<string, string>,
    proxy: string | null = null,
    endpoint: typeof https | typeof plain = https,
  ) => chooseProxy(endpoint, await reach({env, proxy}))?.use.because ?? null;

  test('an option goes before the lower case, that before capitals, that before ALL_PROXY', async () => {
    const env = {
      https_proxy: 'http://a:1',
      HTTPS_PROXY: 'http://b:1',
      ALL_PROXY: 'http://c:1',
      HTTP_PROXY: 'http://d:1',
    };
    expect(await because(env, 'http://o:1')).toBe('--proxy');
    expect(await because(env, '')).toBeNull();
    expect(await because(env)).toBe('https_proxy');
    expect(await because({...env, https_proxy: ''})).toBe('HTTPS_PROXY');
    expect(await because({ALL_PROXY: 'http://c:1'})).toBe('ALL_PROXY');
    expect(await because({HTTP_PROXY: 'http://d:1'})).toBeNull();
    expect(await because({HTTPS_PROXY: 'http://b:1', NO_PROXY: '*'})).toBeNull();
    expect(await because({HTTPS_PROXY: 'http://b:1', NO_PROXY: '*'}, 'http://o:1')).toBe('--proxy');
  });

  test('plain HTTP goes through no proxy but one on this machine', async () => {
    expect(await because({http_proxy: 'http://proxy.example:3128'}, null, plain)).toBeNull();
    expect(await because({}, 'http://proxy.example:3128', plain)).toBeNull();
    expect(await because({http_proxy: 'http://127.0.0.1:3128'}, null, plain)).toBe('http_proxy');
  });

  test('its login is kept apart from what is shown', async () => {
    const proxy = chooseProxy(https, await reach({proxy: 'me:p%40ss@proxy.example:3128'}));
    expect(proxy).toMatchObject({
      protocol: 'http:',
      host: 'proxy.example',
      port: 3128,
      use: {address: 'http://proxy.example:3128'},
    });
    expect(JSON.stringify(proxy)).not.toContain('p@ss');
    if (proxy === null || 'unusable' in proxy) throw new Error('a proxy was expected');
    expect(proxy.authorization?.reveal()).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  });

  test.each(['socks5://proxy.example:1080', 'ftp://proxy.example', 'http://', 'http://a b'])(
    '--proxy %s is refused without repeating it',
    async value => {
      const through = await reach({proxy: value.replace('//', '//me:hidden@')});
      expect(() => chooseProxy(https, through)).toThrow(UsageFault);
      expect(() => chooseProxy(https, through)).not.toThrow(/hidden/);
    },
  );
});

describe('the trusted CAs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jirakey-ca-'));
  afterAll(() => rmSync(folder, {recursive: true}));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  test.each(['caFile', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'])(
    '%s makes a private CA trusted, and is named',
    async source => {
      const {authority, issued} = await bench();
      const token = syntheticToken();
      const server = await using(serve(cloudJira({token}), {tls: issued}));
      const ca = file('ca.pem', `# a comment\n${authority.pem}`);
      const without = await run(target(server.url, token), await reach({extraCa: []}));
      expect(codeOf(without)).toMatch(/^certificate-(?:untrusted|chain-incomplete)$/);
      const given = source === 'caFile' ? {caFile: ca} : {env: {[source]: ca}};
      const examined = await run(target(server.url, token), await reach({extraCa: [], ...given}));
      expect(codeOf(examined)).toBeNull();
      expect(examined.facts.trust.join()).toContain(ca);
    },
  );

  test('SSL_CERT_DIR makes the CAs of its folders trusted, and is named', async () => {
    const {authority, issued} = await bench();
    const token = syntheticToken();
    const server = await using(serve(cloudJira({token}), {tls: issued}));
    const place = mkdtempSync(join(folder, 'certs-'));
    writeFileSync(join(place, 'README'), authority.pem);
    const given = async () => reach({extraCa: [], env: {SSL_CERT_DIR: `${join(folder, 'nowhere')}:${place}`}});
    expect(codeOf(await run(target(server.url, token), await given()))).toMatch(/^certificate-/);
    writeFileSync(join(place, '5a3f2b1c.0'), authority.pem);
    const examined = await run(target(server.url, token), await given());
    expect(codeOf(examined)).toBeNull();
    expect(examined.facts.trust).toContain(`SSL_CERT_DIR ${place}`);
    expect(examined.facts.trust).toContain(`SSL_CERT_DIR ${join(folder, 'nowhere')} (could not be read)`);
  });

  test('the system’s bundle is trusted beside Node’s, and both are named', async () => {
    const {sources} = loadTrust(await reach({extraCa: []}));
    expect(sources[0]).toBe("Node's bundled list");
    const bundle = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'].find(path =>
      existsSync(path),
    );
    if (bundle !== undefined) expect(sources).toContain(`the system's bundle ${bundle}`);
  });

  test('a --ca-file that is missing, empty or damaged is a usage error that says what to do', async () => {
    const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    for (const caFile of [
      join(folder, 'none.pem'),
      folder,
      file('empty.pem', 'no certificate'),
      file('bad.pem', damaged),
    ]) {
      const through = await reach({caFile});
      expect(() => loadTrust(through)).toThrow(UsageFault);
      await expect(run(target('https://localhost:1', 'x'), through)).rejects.toThrow(caFile);
    }
  });

  test('a variable that names no readable file is told, and stops nothing', async () => {
    const {sources} = loadTrust(await reach({env: {NODE_EXTRA_CA_CERTS: join(folder, 'none.pem')}}));
    expect(sources.join()).toContain('could not be read');
  });
});

describe('--resolve', () => {
  test.each([
    ['jira.acme.example:443:10.0.0.7', {host: 'jira.acme.example', port: 443, address: '10.0.0.7'}],
    ['JIRA.acme.example:8443:[2001:db8::1]', {host: 'jira.acme.example', port: 8443, address: '2001:db8::1'}],
    ['jira.acme.example:8443:2001:db8::1', {host: 'jira.acme.example', port: 8443, address: '2001:db8::1'}],
    ['[::1]:443:127.0.0.1', {host: '::1', port: 443, address: '127.0.0.1'}],
  ])('%s', (text, rule) => {
    expect(parseResolve(text)).toEqual(rule);
  });

  test.each([
    '',
    'host',
    'host:443',
    'host:443:name',
    'host:0:10.0.0.1',
    'host:65536:10.0.0.1',
    'ho st:443:10.0.0.1',
    'host:443:10.0.0.256',
    'host:443:',
  ])('%j is refused', text => {
    expect(() => parseResolve(text)).toThrow(UsageFault);
  });
});

test('the families take turns, the resolver’s first address first', () => {
  const four = (address: string) => ({address, family: 4}) as const;
  const six = (address: string) => ({address, family: 6}) as const;
  expect(interleaved([six('a'), six('b'), four('c'), four('d'), four('e')]).map(({address}) => address)).toEqual([
    'a',
    'c',
    'b',
    'd',
    'e',
  ]);
  expect(interleaved([four('a'), four('b'), six('c')]).map(({address}) => address)).toEqual(['a', 'c', 'b']);
  expect(interleaved([])).toEqual([]);
});

describe('round trips', () => {
  test.each([
    ['jira-software', 3],
    ['jira-feeds', 7],
  ] as const)(
    '%s asks all its independent questions at once, over connections made ready before',
    async (connector, together) => {
      const token = syntheticToken();
      const jira = cloudJira({token});
      const waiting: (() => void)[] = [];
      // Nobody is answered before all have asked: questions in a row would never end.
      const server = await using(
        serve((asked, response) => {
          if (/serverInfo|myself|ABC|sprint/.test(asked.path)) return jira(asked, response);
          const later = jira(asked, response);
          waiting.push(() => send(response, later ?? {}));
          if (waiting.length === together) for (const answer of waiting) answer();
          return undefined;
        }),
      );
      const examined = await run(target(server.url, token, {connector}), await reach());
      expect(codeOf(examined)).toBeNull();
      expect(waiting).toHaveLength(together);
      expect(server.connections()).toBeLessThanOrEqual(together + 2);
    },
  );
});

describe('the login in a proxy’s address', () => {
  const endpoint = {protocol: 'https:', host: 'acme.atlassian.net', port: 443} as const;
  const secret = 'Pr0xyPassw0rd';

  test.each([
    ['/', '%2F', `http://bob:${secret}/x@proxy.acme.example:3128`],
    ['#', '%23', `http://bob:${secret}#x@proxy.acme.example:3128`],
    ['?', '%3F', `http://bob:${secret}?x@proxy.acme.example:3128`],
    ['@', '%40', `http://bob:${secret}@x@proxy.acme.example:3128`],
    ['\\', '%5C', `http://acme\\bob:${secret}@proxy.acme.example:3128`],
    ['\\ without a scheme', '%5C', `acme\\bob:${secret}@proxy.acme.example:3128`],
  ])('%s is named with its code, and no piece of the login is dialled or shown', async (_what, code, HTTPS_PROXY) => {
    const proxy = chooseProxy(endpoint, await reach({env: {HTTPS_PROXY}}));
    expect(proxy).toHaveProperty('unusable', expect.stringContaining(code));
    expect(JSON.stringify(proxy)).not.toContain(secret.slice(0, 6));
  });

  test('spaces around a setting do not count', async () => {
    const proxy = chooseProxy(endpoint, await reach({env: {https_proxy: ' http://proxy.acme.example:3128 '}}));
    expect(proxy).toMatchObject({host: 'proxy.acme.example', port: 3128});
  });
});
