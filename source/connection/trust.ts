/**
 * Which CAs are trusted. Node reads NODE_EXTRA_CA_CERTS only at its own start and never the system's bundle, where a
 * company's TLS inspection CA usually lies; `ca` given to TLS replaces the bundled list, so everything is joined here.
 */
import {constants, X509Certificate} from 'node:crypto';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {createSecureContext, rootCertificates, type SecureContext} from 'node:tls';
import {type Clean, clean, own} from '../domain/clean.ts';
import {codeOf} from '../domain/errno.ts';
import {UsageFault} from '../domain/fault.ts';
import {readPemFile} from './pem-file.ts';
import type {Reach} from './reach.ts';

export type Trust = Readonly<{
  /** Made at first use: parsing some 150 certificates takes about 50 ms, best spent before a step is timed. */
  context: () => SecureContext;
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
const pemBlock = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END (?:TRUSTED )?CERTIFICATE-----/g;
const compact = (pem: string): string => pem.replace(/\s/g, '');

/**
 * Gathers the trusted CAs of this machine and of the options.
 * @throws {UsageFault} when --ca-file cannot be read or holds no certificate
 */
export function loadTrust(reach: Reach): Trust {
  const extra = new Map<string, string>();
  const bundled = new Set(rootCertificates.map(compact));
  const sources: Clean[] = [own("Node's bundled list")];
  const add = (blocks: readonly string[]): void => {
    for (const pem of blocks) if (!bundled.has(compact(pem))) extra.set(compact(pem), pem);
  };

  for (const [variable, file] of variableFiles(reach)) {
    const blocks = quietly(file);
    sources.push(clean(blocks === null ? `${variable} ${file} (could not be read)` : `${variable} ${file}`));
    add(blocks ?? []);
  }
  for (const folder of (reach.env.SSL_CERT_DIR ?? '').split(':').filter(each => each !== '')) {
    const blocks = quietlyIn(folder);
    sources.push(clean(`SSL_CERT_DIR ${folder}${blocks === null ? ' (could not be read)' : ''}`));
    add(blocks ?? []);
  }
  for (const file of systemBundles) {
    const blocks = quietly(file);
    if (blocks === null) continue;
    sources.push(clean(`the system's bundle ${file}`));
    add(blocks);
    break;
  }
  if (reach.caFile !== null) {
    add(ownFile(reach.caFile));
    sources.push(clean(`--ca-file ${reach.caFile}`));
  }
  for (const pem of reach.extraCa) add(pem.match(pemBlock) ?? []);
  if (reach.extraCa.length > 0) sources.push(own('a CA of this test'));

  return {context: () => contextWith([...extra.values()]), sources};
}

let latest: Readonly<{key: string; context: SecureContext}> | null = null;

/** The context for these CAs beside the bundled ones; kept for the next test of the same run. */
function contextWith(extra: readonly string[]): SecureContext {
  const key = extra.join('\n');
  if (latest?.key !== key) {
    const ca = [...rootCertificates, ...extra.filter(readable)];
    // Both pinned: NODE_OPTIONS can set Node's defaults, up to ciphers that do not encrypt (--tls-cipher-list=eNULL). The
    // core list is the one Node was built with, which no option changes.
    const ciphers = constants.defaultCoreCipherList;
    latest = {key, context: createSecureContext({ca, ciphers, minVersion: 'TLSv1.2'})};
  }
  return latest.context;
}

function variableFiles(reach: Reach): [variable: string, file: string][] {
  return ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'].flatMap((variable): [string, string][] => {
    const file = reach.env[variable];
    return file === undefined || file === '' ? [] : [[variable, file]];
  });
}

/** The certificates of a file nobody asked for by option: unreadable is null, not an error. */
function quietly(file: string): readonly string[] | null {
  try {
    return readPemFile(file).match(pemBlock) ?? [];
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

/**
 * The certificates of `--ca-file`.
 * @throws {UsageFault} when it cannot be read or holds no certificate
 */
export function ownFile(file: string): readonly string[] {
  let text: string;
  try {
    text = readPemFile(file);
  } catch (error) {
    throw new UsageFault(`--ca-file ${clean(file)} cannot be read (${said(codeOf(error) ?? 'UNKNOWN')}).`, [
      `Look at it with: ls -l ${clean(file)}`,
    ]);
  }
  const blocks = text.match(pemBlock) ?? [];
  if (blocks.length === 0) {
    throw new UsageFault(`--ca-file ${clean(file)} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).`, [
      `If it is a DER file, convert it: openssl x509 -inform der -in ${clean(file)} -out ca.pem`,
    ]);
  }
  if (!blocks.every(readable)) {
    throw new UsageFault(`--ca-file ${clean(file)} holds a damaged certificate.`, [
      `Check it with: openssl x509 -noout -subject -in ${clean(file)}`,
    ]);
  }
  return blocks;
}

const said = (code: string): string => (code === 'ENOENT' ? 'there is no such file' : code);

function readable(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
