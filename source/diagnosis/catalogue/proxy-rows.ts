/** Failures of the proxy on the way to the site. */
import {exit} from '../../domain/exit.ts';
import {shellWord} from '../../domain/shell.ts';
import type {Facts, Seen, Trouble} from '../evidence.ts';
import {troubleIn, troubleLines} from '../evidence-reading.ts';
import {
  behindProxy,
  brokenAt,
  curlThrough,
  jirakey,
  lookUp,
  networkAdmin,
  proxyIn,
  retest,
  say,
  you,
} from './actions.ts';
import {hostsToAllow} from './checklist-pages.ts';
import {nobodyAsked, type Rows, upToSix} from './row.ts';
import {notTls} from './tls-parts.ts';

const hostOf = (address: string): string | null =>
  URL.canParse(address) ? new URL(address).hostname.replace(/^\[|\]$/g, '') : null;

/** Going round the proxy for this host alone. */
const bypass = (facts: Facts, seen: Seen) => {
  const {host} = brokenAt(facts, troubleIn(seen));
  return you(
    'See whether this machine reaches Jira without the proxy',
    'the proxy variables may be left over from another network',
    {command: `NO_PROXY=${shellWord(host)} ${retest({...facts, proxy: null})}`},
  );
};

/** The login where it counts: --proxy overrules every variable, and of the variables the one that was read counts. */
function putLogin(facts: Facts, seen: Seen) {
  const {because, login} = proxyIn(facts, troubleIn(seen));
  const variable = /^\w+$/.test(because) ? because : null;
  const place = variable ?? 'the address given with --proxy';
  const form = 'as http://USER:PASSWORD@HOST:PORT, without showing it on the screen';
  return you(
    login === true
      ? `Correct the user name and password in ${place}, ${form}`
      : `Put user name and password into ${variable === null ? place : `the proxy address in ${place}`}, ${form}`,
    'write special characters percent-encoded, @ as %40 and : as %3A; this is your network login, not the Jira one',
    {
      command:
        variable === null
          ? `read -rs PROXY_ADDRESS && ${retest({...facts, proxy: null}, '--proxy "$PROXY_ADDRESS"')}`
          : `read -rs ${variable} && export ${variable}`,
    },
  );
}

/** A setting that names no proxy of a kind we can use, such as SOCKS: nothing was asked yet. */
const unusable = (seen: Seen): boolean => troubleIn(seen)?.code === 'PROXY_UNUSABLE';
const isSocks = (address: string): boolean => /^socks/i.test(address);

function anotherProxy(facts: Facts, seen: Seen) {
  const {because} = proxyIn(facts, troubleIn(seen));
  const {host} = brokenAt(facts, troubleIn(seen));
  return upToSix([
    you(
      `Set ${because} to an HTTP proxy, as http://HOST:PORT, or name one with --proxy`,
      'only proxies that know CONNECT carry HTTPS here',
    ),
    you(
      `If this machine reaches ${host} directly, except it with NO_PROXY`,
      `the setting in ${because} may be meant for other programs`,
      {command: `NO_PROXY=${shellWord(host)} ${retest({...facts, proxy: null})}`},
    ),
    networkAdmin(
      'Ask which HTTP proxy this machine should use',
      'many networks have one beside the SOCKS proxy',
      'Please tell us which HTTP proxy our server should use; it cannot use a SOCKS proxy.',
    ),
    you('See which proxy settings are found here', 'with what is wrong with them', {
      command: jirakey(facts, 'doctor'),
      remedy: 'proxy',
    }),
  ]);
}

const tryProxy = (facts: Facts, seen: Seen, why: string) => {
  const {address} = proxyIn(facts, troubleIn(seen));
  const {at} = brokenAt(facts, troubleIn(seen));
  const command = hostOf(address) === null ? null : curlThrough(address, at);
  return you('Try the proxy with curl; the lines with CONNECT show what it answers', why, {command});
};

