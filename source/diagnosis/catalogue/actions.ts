/** What checklists are made of: who does it, commands that are safe to paste, and the pages of Atlassian and of Jira. */
import {clean} from '../../domain/clean.ts';
import {type CommandParts, commandLine} from '../../domain/command-line.ts';
import {isServiceAccount} from '../../domain/service-account.ts';
import {shellWord} from '../../domain/shell.ts';
import type {Admin, Who} from '../admins.ts';
import type {Facts, Trouble} from '../evidence.ts';
import {bracketed, isDataCenter} from '../evidence-reading.ts';
import {fieldOf, type Remedy} from '../remedy.ts';
import type {Action, ActionKind} from '../test-report.ts';
import {adminPage, patPage, tokensPage} from './checklist-pages.ts';

type Extra = Readonly<{
  command?: string | null;
  url?: string | null;
  remedy?: Remedy;
  value?: string;
  kind?: ActionKind;
}>;

/** What an action is where its row says nothing else: what it offers shows it. */
function kindOf(who: Who, {command, remedy}: Extra): ActionKind {
  if (who !== 'you') return 'ask';
  if (remedy === 'retry' || remedy === 'wait') return 'retry';
  if (remedy !== undefined) return fieldOf(remedy) === null && remedy !== 'use-url' ? 'reroute' : 'correct';
  return typeof command === 'string' && command !== '' ? 'look' : 'do';
}

