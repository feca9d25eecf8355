/**
 * The address of a Jira. Whatever was copied out of a browser becomes the one base address requests are built from,
 * or is refused with what to type instead. A reason never repeats what was typed beyond a host name or a port: a
 * password or a token may have slipped into the field.
 */

import {isLoopback} from './address.ts';
import {clean, withoutInvisible} from './clean.ts';
import {isAtlassianHost} from './clouds.ts';
import {siteBehind, whyNotASite} from './not-a-site.ts';
import {cloudDomain, lookalike, meantHost} from './site-lookalike.ts';
import {splitPath} from './site-path.ts';
import {looksLikeToken} from './token.ts';
import {unwrapLink} from './wrapped-link.ts';

export type Site = Readonly<{
  /** No slash at its end: https://acme.atlassian.net or https://jira.acme.example:8443/jira. */
  url: string;
  protocol: 'https:' | 'http:';
  /** Lower-case ASCII; IPv6 without brackets. */
  host: string;
  /** 1–65535, the scheme's own where none was given. */
  port: number;
  /** Context path: '' or '/jira'. */
  path: string;
  /** Scheme, host and port, as the URL standard writes them. */
  origin: string;
  /** localhost, 127.0.0.0/8 or ::1: the only places plain http:// may go. */
  loopback: boolean;
  /** A host of one of Atlassian's clouds (clouds.ts): surely Jira Cloud. */
  atlassianHosted: boolean;
}>;

export type SiteProblem = Readonly<{
  code: 'url-invalid' | 'url-insecure';
  /** What is wrong and what to type instead. */
  reason: string;
}>;

export type SiteWarning = Readonly<{code: 'url-lookalike'; title: string}>;

export type ParsedSite =
  | (Readonly<{ok: true; site: Site; changes: readonly string[]; warnings: readonly SiteWarning[]}> & Suggesting)
  | (Readonly<{ok: false; problem: SiteProblem}> & Suggesting);

/** What was more likely meant. It has to be looked at, and be a Jira, before it is offered to anybody. */
type Suggesting = Readonly<{suggestion: Site | null}>;

/** Longest address accepted, in UTF-16 units after the white space around it is gone. */
export const siteLimit = 2048;

const example = 'for example https://acme.atlassian.net';

/** Thrown inside this file only, to leave the middle of the parse. */
class Refusal extends Error {
  constructor(
    readonly code: SiteProblem['code'],
    reason: string,
    readonly suggestion: Site | null,
  ) {
    super(reason);
  }
}

const refuse = (reason: string, code: SiteProblem['code'] = 'url-invalid', suggestion: Site | null = null): never => {
  throw new Refusal(code, reason, suggestion);
};

/**
 * @param text what was typed, pasted, or read from the store
 * @returns the site, what was changed to get it ("added https://", "dropped /browse/ABC-1") and what deserves a second
 *   look; or why it is none
 */
export function parseSite(text: string): ParsedSite {
  try {
    const changes: string[] = [];
    const bare = unwrap(text, changes);
    refuseOtherThings(bare);
    const {scheme, authority, rest} = dissect(bare, changes);
    const parsed = assemble(scheme, authority, rest, changes);
    // Whatever small thing was repaired on the way, a change is never silent.
    if (parsed.ok && parsed.changes.length === 0 && parsed.site.url !== text) changes.push('tidied the address');
    return parsed;
  } catch (error) {
    if (error instanceof Refusal) {
      const {code, message: reason, suggestion} = error;
      return {ok: false, problem: {code, reason}, suggestion};
    }
    throw error;
  }
}