/** A proxy written with https:// is spoken to in TLS; most speak plain HTTP, and carry https sites all the same. */
function asPlain(facts: Facts, seen: Seen) {
  const {address, because} = proxyIn(facts, troubleIn(seen));
  const plain = address.replace(/^https:/i, 'http:');
  return you(
    `Write ${plain}, with http:// instead of https:// (${because})`,
    'most proxies take plain HTTP, also for https sites; what travels to the site is encrypted all the same',
    {command: jirakey(facts, 'doctor'), remedy: 'proxy', value: plain},
  );
}

const overTls = (facts: Facts, trouble: Trouble | null): boolean =>
  /^https:/i.test(proxyIn(facts, trouble).address) && trouble?.stage === 'proxy';

/** How TLS to the proxy itself came to nothing; null where it was not that. */
function tlsToProxy(facts: Facts, trouble: Trouble | null): 'plain' | 'certificate' | null {
  if (trouble === null || !overTls(facts, trouble)) return null;
  if (trouble.refusedChain === true || trouble.chain.length > 0) return 'certificate';
  return notTls.test(`${trouble.code} ${trouble.message}`) ? 'plain' : null;
}

const refusal = (trouble: Trouble | null): string => {
  const answer = trouble?.proxyAnswer;
  return answer == null ? '' : ` (${say(`${answer.status} ${answer.reason}`, 60)})`;
};

/** A proxy that shows a page, or sends to one, wants a person at a browser first. Null where it plainly refused. */
function portalOf(facts: Facts, seen: Seen) {
  const trouble = troubleIn(seen);
  const answer = trouble?.proxyAnswer;
  if (answer == null || answer.status >= 400) return null;
  const {address} = proxyIn(facts, trouble);
  const {at} = brokenAt(facts, trouble);
  const url = /^https?:\/\//i.test(answer.location ?? '') ? (answer.location ?? null) : null;
  return upToSix([
    you(
      'Sign in to this network in a browser, from this machine or its address',
      'the proxy shows a page instead of opening a way; no password for Jira belongs there',
      {url},
    ),
    networkAdmin(
      `Ask to let this machine through the proxy ${address} without a sign-in page`,
      'a server has no browser; portals usually except machines by their address',
      `Please let our server through the proxy ${address} to ${at} without a sign-in page.`,
    ),
    you(
      'Check that the address is a forward proxy that allows CONNECT',
      'a web server in its place answers with pages as well',
      {
        command: jirakey(facts, 'doctor'),
        remedy: 'proxy',
      },
    ),
    tryProxy(facts, seen, 'it shows the page or the address the proxy answers with'),
    bypass(facts, seen),
  ]);
}

/** What a refused CONNECT most likely means, by its status, and what to ask of whoever runs the proxy. */
function askAboutRefusal(trouble: Trouble | null, at: string) {
  const status = trouble?.proxyAnswer?.status ?? 403;
  // tinyproxy says 401 to a wrong login, and 407 only to none.
  if (status === 401) {
    return networkAdmin(
      'Ask for the user name and password of this proxy, and put them into its address',
      '401: it does not take the login it was given; this is your network login, not the Jira one',
      'Please give us a user name and password for the proxy; it answers 401 to the ones our server has.',
    );
  }
  // tinyproxy says 500 where others say 502 to 504.
  if (status >= 500 && status !== 501 && status !== 505) {
    return networkAdmin(
      `Ask why the proxy cannot reach ${at}`,
      `${status}: the proxy tried and failed; its own DNS or firewall is in the way`,
      `Please check why the proxy cannot reach ${at} (it answers ${status}); its own DNS or firewall may be in the way.`,
    );
  }
  if (status === 400 || status === 404 || status === 405 || status === 501 || status === 505) {
    return networkAdmin(
      'Check that the address is a forward proxy that allows CONNECT',
      `${status}: what listens there may be a web server or a reverse proxy`,
      `Please check that this is the address of a forward proxy that allows CONNECT; it answers ${status}.`,
    );
  }
  return networkAdmin(
    `Ask to allow CONNECT to ${at}`,
    `${status}: a rule of the proxy forbids this destination to this machine`,
    `Please allow CONNECT to ${at} at the proxy for our server; it answers ${status}.`,
    {kind: 'allow'},
  );
}

