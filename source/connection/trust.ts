/**
 * Which CAs are trusted. Node reads NODE_EXTRA_CA_CERTS only at its own start and never the system's bundle, where a
 * company's TLS inspection CA usually lies; `ca` given to TLS replaces the bundled list, so everything is joined here.
 */
import {constants} from 'node:crypto';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {createSecureContext, rootCertificates, type SecureContext} from 'node:tls';
import {type Clean, clean, own} from '../domain/clean.ts';
import type {ConnectionChoice} from '../domain/connection-choice.ts';
import {parsedCertificate, pemBlocksIn} from './ca-certificates.ts';
import {readPemFile} from './pem-file.ts';
import type {Way} from './reach.ts';

/** `classical` offers the key exchanges from before post-quantum cryptography, so that the greeting fits one packet. */
export type Greeting = 'usual' | 'classical';

export type Trust = Readonly<{
  /** Made at first use: parsing some 150 certificates takes about 50 ms, best spent before a step is timed. */
  context: (greeting?: Greeting) => SecureContext;
  /** Where the CAs came from, for the report. */
  sources: readonly Clean[];
}>;

// Debian and Alpine, Fedora and RHEL, openSUSE, FreeBSD and macOS: the list Go's crypto/x509 looks through.
const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
const compact = (pem: string): string => pem.replace(/\s/g, '');

/** CAs from one place, each a PEM text; null where that could not be read. */
type Source = Readonly<{name: string; blocks: readonly string[] | null}>;

/** Gathers the trusted CAs of this machine and of the connection's settings. */
export function loadTrust({connection, env}: Pick<Way, 'connection' | 'env'>): Trust {
  const chosen = chosenSource(connection);
  if (connection.caOnly.value && chosen !== null) {
    const blocks = chosen.blocks ?? [];
    return {context: greeting => contextWith([], blocks, greeting), sources: [clean(`${chosen.name} and no others`)]};
  }
  const found = [...variableSources(env), ...systemSource(), ...(chosen === null ? [] : [chosen])];
  const bundled = bundledOnes();
  const extra = new Map<string, string>();
  for (const pem of found.flatMap(({blocks}) => blocks ?? [])) {
    if (!bundled.has(compact(pem))) extra.set(compact(pem), pem);
  }
  const named = found.map(({name, blocks}) => clean(blocks === null ? `${name} (could not be read)` : name));
  return {
    context: greeting => contextWith(rootCertificates, [...extra.values()], greeting),
    sources: [own("Node's bundled list"), ...named],
  };
}

/** What an option named, or is kept with the credential. */
function chosenSource({certificates}: ConnectionChoice): Source | null {
  const {value, from, file} = certificates;
  if (value.length === 0) return null;
  const saved = `${value.length} CA certificate${value.length === 1 ? '' : 's'} of the saved settings`;
  return {name: from === 'option' ? `--ca-file ${file ?? ''}` : saved, blocks: value};
}

/** The CAs that variables name and Node does not bring itself: what a job without those variables would lack. */
export const certificatesInEnvironment = (env: Way['env']): readonly string[] =>
  beyondBundled([...new Set(variableSources(env).flatMap(({blocks}) => blocks ?? []))]);

/** Every CA that is trusted beside `certificates`, for a bundle that takes the place of a program's own list. */
export function usualCertificates(env: Way['env']): readonly string[] {
  const found = [...variableSources(env), ...systemSource()].flatMap(({blocks}) => blocks ?? []);
  return [...rootCertificates, ...beyondBundled([...new Set(found)])];
}

function variableSources(env: Way['env']): Source[] {
  const files = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'].flatMap((variable): Source[] => {
    const file = env[variable] ?? '';
    return file === '' ? [] : [{name: `${variable} ${file}`, blocks: quietly(file)}];
  });
  const folders = (env.SSL_CERT_DIR ?? '').split(':').filter(each => each !== '');
  return [...files, ...folders.map(folder => ({name: `SSL_CERT_DIR ${folder}`, blocks: quietlyIn(folder)}))];
}

function systemSource(): Source[] {
  for (const file of systemBundles) {
    const blocks = quietly(file);
    if (blocks !== null) return [{name: `the system's bundle ${file}`, blocks}];
  }
  return [];
}

const latest: Record<Greeting, Readonly<{key: string; context: SecureContext}> | null> = {usual: null, classical: null};

/** The context for these CAs; kept for the next test of the same run. */
function contextWith(
  bundled: readonly string[],
  extra: readonly string[],
  greeting: Greeting = 'usual',
): SecureContext {
  const key = [bundled.length, ...extra].join('\n');
  const made = latest[greeting];
  if (made?.key === key) return made.context;
  const ca = [...bundled, ...extra.filter(pem => parsedCertificate(pem) !== null)];
  // Both pinned: NODE_OPTIONS can set Node's defaults, up to ciphers that do not encrypt (--tls-cipher-list=eNULL). The
  // core list is the one Node was built with, which no option changes.
  const ciphers = constants.defaultCoreCipherList;
  // Somebody who trusts an intermediate CA, or this one server's certificate, means just that: as Go, curl and Python do.
  const allowPartialTrustChain = true;
  const groups = greeting === 'classical' ? {ecdhCurve: 'X25519:P-256:P-384'} : {};
  const context = createSecureContext({ca, ciphers, minVersion: 'TLSv1.2', allowPartialTrustChain, ...groups});
  latest[greeting] = {key, context};
  return context;
}

/** The certificates of a file nobody asked for by option: unreadable is null, not an error. */
function quietly(file: string): readonly string[] | null {
  try {
    return pemBlocksIn(readPemFile(file).toString('utf8'));
  } catch {
    return null;
  }
}

/** Longest list of files of a folder that is read; Debian's has some 300. */
const folderLimit = 1000;

/** The certificates of all PEM files of a folder, as OpenSSL takes it: hashed names and the files they link to. */
function quietlyIn(folder: string): readonly string[] | null {
  try {
    const files = readdirSync(folder).filter(name => /\.(?:pem|crt|cer|\d{1,3})$/i.test(name));
    return files.slice(0, folderLimit).flatMap(name => quietly(join(folder, name)) ?? []);
  } catch {
    return null;
  }
}

const bundledOnes = (): ReadonlySet<string> => new Set(rootCertificates.map(compact));

/** Those that say something new: a whole system's bundle given as a CA file holds a hundred that Node trusts anyway. */
export function beyondBundled(pems: readonly string[]): readonly string[] {
  const bundled = bundledOnes();
  return pems.filter(pem => !bundled.has(compact(pem)));
}
