/** Failures of TLS: the certificate, the clock, the handshake. */
import type {Clean} from '../../domain/clean.ts';
import {clean} from '../../domain/clean.ts';
import {exit} from '../../domain/exit.ts';
import {
  chainLines,
  day,
  isPublicIssuer,
  minute,
  offending,
  shortName,
  span,
  topIssuer,
  wrongClock,
} from '../certificates.ts';
import type {Facts, Seen, Trouble} from '../evidence.ts';
import {answerIn, answerLines, bodyText, isCloud, serverClock, troubleIn, troubleLines} from '../read.ts';
import {isAtlassianHost} from '../who.ts';
import {
  brokenAt,
  curl,
  edit,
  jiraAdmin,
  lookUp,
  networkAdmin,
  quote,
  rangesPage,
  retest,
  retype,
  say,
  showChain,
  showDates,
  you,
} from './actions.ts';
import {type Rows, upToSix} from './row.ts';

const lines = (trouble: Trouble, seen: Seen, facts: Facts): readonly Clean[] => [
  ...troubleLines(trouble),
  ...chainLines(trouble, seen, facts),
];

const tls = (steps: readonly ['tls'] = ['tls']) =>
  ({steps, exit: exit.tls, kind: 'failure', certainty: 'proven', refusal: false}) as const;

/** The lines of evidence for a certificate or handshake that failed with one of these codes. */
const withCode = (codes: ReadonlySet<string>) => (seen: Seen, facts: Facts) => {
  const trouble = troubleIn(seen);
  return trouble !== null && codes.has(trouble.code) ? lines(trouble, seen, facts) : null;
};

const untrustedCodes: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_CHAIN_TOO_LONG',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
]);
const issuerMissing = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);
const tooLate: ReadonlySet<string> = new Set(['CERT_HAS_EXPIRED', 'CRL_HAS_EXPIRED']);
const tooEarly: ReadonlySet<string> = new Set(['CERT_NOT_YET_VALID', 'CRL_NOT_YET_VALID']);
const wrongName: ReadonlySet<string> = new Set([
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'IP_ADDRESS_MISMATCH',
]);

const setClock = you(
  'If the time is wrong, turn on time synchronisation',
  'in a container or virtual machine, correct the host’s clock',
  {
    command: 'sudo timedatectl set-ntp true',
  },
);
const checkClock = you('Check this machine’s clock', 'a wrong clock makes every certificate look expired or too new', {
  command: 'timedatectl status',
});

const viewChain = (facts: Facts, seen: Seen, why: string) => {
  const {host, port} = brokenAt(facts, troubleIn(seen));
  return you('Look at the certificates as the server sends them', why, {command: showChain(host, port)});
};
const viewDates = (facts: Facts, seen: Seen) => {
  const {host, port} = brokenAt(facts, troubleIn(seen));
  return you('Look at the certificate’s dates and issuer yourself', 'shows what this machine is given', {
    command: showDates(host, port),
  });
};

const chainIn = (seen: Seen) => troubleIn(seen)?.chain ?? [];
const selfSigned = (seen: Seen): boolean => chainIn(seen).length === 1 && chainIn(seen)[0]?.selfSigned === true;
const atlassianAt = (facts: Facts, seen: Seen): boolean => {
  const {host} = brokenAt(facts, troubleIn(seen));
  return isAtlassianHost(host) || /(?:^|\.)atlassian\.com$/i.test(host);
};

/** Atlassian's certificates come from public authorities, so another issuer means that somebody opens the traffic. */
const inspected = (facts: Facts, seen: Seen): boolean => {
  const issuer = chainIn(seen).at(-1)?.issuer;
  return atlassianAt(facts, seen) && issuer !== undefined && !isPublicIssuer(issuer);
};

const withCaFile = (facts: Facts, path: string): string => retest(facts, `--ca-file ${quote(path)}`);

