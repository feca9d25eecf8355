import {describe, expect, test} from 'vitest';
import type {FailureCode} from '../../source/diagnosis/codes.ts';
import {diagnose, exitCodeOfFailure, outcomeOf} from '../../source/diagnosis/diagnose.ts';
import type {Facts, Seen, Trouble} from '../../source/diagnosis/evidence.ts';
import {clean} from '../../source/domain/clean.ts';
import {answer, certificate, cloud, dataCenter, now, proxied, trouble} from './fabricate.ts';

const proxy = {address: clean('http://proxy.acme.example:3128'), because: clean('HTTPS_PROXY')};
const refusedBy = (status: number, reason = '') => ({status, reason: clean(reason), server: clean('squid/6.6')});
const handshake = {step: 'tls', stage: 'handshake'} as const;
const corporate = certificate({issuer: 'CN=ACME TLS Inspection CA, O=ACME'});
const internal = certificate({
  subject: 'CN=jira.acme.example',
  issuer: 'CN=ACME Internal CA',
  names: ['jira.acme.example'],
});
const expired = certificate({from: '2025-01-01T00:00:00Z', to: '2026-11-20T00:00:00Z'});
const future = certificate({from: '2026-11-26T00:00:00Z', to: '2027-11-26T00:00:00Z'});

type Case = readonly [name: string, expected: FailureCode, exit: number, trouble: Trouble, facts?: Facts];

