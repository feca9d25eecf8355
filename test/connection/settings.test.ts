/** Proxy rules, trusted CAs, --resolve: what is read from options and the environment. */
import {X509Certificate} from 'node:crypto';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {rootCertificates} from 'node:tls';
import {afterAll, describe, expect, test} from 'vitest';
import {givenConnection} from '../../source/commands/connection-test/reach-options.ts';
import {certificatesAt, pemBlocksIn} from '../../source/connection/ca-certificates.ts';
import {interleaved} from '../../source/connection/dial.ts';
import {chooseProxy, isExempt} from '../../source/connection/proxy.ts';
import {type Reach, wayOf} from '../../source/connection/reach.ts';
import {loadTrust} from '../../source/connection/trust.ts';
import {nothingGiven} from '../../source/domain/connection-choice.ts';
import {noConnectionSettings} from '../../source/domain/connection-settings.ts';
import {UsageFault} from '../../source/domain/fault.ts';
import {fixedAddressText, parseFixedAddress} from '../../source/domain/fixed-address.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {makeAuthority} from '../support/lab/authority.ts';
import {send, serve} from '../support/lab/serve.ts';
import {bench, codeOf, reach, run, target, using, way} from './lab.ts';

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
  ) => chooseProxy(endpoint, await way({env, proxy}))?.use.because ?? null;

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
    const proxy = chooseProxy(https, await way({proxy: 'me:p%40ss@proxy.example:3128'}));
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
    value => {
      const proxy = value.replace('//', '//me:hidden@');
      expect(() => givenConnection({proxy})).toThrow(UsageFault);
      expect(() => givenConnection({proxy})).not.toThrow(/hidden/);
    },
  );

  test('what is kept with the credential goes behind an option and before the environment', async () => {
    const env = {HTTPS_PROXY: 'http://b:1', NO_PROXY: '*'};
    const proxy = {url: 'http://kept.acme.example:3128', username: null, password: null};
    const kept = {...noConnectionSettings, proxy};
    const chosen = (through: Reach) => chooseProxy(https, wayOf(through, kept))?.use;
    expect(chosen(await reach({env}))).toEqual({address: proxy.url, because: 'the saved settings'});
    expect(chosen(await reach({env, proxy: 'http://o:1'}))?.because).toBe('--proxy');
    expect(chosen(await reach({env, proxy: ''}))).toBeUndefined();
  });
});