export const trust = {
  'certificate-untrusted': {
    ...tls(),
    title(facts, seen) {
      const {at} = brokenAt(facts, troubleIn(seen));
      const issuer = topIssuer(chainIn(seen));
      if (issuer === null) return `This machine does not trust the certificate of ${at}`;
      if (selfSigned(seen))
        return `${at} shows a self-signed certificate (“${issuer}”) that this machine does not trust`;
      const inspection = inspected(facts, seen)
        ? ': TLS inspection on the way'
        : isPublicIssuer(issuer)
          ? ''
          : ', which is no public CA: a company CA or TLS inspection';
      return `The certificate of ${at} comes from “${issuer}”, which this machine does not trust${inspection}`;
    },
    proof:
      'The chain of certificates ends at an issuer this machine does not trust. Nothing was sent. The issuer is named; when it is no public CA, it is a company’s own CA or TLS inspection.',
    signal: withCode(untrustedCodes),
    checklist(facts, seen) {
      const issuer = topIssuer(chainIn(seen));
      const named = issuer === null ? 'the issuing CA' : `“${issuer}”`;
      const {host} = brokenAt(facts, troubleIn(seen));
      const pass = you(
        `When you have the CA certificate of ${named}, pass it`,
        'a PEM file beginning with BEGIN CERTIFICATE; it is added for this connection',
        {
          command: withCaFile(facts, '/path/to/corporate-ca.pem'),
        },
      );
      const system = you(
        'Look whether your company’s CA is already installed on this machine',
        'Debian and Ubuntu keep it in the first folder, Red Hat in the second; programs on Node do not read either by themselves',
        {command: 'ls /usr/local/share/ca-certificates/ /etc/pki/ca-trust/source/anchors/'},
      );
      const owner = selfSigned(seen) || (!isCloud(facts) && issuer === null);
      return upToSix([
        owner
          ? jiraAdmin(
              `Ask for the certificate of ${host} as a PEM file, by a way you trust`,
              'a self-signed certificate proves nothing by itself; compare its SHA-256 fingerprint',
            )
          : networkAdmin(
              `Ask for the root certificate of ${named} as a PEM file`,
              inspected(facts, seen)
                ? 'Atlassian does not use this issuer: your network opens the traffic and signs it anew'
                : 'it is the CA of your company or of its TLS inspection',
            ),
        pass,
        system,
        you(
          'If curl works on this machine, pass the system’s CA bundle',
          'on Red Hat it is /etc/pki/tls/certs/ca-bundle.crt',
          {
            command: withCaFile(facts, '/etc/ssl/certs/ca-certificates.crt'),
          },
        ),
        viewChain(facts, seen, 'each “i:” line names an issuer; the last is the one to ask for'),
        networkAdmin(`Or ask to except ${host} from TLS inspection`, 'then the site’s own certificate arrives', {
          url: isCloud(facts) ? rangesPage : null,
        }),
      ]);
    },
  },
  'certificate-chain-incomplete': {
    ...tls(),
    title(facts, seen) {
      const {at} = brokenAt(facts, troubleIn(seen));
      const leaf = chainIn(seen)[0];
      return `${at} sends its certificate without the intermediate one${leaf === undefined ? '' : ` (“${shortName(leaf.issuer)}”)`}`;
    },
    proof:
      'The server sent only its own certificate; its issuer is missing, and is a known public CA or named in the certificate (AIA).',
    signal(seen, facts) {
      const trouble = troubleIn(seen);
      const [leaf, ...others] = trouble?.chain ?? [];
      if (trouble === null || leaf === undefined || others.length > 0 || leaf.selfSigned) return null;
      if (!issuerMissing.has(trouble.code) || (leaf.issuerUrl === null && !isPublicIssuer(leaf.issuer))) return null;
      const told =
        leaf.issuerUrl === null ? [] : [clean(`Its issuer’s certificate is said to be at ${leaf.issuerUrl}`)];
      return [...lines(trouble, seen, facts), ...told];
    },
    checklist(facts, seen) {
      const {host} = brokenAt(facts, troubleIn(seen));
      const leaf = chainIn(seen)[0];
      const issuer = leaf === undefined ? 'its issuer' : `“${shortName(leaf.issuer)}”`;
      const from = leaf?.issuerUrl ?? null;
      const fetched = from !== null && /^http:\/\//i.test(from);
      return upToSix([
        jiraAdmin(
          `Ask whoever runs ${host} to install the whole chain (with ${issuer}), such as fullchain.pem`,
          'browsers fetch the missing one by themselves, programs do not; so it works in a browser and fails here',
        ),
        viewChain(facts, seen, 'one BEGIN CERTIFICATE instead of two or three confirms it'),
        fetched
          ? you(
              'Until then, fetch the intermediate; use it only if the last line says OK',
              'OK means a CA this system trusts has signed it',
              {
                command: `curl -s --max-time 10 ${quote(from)} | openssl x509 -inform der -out intermediate.pem && openssl verify intermediate.pem`,
              },
            )
          : null,
        you(
          fetched ? 'Then test with it' : `If you have the certificate of ${issuer} as a PEM file, pass it`,
          'it completes the chain for this connection only',
          {
            command: withCaFile(facts, 'intermediate.pem'),
          },
        ),
        leaf !== undefined && isPublicIssuer(leaf.issuer)
          ? null
          : networkAdmin(
              `If ${issuer} is your company’s CA, ask for its root certificate and pass that`,
              'an internal CA is trusted by no machine by itself',
              {
                command: withCaFile(facts, '/path/to/corporate-ca.pem'),
              },
            ),
      ]);
    },
  },
  'certificate-wrong-host': {
    ...tls(),
    title(facts, seen) {
      const {host} = brokenAt(facts, troubleIn(seen));
      const names = chainIn(seen)[0]?.names ?? [];
      if (names.length === 0) return `The certificate is not made for ${host}`;
      const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
      return `The certificate is made for ${say(names.slice(0, 3).join(', '), 160)}${more}, not for ${host}`;
    },
    proof: 'The certificate is valid, but none of its names is the host that was asked for. Nothing was sent.',
    signal(seen, facts) {
      const trouble = troubleIn(seen);
      if (trouble === null || !wrongName.has(trouble.code)) return null;
      const names = trouble.chain[0]?.names ?? [];
      return [
        ...lines(trouble, seen, facts),
        ...(names.length === 0 ? [] : [clean(`Names it has: ${names.join(', ')}`, 400)]),
      ];
    },
    checklist(facts, seen) {
      const {host, port} = brokenAt(facts, troubleIn(seen));
      const names = (chainIn(seen)[0]?.names ?? []).filter(each => /^[a-z0-9.-]+\.[a-z][a-z0-9-]*$/i.test(each));
      const better = names[0];
      const address = `https://${better}${port === 443 ? '' : `:${port}`}`;
      return upToSix([
        better === undefined
          ? you(
              `Enter the address by which browsers open this Jira, not ${host}`,
              'short names and IP addresses are rarely in a certificate',
              {command: edit(facts)},
            )
          : you(`If this is your Jira by another name, enter ${address}`, 'the certificate has this name', {
              command: retype(facts, address),
            }),
        /\.[^.]+\.atlassian\.net$/i.test(host)
          ? you(
              'Drop what stands before the site’s name: sites are https://NAME.atlassian.net',
              'Atlassian’s certificate covers one word before atlassian.net',
              {command: edit(facts)},
            )
          : null,
        you(`See where ${host} leads`, 'an old entry in /etc/hosts or DNS leads to another machine', {
          command: lookUp(host),
        }),
        viewChain(facts, seen, 'the first “s:” line names whom the certificate is for'),
        isCloud(facts)
          ? networkAdmin(`Ask what answers for ${host}`, 'a firewall or captive portal shows its own certificate')
          : jiraAdmin(
              `Ask for a certificate that has ${host} among its names`,
              'or for the right virtual host (SNI) on the reverse proxy',
            ),
      ]);
    },
  },
} as const satisfies Rows;