const cases: readonly Case[] = [
  ['no such name', 'dns-not-found', 6, trouble('ENOTFOUND', {stage: 'resolve', step: 'dns'})],
  ['a name without addresses', 'dns-not-found', 6, trouble('ENODATA', {stage: 'resolve', step: 'dns'})],
  ['the resolver asks to try again', 'dns-unavailable', 6, trouble('EAI_AGAIN', {stage: 'resolve', step: 'dns'})],
  ['the resolver fails', 'dns-unavailable', 6, trouble('EAI_FAIL', {stage: 'resolve', step: 'dns'})],
  ['the resolver is silent', 'dns-unavailable', 6, trouble('TIMEOUT', {stage: 'resolve', step: 'dns'})],
  ['the DNS server refuses the port', 'dns-unavailable', 6, trouble('ECONNREFUSED', {stage: 'resolve', step: 'dns'})],
  ['an unknown resolver error', 'dns-unavailable', 6, trouble('ESERVFAIL', {stage: 'resolve', step: 'dns'})],
  ['a closed port', 'connection-refused', 7, trouble('ECONNREFUSED')],
  ['a silent port', 'connection-timed-out', 7, trouble('ETIMEDOUT')],
  ['a silent port by our own clock', 'connection-timed-out', 7, trouble('TIMEOUT')],
  ['no route to the network', 'network-unreachable', 7, trouble('ENETUNREACH')],
  ['no route to the host', 'network-unreachable', 7, trouble('EHOSTUNREACH')],
  ['a reset on connecting', 'connection-reset', 7, trouble('ECONNRESET')],
  ['a reset in the handshake', 'connection-reset', 7, trouble('ECONNRESET', handshake)],
  [
    'a reset that a small greeting escapes',
    'tls-handshake-failed',
    8,
    trouble('ECONNRESET', {...handshake, smallGreeting: true}),
  ],
  ['a broken pipe on sending', 'connection-reset', 7, trouble('EPIPE', {stage: 'request'})],

  [
    'the proxy wants a login',
    'proxy-authentication-required',
    7,
    trouble('PROXY', {stage: 'proxy', proxy, proxyAnswer: refusedBy(407)}),
  ],
  [
    'the proxy forbids',
    'proxy-refused',
    7,
    trouble('PROXY', {stage: 'proxy', proxy, proxyAnswer: refusedBy(403, 'Forbidden')}),
  ],
  [
    'the proxy cannot reach it',
    'proxy-refused',
    7,
    trouble('PROXY', {stage: 'proxy', proxy, proxyAnswer: refusedBy(503)}),
  ],
  [
    'a web server instead of a proxy',
    'proxy-refused',
    7,
    trouble('PROXY', {stage: 'proxy', proxy, proxyAnswer: refusedBy(405)}),
  ],
  ['the proxy’s name is unknown', 'proxy-unreachable', 7, trouble('ENOTFOUND', {stage: 'resolve', proxy})],
  ['the proxy’s name cannot be asked', 'proxy-unreachable', 7, trouble('EAI_AGAIN', {stage: 'resolve', proxy})],
  ['the proxy’s port is closed', 'proxy-unreachable', 7, trouble('ECONNREFUSED', {proxy})],
  ['the proxy’s port is silent', 'proxy-unreachable', 7, trouble('TIMEOUT', {proxy})],
  ['no route to the proxy', 'proxy-unreachable', 7, trouble('EHOSTUNREACH', {proxy})],
  [
    'something else listens at the proxy’s port',
    'proxy-unreachable',
    7,
    trouble('HPE_INVALID_CONSTANT', {stage: 'proxy', proxy, spoken: 'SSH-2.0'}),
  ],
  ['the proxy never answers CONNECT', 'proxy-unreachable', 7, trouble('TIMEOUT', {stage: 'proxy', proxy})],
  ['the proxy hangs up on CONNECT', 'connection-reset', 7, trouble('ECONNRESET', {stage: 'proxy', proxy})],
  ['a refused port without any proxy', 'connection-refused', 7, trouble('ECONNREFUSED'), cloud],
  [
    'an untrusted certificate through a proxy',
    'certificate-untrusted',
    8,
    trouble('SELF_SIGNED_CERT_IN_CHAIN', {
      ...handshake,
      proxy,
      chain: [corporate, certificate({selfSigned: true, subject: 'CN=Root', issuer: 'CN=Root'})],
    }),
  ],

  [
    'a self-signed certificate',
    'certificate-untrusted',
    8,
    trouble('DEPTH_ZERO_SELF_SIGNED_CERT', {
      ...handshake,
      chain: [certificate({issuer: 'CN=acme.atlassian.net', selfSigned: true})],
    }),
  ],
  [
    'a self-signed root',
    'certificate-untrusted',
    8,
    trouble('SELF_SIGNED_CERT_IN_CHAIN', {...handshake, chain: [corporate]}),
  ],
  [
    'a private issuer, leaf only, without AIA',
    'certificate-untrusted',
    8,
    trouble('UNABLE_TO_VERIFY_LEAF_SIGNATURE', {...handshake, chain: [internal]}),
    dataCenter,
  ],
  [
    'a private issuer with its intermediate',
    'certificate-untrusted',
    8,
    trouble('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', {
      ...handshake,
      chain: [internal, certificate({subject: 'CN=ACME Internal CA', issuer: 'CN=ACME Root'})],
    }),
    dataCenter,
  ],
  ['nothing learnt of the chain', 'certificate-untrusted', 8, trouble('UNABLE_TO_VERIFY_LEAF_SIGNATURE', handshake)],
  ['a certificate of the wrong purpose', 'certificate-untrusted', 8, trouble('INVALID_PURPOSE', handshake)],
  [
    'a public issuer, leaf only',
    'certificate-chain-incomplete',
    8,
    trouble('UNABLE_TO_VERIFY_LEAF_SIGNATURE', {
      ...handshake,
      chain: [certificate({issuer: "C=US, O=Let's Encrypt, CN=R11"})],
    }),
  ],
  [
    'an issuer named by AIA, leaf only',
    'certificate-chain-incomplete',
    8,
    trouble('UNABLE_TO_VERIFY_LEAF_SIGNATURE', {
      ...handshake,
      chain: [certificate({issuer: 'CN=Lab Intermediate', issuerUrl: 'http://pki.example/i.der'})],
    }),
  ],
  [
    '… with the other code of Node',
    'certificate-chain-incomplete',
    8,
    trouble('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', {
      ...handshake,
      chain: [certificate({issuerUrl: 'http://pki.example/i.der'})],
    }),
  ],
  [
    '… with the third code',
    'certificate-chain-incomplete',
    8,
    trouble('UNABLE_TO_GET_ISSUER_CERT', {...handshake, chain: [certificate()]}),
  ],
  [
    'a self-signed leaf with AIA is not incomplete',
    'certificate-untrusted',
    8,
    trouble('DEPTH_ZERO_SELF_SIGNED_CERT', {
      ...handshake,
      chain: [certificate({selfSigned: true, issuerUrl: 'http://x.example/i'})],
    }),
  ],
  ['an expired certificate', 'certificate-expired', 8, trouble('CERT_HAS_EXPIRED', {...handshake, chain: [expired]})],
  [
    'an expired intermediate',
    'certificate-expired',
    8,
    trouble('CERT_HAS_EXPIRED', {...handshake, chain: [certificate(), expired]}),
  ],
  [
    'an expired certificate of which nothing is known',
    'certificate-expired',
    8,
    trouble('CERT_HAS_EXPIRED', handshake),
  ],
  [
    'a certificate of next week',
    'certificate-not-yet-valid',
    8,
    trouble('CERT_NOT_YET_VALID', {...handshake, chain: [future]}),
  ],
  [
    'another host’s certificate',
    'certificate-wrong-host',
    8,
    trouble('ERR_TLS_CERT_ALTNAME_INVALID', {...handshake, chain: [certificate({names: ['wiki.acme.example']})]}),
  ],
  ['… by OpenSSL’s code', 'certificate-wrong-host', 8, trouble('HOSTNAME_MISMATCH', handshake)],
  ['… by address', 'certificate-wrong-host', 8, trouble('IP_ADDRESS_MISMATCH', handshake)],

  [
    'an old protocol',
    'tls-handshake-failed',
    8,
    trouble('ERR_SSL_UNSUPPORTED_PROTOCOL', {...handshake, message: 'unsupported protocol'}),
  ],
  [
    'an alert about the protocol',
    'tls-handshake-failed',
    8,
    trouble('EPROTO', {...handshake, message: 'tlsv1 alert protocol version'}),
  ],
  [
    'no common cipher',
    'tls-handshake-failed',
    8,
    trouble('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', {...handshake, message: 'sslv3 alert handshake failure'}),
  ],
  ['a handshake that stalls', 'tls-handshake-failed', 8, trouble('TIMEOUT', handshake)],
  ['an internal alert', 'tls-handshake-failed', 8, trouble('ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', handshake)],
  [
    'an alert after the handshake',
    'tls-handshake-failed',
    8,
    trouble('ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', {step: 'site', stage: 'request'}),
  ],
  [
    'a certificate is required',
    'client-certificate-required',
    8,
    trouble('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', {...handshake, message: 'tlsv13 alert certificate required'}),
  ],
  [
    '… only by its number',
    'client-certificate-required',
    8,
    trouble('EPROTO', {...handshake, message: 'SSL alert number 116'}),
  ],
  [
    '… seen only after the handshake',
    'client-certificate-required',
    8,
    trouble('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', {step: 'site', stage: 'request'}),
  ],
  [
    '… as older servers say it',
    'client-certificate-required',
    8,
    trouble('ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', handshake),
  ],
  [
    'a handshake failure after a certificate was asked for',
    'client-certificate-required',
    8,
    trouble('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', {
      ...handshake,
      message: 'the server asked for a client certificate',
    }),
  ],
  [
    'a cut after a certificate was asked for',
    'client-certificate-required',
    8,
    trouble('CLIENT_CERTIFICATE_REQUIRED', {...handshake, message: 'certificate required'}),
  ],
  [
    'plain HTTP on the port',
    'tls-not-spoken',
    8,
    trouble('EPROTO', {...handshake, message: 'ssl3_get_record:wrong version number'}),
  ],
  ['… by its own code', 'tls-not-spoken', 8, trouble('ERR_SSL_WRONG_VERSION_NUMBER', handshake)],
  [
    'a text protocol on the port',
    'tls-not-spoken',
    8,
    trouble('ERR_SSL_PACKET_LENGTH_TOO_LONG', {...handshake, spoken: '220 mail.acme.example ESMTP'}),
  ],
  ['SSH on the port', 'tls-not-spoken', 8, trouble('EPROTO', {...handshake, spoken: 'SSH-2.0-OpenSSH_9.9'})],

  [
    'a connected server that never answers',
    'answer-timed-out',
    9,
    trouble('TIMEOUT', {step: 'site', stage: 'request'}),
  ],
  ['an answer that never ends', 'answer-timed-out', 9, trouble('TIMEOUT', {step: 'site', stage: 'answer'})],
  ['an answer that breaks off', 'answer-unreadable', 9, trouble('CUT', {step: 'site', stage: 'answer'})],
  [
    'a reset in the middle of the answer',
    'answer-unreadable',
    9,
    trouble('ECONNRESET', {step: 'site', stage: 'answer'}),
  ],
  ['an endless answer', 'answer-unreadable', 9, trouble('TOO_LARGE', {step: 'site', stage: 'answer'})],
  ['broken gzip', 'answer-unreadable', 9, trouble('Z_DATA_ERROR', {step: 'site', stage: 'answer'})],
  ['unknown compression', 'answer-unreadable', 9, trouble('BAD_ENCODING', {step: 'site', stage: 'answer'})],
  [
    'not HTTP',
    'answer-unreadable',
    9,
    trouble('HPE_INVALID_CONSTANT', {step: 'site', stage: 'answer', spoken: 'hello'}),
  ],
  ['too many headers', 'answer-unreadable', 9, trouble('HPE_HEADER_OVERFLOW', {step: 'site', stage: 'answer'})],
  [
    'a length that is not kept',
    'answer-unreadable',
    9,
    trouble('ERR_HTTP_CONTENT_LENGTH_MISMATCH', {step: 'site', stage: 'answer'}),
  ],
  ['something nobody has seen', 'unknown-answer', 9, trouble('ENEW', {step: 'site', stage: 'request'})],
];

