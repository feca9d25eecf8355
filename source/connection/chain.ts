/** A peer's certificates as plain facts. */
import type {DetailedPeerCertificate, PeerCertificate, TLSSocket} from 'node:tls';
import type {CertificateFacts} from '../diagnosis/evidence.ts';
import {type Clean, clean} from '../domain/clean.ts';

/** The chain the peer sent, leaf first; empty when none is known. */
export function chainOf(socket: TLSSocket): readonly CertificateFacts[] {
  const chain: CertificateFacts[] = [];
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true) ?? undefined;
  let top: Buffer | null = null;
  const met = new Set<string>();
  // A root is its own issuer: without the set this would not end.
  while (certificate?.fingerprint256 !== undefined && !met.has(certificate.fingerprint256) && chain.length < 10) {
    met.add(certificate.fingerprint256);
    chain.push(factsOf(certificate));
    top = certificate.raw;
    certificate = certificate.issuerCertificate;
  }
  const last = chain.pop();
  return last === undefined ? [] : [...chain, {...last, ...(top === null ? {} : {pem: pemOf(top)})}];
}

/** RFC 7468: base64 in lines of 64 characters. */
function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n');
}

function factsOf(certificate: DetailedPeerCertificate): CertificateFacts {
  const weak = weakSignatures.find(({oid}) => certificate.raw.includes(oid));
  const usages = certificate.ext_key_usage;
  const issuers = certificate.infoAccess?.['CA Issuers - URI'];
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validFrom: isoOf(certificate.valid_from),
    validTo: isoOf(certificate.valid_to),
    names: namesOf(certificate),
    selfSigned: nameOf(certificate.subject) === nameOf(certificate.issuer),
    fingerprint256: clean(certificate.fingerprint256),
    issuerUrl: issuers?.[0] === undefined ? null : clean(issuers[0]),
    authority: certificate.ca,
    ...(weak === undefined ? {} : {signedWith: weak.hash}),
    ...(certificate.bits === undefined ? {} : {keyBits: certificate.bits}),
    ...(usages === undefined ? {} : {usages: usages.map(usage => clean(usageNames[usage] ?? usage, 40))}),
  };
}

// Object identifiers of RFC 8017 and RFC 5758 as they stand in a certificate; Node 20 does not tell the algorithm.
const weakSignatures = [
  {hash: 'MD5', oid: Buffer.from('06092a864886f70d010104', 'hex')},
  {hash: 'SHA-1', oid: Buffer.from('06092a864886f70d010105', 'hex')},
  {hash: 'SHA-1', oid: Buffer.from('06072a8648ce3d0401', 'hex')},
  {hash: 'SHA-1', oid: Buffer.from('06072a8648ce380403', 'hex')},
] as const;

/** Extended key usages by RFC 5280 §4.2.1.12. */
const usageNames: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'server authentication',
  '1.3.6.1.5.5.7.3.2': 'client authentication',
  '1.3.6.1.5.5.7.3.3': 'code signing',
  '1.3.6.1.5.5.7.3.4': 'e-mail protection',
  '1.3.6.1.5.5.7.3.8': 'time stamping',
  '1.3.6.1.5.5.7.3.9': 'OCSP signing',
};

type Name = PeerCertificate['subject'];

/** "CN=…, O=…": the organisation is what a person recognises an inspecting firewall by. */
function nameOf(name: Name | undefined): Clean {
  const part = (key: string, value: unknown): string[] => {
    const text = Array.isArray(value) ? value.join(' ') : typeof value === 'string' ? value : '';
    if (text === '') return [];
    return [`${key}=${/[,/+]/.test(text) ? `"${text.replaceAll('"', '')}"` : text}`];
  };
  return clean([...part('CN', name?.CN), ...part('O', name?.O), ...part('OU', name?.OU)].slice(0, 2).join(', '), 200);
}

function namesOf(certificate: PeerCertificate): readonly Clean[] {
  const listed = (certificate.subjectaltname ?? '')
    .split(/,\s*/)
    .map(entry => entry.replace(/^(DNS|IP Address):/, ''))
    .filter(entry => entry !== '');
  return listed.slice(0, 20).map(name => clean(name, 120));
}

function isoOf(date: string | undefined): string {
  const time = new Date(date ?? '');
  return Number.isNaN(time.getTime()) ? '' : time.toISOString();
}