// Codes that say the proxy itself was not reached; a reset may come from anything on the way.
const notReached = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'TIMEOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
]);

function proxyNotReached(trouble: Trouble): boolean {
  if (trouble.proxy === null || trouble.proxyAnswer !== null) return false;
  const early = trouble.stage === 'resolve' || trouble.stage === 'connect';
  if (early) return notReached.has(trouble.code);
  // At the proxy stage the port was open, but no HTTP proxy spoke there.
  return trouble.stage === 'proxy' && !['ECONNRESET', 'EPIPE', 'ECONNABORTED'].includes(trouble.code);
}

export const proxy = {
  'proxy-authentication-required': {
    concerns: 'proxy',
    again: 'may-help',
    remedies: ['proxy'],
    stopsAtUrl: true,
    steps: ['connect'],
    example: behindProxy,
    exit: exit.network,
    ...nobodyAsked,
    title(facts, seen) {
      const {address, because, login} = proxyIn(facts, troubleIn(seen));
      return login === true
        ? `The proxy ${address} refused the user name and password given in ${because} (407)`
        : `The proxy ${address} wants a user name and password (407)`;
    },
    proof: 'The proxy answered CONNECT with 407. Jira was not reached, so nothing is known about the token.',
    signal(seen) {
      const trouble = troubleIn(seen);
      return trouble?.proxyAnswer?.status === 407 ? troubleLines(trouble) : null;
    },
    checklist(facts, seen) {
      const methods = troubleIn(seen)?.proxyAnswer?.wants ?? '';
      const other = methods !== '' && !/\bBasic\b/i.test(methods);
      const method = networkAdmin(
        other
          ? 'Ask for a login by Basic, or for a way round the proxy’s login'
          : 'Ask which login method the proxy takes',
        `${other ? `it takes ${say(methods, 60)} and no Basic` : 'only Basic works here'}; for NTLM or Kerberos run a local forwarder such as cntlm and use its address`,
        other
          ? 'Please give us a login by Basic at the proxy, or let our server through without one.'
          : 'Please tell us which login method the proxy takes.',
      );
      return upToSix([
        other ? method : null,
        putLogin(facts, seen),
        networkAdmin(
          `Ask to let this machine reach ${brokenAt(facts, troubleIn(seen)).at} without a login`,
          'servers are usually excepted by their address; a personal login breaks when its password changes',
          `Please let our server reach ${brokenAt(facts, troubleIn(seen)).at} without a login at the proxy.`,
        ),
        other ? null : method,
        bypass(facts, seen),
        tryProxy(facts, seen, 'its Proxy-Authenticate line names the login methods'),
      ]);
    },
  },
  'proxy-refused': {
    concerns: 'proxy',
    again: 'may-help',
    remedies: ['proxy', 'retry'],
    stopsAtUrl: true,
    steps: ['connect'],
    example: behindProxy,
    exit: exit.network,
    ...nobodyAsked,
    title(facts, seen) {
      const trouble = troubleIn(seen);
      const {at} = brokenAt(facts, trouble);
      const {address} = proxyIn(facts, trouble);
      const {location = '', page = '', status = 0} = trouble?.proxyAnswer ?? {};
      if (status >= 300 && status <= 399)
        return `The proxy ${address} sends this machine to ${location === '' ? 'another page' : say(location, 120)} instead of connecting it to ${at}: a sign-in page, most likely`;
      if (status < 300 && trouble?.proxyAnswer != null)
        return `The proxy ${address} answered with a page of its own${page === '' ? '' : ` (“${say(page, 80)}”)`} instead of connecting to ${at}`;
      return `The proxy ${address} refused to connect to ${at}${refusal(trouble)}`;
    },
    proof:
      'The proxy answered CONNECT with an error other than 407, a redirect, or a page of its own. Jira was not reached.',
    signal(seen) {
      const trouble = troubleIn(seen);
      const status = trouble?.proxyAnswer?.status;
      return trouble !== null && status !== undefined && status !== 407 ? troubleLines(trouble) : null;
    },
    checklist(facts, seen) {
      const portal = portalOf(facts, seen);
      if (portal !== null) return portal;
      const {at} = brokenAt(facts, troubleIn(seen));
      return upToSix([
        askAboutRefusal(troubleIn(seen), at),
        facts.deployment === 'data-center'
          ? null
          : networkAdmin(
              `For Jira Cloud, ask to allow ${hostsToAllow(facts)} on port 443`,
              'tokens with scopes work at the gateway alone, everything else at the site',
              `Please allow ${hostsToAllow(facts)} on port 443 for our server.`,
              {kind: 'allow'},
            ),
        tryProxy(facts, seen, 'it shows the proxy’s own words, worth attaching to a ticket'),
        bypass(facts, seen),
      ]);
    },
  },
  'proxy-unreachable': {
    concerns: 'proxy',
    again: 'may-help',
    remedies: ['proxy', 'retry'],
    stopsAtUrl: true,
    steps: ['connect'],
    example: behindProxy,
    exit: exit.network,
    ...nobodyAsked,
    title(facts, seen) {
      const trouble = troubleIn(seen);
      const {address, because} = proxyIn(facts, trouble);
      if (unusable(seen)) {
        return isSocks(address)
          ? `${because} names a SOCKS proxy (${address}); SOCKS proxies are not supported`
          : `The proxy setting ${say(trouble?.message ?? because, 160)}`;
      }
      const tls = tlsToProxy(facts, trouble);
      if (tls === 'plain') return `The proxy ${address} (from ${because}) speaks plain HTTP, not TLS`;
      if (tls === 'certificate')
        return `The certificate of the proxy ${address} (from ${because}) was refused: ${say(trouble?.message ?? '', 100)}`;
      const spoke = trouble?.stage === 'proxy' ? 'does not answer as a proxy' : 'cannot be reached';
      return `The proxy ${address} (from ${because}) ${spoke}`;
    },
    proof:
      'The name or port of the proxy itself failed, nothing there speaks the proxy protocol, or the setting names a kind of proxy that is not supported (SOCKS). Jira was not asked.',
    signal(seen) {
      const trouble = troubleIn(seen);
      return trouble !== null && proxyNotReached(trouble) ? troubleLines(trouble) : null;
    },
    checklist(facts, seen) {
      if (unusable(seen)) return anotherProxy(facts, seen);
      const {address, because} = proxyIn(facts, troubleIn(seen));
      const host = hostOf(address);
      const trouble = troubleIn(seen);
      const tls = tlsToProxy(facts, trouble);
      return upToSix([
        tls === 'plain' || (tls === null && overTls(facts, trouble)) ? asPlain(facts, seen) : null,
        tls === 'certificate'
          ? networkAdmin(
              `Ask for the CA certificate of the proxy as a PEM file, and pass it`,
              'it is used for the proxy as for the site; the evidence names the issuer',
              `Please give us the CA certificate of the proxy ${address} as a PEM file.`,
              {command: retest(facts, '--ca-file /path/to/corporate-ca.pem'), remedy: 'ca'},
            )
          : null,
        you(
          `Check the proxy’s address and port, set by ${because}`,
          'a typing error or a retired proxy looks like this',
          {
            command: jirakey(facts, 'doctor'),
            remedy: 'proxy',
          },
        ),
        host === null || troubleIn(seen)?.stage === 'proxy'
          ? null
          : you('See whether the proxy’s name is known here', 'no output means DNS does not know it', {
              command: lookUp(host),
            }),
        tryProxy(facts, seen, 'if curl fails in the same way, the proxy or its address is at fault'),
        bypass(facts, seen),
        networkAdmin(
          'Ask which proxy this machine should use, and whether it may reach it',
          'a firewall between this machine and the proxy has the same effect',
          'Please tell us which proxy our server should use, and check that it may reach it.',
        ),
      ]);
    },
  },
} as const satisfies Rows;