/** What an admin can do about a certificate whose dates do not fit. */
const renew = (facts: Facts, seen: Seen, action: string) => {
  const {host} = brokenAt(facts, troubleIn(seen));
  const issuer = topIssuer(chainIn(seen));
  return atlassianAt(facts, seen)
    ? networkAdmin(
        `Ask what stands between this machine and ${host}`,
        `Atlassian renews in time; ${issuer === null ? 'an inspecting firewall' : `“${issuer}”`} may be the one that did not`,
      )
    : jiraAdmin(
        `Ask to ${action} on ${host} or its reverse proxy`,
        'and to reload the web server: a renewed file alone is not enough',
      );
};

const badDate = (facts: Facts, seen: Seen) => offending(chainIn(seen), facts.now);
const whose = (facts: Facts, seen: Seen): string => {
  const bad = badDate(facts, seen);
  const {host} = brokenAt(facts, troubleIn(seen));
  return bad === null || bad === chainIn(seen)[0]
    ? `The certificate of ${host}`
    : `The certificate “${shortName(bad.subject)}” in the chain of ${host}`;
};

export const dates = {
  'clock-wrong': {
    ...tls(),
    certainty: 'likely',
    title(facts, seen) {
      const clock = serverClock(seen);
      if (clock === null) return 'This machine’s clock is wrong, so valid certificates look expired or too new';
      const off = facts.now.getTime() - clock.time.getTime();
      return `This machine’s clock is ${span(off)} ${off < 0 ? 'behind' : 'ahead'}: the certificate is valid, the time here is not`;
    },
    proof:
      'The certificate is not valid by this machine’s clock, but is by the Date header a server sent; the clock is off by more than the certificate’s margin.',
    signal(seen, facts) {
      const trouble = troubleIn(seen);
      if (trouble === null || (!tooLate.has(trouble.code) && !tooEarly.has(trouble.code))) return null;
      return wrongClock(trouble, seen, facts) === null ? null : lines(trouble, seen, facts);
    },
    checklist(facts, seen) {
      const clock = serverClock(seen);
      const here = minute(facts.now);
      const there = clock === null ? 'the real time' : `${clock.host} says ${minute(clock.time)}`;
      return upToSix([
        you('Check this machine’s clock', `it says ${here}; ${there}`, {command: 'timedatectl status'}),
        setClock,
        networkAdmin(
          'Ask which time server (NTP) this machine should use',
          'UDP port 123 to the Internet is often closed',
        ),
        you('Test again when the time is right', 'nothing else has to change', {command: retest(facts)}),
        viewDates(facts, seen),
      ]);
    },
  },
  'certificate-expired': {
    ...tls(),
    title(facts, seen) {
      const bad = badDate(facts, seen);
      const {host} = brokenAt(facts, troubleIn(seen));
      if (bad === null) return `The certificate of ${host} has expired`;
      return `${whose(facts, seen)} expired on ${day(bad.validTo)} (${span(facts.now.getTime() - Date.parse(bad.validTo))} ago)`;
    },
    proof:
      'A certificate’s last day lies in the past by this machine’s clock, and no Date header says that the clock is wrong. Nothing was sent.',
    signal: withCode(tooLate),
    checklist(facts, seen) {
      const clock = serverClock(seen);
      const sure = clock !== null && Math.abs(clock.time.getTime() - facts.now.getTime()) < 86_400_000;
      const ask = renew(facts, seen, 'renew the certificate');
      return upToSix([
        ...(sure ? [ask, checkClock] : [checkClock, ask]),
        viewDates(facts, seen),
        you('Test until it is renewed', 'tries again by itself', {command: retest(facts, '--watch')}),
        sure ? null : setClock,
      ]);
    },
  },
  'certificate-not-yet-valid': {
    ...tls(),
    title(facts, seen) {
      const bad = badDate(facts, seen);
      const {host} = brokenAt(facts, troubleIn(seen));
      if (bad === null) return `The certificate of ${host} is not valid yet`;
      return `${whose(facts, seen)} is valid only from ${day(bad.validFrom)}; this machine says it is ${day(facts.now)}`;
    },
    proof:
      'A certificate’s first day lies in the future by this machine’s clock, and no Date header says that the clock is wrong. Nothing was sent.',
    signal: withCode(tooEarly),
    checklist: (facts, seen) =>
      upToSix([
        checkClock,
        setClock,
        renew(facts, seen, 'install a certificate that is valid today'),
        viewDates(facts, seen),
        you('Test until it is valid', 'tries again by itself', {command: retest(facts, '--watch')}),
      ]),
  },
} as const satisfies Rows;

