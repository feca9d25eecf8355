/** Failures on the way to the site: names, ports, routes. */

import {isAtlassianHost} from '../../domain/clouds.ts';
import {exit} from '../../domain/exit.ts';
import {shellWord} from '../../domain/shell.ts';
import type {Facts, Seen, Trouble} from '../evidence.ts';
import {isCloud, troubleIn, troubleLines} from '../evidence-reading.ts';
import {
  brokenAt,
  curl,
  edit,
  jiraAdmin,
  jirakey,
  lookUp,
  networkAdmin,
  proxyIn,
  retest,
  say,
  showDates,
  you,
} from './actions.ts';
import {knownHost, rangesPage} from './checklist-pages.ts';
import {enter, probablyMeant} from './own-address.ts';
import {nobodyAsked, type Rows, upToSix} from './row.ts';

const atlassianName = (host: string): boolean => isAtlassianHost(host) || /(?:^|\.)atlassian\.com$/i.test(host);

/** The lines of evidence for a broken connection with one of these codes, before any byte of an answer. */
const broken =
  (...codes: readonly string[]) =>
  (seen: Seen) => {
    const trouble = troubleIn(seen);
    return trouble !== null && codes.includes(trouble.code) ? troubleLines(trouble) : null;
  };

/** A variable that is set and did not count explains more than any advice to set one. */
function idle(facts: Facts) {
  if (facts.idleProxy === undefined) return null;
  const {use, why} = facts.idleProxy;
  if (why === 'exempt')
    return you(
      `Take ${facts.host} out of NO_PROXY if it is only reached through the proxy`,
      `${use.because} names ${use.address}, but NO_PROXY exempts this host, so no proxy was used`,
      {command: `NO_PROXY= no_proxy= ${retest(facts)}`, remedy: 'proxy', value: use.address},
    );
  return you(
    `Set HTTPS_PROXY as well: ${use.because} (${use.address}) does not count for https`,
    'this site is https, so no proxy was used',
    {command: `HTTPS_PROXY="$${use.because}" ${retest(facts)}`, remedy: 'proxy', value: use.address},
  );
}

const viaProxy = (facts: Facts) =>
  idle(facts) ??
  (facts.proxy !== null
    ? null
    : you(
        'If this network goes out through a proxy, name it: HTTPS_PROXY, or --proxy http://HOST:PORT',
        'no proxy was used; this lists the proxy settings found here',
        {command: jirakey(facts, 'doctor'), remedy: 'proxy'},
      ));

const openFirewall = (facts: Facts, at: string) =>
  networkAdmin(
    `Ask to allow this machine out to ${at} (TCP)`,
    isCloud(facts)
      ? 'Atlassian’s addresses change; the page lists domains and ranges to allow'
      : 'a firewall on the way looks like this',
    `Please allow our server out to ${at} (TCP).`,
    {url: rangesPage(facts), kind: 'allow'},
  );

const first = (trouble: Trouble | null): string | null => trouble?.attempts[0]?.address ?? null;
const loopback = /^(?:127\.|0\.0\.0\.0|::1$|::$)/;

function where(facts: Facts, trouble: Trouble | null): string {
  const {at, host} = brokenAt(facts, trouble);
  const address = first(trouble);
  return address === null || address === host ? at : `${at} (${address})`;
}

/** A code of ours: a port that was asked in plain HTTP, and speaks TLS. */
const tlsSpoken = 'TLS_SPOKEN';

const noRoute: ReadonlySet<string> = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL']);

/** What other rows say of a connection that was not opened. */
const connectElsewhere: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ETIMEDOUT', 'TIMEOUT', 'ESOCKETTIMEDOUT', 'ECONNRESET', 'EPIPE', 'ECONNABORTED'],
  ...['ERR_SOCKET_CLOSED', 'ENOTFOUND', 'ENODATA', 'EAI_NODATA', 'EAI_NONAME', 'EAI_AGAIN', 'EAI_FAIL', 'ESERVFAIL'],
  ...['EREFUSED', 'ETIMEOUT', 'ECANCELLED', 'EBADRESP'],
]);

/** connect(2): EACCES and EPERM come from this machine itself, a local firewall rule, SELinux or a sandbox. */
const forbidden = (trouble: Trouble | null): boolean =>
  trouble?.stage === 'connect' && (trouble.code === 'EACCES' || trouble.code === 'EPERM');

