/** Every reason for which a chain is refused, or a handshake broken off, is named as what it is: over real TLS, and as a table. */
import type {TlsOptions} from 'node:tls';
import {describe, expect, test} from 'vitest';
import {diagnose, exitCodeOf, exitCodeOfFailure} from '../../source/diagnosis/diagnose.ts';
import {certificate, cloud, trouble} from '../diagnosis/fabricate.ts';
import {syntheticToken} from '../support/jira.ts';
import {type Authority, type Issued, type IssueOptions, makeAuthority} from '../support/lab/authority.ts';
import {eavesdrop, inClear, tapped, type Wire} from '../support/lab/wire.ts';
import {bench, codeOf, reach, run, target, using} from './lab.ts';

const token = syntheticToken();
const names = ['localhost'];
const anyKey = {ciphers: 'DEFAULT@SECLEVEL=0'};

const issued =
  (options: Partial<IssueOptions>, tls: TlsOptions = {}) =>
  async () =>
    tapped({...(await (await bench()).authority.issue({names, ...options})), ...tls});

const below = async (options: Parameters<Authority['intermediate']>[1]): Promise<Wire> => {
  const between = await (await bench()).authority.intermediate('Lab Limited CA', options);
  const leaf = await between.issue({names});
  return tapped({key: leaf.key, cert: leaf.cert + between.pem});
};

/** What an appliance shows where nothing is set up: its own name, by its own authority. */
const byDefault = (commonName: string, organisation: string, own: readonly string[]) => async () => {
  const stranger: Issued = await (await makeAuthority(commonName)).issue({commonName, organisation, names: own});
  return tapped(stranger);
};

type Case = readonly [what: string, start: () => Promise<Wire>, title: RegExp, first: RegExp];

const refused: readonly Case[] = [
  ['signed with SHA-1', issued({hash: 'SHA-1'}, anyKey), /signed with SHA-1, which is refused here/, /SHA-256/],
  [
    'a key of 512 bits',
    issued({rsaBits: 512}, {...anyKey, maxVersion: 'TLSv1.2'}),
    /key of only 512 bits/,
    /2048 bits/,
  ],
  [
    'made for clients only',
    issued({usages: ['1.3.6.1.5.5.7.3.2']}),
    /not made for servers: it allows only client authentication/,
    /made for servers/,
  ],
  ['by something that is no CA', () => below({ca: false}), /not allowed to issue any/, /issued by a CA/],
  ['by a CA for other names', () => below({onlyFor: 'acme.example'}), /not allowed to issue .* for this name/, /name/],
  [
    'the ingress controller’s own',
    byDefault('Kubernetes Ingress Controller Fake Certificate', 'Acme Co', ['ingress.local']),
    /default certificate of the Kubernetes ingress controller/,
    /set up the route and the certificate/,
  ],
  [
    'Traefik’s own',
    byDefault('TRAEFIK DEFAULT CERT', 'Traefik', ['9b1e.traefik.default']),
    /default certificate of Traefik/,
    /set up the route/,
  ],
  [
    'by an unknown CA, for another name as well',
    byDefault('wiki.acme.example', 'Acme', ['wiki.acme.example']),
    /shows a certificate for wiki\.acme\.example/,
    /made for this name/,
  ],
];

describe('a chain that is refused for another reason than its issuer', () => {
  test.each(refused)('%s', async (_what, start, title, first) => {
    const server = await using(start());
    const examined = await run(target(`https://localhost:${server.port}`, token), await reach());
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe('certificate-untrusted');
    const {failure} = examined.report;
    expect(failure).toMatchObject({step: 'tls', title: expect.stringMatching(title)});
    expect(exitCodeOf(examined.report)).toBe(8);
    expect(failure?.checklist[0]?.action).toMatch(first);
    // No CA file cures any of these, and nobody is told to trust it.
    expect(JSON.stringify(failure?.checklist)).not.toMatch(/--ca-file|"ca"|does not trust the issuer/);
    expect(inClear(server) + server.inside()).toBe('');
  });
});

