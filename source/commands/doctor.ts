/** What can be said of this machine without any credential. Nothing is sent; only --fix changes something. */
import {readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {chooseProxy} from '../connection/proxy.ts';
import {type Way, wayOf} from '../connection/reach.ts';
import {loadTrust} from '../connection/trust.ts';
import {withoutLogin} from '../domain/address.ts';
import {clean} from '../domain/clean.ts';
import {noConnectionSettings} from '../domain/connection-settings.ts';
import {exit} from '../domain/exit.ts';
import {UsageFault} from '../domain/fault.ts';
import {minuteText} from '../domain/time.ts';
import type {Contents, Store, StoreCheck} from '../store/store.ts';
import {capabilities} from '../terminal/capabilities.ts';
import {asAscii} from '../text/ascii.ts';
import {wrap} from '../text/wrap.ts';
import {SealFault} from '../vault/seal-fault.ts';
import {chooseWorkFactor} from '../vault/work-factor.ts';
import type {World} from '../world.ts';
import {reachOf} from './connection-test/reach-options.ts';
import type {Context, Run} from './context.ts';
import {type Page, pageOf} from './output/page.ts';
import {repairStore, repairText} from './saved/store-repair.ts';

/** `note` is worth reading; `failed` keeps jirakey from working as it should. */
type Finding = Readonly<{id: string; state: 'ok' | 'note' | 'failed'; text: string; more: readonly string[]}>;

export const run: Run = async context => {
  const {options, world, printer} = context;
  const store = await context.openStore();
  const way = wayOf(reachOf(context), noConnectionSettings);
  if (options.yes && !options.fix) throw new UsageFault('--yes goes with --fix.');
  const mended = options.fix ? await repairStore(store, context) : null;
  const [stored, contents] = await findStore(store, context);
  const findings = [
    node(world),
    stored,
    memory(),
    terminal(world),
    locale(world),
    proxy(way, contents),
    authorities(way),
    clock(world, contents),
    environment(world),
  ];
  const failed = findings.some(({state}) => state === 'failed');
  const page = pageOf(world.stdout, world);
  if (options.json) {
    const fixes = mended === null ? {} : {fixes: mended};
    printer.json({schemaVersion: 1, ok: !failed, version: world.version, checks: findings, ...fixes});
  } else {
    printer.result(asText(findings, page));
    if (mended !== null) printer.result(`\n${inPage(repairText(mended, page), page)}`);
  }
  // Only the store and the memory for its seals can fail here, and both are the store's exit code.
  return failed ? exit.store : exit.done;
};

const ok = (id: string, text: string, more: readonly string[] = []): Finding => ({id, state: 'ok', text, more});
const note = (id: string, text: string, more: readonly string[]): Finding => ({id, state: 'note', text, more});

/** The last day on which a line of Node gets fixes, by the release schedule of the Node project. */
const lastFixes: Readonly<Record<number, string>> = {
  20: '2026-04-30',
  21: '2024-06-01',
  22: '2027-04-30',
  23: '2025-06-01',
  24: '2028-04-30',
  25: '2026-06-01',
  26: '2029-04-30',
};

function node(world: World): Finding {
  const libraries = `OpenSSL ${process.versions.openssl}`;
  const text = `jirakey ${world.version}, Node ${process.version}, ${process.platform} ${process.arch}`;
  const end = lastFixes[Number(process.versions.node.split('.')[0])];
  if (end === undefined || world.now().toISOString().slice(0, 10) <= end) return ok('node', text, [libraries]);
  return note('node', text, [libraries, `This Node has had no security fixes since ${end}: install a newer one.`]);
}

const toFix = ({repairable}: StoreCheck, {commandLine}: Context): string[] =>
  repairable ? [`To repair it: ${commandLine('doctor', {options: ['--fix']})}`] : [];

/** The check, and what is saved where it can be read. */
async function findStore(store: Store, context: Context): Promise<[Finding, Contents | null]> {
  const found = await store.check();
  const {fault} = found;
  if (fault !== null) {
    const more = [`What to do: jirakey explain ${fault.code}`, ...found.notices, ...toFix(found, context)];
    return [{id: 'store', state: 'failed', text: fault.message, more}, null];
  }
  const contents = await store.read();
  const count = contents.credentials.length;
  const held = found.exists ? `${count} credential${count === 1 ? '' : 's'}` : 'nothing saved yet';
  const modes = found.private ? 'only you can read it' : 'other users can read it';
  const text = `${store.path}: ${held}, can be written, ${modes}`;
  const more = [...found.notices, ...toFix(found, context), ...fileModes(store)];
  return [found.notices.length > 0 ? note('store', text, more) : ok('store', text, more), contents];
}

/** The folder's mode and that of each file in it; the files are the store, its backup, and what was kept aside. */
function fileModes({directory}: Store): string[] {
  const modeOf = (path: string): string => `0${(statSync(path).mode & 0o777).toString(8).padStart(3, '0')}`;
  try {
    const entries = readdirSync(directory, {withFileTypes: true}).filter(entry => entry.isFile());
    const files = entries.map(({name}) => `${name} ${modeOf(join(directory, name))}`);
    return [`Modes: ${[`folder ${modeOf(directory)}`, ...files].join(', ')}`];
  } catch {
    // No folder yet, or gone this moment: the line above says what there is.
    return [];
  }
}

function memory(): Finding {
  try {
    const {logN, notice} = chooseWorkFactor();
    const text = `enough to seal at work factor ${logN}`;
    return notice === null ? ok('memory', text) : note('memory', text, [notice]);
  } catch (error) {
    if (!(error instanceof SealFault)) throw error;
    const more = [`What to do: jirakey explain ${error.problem.code}`];
    return {id: 'memory', state: 'failed', text: error.message, more};
  }
}

function terminal(world: World): Finding {
  const can = capabilities(world);
  const kind = clean(world.env.TERM ?? 'not set', 40);
  const around = [can.ssh ? 'SSH' : null, can.multiplexer, can.screenReader ? 'screen reader output' : null];
  const more = [
    `TERM ${kind}, ${can.columns} x ${can.rows}, colours ${can.colour ? 'on' : 'off'}`,
    ...around.flatMap(one => (one === null ? [] : [`through: ${one}`])),
  ];
  if (!can.interactive) {
    return note('terminal', 'stdin or stdout is no terminal: nothing can be asked on them', [
      ...more,
      'Over SSH, ssh -t gives one; scripts use --no-input.',
    ]);
  }
  return can.dumb ? note('terminal', 'a plain one, drawn line by line', more) : ok('terminal', 'a terminal', more);
}

function locale(world: World): Finding {
  const set = ['LC_ALL', 'LC_CTYPE', 'LANG'].filter(name => (world.env[name] ?? '') !== '');
  const more = set.map(name => `${name}=${clean(world.env[name], 60)}`);
  if (capabilities(world).unicode) return ok('locale', 'UTF-8', more);
  return note(
    'locale',
    'not UTF-8: frames and marks are drawn in ASCII',
    more.length > 0 ? more : ['LANG is not set.'],
  );
}

const proxyVariables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'];

/** Which way each saved site is reached, by the rules the test follows; Atlassian's gateway where none is saved. */
function proxy(way: Way, contents: Contents | null): Finding {
  const set = proxyVariables.filter(name => (way.env[name] ?? '') !== '');
  const exempt = ['no_proxy', 'NO_PROXY'].filter(name => (way.env[name] ?? '') !== '');
  const more = [
    ...set.map(name => `${name}=${clean(withoutLogin(way.env[name] ?? ''))}`),
    ...exempt.map(name => `${name}=${clean(way.env[name])}`),
  ];
  const urls = (contents?.credentials ?? []).map(({url}) => url).filter(url => URL.canParse(url));
  const ways = new Set((urls.length > 0 ? urls : ['https://api.atlassian.com']).map(url => wayTo(new URL(url), way)));
  const unusable = [...ways].some(text => text.includes('unusable'));
  if (unusable) return note('proxy', 'a proxy is set that cannot be used', [...ways, ...more]);
  const none = set.length === 0 && way.connection.proxy.value === null;
  return ok('proxy', none ? 'none is set' : 'set', [...(none ? [] : ways), ...more]);
}

function wayTo(url: URL, way: Way): string {
  const protocol = url.protocol === 'http:' ? 'http:' : 'https:';
  const port = Number(url.port) || (protocol === 'http:' ? 80 : 443);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const chosen = chooseProxy({protocol, host, port}, way);
  if (chosen === null) return `${clean(host)}: directly`;
  if ('unusable' in chosen) return `${clean(host)}: ${chosen.use.because} is unusable: ${chosen.unusable}`;
  return `${clean(host)}: through ${chosen.use.address} (${chosen.use.because})`;
}

function authorities(way: Way): Finding {
  const {sources} = loadTrust(way);
  const unread = sources.some(source => source.includes('could not be read'));
  const text = `${sources.length} source${sources.length === 1 ? '' : 's'} of trusted CAs`;
  return unread ? note('ca', `${text}, one of which cannot be read`, sources) : ok('ca', text, sources);
}

/** Day on which this program was written: no right clock shows an earlier one. */
const written = '2026-11-01';
const minute = 60_000;

/** Offline a clock can only be caught where it contradicts what was done before. */
function clock(world: World, contents: Contents | null): Finding {
  const now = world.now();
  const text = `${minuteText(now)}, zone ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
  const marks = (contents?.credentials ?? []).flatMap(({sealedAt, lastTest}) => [sealedAt, lastTest?.at ?? sealedAt]);
  const latest = marks.toSorted().at(-1);
  const cure = 'Set it by NTP (timedatectl set-ntp true): certificates and token dates are judged by it.';
  if (latest !== undefined && Date.parse(latest) > now.getTime() + minute) {
    return note('clock', text, [`A credential was saved or tested later than that: ${latest}.`, cure]);
  }
  if (now.getTime() < Date.parse(written)) return note('clock', text, ['That is before this program was made.', cure]);
  return ok('clock', text, ['A test compares it with the site’s clock.']);
}

/** Variables that change what this program does or what it would give away. */
function environment(world: World): Finding {
  const notes: string[] = [];
  for (const name of ['JIRA_API_TOKEN', 'JIRAKEY_PASSPHRASE']) {
    if ((world.env[name] ?? '') !== '') notes.push(`${name} is set: every process started here inherits it.`);
  }
  if (world.env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    notes.push('NODE_TLS_REJECT_UNAUTHORIZED=0 is set: jirakey ignores it and checks every certificate.');
  }
  return notes.length > 0 ? note('environment', 'worth a look', notes) : ok('environment', 'nothing that matters');
}

function asText(findings: readonly Finding[], {width, unicode}: Page): string {
  const marks = unicode ? {ok: '✓', note: '!', failed: '✗'} : {ok: 'v', note: '!', failed: 'x'};
  const left = Math.max(...findings.map(({id}) => id.length)) + 4;
  const indent = ' '.repeat(left);
  const lines = findings.flatMap(({id, state, text, more}) => {
    const [first = '', ...rest] = [text, ...more].flatMap(one => wrap(clean(one, 600), Math.max(20, width - left)));
    return [`${marks[state]} ${id.padEnd(left - 2)}${first}`, ...rest.map(line => indent + line)];
  });
  return inPage(lines.join('\n'), {width, unicode});
}

const inPage = (text: string, {unicode}: Page): string => (unicode ? text : asAscii(text));
