/** What becomes of an answer about the connection: a proxy and its login, a CA, fixed addresses, the time limit. */
import {presentedTop} from '../diagnosis/certificates.ts';
import type {Seen} from '../diagnosis/evidence.ts';
import type {CaCertificate} from '../domain/ca-certificate.ts';
import type {ConnectionSettings} from '../domain/connection-settings.ts';
import {fixedAddressText, parseFixedAddress} from '../domain/fixed-address.ts';
import {type ProxySettings, parseProxyAddress} from '../domain/proxy-address.ts';
import type {Secret} from '../domain/secret.ts';
import {looksLikeToken} from '../domain/token.ts';
import {keepDraft} from './draft-keeping.ts';
import type {Effect} from './effects.ts';
import type {WorldEvent} from './events.ts';
import {lookAt} from './fields.ts';
import {and, ask, awaited, type Move, refuse, show, stay} from './move.ts';
import {goTo} from './navigation.ts';
import type {Goal, Screen, SettingId, State} from './state.ts';

type SettingScreen = Extract<Screen, {at: 'setting'}>;

/** The longest a whole test may take, in seconds; the same as for --timeout. */
export const longestTimeout = 600;

/** What the failure on the screen was judged by: of the test, or of the probe before it. */
export const seenOf = ({trial, look}: State): Seen =>
  trial?.status === 'failed' ? (trial.result?.seen ?? []) : (look?.result?.seen ?? []);

/** The certificate the site showed at the top of its chain, which could be trusted. */
export const presentedBy = (state: State) => presentedTop(seenOf(state));

/** What stands in the field when it appears. */
export function initialSetting(state: State, setting: SettingId): string {
  const {connection} = state.answers;
  switch (setting) {
    case 'proxy':
      return connection.proxy?.url ?? proxySeen(state);
    case 'proxy-username':
      return state.proxyBegun?.username ?? '';
    case 'address':
      return fixedFor(state)?.addresses.join(',') ?? '';
    case 'timeout':
      return connection.timeoutSeconds === null ? '' : String(connection.timeoutSeconds);
    default:
      return '';
  }
}

/** The proxy the environment named, as the failure shows it: most often only its login is missing. */
function proxySeen(state: State): string {
  const trouble = seenOf(state).findLast(each => each.kind === 'trouble' && each.proxy !== null);
  return trouble?.kind === 'trouble' ? (trouble.proxy?.address ?? '') : '';
}

const fixedFor = ({answers: {connection, site}}: State) =>
  connection.addresses
    .map(parseFixedAddress)
    .find(fixed => fixed !== null && fixed.host === site?.host && fixed.port === site.port) ?? null;

export const showSetting = (state: State, setting: SettingId, next: Goal | null): Move =>
  stay(show({...state, proxyBegun: null}, {at: 'setting', setting, next}));

export function acceptSetting(state: State, screen: SettingScreen, text: string): Move {
  const given = text.trim();
  if (given.split(/\s/).some(looksLikeToken)) {
    return refuse(state, 'That looks like an API token. It does not belong here; it is asked for by its name.');
  }
  switch (screen.setting) {
    case 'proxy':
      return acceptProxy(state, screen, given);
    case 'proxy-username':
      return acceptProxyUser(state, screen, given);
    case 'ca':
      return acceptAuthority(state, screen, given);
    case 'address':
      return acceptAddress(state, screen, given);
    case 'timeout':
      return acceptTimeout(state, screen, given);
    case 'proxy-password':
      return stay(state);
  }
}

function acceptProxy(state: State, {next}: SettingScreen, text: string): Move {
  if (text === '') return settled(state, next, {proxy: null}, 'Proxy: none of its own');
  const read = parseProxyAddress(text);
  if (!read.ok) return refuse(state, `This cannot be the proxy: ${read.reason}`);
  const {proxy} = read;
  if (proxy.username !== null) return settled(state, next, {proxy}, said(proxy));
  const {proxy: before} = state.answers.connection;
  const known = before?.url === proxy.url ? before : proxy;
  return stay({...show(state, {at: 'setting', setting: 'proxy-username', next}), proxyBegun: known});
}

const said = ({url, username}: ProxySettings): string =>
  `Proxy: ${url}${username === null ? '' : `, signing in as ${username}`}`;

function acceptProxyUser(state: State, {next}: SettingScreen, text: string): Move {
  const {proxyBegun} = state;
  if (proxyBegun === null) return showSetting(state, 'proxy', next);
  if (text === '') {
    const proxy = {...proxyBegun, username: null, password: null};
    return settled(state, next, {proxy}, said(proxy));
  }
  const asked: State = show(state, {at: 'setting', setting: 'proxy-password', next});
  return stay({...asked, proxyBegun: {...proxyBegun, username: text}});
}

/** The proxy's password, the one setting that is a secret. */
export function acceptProxyPassword(state: State, {next}: SettingScreen, secret: Secret): Move {
  if (state.proxyBegun === null) return showSetting(state, 'proxy', next);
  const typed = secret.reveal().replace(/\r?\n$/, '');
  if (looksLikeToken(typed)) {
    return refuse(state, 'That looks like an API token. The proxy has a password of its own.');
  }
  const password = typed === '' ? (state.proxyBegun.password ?? '') : typed;
  const proxy = {...state.proxyBegun, password};
  return settled(state, next, {proxy}, said(proxy));
}