describe('a connection that breaks', () => {
  for (const [name, expected, exit, broken, facts = broken.proxy === null ? cloud : proxied(cloud)] of cases) {
    test(`${name}: ${expected}`, () => {
      const failure = diagnose(broken.step, [broken], facts);
      expect(failure.code).toBe(expected);
      expect(exitCodeOfFailure(failure)).toBe(exit);
      expect(failure.evidence.length).toBeGreaterThan(0);
      // Nothing was asked, so nothing can be known about the credential.
      expect(outcomeOf(failure)).toBe('unverified');
    });
  }
});

describe('whose clock is wrong', () => {
  const date = (text: string) => answer({status: 400, purpose: 'status', headers: {date: text}});
  const broken = (code: string, chain: Trouble['chain']) => trouble(code, {...handshake, chain});
  const rows: readonly (readonly [string, FailureCode, Seen, Date])[] = [
    [
      'years behind, by a header',
      'clock-wrong',
      [date('Mon, 23 Nov 2026 02:00:05 GMT'), broken('CERT_NOT_YET_VALID', [certificate()])],
      new Date('2020-01-01T00:00:00Z'),
    ],
    [
      'years ahead, by a header',
      'clock-wrong',
      [date('Mon, 23 Nov 2026 02:00:05 GMT'), broken('CERT_HAS_EXPIRED', [certificate()])],
      new Date('2030-01-01T00:00:00Z'),
    ],
    [
      'the header agrees with us',
      'certificate-expired',
      [date('Mon, 23 Nov 2026 02:00:05 GMT'), broken('CERT_HAS_EXPIRED', [expired])],
      now,
    ],
    [
      'the header is some minutes off but within no margin',
      'certificate-expired',
      [date('Mon, 23 Nov 2026 01:00:00 GMT'), broken('CERT_HAS_EXPIRED', [expired])],
      now,
    ],
    [
      'no header at all',
      'certificate-not-yet-valid',
      [broken('CERT_NOT_YET_VALID', [certificate()])],
      new Date('2020-01-01T00:00:00Z'),
    ],
    [
      'a header that is no date',
      'certificate-not-yet-valid',
      [date('yesterday'), broken('CERT_NOT_YET_VALID', [certificate()])],
      new Date('2020-01-01T00:00:00Z'),
    ],
    [
      'by the header the chain is invalid as well',
      'certificate-expired',
      [date('Wed, 01 Jan 2031 00:00:00 GMT'), broken('CERT_HAS_EXPIRED', [expired])],
      now,
    ],
    [
      'an untrusted chain is not a matter of time',
      'certificate-untrusted',
      [date('Mon, 23 Nov 2026 02:00:05 GMT'), broken('SELF_SIGNED_CERT_IN_CHAIN', [corporate])],
      new Date('2020-01-01T00:00:00Z'),
    ],
  ];
  test.each(rows)('%s: %s', (_name, expected, seen, at) => {
    const failure = diagnose('tls', seen, {...cloud, now: at});
    expect(failure.code).toBe(expected);
    expect(failure.step).toBe('tls');
  });

  test('both clocks and the certificate’s days are in the evidence', () => {
    const seen = [date('Mon, 23 Nov 2026 02:00:05 GMT'), broken('CERT_NOT_YET_VALID', [certificate()])];
    const failure = diagnose('tls', seen, {...cloud, now: new Date('2020-01-01T00:00:00Z')});
    const told = failure.evidence.join('\n');
    expect(told).toContain('2026-09-01 to 2027-03-01');
    expect(told).toContain('2020-01-01 00:00 UTC');
    expect(told).toContain('2026-11-23 02:00 UTC');
    expect(failure.title).toContain('6 years behind');
    expect(failure.certainty).toBe('likely');
  });
});