// Alerts 42 to 46, 48 and 116 are sent by a server about the client's certificate (RFC 8446 §6.2): we sent none.
const certificateAlert =
  /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|NO_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN|UNSUPPORTED_CERTIFICATE)|alert (?:bad|unknown|unsupported) c(?:ertificate|a)\b|certificate required|alert number (?:116|42|43|46|48)\b/i;
const asked = /(?:client certificate|certificate request|certificate was (?:asked|requested))/i;
const notTls =
  /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|ERR_SSL_HTTP_REQUEST|HTTPS_PROXY_REQUEST|UNKNOWN_PROTOCOL|wrong version number|packet length too long|record layer failure|http request/i;
const oldProtocol = /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|VERSION_TOO_LOW|unsupported protocol|protocol version/i;
const handshakeCode = /^(?:EPROTO|ERR_SSL_.*|ERR_TLS_.*|TIMEOUT|ETIMEDOUT|ESOCKETTIMEDOUT)$/;

function wantsCertificate(trouble: Trouble): boolean {
  const told = `${trouble.code} ${trouble.message}`;
  if (certificateAlert.test(told)) return true;
  return /HANDSHAKE_FAILURE|handshake failure/i.test(told) && asked.test(told);
}

/** What spoke instead of TLS, by its first bytes. */
function spokenAs(trouble: Trouble | null): string {
  const spoken = trouble?.spoken ?? '';
  if (/^HTTP\//i.test(spoken) || /^<(?:!doctype|html)/i.test(spoken)) return 'it speaks plain HTTP';
  if (/^SSH-/.test(spoken)) return 'it is an SSH server';
  if (/^220[ -]/.test(spoken)) return 'it is a mail or FTP server';
  return spoken === '' ? '' : `it says “${say(spoken, 40)}”`;
}

export const handshake = {
  'client-certificate-required': {
    ...tls(),
    title: (facts, seen) =>
      `${brokenAt(facts, troubleIn(seen)).at} lets in only machines that show a client certificate`,
    proof:
      'The server ended the handshake asking for a client certificate (alert “certificate required”, or nginx’s page that says so).',
    signal(seen, facts) {
      const trouble = troubleIn(seen);
      if (trouble !== null) return wantsCertificate(trouble) ? lines(trouble, seen, facts) : null;
      // nginx answers 400 (its own 496) with a fixed English title when ssl_verify_client got nothing.
      const answer = answerIn(seen);
      const refused = answer !== null && (answer.status === 400 || answer.status === 496);
      return refused && /No required SSL certificate was sent/i.test(bodyText(answer)) ? answerLines(answer) : null;
    },
    checklist(facts, seen) {
      const {host, port} = brokenAt(facts, troubleIn(seen));
      return upToSix([
        jiraAdmin(
          `Ask for an address of this Jira for programs, without client certificates`,
          'jirakey and most connectors cannot show a certificate of their own; a second entrance for them is usual',
        ),
        networkAdmin(
          `Ask to except this machine’s address from the client-certificate rule on ${host}`,
          'the rule sits on the reverse proxy, not in Jira',
        ),
        you('Confirm it', '“Acceptable client certificate CA names” lists whose certificates are let in', {
          command: showChain(host, port, '-prexit'),
        }),
        you('Enter the other address when you have it', 'the token stays the same', {command: edit(facts)}),
      ]);
    },
  },
  'tls-not-spoken': {
    ...tls(),
    title(facts, seen) {
      const trouble = troubleIn(seen);
      const as = spokenAs(trouble);
      return `What listens on ${brokenAt(facts, trouble).at} does not speak TLS${as === '' ? '' : `: ${as}`}`;
    },
    proof: 'The first bytes that came back were not TLS (“wrong version number”, or readable text). Nothing was sent.',
    signal(seen) {
      const trouble = troubleIn(seen);
      if (trouble === null) return null;
      const early = trouble.stage === 'handshake';
      const foreign =
        notTls.test(`${trouble.code} ${trouble.message}`) ||
        (early && trouble.spoken !== null && trouble.spoken !== '');
      if (!foreign) return null;
      return [
        ...troubleLines(trouble),
        ...(trouble.spoken === null || trouble.spoken === '' ? [] : [clean(`It said: “${trouble.spoken}”`, 160)]),
      ];
    },
    checklist(facts, seen) {
      const trouble = troubleIn(seen);
      const {host, port, at} = brokenAt(facts, trouble);
      const proxy = trouble?.proxy ?? facts.proxy;
      const plain = `https://${host.includes(':') ? `[${host}]` : host}`;
      return upToSix([
        proxy !== null && /^https:/i.test(proxy.address)
          ? you(
              `Write the proxy’s address with http:// instead of https:// (${proxy.because})`,
              'most proxies take plain HTTP, also for https sites',
              {command: 'jirakey doctor'},
            )
          : null,
        port === 443
          ? null
          : you(`Try the usual port: ${plain}`, `${port} may be Jira’s inner port; https is on 443 or 8443`, {
              command: retype(facts, plain),
            }),
        jiraAdmin(`Ask on which address this Jira speaks https`, `${at} does not; a token is sent over https only`),
        you('See what answers there', 'an HTTP answer confirms it', {
          command: `curl -sv --max-time 10 ${quote(`http://${at}/`)} -o /dev/null`,
        }),
        port === 443
          ? networkAdmin(
              `Ask what answers on ${at}`,
              'a captive portal or a filter that speaks plain HTTP on 443 looks like this',
            )
          : null,
      ]);
    },
  },
  'tls-handshake-failed': {
    ...tls(),
    title(facts, seen) {
      const trouble = troubleIn(seen);
      const {at} = brokenAt(facts, trouble);
      const told = trouble === null ? '' : `${trouble.code} ${trouble.message}`;
      if (oldProtocol.test(told)) return `${at} speaks only TLS versions that are too old; 1.2 is the least accepted`;
      if (trouble !== null && /TIMEDOUT|TIMEOUT/.test(trouble.code))
        return `${at} accepted the connection, then the TLS handshake stalled`;
      return `The TLS handshake with ${at} failed`;
    },
    proof:
      'The two sides found no common protocol version or cipher, one sent an alert, or the handshake stalled. Nothing was sent.',
    signal(seen, facts) {
      const trouble = troubleIn(seen);
      if (trouble === null) return null;
      const broke =
        trouble.stage === 'handshake' ? handshakeCode.test(trouble.code) : /^(?:EPROTO|ERR_SSL_.*)$/.test(trouble.code);
      return broke ? lines(trouble, seen, facts) : null;
    },
    checklist(facts, seen) {
      const trouble = troubleIn(seen);
      const {host, port, at} = brokenAt(facts, trouble);
      const stalled = trouble !== null && /TIMEDOUT|TIMEOUT/.test(trouble.code);
      const cloud = atlassianAt(facts, seen);
      const filter = networkAdmin(
        stalled
          ? `Ask whether a firewall holds back TLS to ${host}`
          : `Ask what stands between this machine and ${host}`,
        cloud
          ? 'Atlassian speaks TLS 1.2 and 1.3; an inspecting device may not'
          : 'an inspecting device may break the handshake',
        {url: cloud ? rangesPage : null},
      );
      const server = jiraAdmin(
        `Ask to turn on TLS 1.2 or 1.3 with current ciphers on ${host}`,
        'older versions are broken and refused here',
      );
      return upToSix([
        stalled || cloud ? filter : server,
        you('See how far the handshake gets', 'names the version, the cipher, or the alert', {
          command: showChain(host, port, '-tls1_2'),
        }),
        stalled
          ? you(
              'On a VPN, look for packets that are too large',
              'a greeting that fits no packet vanishes; an MTU of 1400 often cures it',
              {command: 'ip link show'},
            )
          : null,
        you('Compare with curl', 'if curl fails alike, the server or the network is at fault', {command: curl(at)}),
        stalled || cloud ? (cloud ? null : server) : filter,
        stalled
          ? you('Test again with more time', 'a slow link may need it', {
              command: retest(facts, `--timeout ${Math.max(60, facts.timeoutSeconds * 2)}`),
            })
          : null,
      ]);
    },
  },
} as const satisfies Rows;
