/** The proxies companies run: a real Squid and a real tinyproxy, in each of the ways they let through or refuse. */
import {describe, expect, test} from 'vitest';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {
  absent,
  type ForwardProxyKind,
  type ForwardProxyOptions,
  forwardProxies,
  startForwardProxy,
} from '../support/lab/forward-proxy.ts';
import {closedPort, serve} from '../support/lab/serve.ts';
import {bench, codeOf, type Examined, reach, run, target, using} from './lab.ts';

const token = syntheticToken();
const login = {user: 'svc-jira', password: 'Pa55word.of.lab'};
const pair = Buffer.from(`${login.user}:${login.password}`).toString('base64');

/** What Jira is behind the proxy, by an address only the proxy is asked for. */
const site = async () => serve(cloudJira({token}), {tls: (await bench()).issued});

async function through(
  kind: ForwardProxyKind,
  options: ForwardProxyOptions,
  {credentials = '', port = null as number | null} = {},
): Promise<Examined & {log: string; asked: number}> {
  const jira = await using(site());
  const proxy = await using(startForwardProxy(kind, options));
  const scheme = options.tls === undefined ? 'http' : 'https';
  const env = {HTTPS_PROXY: `${scheme}://${credentials}localhost:${proxy.port}`};
  const examined = await run(target(`https://localhost:${port ?? jira.port}`, token), await reach({env}));
  const text = JSON.stringify(examined);
  for (const secret of [login.password, pair, 'wr0ng']) expect(text).not.toContain(secret);
  expect(text).toContain(`${scheme}://localhost:${proxy.port}`);
  expect(text).toContain('HTTPS_PROXY');
  return {...examined, log: proxy.log(), asked: jira.requests.length};
}

for (const kind of forwardProxies) {
  const why = absent(kind);
  describe.skipIf(why !== null)(`${kind}${why === null ? '' : ` (skipped, ${why})`}`, () => {
    test('lets through', async () => {
      const examined = await through(kind, {});
      expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBeNull();
      expect(examined.asked).toBeGreaterThan(3);
      expect(examined.report.steps[1]?.detail).toMatch(/through the proxy http:\/\/localhost:\d+ \(HTTPS_PROXY\)/);
    });

    test('lets through whoever has the login', async () => {
      const examined = await through(kind, {login}, {credentials: `${login.user}:${login.password}@`});
      expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBeNull();
    });

    test('a wrong login', async () => {
      const examined = await through(kind, {login}, {credentials: `${login.user}:wr0ng@`});
      // tinyproxy 1.11 answers 401 to it, which is no word of the protocol for a proxy.
      const [code, status] = kind === 'squid' ? ['proxy-authentication-required', 407] : ['proxy-refused', 401];
      expect(codeOf(examined)).toBe(code);
      expect(examined.report.failure?.evidence.join('\n')).toContain(`The proxy said: ${status} `);
      expect(JSON.stringify(examined.report.failure?.checklist[0])).toMatch(/user name and password/);
      expect(examined.asked).toBe(0);
    });

    test('no login', async () => {
      const examined = await through(kind, {login});
      expect(codeOf(examined)).toBe('proxy-authentication-required');
      expect(examined.report.failure?.step).toBe('connect');
      expect(examined.report.failure?.evidence.join('\n')).toMatch(/The proxy said: 407 .*Proxy-Authenticate: Basic/);
      expect(examined.asked).toBe(0);
    });

    test('a destination on its list of forbidden places', async () => {
      const examined = await through(kind, {deny: ['localhost']});
      expect(codeOf(examined)).toBe('proxy-refused');
      expect(examined.report.failure?.title).toMatch(/\(403/);
      expect(examined.asked).toBe(0);
    });

    test('a port it opens no tunnel to', async () => {
      const examined = await through(kind, {ports: [443]});
      expect(codeOf(examined)).toBe('proxy-refused');
      expect(examined.report.failure?.title).toMatch(/\(403/);
    });

    test('a site it cannot reach', async () => {
      const examined = await through(kind, {}, {port: await closedPort()});
      expect(codeOf(examined)).toBe('proxy-refused');
      expect(examined.report.failure?.title).toMatch(/\(50[0234]/);
      expect(examined.report.failure?.checklist[0]?.action).toContain('cannot reach');
    });

    // tinyproxy speaks no TLS to its clients.
    const overTls = kind === 'squid' ? test : () => undefined;
    overTls('TLS to the proxy itself', async () => {
      const examined = await through(kind, {tls: (await bench()).issued});
      expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBeNull();
    });
  });
}