describe('what the texts name', () => {
  const of = (broken: Trouble, facts: Facts = cloud) => diagnose(broken.step, [broken], facts);
  const words = (broken: Trouble, facts: Facts = cloud) => JSON.stringify(of(broken, facts));

  test('the issuer, and TLS inspection where Atlassian would not use it', () => {
    const failure = of(trouble('SELF_SIGNED_CERT_IN_CHAIN', {...handshake, chain: [corporate]}));
    expect(failure.title).toContain('ACME TLS Inspection CA');
    expect(failure.title).toContain('TLS inspection');
    expect(failure.checklist[0]).toMatchObject({who: 'network-admin'});
    expect(failure.checklist.some(({command}) => command?.includes('--ca-file /path/to/corporate-ca.pem'))).toBe(true);
  });
  test('the intermediate is fetched only to be verified', () => {
    const chain = [certificate({issuer: "CN=R11, O=Let's Encrypt", issuerUrl: 'http://r11.i.lencr.org/'})];
    const commands = of(trouble('UNABLE_TO_VERIFY_LEAF_SIGNATURE', {...handshake, chain})).checklist.map(
      ({command}) => command ?? '',
    );
    expect(commands.some(each => each.includes('http://r11.i.lencr.org/') && each.includes('openssl verify'))).toBe(
      true,
    );
  });
  test('an AIA address cannot break out of the shell word', () => {
    const chain = [certificate({issuerUrl: "http://x/';reboot;'"})];
    const commands = of(trouble('UNABLE_TO_VERIFY_LEAF_SIGNATURE', {...handshake, chain})).checklist.map(
      ({command}) => command ?? '',
    );
    expect(commands.find(each => each.includes('reboot'))).toContain(`'http://x/'\\'';reboot;'\\'''`);
  });
  test('the names a certificate has, and the address to type', () => {
    const failure = of(
      trouble('ERR_TLS_CERT_ALTNAME_INVALID', {
        ...handshake,
        chain: [certificate({names: ['jira.acme.example', 'wiki.acme.example']})],
      }),
      dataCenter,
    );
    expect(failure.title).toContain('jira.acme.example, wiki.acme.example');
    expect(failure.checklist[0]?.action).toContain('https://jira.acme.example');
  });
  test('the proxy and where it was set', () => {
    expect(words(trouble('ECONNREFUSED', {proxy}), proxied(cloud))).toContain(
      'proxy.acme.example:3128 (from HTTPS_PROXY)',
    );
  });
  test('the gateway, where it is the one that cannot be reached', () => {
    expect(of(trouble('ENOTFOUND', {stage: 'resolve', step: 'dns', host: 'api.atlassian.com'})).title).toContain(
      'api.atlassian.com',
    );
  });
  test('the addresses tried', () => {
    const broken = trouble('ECONNREFUSED', {
      attempts: [
        ['104.192.142.1', 'ECONNREFUSED'],
        ['2606:2800::1', 'ENETUNREACH'],
      ],
    });
    expect(words(broken)).toContain('104.192.142.1 (ECONNREFUSED), 2606:2800::1 (ENETUNREACH)');
  });
  test('this machine itself, where a hosts entry leads there', () => {
    const broken = trouble('ECONNREFUSED', {attempts: [['127.0.0.1', 'ECONNREFUSED']]});
    expect(of(broken).checklist[0]).toMatchObject({command: 'getent hosts acme.atlassian.net'});
    expect(of(broken).checklist[0]?.why).toContain('/etc/hosts');
  });
  test('a name under atlassian.net always resolves, so DNS here is the suspect', () => {
    const failure = of(trouble('ENOTFOUND', {stage: 'resolve', step: 'dns'}));
    expect(failure.checklist[0]?.command).toBe('getent hosts id.atlassian.com');
    const other = of(trouble('ENOTFOUND', {stage: 'resolve', step: 'dns', host: 'jira.acme.example'}), dataCenter);
    expect(other.checklist[0]?.action).toContain('spelling');
  });
  test('IPv6 without a route', () => {
    const broken = trouble('ENETUNREACH', {attempts: [['2606:2800::1', 'ENETUNREACH']]});
    expect(of(broken).checklist[0]?.command).toBe('ip -6 route show default');
  });
  test('a proxy written with https:// that speaks http', () => {
    const https = {address: clean('https://proxy.acme.example:3128'), because: clean('HTTPS_PROXY')};
    const spoke = {stage: 'proxy', proxy: https, message: 'wrong version number'} as const;
    const failure = of(trouble('EPROTO', spoke), {...cloud, proxy: https});
    expect(failure).toMatchObject({code: 'proxy-unreachable', step: 'connect'});
    expect(failure.title).toContain('speaks plain HTTP');
    expect(failure.checklist[0]).toMatchObject({
      action: 'Write http://proxy.acme.example:3128, with http:// instead of https:// (HTTPS_PROXY)',
      remedy: 'proxy',
      value: 'http://proxy.acme.example:3128',
    });
  });
  test('an IPv6 address keeps its brackets and gets no server name', () => {
    const facts = {...dataCenter, host: clean('2001:db8::1'), url: clean('https://[2001:db8::1]')};
    const failure = of(
      trouble('DEPTH_ZERO_SELF_SIGNED_CERT', {
        ...handshake,
        host: '2001:db8::1',
        chain: [certificate({selfSigned: true})],
      }),
      facts,
    );
    const command = failure.checklist.find(each => each.command?.startsWith('openssl'))?.command ?? '';
    expect(command).toContain("-connect '[2001:db8::1]:443'");
    expect(command).not.toContain('-servername');
  });
});

test.each(['ECONNRESET', 'EPIPE', 'TIMEOUT'])(
  'a large greeting that is dropped (%s): the box in between is named',
  code => {
    const failure = diagnose('tls', [trouble(code, {...handshake, smallGreeting: true})], dataCenter);
    expect(failure.code).toBe('tls-handshake-failed');
    expect(JSON.stringify(failure)).toMatch(/post-quantum|one packet/);
    expect(failure.checklist[0]?.who).toBe('network-admin');
  },
);
