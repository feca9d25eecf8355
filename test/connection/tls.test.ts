/**
 * Every way a certificate or a handshake fails, told apart over real TLS with authorities made here. In each case the
 * server looks on: nothing but the greeting is sent, neither in clear nor inside TLS.
 */
import {X509Certificate} from 'node:crypto';
import type {Socket} from 'node:net';
import type {TlsOptions} from 'node:tls';
import {describe, expect, test} from 'vitest';
import {presentedTop} from '../../source/diagnosis/certificates.ts';
import type {FailureCode} from '../../source/diagnosis/codes.ts';
import {exitCodeOf} from '../../source/diagnosis/diagnose.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {type Authority, type Issued, type IssueOptions, makeAuthority, selfSigned} from '../support/lab/authority.ts';
import {serve} from '../support/lab/serve.ts';
import {eavesdrop, inClear, tapped, type Wire} from '../support/lab/wire.ts';
import {bench, codeOf, reach, run, target, using} from './lab.ts';

const token = syntheticToken();
const day = 86_400_000;
const ago = (days: number): Date => new Date(Date.now() - days * day);
const names = ['localhost'];

type Case = readonly [code: FailureCode, what: string, start: () => Promise<Wire>, shows: readonly RegExp[]];

/** A server with what the trusted authority issues. */
const issued =
  (options: Partial<IssueOptions>, tls: TlsOptions = {}) =>
  async () =>
    tapped({...(await (await bench()).authority.issue({names, ...options})), ...tls});

const under = async (above: Authority, name: string, options?: Parameters<Authority['intermediate']>[1]) => {
  const between = await above.intermediate(name, options);
  return {between, leaf: await between.issue({names})};
};
const withChain = ({cert, key}: Issued, ...others: readonly Authority[]): TlsOptions => ({
  key,
  cert: cert + others.map(({pem}) => pem).join(''),
});

/** A certificate of another authority than the trusted one, with that authority's own beside it. */
const foreign = (name: string) => async () => {
  const stranger = await makeAuthority(name);
  return tapped(withChain(await stranger.issue({names}), stranger));
};

/** A port that answers the greeting with these words and then closes. */
const saying = (words: string | Buffer) => () => eavesdrop(socket => void socket.end(words));
const doing = (script: (socket: Socket) => unknown) => () => eavesdrop(socket => void script(socket));

const wantsCertificate = (version: 'TLSv1.2' | 'TLSv1.3') => async () =>
  tapped({
    ...(await bench()).issued,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: version,
    maxVersion: version,
  });

/** A certificate for another time than ours, by a server whose Date header tells `days` from now. */
const otherTime = (days: number) => async () => {
  const {authority} = await bench();
  const plain = `HTTP/1.1 400 Bad Request\r\nDate: ${ago(-days).toUTCString()}\r\nContent-Length: 0\r\n\r\n`;
  return tapped(await authority.issue({names, notBefore: ago(-days + 40), notAfter: ago(-days - 40)}), plain);
};

const alert = (description: number): Buffer => Buffer.from([21, 3, 3, 0, 2, 2, description]);

