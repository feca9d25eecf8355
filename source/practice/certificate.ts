/**
 * A certificate authority made in memory at start and gone with the process. Its private key is never written; whoever
 * wants to trust it for this run is given `caPem`.
 */
import './metadata.ts';
import {webcrypto} from 'node:crypto';
import {isIP} from 'node:net';
import * as x509 from '@peculiar/x509';
import {daysLater} from '../domain/time.ts';

const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'} as const;

/** What a TLS server needs, in PEM. `cert` is the leaf followed by whatever of the chain the server shall send. */
export type ServerCertificate = Readonly<{cert: string; key: string}>;

export type Validity = Readonly<{from: Date; to: Date}>;

export type LeafOptions = Readonly<{
  names: readonly string[];
  validity: Validity;
  /** Where the issuer's certificate can be fetched (the AIA extension). */
  issuerUrl?: string;
}>;

export type Authority = Readonly<{
  /** Common name of the authority. */
  name: string;
  /** Its own certificate in PEM. */
  caPem: string;
  /** Its own certificate in DER, as an AIA address hands it out. */
  der: Buffer;
  issue(options: LeafOptions): Promise<ServerCertificate>;
  /** An authority below this one. */
  subordinate(name: string): Promise<Authority>;
}>;

type Maker = Readonly<{certificate: x509.X509Certificate; keys: webcrypto.CryptoKeyPair}>;

const makeKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

/** A validity that begins and ends the given number of days from `now`; negative days lie in the past. */
export const daysFrom = (now: Date, from: number, to: number): Validity => ({
  from: daysLater(now, from),
  to: daysLater(now, to),
});

async function makeAuthorityCertificate(name: string, validity: Validity, parent: Maker | null): Promise<Maker> {
  const keys = await makeKeys();
  const issuer = parent ?? {certificate: null, keys};
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: issuer.certificate?.subject ?? `CN=${name}`,
    notBefore: validity.from,
    notAfter: validity.to,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, parent === null ? 1 : 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
    ],
  });
  return {certificate, keys};
}

async function issueLeaf(issuer: Maker, options: LeafOptions): Promise<ServerCertificate> {
  const keys = await makeKeys();
  const aia = options.issuerUrl;
  const leaf = await x509.X509CertificateGenerator.create({
    subject: `CN=${options.names[0] ?? 'localhost'}`,
    issuer: issuer.certificate.subject,
    notBefore: options.validity.from,
    notAfter: options.validity.to,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        options.names.map(value => ({type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value})),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
      ...(aia === undefined ? [] : [new x509.AuthorityInfoAccessExtension({caIssuers: aia})]),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {cert: leaf.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY')};
}

function authorityOf(name: string, validity: Validity, maker: Maker): Authority {
  return {
    name,
    caPem: maker.certificate.toString('pem'),
    der: Buffer.from(maker.certificate.rawData),
    issue: options => issueLeaf(maker, options),
    subordinate: async below => authorityOf(below, validity, await makeAuthorityCertificate(below, validity, maker)),
  };
}

/**
 * Makes a root of trust with fresh EC P-256 keys.
 * @param name common name
 * @param validity of the authority and of the authorities below it
 */
export async function makeAuthority(name: string, validity: Validity): Promise<Authority> {
  return authorityOf(name, validity, await makeAuthorityCertificate(name, validity, null));
}