/** Takes off what mail programs, chats, shells and wikis put around an address. */
function unwrap(text: string, changes: string[]): string {
  let bare = text.trim();
  if (bare.length > siteLimit)
    refuse(`This is longer than an address can be (${siteLimit} characters). Type the address alone, ${example}.`);
  const note = (next: string, change: string): void => {
    if (next !== bare && !changes.includes(change)) changes.push(change);
    bare = next;
  };
  if (bare !== text) changes.push('removed the space around it');
  note(withoutInvisible(bare).trim(), 'removed invisible characters');
  note(linkTarget(bare), 'took the address out of the link');
  note(stripEnds(bare, '"\'`“”„‘’«»<>').trim(), 'removed the quotes around it');
  note(onceOnly(bare), 'dropped the second copy of it');
  note(
    bare.replace(/^[\uff41-\uff5a]{4,5}[:\uff1a]\/\//, wide => wide.replace(/[\uff01-\uff5e]/g, toAscii)),
    'repaired the beginning',
  );
  // "URL: https://…" as lists and mails have it. Any other white space stays, and is refused.
  note(bare.replace(/^[A-Za-z][\w ]{0,30}: +(?=https?:\/\/\S+$)/i, ''), 'removed the name in front');
  note(bare.replace(/^(?:export\s+)?[A-Z][A-Z_]{0,39}=["']?(?=https?:\/\/)/, ''), 'removed the name in front');
  note(stripEnds(bare, ',;"\'', 'end'), 'removed the punctuation at its end');
  const link = unwrapLink(bare);
  if (link !== null) note(link.address, `took the address out of the link by ${link.by}`);
  return bare;
}

/** A letter of the wide forms of East Asian keyboards (U+FF01–FF5E) as ASCII has it. */
const toAscii = (wide: string): string => String.fromCharCode(wide.charCodeAt(0) - 0xfee0);

/** Markdown's [text](address), a wiki's [text|address], a chat's <address|text>. */
function linkTarget(text: string): string {
  const match =
    /^\[[^\]]*\]\(<?([^()<>\s]+)>?(?:\s+"[^"]*")?\)$/.exec(text) ??
    /^\[[^|\]]*\|([^|\]]+)(?:\|[^\]]*)?\]$/.exec(text) ??
    /^<(https?:\/\/[^|>]+)\|[^>]*>$/.exec(text);
  return match?.[1] ?? text;
}

/** An address pasted into a field that held the same one already. */
function onceOnly(text: string): string {
  const match = /^(https?:\/\/\S+?)\/?[\s,;]*\1\/?$/i.exec(text) ?? /^(\S+?)[\s,;]+\1$/i.exec(text);
  return match?.[1] ?? text;
}

function stripEnds(text: string, characters: string, where: 'both' | 'end' = 'both'): string {
  let start = 0;
  let end = text.length;
  while (where === 'both' && start < end && characters.includes(text.charAt(start))) start += 1;
  while (end > start && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** What belongs in another field, and characters no address has. */
function refuseOtherThings(bare: string): void {
  if (bare === '') refuse(`No address was typed. Type the one Jira has in your browser, ${example}.`);
  if (looksLikeToken(bare) || looksLikeToken(bare.replace(/^https?:\/+/i, '')))
    refuse(
      'That looks like an API token, which belongs in the API Token field only. Type the site’s address here, ' +
        `${example}.`,
    );
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(bare))
    refuse(`There is a line end or a control character in the address. Type it on one line, ${example}.`);
  if (bare.includes('\\'))
    refuse(`There is a backslash in the address; addresses have “/” only. Type it again, ${example}.`);
  if (/\s/.test(bare)) refuse(`There is a space in the address. Type the address alone, ${example}.`);
  if (/^(?:mailto:)?[^\s/:@?#]+@[^\s/:@?#]+$/i.test(bare))
    refuse(
      `That looks like an e-mail address, which belongs in the Username field. Type the site’s address here, ${example}.`,
    );
}

type Dissected = {scheme: 'https:' | 'http:'; authority: string; rest: string};

/** Scheme, authority and the rest, cut by hand: the URL parser would repair silently what must be seen. */
function dissect(bare: string, changes: string[]): Dissected {
  const {scheme, body} = takeScheme(bare.replace(/^view-source:/i, ''), changes);
  const end = body.search(/[/?#]/);
  const authority = end < 0 ? body : body.slice(0, end);
  const rest = end < 0 ? '' : body.slice(end);
  if (authority.includes('@'))
    refuse(
      `There is a user name or a password in the address (before “@”). Leave it out and type the address alone, ${example}.`,
    );
  return {scheme, authority, rest};
}

function takeScheme(text: string, changes: string[]): {scheme: 'https:' | 'http:'; body: string} {
  const web = webScheme.exec(text);
  if (web) {
    const scheme = web[1]?.toLowerCase() === 'http' ? 'http:' : 'https:';
    if (!/^https?:\/\/$/i.test(web[0])) changes.push(`repaired ${scheme}//`);
    else if (web[0] !== web[0].toLowerCase()) changes.push('made it lower case');
    const body = text.slice(web[0].length);
    // A field that already held "https://" and got a whole address pasted behind it: the address pasted counts.
    if (!/^https?:\/\//i.test(body)) return {scheme, body};
    changes.push(`dropped the second ${scheme}//`);
    return takeScheme(body, changes);
  }
  const other = /^([a-z][a-z0-9+.-]{0,30}):(?!\d+(?:[/?#]|$))/i.exec(text);
  if (other && (text.slice(other[0].length).startsWith('/') || !other[1]?.includes('.')))
    refuse(`The address must begin with https://. Type it so, ${example}.`);
  changes.push('added https://');
  return {scheme: 'https:', body: text.replace(/^:?\/+/, '')};
}

/** "https://", and what becomes of it in a hurry ("https:/", "https:", "https//"); "http:8080" is a host and a port. */
const webScheme = /^(https?)(?::\/\/+|:\/?(?!\d+(?:[/?#]|$))|\/\/+)/i;

function assemble(scheme: 'https:' | 'http:', authority: string, rest: string, changes: string[]): ParsedSite {
  const {typedHost, typedPort} = splitAuthority(authority);
  const host = hostOf(typedHost, changes);
  const port = portOf(typedPort, scheme, changes);
  const reason = whyNotASite(host, rest);
  if (reason !== null) refuse(reason, 'url-invalid', suggested(siteBehind(host, rest)));
  const atlassianHosted = isAtlassianHost(host);
  const path = pathOf(rest, atlassianHosted, changes);
  const site = siteOf(scheme, host, port, path);
  if (scheme === 'http:' && !site.loopback)
    refuse(
      `http:// would send the token readable over the network. Type https://${shownHost(host)} instead; http:// is for this machine only (localhost).`,
      'url-insecure',
      siteOf('https:', host, port === defaultPorts['http:'] ? defaultPorts['https:'] : port, path),
    );
  const title = lookalike(host, typedHost);
  return {
    ok: true,
    site,
    changes,
    warnings: title === null ? [] : [{code: 'url-lookalike', title}],
    suggestion: meantInstead(site, typedPort),
  };
}

const shownHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

function siteOf(protocol: 'https:' | 'http:', host: string, port: number, path: string): Site {
  const origin = `${protocol}//${shownHost(host)}${port === defaultPorts[protocol] ? '' : `:${port}`}`;
  const facts = {loopback: isLoopback(host), atlassianHosted: isAtlassianHost(host)};
  return {url: origin + path, protocol, host, port, path, origin, ...facts};
}

const suggested = (host: string | null): Site | null =>
  host === null ? null : siteOf('https:', host, defaultPorts['https:'], '');

/** "acme" alone is mostly the name of a Cloud site; a host like Atlassian's is mostly a slip; TLS listens on most ports. */
function meantInstead(site: Site, typedPort: string): Site | null {
  if (site.protocol === 'http:') return siteOf('https:', site.host, site.port, site.path);
  const bareName = typedPort === '' && site.path === '' && !site.loopback && /^[a-z0-9-]+$/.test(site.host);
  return suggested(bareName ? `${site.host}.${cloudDomain}` : meantHost(site.host));
}

const defaultPorts = {'https:': 443, 'http:': 80} as const;

function splitAuthority(authority: string): {typedHost: string; typedPort: string} {
  if (authority.startsWith('[')) {
    const close = authority.indexOf(']');
    const after = authority.slice(close + 1);
    if (close < 0 || (after !== '' && !after.startsWith(':')))
      return refuse('The IPv6 address is not written as one. Type it like https://[2001:db8::1]:8443.');
    return {typedHost: authority.slice(0, close + 1), typedPort: after.slice(1)};
  }
  const colon = authority.indexOf(':');
  if (colon < 0) return {typedHost: authority, typedPort: ''};
  if (authority.indexOf(':', colon + 1) >= 0)
    return refuse(
      'There is more than one “:” in the address. An IPv6 address goes in brackets, like https://[2001:db8::1]:8443.',
    );
  return {typedHost: authority.slice(0, colon), typedPort: authority.slice(colon + 1)};
}

const noHost = `There is no valid host name in the address. Type the one Jira has in your browser, ${example}.`;

/** The host as it will be asked: ASCII by the URL standard's rules (UTS 46), lower case, no dot at its end. */
function hostOf(typed: string, changes: string[]): string {
  // A region may stand in front; behind a host of Atlassian's it is surely none of the host's own names.
  let name = typed
    .replace(/(?:\.access|\.[a-z]{2}\d?\.access-control)?\.(?:mcas\.ms|cas\.ms|mcas-gov\.us)\.?$/i, '')
    .replace(/(\.atlassian\.net)\.[a-z]{2}\d$/i, (whole, host: string) => (/\.ms\.?$/i.test(typed) ? host : whole));
  if (name !== typed) changes.push('removed .mcas.ms, which Microsoft Defender for Cloud Apps adds');
  if (/[^.]\.$/.test(name)) {
    name = name.slice(0, -1);
    changes.push('dropped the dot at its end');
  }
  // A percent sign would let a name be written so that nobody can read it; %25 in IPv6 names an interface of one machine.
  if (name === '' || name.includes('%')) return refuse(noHost);
  const host = throughParser(name);
  if (/^[\d.]+$/.test(host) && host !== name)
    return refuse(`That is another way to write the address ${host}. Type it so if you mean it: https://${host}.`);
  if (!host.includes(':') && !isHostName(host)) return refuse(noHost);
  if (host !== name.toLowerCase() && `[${host}]` !== name.toLowerCase()) changes.push(`wrote the host as ${host}`);
  else if (name !== name.toLowerCase() && !changes.includes('made it lower case')) changes.push('made it lower case');
  return host;
}

function throughParser(name: string): string {
  let host = '';
  try {
    host = new URL(`https://${name}/`).hostname;
  } catch {
    refuse(noHost);
  }
  // Whatever the mapping made of it may end in a dot of its own ("。").
  return host.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Labels of RFC 1123, and "_", which some offices use. A "-" in front would read as an option in a command. */
function isHostName(host: string): boolean {
  if (host.length > 253) return false;
  return host.split('.').every(label => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
}

function portOf(typed: string, scheme: 'https:' | 'http:', changes: string[]): number {
  if (typed === '') return defaultPorts[scheme];
  const port = /^\d{1,5}$/.test(typed) ? Number(typed) : 0;
  if (port < 1 || port > 65535)
    return refuse(
      'The port behind “:” must be a number from 1 to 65535. Leave it out unless Jira’s address in your browser has one.',
    );
  if (port === defaultPorts[scheme]) changes.push(`dropped :${port}, the port ${scheme}// has anyway`);
  return port;
}

function pathOf(rest: string, atlassianHosted: boolean, changes: string[]): string {
  const parsed = new URL(`https://host.invalid${rest}`);
  const tail = parsed.search !== '' || parsed.hash !== '';
  const {context, page} = splitPath(parsed.pathname, tail || parsed.pathname.endsWith('/'));
  // Jira Cloud lives at the root of its host; whatever follows is a page ("/jira" too, a 404 as a base address).
  const kept = atlassianHosted ? '' : context;
  const dropped = atlassianHosted ? context + page : page;
  if (dropped !== '') changes.push(`dropped ${clean(dropped, 60)}`);
  if (tail) changes.push('dropped what follows “?” or “#”');
  if (dropped === '' && !tail && rest !== kept)
    changes.push(rest.endsWith('/') ? 'dropped the slash at its end' : 'tidied the path');
  // A context path is a few plain words; anything else would be a riddle in the commands a checklist offers.
  if (!/^(?:\/[A-Za-z0-9._~-]+)*$/.test(kept) || kept.length > 200)
    refuse(`The path behind the host name has characters no Jira address has. Type the address alone, ${example}.`);
  return kept;
}