describe('the trusted CAs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jirakey-ca-'));
  afterAll(() => rmSync(folder, {recursive: true}));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  test.each(['option', 'credential', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'])(
    '%s makes a private CA trusted, and is named',
    async source => {
      const {authority, issued} = await bench();
      const token = syntheticToken();
      const server = await using(serve(cloudJira({token}), {tls: issued}));
      const ca = file('ca.pem', `# a comment\n${authority.pem}`);
      const without = await run(target(server.url, token), await reach({extraCa: []}));
      expect(codeOf(without)).toMatch(/^certificate-(?:untrusted|chain-incomplete)$/);
      const option = source === 'option' ? givenConnection({'ca-file': ca}) : nothingGiven;
      const connection = {...noConnectionSettings, certificates: source === 'credential' ? [authority.pem] : []};
      const through = {...(await reach({env: /^[A-Z]/.test(source) ? {[source]: ca} : {}})), given: option};
      const examined = await run(target(server.url, token, {connection}), through);
      expect(codeOf(examined)).toBeNull();
      expect(examined.facts.trust.join()).toContain(
        source === 'credential' ? '1 CA certificate of the saved settings' : ca,
      );
    },
  );

  test.each(['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO', 'PIP_CERT', 'npm_config_cafile'])(
    '%s trusts nothing here, and is named as the reason why another program reaches the site',
    async variable => {
      const {authority, issued} = await bench();
      const other = await makeAuthority();
      const token = syntheticToken();
      const server = await using(serve(cloudJira({token}), {tls: issued}));
      const holding = file('tools.pem', `${other.pem}${authority.pem}`);
      const examined = await run(target(server.url, token), await reach({extraCa: [], env: {[variable]: holding}}));
      expect(codeOf(examined)).toBe('certificate-untrusted');
      expect(examined.report.failure?.evidence.join()).toContain(`${variable} names ${holding}`);
      const first = examined.report.failure?.checklist[0];
      expect(first).toMatchObject({remedy: 'ca', value: holding});
      expect(first?.command).toContain(`--ca-file ${holding}`);
      const without = file('others.pem', other.pem);
      const lacking = await run(target(server.url, token), await reach({extraCa: [], env: {[variable]: without}}));
      expect(JSON.stringify(lacking.report.failure)).not.toContain(variable);
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
    const {sources} = loadTrust(await way({extraCa: []}));
    expect(sources[0]).toBe("Node's bundled list");
    const bundle = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'].find(path =>
      existsSync(path),
    );
    if (bundle !== undefined) expect(sources).toContain(`the system's bundle ${bundle}`);
  });

  test('with --ca-only neither Node’s list, the environment nor the system is trusted', async () => {
    const {authority, issued} = await bench();
    const other = await makeAuthority();
    const token = syntheticToken();
    const server = await using(serve(cloudJira({token}), {tls: issued}));
    const env = {SSL_CERT_FILE: file('trusted.pem', authority.pem)};
    const only = await run(target(server.url, token), await reach({env, extraCa: [other.pem], caOnly: true}));
    expect(codeOf(only)).toMatch(/^certificate-/);
    expect(only.facts.trust).toEqual(['--ca-file bench.pem and no others']);
    expect(codeOf(await run(target(server.url, token), await reach({env, extraCa: [other.pem]})))).toBeNull();
    expect(codeOf(await run(target(server.url, token), await reach({env: {}, caOnly: true})))).toBeNull();
  });

  test('the server’s own certificate alone can be trusted, and the certificate of an intermediate CA', async () => {
    const {issued} = await bench();
    const token = syntheticToken();
    const server = await using(serve(cloudJira({token}), {tls: issued}));
    const [leaf = ''] = pemBlocksIn(issued.cert);
    expect(codeOf(await run(target(server.url, token), await reach({extraCa: [leaf], caOnly: true})))).toBeNull();
  });

  test('a CA file may be DER, hold text around its certificates and one of them twice', async () => {
    const {authority} = await bench();
    const der = join(folder, 'ca.der');
    writeFileSync(der, new X509Certificate(authority.pem).raw);
    for (const path of [der, file('chatty.pem', `Subject: x\r\n${authority.pem}\n\n${authority.pem}`)]) {
      const read = certificatesAt(path);
      if (!read.ok) throw new Error(read.reason);
      expect(read.certificates).toHaveLength(1);
      const [ca] = read.certificates;
      expect(ca?.pem).toBe(authority.pem.trim());
      expect(ca).toMatchObject({
        subject: 'CN=Lab Root CA, O=Lab',
        issuer: 'CN=Lab Root CA, O=Lab',
        selfSigned: true,
        authority: true,
        fingerprint256: new X509Certificate(authority.pem).fingerprint256,
      });
    }
  });

  test('a system’s bundle given as CA file adds nothing that Node trusts anyway', async () => {
    const {authority} = await bench();
    const whole = file('bundle.pem', [...rootCertificates, authority.pem].join('\n'));
    expect(givenConnection({'ca-file': whole}).authorities?.certificates).toEqual([authority.pem.trim()]);
    expect(givenConnection({'ca-file': whole, 'ca-only': true}).authorities?.certificates.length).toBeGreaterThan(50);
  });

  test('a --ca-file that is missing, empty or damaged is a usage error that says what to do', () => {
    const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    for (const caFile of [
      join(folder, 'none.pem'),
      folder,
      file('empty.pem', 'no certificate'),
      file('bad.pem', damaged),
    ]) {
      expect(() => givenConnection({'ca-file': caFile})).toThrow(UsageFault);
      expect(() => givenConnection({'ca-file': caFile})).toThrow(caFile);
    }
  });

  test('a variable that names no readable file is told, and stops nothing', async () => {
    const {sources} = loadTrust(await way({env: {NODE_EXTRA_CA_CERTS: join(folder, 'none.pem')}}));
    expect(sources.join()).toContain('could not be read');
  });
});

describe('--resolve', () => {
  test.each([
    ['jira.acme.example:443:10.0.0.7', {host: 'jira.acme.example', port: 443, addresses: ['10.0.0.7']}],
    ['JIRA.acme.example:8443:[2001:db8::1]', {host: 'jira.acme.example', port: 8443, addresses: ['2001:db8::1']}],
    ['jira.acme.example:8443:2001:db8::1', {host: 'jira.acme.example', port: 8443, addresses: ['2001:db8::1']}],
    ['[::1]:443:127.0.0.1', {host: '::1', port: 443, addresses: ['127.0.0.1']}],
    ['a.example:443:[::1], 127.0.0.1', {host: 'a.example', port: 443, addresses: ['::1', '127.0.0.1']}],
  ])('%s', (text, rule) => {
    expect(parseFixedAddress(text)).toEqual(rule);
    expect(parseFixedAddress(fixedAddressText(rule))).toEqual(rule);
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
    'host:443:10.0.0.1,',
    'host:443:10.0.0.1,name',
  ])('%j is refused', text => {
    expect(() => givenConnection({resolve: [text]})).toThrow(UsageFault);
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
    ['jira-feeds', 9],
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
    const proxy = chooseProxy(endpoint, await way({env: {HTTPS_PROXY}}));
    expect(proxy).toHaveProperty('unusable', expect.stringContaining(code));
    expect(JSON.stringify(proxy)).not.toContain(secret.slice(0, 6));
  });

  test('spaces around a setting do not count', async () => {
    const proxy = chooseProxy(endpoint, await way({env: {https_proxy: ' http://proxy.acme.example:3128 '}}));
    expect(proxy).toMatchObject({host: 'proxy.acme.example', port: 3128});
  });
});
