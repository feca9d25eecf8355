/** Titles and actions for each way a TLS handshake breaks that judged no certificate. */
import type {Facts, Seen} from '../evidence.ts';
import {troubleIn} from '../evidence-reading.ts';
import type {Action} from '../test-report.ts';
import {alertIn, type TlsBreak, tlsBreakOf} from '../tls-breaks.ts';
import {brokenAt, curl, edit, jiraAdmin, lookUp, networkAdmin, retest, say, showChain, you} from './actions.ts';
import {rangesPage} from './checklist-pages.ts';
import {upToSix} from './row.ts';
import {atlassianAt} from './tls-parts.ts';

const breakIn = (seen: Seen): TlsBreak => {
  const trouble = troubleIn(seen);
  return trouble === null ? 'unnamed' : tlsBreakOf(trouble);
};

const alerted = (seen: Seen): string => {
  const trouble = troubleIn(seen);
  const number = trouble === null ? null : alertIn(trouble);
  return number === null ? '' : ` (TLS alert ${number})`;
};

const titles: Readonly<Record<TlsBreak, (at: string, host: string, alert: string) => string>> = {
  'large-greeting': at =>
    `Something on the way to ${at} drops large TLS greetings: with post-quantum key exchange the connection breaks, without it passes`,
  'unknown-name': (at, host, alert) =>
    `${at} knows no site named ${host}: it refused that name in the TLS greeting${alert}`,
  'http2-only': (at, _host, alert) => `${at} speaks only HTTP/2 or another protocol, not HTTP/1.1${alert}`,
  'no-common-ground': (at, _host, alert) =>
    `${at} refused the TLS handshake${alert}: no cipher in common, a client certificate wanted, or an old appliance`,
  'old-protocol': (at, _host, alert) =>
    `${at} speaks only TLS versions that are too old; 1.2 is the least accepted${alert}`,
  'server-fault': (at, _host, alert) =>
    `${at} broke off the TLS handshake with an error of its own${alert}, often because it has no certificate for this name`,
  'access-denied': (at, _host, alert) => `${at} denied this machine access in the TLS handshake${alert}`,
  'legacy-renegotiation': at =>
    `What answers on ${at} lacks secure renegotiation (RFC 5746), which is refused here: an old load balancer or an inspecting firewall`,
  'weak-parameters': at => `The keys or parameters ${at} offers in the TLS handshake are too weak and refused here`,
  tampered: (at, _host, alert) =>
    `The TLS handshake with ${at} broke in the middle${alert}, as happens when something on the way changes it`,
  stalled: at => `${at} accepted the connection, then the TLS handshake stalled`,
  unnamed: (at, _host, alert) => `The TLS handshake with ${at} failed${alert}`,
};

export function breakTitle(facts: Facts, seen: Seen): string {
  const {at, host} = brokenAt(facts, troubleIn(seen));
  return titles[breakIn(seen)](at, say(host, 100), alerted(seen));
}

type Ask = readonly [action: string, why: string, request: string];