/** The first and the last four digits of a fingerprint, with whatever stands between them. */
const ends = (text: string): string | null => {
  const digits = text.toLowerCase().replace(/[^0-9a-f]/g, '');
  return /^[0-9a-f]{4}[^0-9a-z/\\]*[0-9a-f]{4}$/i.test(text) || /^(?:[0-9a-f]{2}:?){32}$/i.test(text)
    ? digits.slice(0, 4) + digits.slice(-4)
    : null;
};

/** A path, certificates pasted, or the fingerprint of what the site presented. */
function acceptAuthority(state: State, {next}: SettingScreen, text: string): Move {
  if (text === '') {
    if (state.answers.connection.certificates.length === 0) {
      return refuse(state, 'Type the path of a PEM file, or paste the certificate.');
    }
    return settled(state, next, {certificates: [], caOnly: false}, 'CA certificates: none of its own');
  }
  const top = presentedBy(state);
  const typed = ends(text);
  if (top !== null && typed !== null) {
    const digits = top.fingerprint256.toLowerCase().replaceAll(':', '');
    if (typed !== digits.slice(0, 4) + digits.slice(-4)) {
      return refuse(state, 'The fingerprint of the certificate presented is another one. Do not trust it.');
    }
    return trusting(state, next, [top]);
  }
  return ask(state, 'reading certificates', seq => ({type: 'read-certificates', seq, given: text}));
}

/** The certificates are there: they are looked at before they are trusted. */
export function certificatesRead(state: State, {seq, read}: Extract<WorldEvent, {type: 'certificates-read'}>): Move {
  const {screen} = state;
  if (!awaited(state, seq) || screen.at !== 'setting') return stay(state);
  if (!read.ok) return refuse(state, `What was given ${read.reason}. ${read.hint}`);
  return stay(show(state, {at: 'trust', certificates: read.certificates, next: screen.next}));
}

export function trusting(
  state: State,
  next: Goal | null,
  certificates: readonly Pick<CaCertificate, 'pem' | 'subject'>[],
): Move {
  const before = state.answers.connection.certificates;
  const pems = certificates.map(({pem}) => pem.trim());
  const names = certificates.map(({subject}) => subject).join('; ');
  const all = [...before, ...pems.filter(pem => !before.includes(pem))];
  return settled(state, next, {certificates: all}, `Trusted for this credential: ${names}`);
}

function acceptAddress(state: State, {next}: SettingScreen, text: string): Move {
  const {site, connection} = state.answers;
  if (site === null) return stay(state);
  const whole = parseFixedAddress(text);
  const host = site.host.includes(':') ? `[${site.host}]` : site.host;
  const fixed = whole ?? parseFixedAddress(`${host}:${site.port}:${text}`);
  if (text !== '' && fixed === null) return refuse(state, 'Type an IP address such as 10.0.0.7; several with commas.');
  const about = fixed ?? {host: site.host, port: site.port};
  const others = connection.addresses.filter(each => {
    const other = parseFixedAddress(each);
    return other === null || other.host !== about.host || other.port !== about.port;
  });
  if (fixed === null) return settled(state, next, {addresses: others}, `${site.host}: looked up by this machine`);
  const addresses = [...others, fixedAddressText(fixed)];
  return settled(state, next, {addresses}, `${fixed.host}: always at ${fixed.addresses.join(', ')}`);
}

function acceptTimeout(state: State, {next}: SettingScreen, text: string): Move {
  if (text === '') return settled(state, next, {timeoutSeconds: null}, 'Time limit: as usual');
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > longestTimeout) return refuse(state, `Type seconds from 1 to ${longestTimeout}.`);
  return settled(state, next, {timeoutSeconds: seconds}, `Time limit: ${seconds} s`);
}

/** The setting is taken; what follows makes use of it at once. */
function settled(state: State, next: Goal | null, change: Partial<ConnectionSettings>, words: string): Move {
  const connection = {...state.answers.connection, ...change};
  const changed: State = {...state, proxyBegun: null, answers: {...state.answers, connection}};
  const kept = keepDraft(changed);
  if (next !== null) {
    return and(
      lookAt(changed, null, looking => stay(show(looking, {at: 'site-wait', next}, [words]))),
      kept,
    );
  }
  const [open, cancel] = withoutDoubt(changed);
  const [shown, effects] =
    open.home === 'questions' ? stay(show(open, {at: 'questions'}, [words])) : goTo(open, 'test', [words]);
  return [shown, [...cancel, ...kept, ...effects]];
}

/** What stood in the old way says nothing about the new one; which kind of Jira it is stays true. */
function withoutDoubt(state: State): Move {
  const {look} = state;
  if (look === null) return stay(state);
  if (look.result === null) return [{...state, look: null}, [{type: 'cancel', what: 'look'} satisfies Effect]];
  return stay({...state, look: {...look, result: {...look.result, failure: null}}});
}