const ownRules = (facts: Facts, at: string) =>
  upToSix([
    you(
      'Look at the outgoing rules of this machine’s own firewall',
      'a rule that rejects answers at once with this error',
      {
        command: 'sudo nft list ruleset; sudo iptables -S OUTPUT',
      },
    ),
    you('See whether SELinux or AppArmor denied it', 'both can forbid a program the network', {
      command: 'sudo journalctl -k --since -10min | grep -iE "denied|avc"',
    }),
    you(
      'If it runs in a container or as a systemd service, look at its network rules',
      'RestrictAddressFamilies=, IPAddressDeny= and network policies forbid it in this way',
    ),
    networkAdmin(
      `Ask to allow this machine out to ${at}`,
      'whoever set up this machine’s rules can change them',
      `Please allow our server to connect to ${at}: its own rules (firewall, SELinux or sandbox) forbid it.`,
    ),
    viaProxy(facts),
  ]);

export const reaching = {
  'dns-not-found': {
    concerns: 'address',
    again: 'may-help',
    remedies: ['field:url', 'address', 'proxy'],
    stopsAtUrl: true,
    steps: ['dns'],
    exit: exit.dns,
    ...nobodyAsked,
    title: (facts, seen) => `DNS knows no host named ${brokenAt(facts, troubleIn(seen)).host}`,
    proof: 'The resolver answered that the name does not exist (ENOTFOUND). Nothing was sent.',
    signal: broken('ENOTFOUND', 'ENODATA', 'EAI_NODATA', 'EAI_NONAME'),
    checklist(facts, seen) {
      const {host, port} = brokenAt(facts, troubleIn(seen));
      const spelling = you(
        `Check the spelling of ${host}`,
        'compare it with the address bar of a browser where Jira is open',
        {
          command: edit(facts),
          remedy: 'field:url',
        },
      );
      const resolver = you(
        'See what this machine’s own lookup says',
        'no output means its DNS servers do not know the name',
        {
          command: lookUp(host),
        },
      );
      const servers = you(
        'See which DNS servers this machine asks',
        'a VPN that is down or a wrong server hides internal names',
        {
          command: 'cat /etc/resolv.conf',
        },
      );
      if (atlassianName(host)) {
        // Wildcard DNS: even a site that does not exist resolves, so the fault lies on this side.
        const sure = knownHost(facts);
        const other =
          sure === null
            ? resolver
            : you(
                'Look up a name of Atlassian’s that surely exists',
                'names under Atlassian’s domains exist in public DNS, so this machine’s DNS is the suspect',
                {command: lookUp(sure)},
              );
        const admin = networkAdmin(
          'Ask how this machine should resolve names on the Internet',
          'internal DNS servers often answer only internal names',
          'Please tell us how our server should resolve names on the Internet.',
        );
        return upToSix([
          idle(facts),
          other,
          idle(facts) === null ? viaProxy(facts) : null,
          servers,
          admin,
          isAtlassianHost(host) ? spelling : null,
        ]);
      }
      const meant = host === facts.host ? probablyMeant(facts, 'that is how addresses of Jira Cloud look') : null;
      return upToSix([
        idle(facts),
        meant,
        meant === null ? spelling : null,
        resolver,
        servers,
        viaProxy(facts),
        networkAdmin(
          `Ask for the DNS record of ${host}, or for a DNS server that has it`,
          'an internal Jira is often known to internal DNS only',
          `Please add a DNS record for ${host}, or tell us which DNS server has it.`,
        ),
        you(
          'If you know its address, try without DNS (put it in place of 192.0.2.10)',
          'the certificate stays checked against the name',
          {
            command: retest(facts, `--resolve ${shellWord(`${host}:${port}:192.0.2.10`)}`),
            remedy: 'address',
          },
        ),
      ]);
    },
  },
  'dns-unavailable': {
    concerns: 'network',
    again: 'may-help',
    remedies: ['retry', 'address', 'proxy'],
    stopsAtUrl: true,
    steps: ['dns'],
    exit: exit.dns,
    ...nobodyAsked,
    title: (facts, seen) =>
      `No DNS server answered, so ${brokenAt(facts, troubleIn(seen)).host} could not be looked up`,
    proof: 'The lookup failed or timed out (EAI_AGAIN). Whether the name exists is not known. Nothing was sent.',
    signal(seen) {
      const trouble = troubleIn(seen);
      if (trouble === null) return null;
      const always = ['EAI_AGAIN', 'EAI_FAIL', 'ESERVFAIL', 'EREFUSED', 'ETIMEOUT', 'ECANCELLED', 'EBADRESP'].includes(
        trouble.code,
      );
      return always || trouble.stage === 'resolve' ? troubleLines(trouble) : null;
    },
    checklist(facts, seen) {
      const {host} = brokenAt(facts, troubleIn(seen));
      return upToSix([
        you('Look the name up again', 'a short hiccup passes by itself', {command: lookUp(host)}),
        you(
          'See which DNS servers this machine asks',
          'an empty list, a dead server or a VPN that is down looks like this',
          {
            command: 'cat /etc/resolv.conf',
          },
        ),
        you('When DNS is back, test until it passes', 'tries again by itself', {
          command: retest(facts, '--watch'),
          remedy: 'retry',
        }),
        viaProxy(facts),
        networkAdmin(
          'Ask for a DNS server this machine can reach (port 53, UDP and TCP)',
          'a firewall may block the one it has',
          'Please give us a DNS server that our server can reach (port 53, UDP and TCP).',
        ),
      ]);
    },
  },
  'connection-refused': {
    concerns: 'network',
    again: 'may-help',
    remedies: ['field:url', 'proxy', 'retry'],
    stopsAtUrl: true,
    steps: ['connect'],
    exit: exit.network,
    ...nobodyAsked,
    title: (facts, seen) => `${where(facts, troubleIn(seen))} refused the connection`,
    proof:
      'The connection was refused at once (ECONNREFUSED): the machine answered, nothing listens on that port or a firewall rejects it.',
    signal: broken('ECONNREFUSED'),
    checklist(facts, seen) {
      const trouble = troubleIn(seen);
      const {host, port, at} = brokenAt(facts, trouble);
      const address = first(trouble);
      const self = address !== null && loopback.test(address) && !loopback.test(host) && host !== 'localhost';
      const hosts = you(
        `See where ${host} leads`,
        self
          ? `it leads to this machine itself (${address}); look in /etc/hosts`
          : 'an old entry in /etc/hosts or DNS sends you to the wrong machine',
        {command: lookUp(host)},
      );
      if (atlassianName(host)) {
        return upToSix([
          hosts,
          viaProxy(facts),
          openFirewall(facts, at),
          you('See the same with curl', 'worth attaching to a ticket', {command: curl(at)}),
        ]);
      }
      return upToSix([
        self ? hosts : null,
        you(`Check the port: ${port}`, 'https is usually 443, or 8443 without a reverse proxy', {
          command: edit(facts),
          remedy: 'field:url',
        }),
        jiraAdmin(
          `Ask whether Jira or its reverse proxy is running on ${host}`,
          'run on that server, this shows what listens on the port',
          `Please check whether Jira or its reverse proxy is running on ${host}; on that server this shows what listens on the port.`,
          {
            command: `ss -ltn 'sport = :${port}'`,
          },
        ),
        self ? null : hosts,
        openFirewall(facts, at),
        viaProxy(facts),
      ]);
    },
  },
  'connection-timed-out': {
    concerns: 'network',
    again: 'may-help',
    remedies: ['proxy', 'retry'],
    stopsAtUrl: true,
    steps: ['connect'],
    exit: exit.network,
    ...nobodyAsked,
    title(facts, seen) {
      const time = facts.timeoutSeconds > 0 ? ` within ${facts.timeoutSeconds} s` : '';
      return `${where(facts, troubleIn(seen))} did not answer at all${time}`;
    },
    proof: 'No answer to the first packet (TCP), at any of the addresses. Usually a firewall that drops it silently.',
    signal(seen) {
      const trouble = troubleIn(seen);
      const silent = trouble !== null && ['ETIMEDOUT', 'TIMEOUT', 'ESOCKETTIMEDOUT'].includes(trouble.code);
      return silent && trouble.stage === 'connect' ? troubleLines(trouble) : null;
    },
    checklist(facts, seen) {
      const {host, at} = brokenAt(facts, troubleIn(seen));
      return upToSix([
        viaProxy(facts),
        openFirewall(facts, at),
        atlassianName(host)
          ? null
          : you('If this Jira is internal, see that the VPN is up', 'without it the packets go nowhere', {
              command: lookUp(host),
            }),
        you('Show the same with curl', 'if curl also hangs at “Trying …”, the network is at fault', {
          command: curl(at),
        }),
        you('On a slow link, allow more time', 'satellite and mobile links can take long', {
          command: retest(facts, `--timeout ${Math.max(60, facts.timeoutSeconds * 2)}`),
          remedy: 'retry',
        }),
      ]);
    },
  },
  'network-unreachable': {
    concerns: 'network',
    again: 'may-help',
    remedies: ['proxy', 'address', 'retry'],
    stopsAtUrl: true,
    steps: ['connect'],
    exit: exit.network,
    ...nobodyAsked,
    title(facts, seen) {
      const trouble = troubleIn(seen);
      const to = where(facts, trouble);
      if (forbidden(trouble))
        return `This machine’s own rules forbid connecting to ${to} (${trouble?.code ?? 'EACCES'})`;
      if (trouble !== null && !noRoute.has(trouble.code))
        return `This machine could not open a connection to ${to} (${say(trouble.code, 40)})`;
      return `This machine has no route to ${to}`;
    },
    proof:
      'The system or a router said that there is no way there (ENETUNREACH, EHOSTUNREACH), or this machine’s own rules forbid the connection (EACCES, EPERM).',
    signal(seen) {
      const trouble = troubleIn(seen);
      if (trouble === null) return null;
      // What breaks while TCP is being opened is this step's, also under a name nobody knows.
      const unheard = trouble.stage === 'connect' && !connectElsewhere.has(trouble.code);
      return noRoute.has(trouble.code) || unheard ? troubleLines(trouble) : null;
    },
    checklist(facts, seen) {
      const trouble = troubleIn(seen);
      const {host, at} = brokenAt(facts, trouble);
      const address = first(trouble);
      const onlySix =
        trouble !== null && trouble.attempts.length > 0 && trouble.attempts.every(each => each.address.includes(':'));
      if (forbidden(trouble)) return ownRules(facts, at);
      return upToSix([
        onlySix
          ? you(
              'Only IPv6 addresses were found; see whether this machine has IPv6',
              'no output means it has no IPv6 route',
              {command: 'ip -6 route show default'},
            )
          : you(
              'See whether this machine has a way out',
              'no output means that there is no default route: the network is down',
              {
                command: 'ip route show default',
              },
            ),
        address === null
          ? null
          : you('See which way the packets would go', 'a missing VPN route shows here', {
              command: `ip route get ${shellWord(address)}`,
            }),
        viaProxy(facts),
        you(`See where ${host} leads`, 'an internal address needs the VPN', {command: lookUp(host)}),
        networkAdmin(
          `Ask for a route from this machine to ${at}`,
          'a router or firewall on the way may also forbid it',
          `Please set up a route from our server to ${at}, or tell us what forbids it.`,
        ),
      ]);
    },
  },
  'connection-reset': {
    concerns: 'network',
    again: 'may-help',
    remedies: ['retry', 'proxy'],
    stopsAtUrl: true,
    steps: ['connect', 'tls'],
    exit: exit.network,
    ...nobodyAsked,
    title(facts, seen) {
      const trouble = troubleIn(seen);
      const {at} = brokenAt(facts, trouble);
      if (trouble?.code === tlsSpoken) return `What listens on ${at} speaks TLS, and the address says http://`;
      return trouble?.stage === 'proxy'
        ? `The proxy ${proxyIn(facts, trouble).address} cut the connection instead of opening a way to ${at}`
        : `The connection to ${where(facts, trouble)} was cut before any answer`;
    },
    proof: 'The other side, or something on the way, closed the connection (ECONNRESET, EPIPE) before any answer came.',
    signal(seen) {
      const trouble = troubleIn(seen);
      const cut =
        trouble !== null &&
        ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_SOCKET_CLOSED', tlsSpoken].includes(trouble.code);
      // Where a small greeting passes, it was the greeting that was cut.
      return cut && trouble.stage !== 'answer' && trouble.smallGreeting !== true ? troubleLines(trouble) : null;
    },
    checklist(facts, seen) {
      const trouble = troubleIn(seen);
      const {at, host} = brokenAt(facts, trouble);
      const proxy = trouble?.proxy ?? null;
      if (trouble?.code === tlsSpoken)
        return upToSix([
          enter(
            facts,
            facts.url.replace(/^http:/, 'https:'),
            'the port answered a TLS greeting; nothing else was sent',
          ),
          you('See the certificate it shows', 'the address has to be a name that stands in it', {
            command: showDates(host, trouble.port),
          }),
        ]);
      return upToSix([
        proxy === null
          ? null
          : networkAdmin(
              `Ask whether the proxy ${proxy.address} lets this machine reach ${at}`,
              `all of it goes through that proxy (${proxy.because}); some cut a connection instead of refusing it`,
              `Please check whether the proxy ${proxy.address} lets our server reach ${at}: it cuts the connection.`,
            ),
        networkAdmin(
          `Ask whether a firewall resets connections to ${host}`,
          'filters read the name in the TLS greeting and cut the connection there',
          `Please check whether a firewall resets connections from our server to ${host}.`,
          {url: rangesPage(facts)},
        ),
        viaProxy(facts),
        you('See at which line curl is cut', '“Client hello” then reset points to a filter on the way', {
          command: curl(at),
        }),
        you('Test again', 'a restarting server or load balancer also cuts connections', {
          command: retest(facts),
          remedy: 'retry',
        }),
        isCloud(facts)
          ? null
          : jiraAdmin(
              `Ask for the log of the web server on ${host}`,
              'it says whether the connection arrived',
              `Please look into the log of the web server on ${host}: did our connection arrive?`,
            ),
      ]);
    },
  },
} as const satisfies Rows;