/** What only whoever runs the server can do about it; null where the network is the likelier place. */
function ofServer(reason: TlsBreak, host: string): Ask | null {
  switch (reason) {
    case 'unknown-name':
      return [
        `Ask to set up the name ${host} on the reverse proxy in front of Jira`,
        'it picks its site by the name in the TLS greeting (SNI), and knows none of this name',
        `Please set up the name ${host} on the reverse proxy in front of Jira: it refuses that name in the TLS greeting.`,
      ];
    case 'http2-only':
      return [
        `Ask to allow HTTP/1.1 beside HTTP/2 on ${host}`,
        'jirakey and many connectors speak HTTP/1.1; the server refused it in the TLS greeting (ALPN)',
        `Please allow HTTP/1.1 beside HTTP/2 on ${host} (ALPN “http/1.1”).`,
      ];
    case 'server-fault':
      return [
        `Ask for the log of the web server on ${host}, and whether it has a certificate for this name`,
        'the alert means that it failed by itself; its log says why',
        `Please look into the log of the web server on ${host}: it breaks off our TLS handshakes with “internal error”. Does it have a certificate for this name?`,
      ];
    case 'access-denied':
      return [
        `Ask which machines ${host} lets in, and whether it wants a client certificate`,
        'the server decides by the address or by a certificate',
        `Please let our server in on ${host}: it denies access in the TLS handshake. If it wants a client certificate, which address works without one?`,
      ];
    case 'legacy-renegotiation':
      return [
        `Ask to update what ends TLS for ${host}, or to turn on secure renegotiation there`,
        'RFC 5746 is from 2010; current TLS libraries refuse peers without it',
        `Please update what ends TLS for ${host}, or turn on secure renegotiation (RFC 5746): current programs refuse to connect.`,
      ];
    case 'weak-parameters':
      return [
        `Ask to use a key of 2048 bits or P-256, and current ciphers, on ${host}`,
        'short keys and Diffie-Hellman groups can be broken, and are refused',
        `Please use a key of 2048 bits or P-256, and current ciphers, on ${host}.`,
      ];
    case 'no-common-ground':
      return [
        `Ask which ciphers ${host} accepts, and whether it wants a client certificate`,
        'it gave no reason; its log has one. TLS 1.2 with ECDHE and AES-GCM, or TLS 1.3, works everywhere',
        `Please turn on TLS 1.2 or 1.3 with current ciphers (ECDHE with AES-GCM) on ${host}. Does it want client certificates?`,
      ];
    case 'large-greeting':
    case 'tampered':
    case 'stalled':
      return null;
    default:
      return [
        `Ask to turn on TLS 1.2 or 1.3 with current ciphers on ${host}`,
        'older versions are broken and refused here',
        `Please turn on TLS 1.2 or 1.3 with current ciphers on ${host}.`,
      ];
  }
}

/** What stands in between may be the cause as well, or alone. */
function ofNetwork(reason: TlsBreak, host: string, facts: Facts, cloud: boolean): Action {
  const url = rangesPage(facts);
  if (reason === 'large-greeting')
    return networkAdmin(
      `Ask for an update of the firewall or inspecting device in front of ${host}`,
      'it cuts a TLS greeting that does not fit one packet, as all have become with post-quantum key exchange (X25519MLKEM768)',
      `Please update the firewall or inspecting device between our server and ${host}: it drops TLS greetings larger than one packet (post-quantum key exchange, X25519MLKEM768).`,
      {url},
    );
  if (reason === 'stalled')
    return networkAdmin(
      `Ask whether a firewall holds back TLS to ${host}`,
      cloud ? 'Atlassian speaks TLS 1.2 and 1.3; an inspecting device may not' : 'an inspecting device may hold it',
      `Please check whether a firewall holds back TLS from our server to ${host}.`,
      {url},
    );
  return networkAdmin(
    `Ask what stands between this machine and ${host}`,
    cloud
      ? 'Atlassian speaks TLS 1.2 and 1.3; an inspecting device may not'
      : 'an inspecting device may break the handshake',
    `Please look at what stands between our server and ${host}: it breaks the TLS handshake.`,
    {url},
  );
}

export function breakChecklist(facts: Facts, seen: Seen): readonly Action[] {
  const reason = breakIn(seen);
  const {host, port, at} = brokenAt(facts, troubleIn(seen));
  const cloud = atlassianAt(facts, seen);
  const asked = cloud ? null : ofServer(reason, host);
  const server = asked === null ? null : jiraAdmin(...asked);
  const network = ofNetwork(reason, host, facts, cloud);
  const stalled = reason === 'stalled';
  return upToSix([
    reason === 'unknown-name' && !cloud
      ? you(
          `Compare ${host} with the address in a browser where Jira is open`,
          'the server answers, but not to this name',
          {
            command: edit(facts),
            remedy: 'field:url',
          },
        )
      : null,
    server ?? network,
    reason === 'unknown-name'
      ? you(`See where ${host} leads`, 'an old entry in /etc/hosts or DNS leads to another machine', {
          command: lookUp(host),
        })
      : null,
    reason === 'large-greeting'
      ? you('Show the difference to whoever runs the network', 'the first is cut, the second passes', {
          command: `${showChain(host, port, '-groups X25519MLKEM768')}; ${showChain(host, port, '-groups X25519')}`,
        })
      : you('See how far the handshake gets', 'names the version, the cipher, or the alert', {
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
    server === null ? null : network,
    stalled
      ? you('Test again with more time', 'a slow link may need it', {
          command: retest(facts, `--timeout ${Math.max(60, facts.timeoutSeconds * 2)}`),
          remedy: 'retry',
        })
      : null,
  ]);
}