function made(who: Who, action: string, why: string, request: string | null, extra: Extra): Action {
  const {command, url, remedy, value, kind} = extra;
  return {
    kind: kind ?? kindOf(who, extra),
    action,
    why,
    who,
    ...(request === null ? {} : {request}),
    ...(typeof command === 'string' && command !== '' ? {command} : {}),
    ...(typeof url === 'string' && /^https?:\/\//.test(url) ? {url} : {}),
    ...(remedy === undefined ? {} : {remedy}),
    ...(value === undefined ? {} : {value}),
  };
}

export const you = (action: string, why: string, extra: Extra = {}): Action => made('you', action, why, null, extra);

/** @param request the same as the admin reads it in a message: their own sentence, with its reason */
const admin =
  (who: Admin) =>
  (action: string, why: string, request: string, extra: Extra = {}): Action =>
    made(who, action, why, request, extra);
export const jiraAdmin = admin('jira-admin');
export const networkAdmin = admin('network-admin');
const orgAdmin = admin('org-admin');
/**
 * Who is in charge of accounts, tokens, policies and the site itself: on Cloud that is done at admin.atlassian.com by an
 * admin of the organization, on Data Center in Jira by its admin.
 */
export const accountAdmin = (facts: Facts) => (isDataCenter(facts) ? jiraAdmin : orgAdmin);

/** The name of the saved credential, where the test was of one. */
export const nameIn = (facts: Facts): string | null => facts.name;

/** A command line of jirakey, for the store and the connection of the run that the facts are of. */
export const jirakey = (facts: Facts, command: string, parts: CommandParts = {}): string =>
  commandLine(facts.run, command, parts);

/** Without the proxy that an option named, where the facts speak of none. */
function withoutProxy(facts: Facts): Facts {
  const {run} = facts;
  const connection = run.connection.filter(([option, value]) => option !== '--proxy' || value === '');
  return facts.proxy === null ? {...facts, run: {...run, connection}} : facts;
}

/**
 * The same test again. An unsaved credential is tested by address and username; the token is asked for.
 * @param options already quoted, such as `--timeout 60`
 */
export function retest(given: Facts, ...options: readonly string[]): string {
  const facts = withoutProxy(given);
  const name = nameIn(facts);
  if (name !== null) return jirakey(facts, 'test', {name, raw: options});
  if (facts.url === '') return jirakey(facts, 'setup', {raw: options});
  const who = facts.username === '' ? [] : ['--username', facts.username];
  return jirakey(facts, 'test', {options: ['--url', facts.url, ...who], raw: options});
}

/** A new token into the saved credential, tested before the swap; null where nothing is saved yet. */
export function rotate(facts: Facts): string | null {
  const name = nameIn(facts);
  return name === null ? null : jirakey(facts, 'rotate', {name});
}

/** The assistant on the saved credential; for an unsaved one, the assistant. */
export function edit(facts: Facts): string {
  const name = nameIn(facts);
  return name === null ? jirakey(facts, 'setup') : jirakey(facts, 'edit', {name});
}

/** Sets the new site address: says how when the credential is saved, else prefills the assistant. */
export function retype(facts: Facts, url: string): string {
  const name = nameIn(facts);
  return name === null ? jirakey(facts, 'setup', {options: ['--url', url]}) : jirakey(facts, 'edit', {name});
}

export const endpoint = (facts: Facts): string => `${bracketed(facts.host)}:${facts.port}`;

/** The host and port a connection broke at, which may be Atlassian's gateway instead of the site. */
export function brokenAt(facts: Facts, trouble: Trouble | null): Readonly<{host: string; port: number; at: string}> {
  const host = trouble === null || trouble.host === '' ? facts.host : trouble.host;
  const port = trouble === null || trouble.host === '' ? facts.port : trouble.port;
  return {host, port, at: `${bracketed(host)}:${port}`};
}

/** The public address of this machine, as every site sees it. */
export const ownPublicAddress = 'curl -s --max-time 10 https://checkip.amazonaws.com';

export const lookUp = (host: string): string => `getent hosts ${shellWord(host)}`;

/** Everything up to the first answer, by a program whose output every network admin can read. Sends no credential. */
export const curl = (at: string): string => `curl -sv --max-time 10 ${shellWord(`https://${at}/`)} -o /dev/null`;
export const curlThrough = (proxy: string, at: string): string =>
  `curl -sv --max-time 10 --proxy ${shellWord(proxy)} ${shellWord(`https://${at}/`)} -o /dev/null`;

/** What an address answers, made safe to look at: bounded, control characters shown as text. */
export const readAnswer = (url: string): string =>
  `curl -sv --max-time 10 ${shellWord(url)} 2>&1 | head -c 4000 | cat -v`;

const isAddress = (host: string): boolean => host.includes(':') || /^\d+(?:\.\d+){3}$/.test(host);

/** The chain as the server sends it. RFC 6066 forbids addresses as server names. */
export function showChain(host: string, port: number, rest = '-showcerts'): string {
  const name = isAddress(host) ? '' : ` -servername ${shellWord(host)}`;
  return `openssl s_client -connect ${shellWord(`${bracketed(host)}:${port}`)}${name} ${rest} </dev/null`;
}

/** Subject, issuer and dates of the server's own certificate. */
export const showDates = (host: string, port: number): string =>
  `${showChain(host, port, '2>/dev/null').replace(' 2>/dev/null </dev/null', ' </dev/null 2>/dev/null')} | openssl x509 -noout -subject -issuer -dates`;

/** The account in a sentence. A Bearer token needs no username. */
export const account = (facts: Facts): string => (facts.username === '' ? 'this account' : facts.username);

/** Text from outside inside a sentence: one line, bounded. */
export const say = (text: string, limit = 120): string => clean(text, limit);

/** The proxy as a sentence names it: its address and where it was set. */
export function proxyIn(
  facts: Facts,
  trouble: Trouble | null,
): Readonly<{address: string; because: string; login?: true}> {
  const proxy = trouble?.proxy ?? facts.proxy;
  return proxy === null ? {address: 'in use', because: 'HTTPS_PROXY'} : proxy;
}

/** The example of a Data Center, for what only that does. */
export function onDataCenter(facts: Facts): Facts {
  const host = clean('jira.acme.example');
  return {...facts, deployment: 'data-center', host, url: clean(`https://${host}`), username: clean('you')};
}

/** The example of a machine behind a proxy. */
export const behindProxy = (facts: Facts): Facts => ({
  ...facts,
  proxy: {address: clean('http://proxy.acme.example:3128'), because: clean('HTTPS_PROXY')},
});

/** A new token for this kind of Jira. */
export function newToken(facts: Facts, why: string): Action {
  const into = {command: rotate(facts), remedy: 'field:token'} as const;
  if (isDataCenter(facts))
    return you('Create a new personal access token and put it in', why, {...into, url: patPage(facts)});
  return isServiceAccount(facts.tokenKind, facts.username)
    ? you('Ask an organization admin for a new token of the service account, and put it in', why, {
        ...into,
        url: adminPage(facts),
      })
    : you('Create a new API token and put it in', why, {...into, url: tokensPage(facts)});
}