const cases: readonly Case[] = [
  [
    'certificate-untrusted',
    'a self-signed leaf',
    async () => tapped(await selfSigned(names)),
    [/self-signed/, /issued by itself/],
  ],
  ['certificate-untrusted', 'a private CA that shows itself', foreign('Acme Corporate Root CA'), [/Acme Corporate/]],
  [
    'certificate-untrusted',
    'TLS inspection, named by its issuer',
    foreign('Zscaler Intermediate Root CA (zscalertwo.net)'),
    [/Zscaler/, /TLS inspection/],
  ],
  [
    'certificate-untrusted',
    'a private CA, leaf alone, its issuer named nowhere',
    async () => tapped(await (await makeAuthority('Acme Issuing CA 7')).issue({names})),
    [/Acme Issuing CA 7/],
  ],
  [
    'certificate-untrusted',
    'an unknown root above an intermediate that is sent',
    async () => {
      const {between, leaf} = await under(await makeAuthority('Nobody Root'), 'Nobody Issuing CA');
      return tapped(withChain(leaf, between));
    },
    [/Nobody Root/, /then Nobody Issuing CA/],
  ],
  [
    'certificate-untrusted',
    'an issuer that may not issue',
    async () => {
      const {between, leaf} = await under((await bench()).authority, 'Not A CA', {ca: false});
      return tapped(withChain(leaf, between));
    },
    [/Not A CA/],
  ],
  [
    'certificate-chain-incomplete',
    'the leaf alone; it says where its issuer is',
    async () => {
      const between = await (await bench()).authority.intermediate('Lab Issuing CA');
      return tapped(await between.issue({names, issuerUrl: 'http://ca.acme.example/issuing.crt'}));
    },
    [/Lab Issuing CA/, /http:\/\/ca\.acme\.example\/issuing\.crt/],
  ],
  [
    'certificate-chain-incomplete',
    'the leaf alone; its issuer is a public CA',
    async () => tapped(await (await makeAuthority('DigiCert TLS RSA SHA256 2020 CA1')).issue({names})),
    [/DigiCert TLS RSA/],
  ],
  ['certificate-expired', 'the leaf', issued({notBefore: ago(90), notAfter: ago(3)}), [/3 days ago/]],
  [
    'certificate-expired',
    'the intermediate, which is named',
    async () => {
      const {between, leaf} = await under((await bench()).authority, 'Lab Old Issuing CA', {
        notBefore: ago(900),
        notAfter: ago(400),
      });
      return tapped(withChain(leaf, between));
    },
    [/“Lab Old Issuing CA” in the chain/],
  ],
  ['certificate-not-yet-valid', 'the leaf', issued({notBefore: ago(-2), notAfter: ago(-90)}), [/valid only from/]],
  [
    'certificate-wrong-host',
    'another host',
    issued({names: ['wiki.acme.example', 'www.acme.example', '10.1.2.3']}),
    [/made for wiki\.acme\.example, www\.acme\.example, 10\.1\.2\.3/],
  ],
  [
    'certificate-wrong-host',
    'a wildcard one level too high',
    issued({names: ['*.localhost']}),
    [/made for \*\.localhost/],
  ],
  [
    'certificate-wrong-host',
    'the name as common name only',
    issued({names: [], commonName: 'localhost'}),
    [/common name/, /SAN/],
  ],
  [
    'tls-handshake-failed',
    'an old protocol',
    async () =>
      tapped({
        ...(await bench()).issued,
        minVersion: 'TLSv1.1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      }),
    [/too old/],
  ],
  [
    'tls-handshake-failed',
    'no cipher in common',
    async () => tapped({...(await bench()).issued, maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256'}),
    [/handshake/],
  ],
  ['tls-handshake-failed', 'an alert: unrecognized name', saying(alert(112)), [/unrecognized name/i]],
  ['tls-handshake-failed', 'an alert: internal error', saying(alert(80)), [/internal error/i]],
  ['tls-handshake-failed', 'a handshake that stalls', doing(() => undefined), [/stalled/]],
  [
    'tls-handshake-failed',
    'a handshake that stalls in the middle of a record',
    doing(socket => socket.write(Buffer.from([22, 3, 3, 2, 0, 2, 0]))),
    [/stalled/],
  ],
  ['tls-not-spoken', 'plain HTTP', saying('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'), [/plain HTTP/]],
  ['tls-not-spoken', 'SSH', saying('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'), [/SSH server/]],
  ['tls-not-spoken', 'mail', saying('220 mail.acme.example ESMTP Postfix\r\n'), [/mail/]],
  ['tls-not-spoken', 'a database', saying(Buffer.from('4a0000000a382e302e33320008', 'hex')), [/does not speak TLS/]],
  ['tls-not-spoken', 'garbage', saying(Buffer.alloc(300, 0xa5)), [/does not speak TLS/]],
  ['client-certificate-required', 'TLS 1.2', wantsCertificate('TLSv1.2'), [/client certificate/]],
  ['client-certificate-required', 'TLS 1.3', wantsCertificate('TLSv1.3'), [/client certificate/]],
  ['clock-wrong', 'this machine lives in the past', otherTime(200), [/behind/]],
  ['clock-wrong', 'this machine lives in the future', otherTime(-200), [/ahead/]],
  ['connection-reset', 'a reset in the handshake', doing(socket => socket.resetAndDestroy()), [/cut/]],
  ['connection-reset', 'an end in the handshake', doing(socket => socket.end()), [/cut/]],
];

describe('each failure of TLS has its own code, and nothing was sent', () => {
  test.each(cases)('%s: %s', async (code, what, start, shows) => {
    const server = await using(start());
    const stalls = what.includes('stalls') ? {timeoutMs: 300} : {};
    const examined = await run(target(`https://localhost:${server.port}`, token), await reach(stalls));
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe(code);
    expect(examined.report).toMatchObject({outcome: 'unverified', warnings: [], failure: {step: 'tls'}});
    expect(exitCodeOf(examined.report)).toBe(code === 'connection-reset' ? 7 : 8);
    for (const shown of shows) expect(JSON.stringify(examined.report)).toMatch(shown);
    expect(server.connections()).toBeGreaterThan(0);
    // Only TLS 1.3 has the refusal of a client come after the request; it carries no credential.
    if (what === 'TLS 1.3') expect(server.inside()).not.toMatch(/authorization/i);
    else expect(server.inside()).toBe('');
    // The bare question for the time is asked only where a date does not fit.
    const clear = inClear(server);
    if (/certificate-expired|not-yet|clock/.test(code)) {
      expect(clear).toMatch(
        /^HEAD \/ HTTP\/1\.1\r\nHost: localhost\r\nUser-Agent: jirakey\/\S+\r\nConnection: [\w-]+\r\n\r\n$/,
      );
    } else expect(clear).toBe('');
  });

  test('an address that no alternative name has', async () => {
    const server = await using(issued({names: ['localhost']})());
    const examined = await run(target(`https://127.0.0.1:${server.port}`, token), await reach());
    expect(codeOf(examined)).toBe('certificate-wrong-host');
    expect(server.inside()).toBe('');
  });

  test('there are cases enough, and no two are alike', () => {
    expect(cases.length).toBeGreaterThanOrEqual(30);
    expect(new Set(cases.map(([code, what]) => `${code} ${what}`)).size).toBe(cases.length);
  });
});

describe('the chain as received', () => {
  test('stands in the step and in the evidence: subject, issuer, validity, names', async () => {
    const stranger = await makeAuthority('Acme Inspection Root');
    const {between, leaf} = await under(stranger, 'Acme Inspection CA 2');
    const server = await using(tapped(withChain(leaf, between, stranger)));
    const {report, seen} = await run(target(`https://localhost:${server.port}`, token), await reach());
    const step = report.steps[2]?.detail ?? '';
    const {from, to} = {from: ago(1).toISOString().slice(0, 10), to: ago(-30).toISOString().slice(0, 10)};
    expect(step).toContain(`localhost, issued by Acme Inspection CA 2, valid ${from} to ${to}, for localhost`);
    expect(step).toContain('then Acme Inspection CA 2, issued by Acme Inspection Root, valid');
    expect(step).toContain('then Acme Inspection Root, issued by itself, valid');
    expect(report.failure?.evidence).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Certificate: localhost, issued by Acme Inspection CA 2, .* for localhost$/),
        expect.stringMatching(/^Then: Acme Inspection CA 2, issued by Acme Inspection Root/),
        expect.stringMatching(/^Then: Acme Inspection Root, issued by itself/),
      ]),
    );
    const top = presentedTop(seen);
    expect(new X509Certificate(top?.pem ?? '').fingerprint256).toBe(top?.fingerprint256);
    expect(report.failure?.evidence.at(-1)).toMatch(/^Trusted here: Node's bundled list, .*--ca-file bench\.pem$/);
    expect(seen.at(-1)).toMatchObject({chain: [{names: ['localhost']}, {}, {selfSigned: true}]});
  });

  test('of a site that is trusted the step names the certificate', async () => {
    const server = await using(serve(cloudJira({token}), {tls: (await bench()).issued}));
    const {report} = await run(target(server.url, token), await reach());
    expect(report.steps[2]?.detail).toMatch(
      /^TLS 1\.3; localhost, issued by Lab Root CA, valid \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d, for localhost, 127\.0\.0\.1, acme\.atlassian\.net and 2 more$/,
    );
  });
});