// Node's names for OpenSSL's verdicts (src/crypto/crypto_common.cc, X509ErrorCode) and, for those without a name, the words
// of crypto/x509/x509_txt.c. Dates and names have codes of their own.
const named = [
  ...['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_CRL', 'UNABLE_TO_DECRYPT_CERT_SIGNATURE'],
  ...['UNABLE_TO_DECRYPT_CRL_SIGNATURE', 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', 'CERT_SIGNATURE_FAILURE'],
  ...['CRL_SIGNATURE_FAILURE', 'ERROR_IN_CERT_NOT_BEFORE_FIELD', 'ERROR_IN_CERT_NOT_AFTER_FIELD'],
  ...['ERROR_IN_CRL_LAST_UPDATE_FIELD', 'ERROR_IN_CRL_NEXT_UPDATE_FIELD', 'OUT_OF_MEM', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ...['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ...['CERT_CHAIN_TOO_LONG', 'CERT_REVOKED', 'INVALID_CA', 'PATH_LENGTH_EXCEEDED', 'INVALID_PURPOSE'],
  ...['CERT_UNTRUSTED', 'CERT_REJECTED'],
];
const worded: readonly (readonly [words: string, title: RegExp])[] = [
  ['EE certificate key too weak', /key/],
  ['CA certificate key too weak', /key/],
  ['CA signature digest algorithm too weak', /signed with/],
  ['unsupported signature algorithm', /signed with/],
  ['unsuitable certificate purpose', /not made for servers/],
  ['key usage does not include digital signature', /not made for servers/],
  ['key usage does not include certificate signing', /not allowed to issue/],
  ['invalid CA certificate', /not allowed to issue/],
  ['invalid non-CA certificate (has CA markings)', /not allowed to issue/],
  ['path length constraint exceeded', /longer than/],
  ['permitted subtree violation', /for this name/],
  ['excluded subtree violation', /for this name/],
  ['name constraints minimum and maximum not supported', /for this name/],
  ['unsupported or invalid name constraint syntax', /for this name/],
  ['certificate revoked', /revoked/],
  ['certificate signature failure', /not by the CA it names/],
  ['certificate rejected', /set up not to accept/],
  ['unhandled critical extension', /does not follow the rules/],
  ['invalid or inconsistent certificate extension', /does not follow the rules/],
  ['no explicit policy', /does not follow the rules/],
  ['Certificate public key has explicit ECC parameters', /does not follow the rules/],
  ['Basic Constraints of CA cert not marked critical', /does not follow the rules/],
  ['a verdict of an OpenSSL to come', /was refused: a verdict of an OpenSSL to come/],
];

describe('every verdict of OpenSSL’s verification is tls · 8, with its own reason', () => {
  const chain = [certificate({issuer: 'CN=Acme Issuing CA', subject: 'CN=acme.atlassian.net', names: []})];
  const verdict = (code: string, message: string) =>
    diagnose('tls', [trouble(code, {stage: 'handshake', step: 'tls', message, chain})], cloud);

  test.each(named)('%s', code => {
    const failure = verdict(code, '');
    expect(failure).toMatchObject({step: 'tls', code: expect.stringMatching(/^certificate-/)});
    expect(exitCodeOfFailure(failure)).toBe(8);
  });

  test.each(worded)('UNSPECIFIED, %s', (words, title) => {
    const failure = verdict('UNSPECIFIED', words);
    expect(failure).toMatchObject({code: 'certificate-untrusted', step: 'tls', title: expect.stringMatching(title)});
    expect(failure.evidence.join()).toContain(words);
    expect(JSON.stringify(failure.checklist)).not.toContain('--ca-file');
  });

  test('a code nobody knows yet, where Node itself refused the chain', () => {
    const unheard = trouble('CERT_OF_TOMORROW', {
      stage: 'handshake',
      step: 'tls',
      message: 'x',
      chain,
      refusedChain: true,
    });
    expect(diagnose('tls', [unheard], cloud).code).toBe('certificate-untrusted');
  });
});

const alert = (description: number): Buffer => Buffer.from([21, 3, 3, 0, 2, 2, description]);
const alerts: readonly (readonly [number, RegExp, RegExp])[] = [
  [112, /knows no site named localhost/, /address in a browser/],
  [120, /only HTTP\/2/, /HTTP\/1\.1/],
  [40, /no cipher in common, a client certificate wanted, or an old appliance/, /ciphers/],
  [71, /no cipher in common/, /ciphers/],
  [80, /error of its own/, /log/],
  [70, /too old/, /TLS 1\.2/],
  [49, /denied this machine access/, /lets in/],
  [47, /broke in the middle/, /stands between/],
  [50, /broke in the middle/, /stands between/],
  [99, /handshake with .* failed/, /TLS 1\.2/],
];

describe('an alert in the handshake', () => {
  test.each(alerts)('%i', async (number, title, first) => {
    const server = await using(eavesdrop(socket => void socket.end(alert(number))));
    const examined = await run(target(`https://localhost:${server.port}`, token), await reach());
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe('tls-handshake-failed');
    expect(examined.report.failure?.title).toMatch(title);
    expect(examined.report.failure?.checklist[0]?.action).toMatch(first);
    expect(exitCodeOf(examined.report)).toBe(8);
  });

  test.each([116, 42, 43, 46, 48])('%i is about the certificate of a client that showed none', async number => {
    const server = await using(eavesdrop(socket => void socket.end(alert(number))));
    const examined = await run(target(`https://localhost:${server.port}`, token), await reach());
    expect(codeOf(examined)).toBe('client-certificate-required');
  });
});

test('a peer without secure renegotiation is named as that', async () => {
  // A ServerHello of TLS 1.2 without the extension of RFC 5746: version, random, no session, a cipher we offer, no compression.
  const hello = Buffer.concat([Buffer.from([3, 3]), Buffer.alloc(32, 7), Buffer.from([0, 0xc0, 0x2f, 0])]);
  const message = Buffer.concat([Buffer.from([2, 0, 0, hello.length]), hello]);
  const record = Buffer.concat([Buffer.from([22, 3, 3, 0, message.length]), message]);
  const server = await using(eavesdrop(socket => void socket.write(record)));
  const examined = await run(target(`https://localhost:${server.port}`, token), await reach());
  expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe('tls-handshake-failed');
  expect(examined.report.failure?.title).toMatch(/RFC 5746.*old load balancer or an inspecting firewall/);
});

/** Whether a greeting offers a group beside X25519 (29), P-256 (23) and P-384 (24): supported_groups is extension 10. */
function offersMore(greeting: Buffer): boolean {
  // Record and handshake headers, version and random; then session, ciphers and compression, each with its length.
  let at = 5 + 4 + 2 + 32;
  at += 1 + (greeting[at] ?? 0);
  at += 2 + greeting.readUInt16BE(at);
  at += 1 + (greeting[at] ?? 0);
  for (at += 2; at + 4 <= greeting.length; at += 4 + greeting.readUInt16BE(at + 2)) {
    if (greeting.readUInt16BE(at) !== 10) continue;
    const groups = greeting.subarray(at + 6, at + 4 + greeting.readUInt16BE(at + 2));
    for (let one = 0; one + 2 <= groups.length; one += 2)
      if (![29, 23, 24].includes(groups.readUInt16BE(one))) return true;
  }
  return false;
}

describe('a box on the way that drops greetings with more than the old key exchanges', () => {
  const behind = async (drop: (at: {resetAndDestroy(): unknown}) => unknown) => {
    const inner = await using(tapped((await bench()).issued));
    const {connect} = await import('node:net');
    return using(
      eavesdrop((socket, first) => {
        if (offersMore(first)) return drop(socket);
        const upstream = connect(inner.port, '127.0.0.1', () => upstream.write(first));
        upstream.on('error', () => socket.destroy()).pipe(socket);
        socket.on('close', () => upstream.destroy()).pipe(upstream);
      }),
    );
  };

  test.each([
    ['by a reset', 20_000, (socket: {resetAndDestroy(): unknown}) => socket.resetAndDestroy()],
    ['silently', 3_000, () => undefined],
  ] as const)('%s', async (_how, timeoutMs, drop) => {
    const server = await behind(drop);
    const examined = await run(target(`https://localhost:${server.port}`, token), await reach({timeoutMs}));
    expect(codeOf(examined), JSON.stringify(examined.report.failure)).toBe('tls-handshake-failed');
    expect(examined.report.failure?.title).toMatch(/drops large TLS greetings/);
    expect(examined.report.failure?.checklist[0]).toMatchObject({who: 'network-admin'});
  });

  test('a passing fault is not taken for one', async () => {
    let connections = 0;
    const inner = await using(tapped((await bench()).issued));
    const {connect} = await import('node:net');
    const server = await using(
      eavesdrop((socket, first) => {
        connections += 1;
        if (connections === 1) return void socket.resetAndDestroy();
        const upstream = connect(inner.port, '127.0.0.1', () => upstream.write(first));
        upstream.on('error', () => socket.destroy()).pipe(socket);
        socket.on('close', () => upstream.destroy()).pipe(upstream);
      }),
    );
    const examined = await run(target(`https://localhost:${server.port}`, token), await reach());
    expect(codeOf(examined)).toBe('connection-reset');
  });
});
