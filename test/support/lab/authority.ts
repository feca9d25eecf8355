/** Certificates of every kind, made in the test: nothing of them is ever written to a disk. */
import '../../../source/practice/metadata.ts';
import {webcrypto} from 'node:crypto';
import {isIP} from 'node:net';
import * as x509 from '@peculiar/x509';

const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'} as const;
const day = 86_400_000;

/** `cert` is what the server sends, leaf first; `ca` alone is what must be trusted. */
export type Issued = Readonly<{cert: string; key: string}>;

export type IssueOptions = Readonly<{
  /** Alternative names; the first is the common name as well. */
  names: readonly string[];
  /** The common name where it is another; with no `names` the certificate has no alternative name at all. */
  commonName?: string;
  notBefore?: Date;
  notAfter?: Date;
  /** Where the certificate says its issuer's can be fetched. */
  issuerUrl?: string;
  organisation?: string;
  /** The hash of its signature; SHA-1 is refused everywhere. */
  hash?: 'SHA-1';
  /** An RSA key of so many bits instead of one of P-256. */
  rsaBits?: number;
  /** Object identifiers of its extended key usage. */
  usages?: readonly string[];
}>;

export type Authority = Readonly<{
  pem: string;
  issue(options: IssueOptions): Promise<Issued>;
  /** `options.ca` false makes one that may not issue, and does. */
  intermediate(name: string, options?: IntermediateOptions): Promise<Authority>;
}>;

export type IntermediateOptions = Readonly<{
  notBefore?: Date;
  notAfter?: Date;
  ca?: boolean;
  /** How many CAs may stand below it. */
  pathLength?: number;
  /** The only domain it may issue for. */
  onlyFor?: string;
}>;

type Pair = {publicKey: webcrypto.CryptoKey; privateKey: webcrypto.CryptoKey};

const pairOfKeys = (rsaBits?: number): Promise<Pair> =>
  webcrypto.subtle.generateKey(
    rsaBits === undefined
      ? algorithm
      : {
          name: 'RSASSA-PKCS1-v1_5',
          hash: 'SHA-256',
          modulusLength: rsaBits,
          publicExponent: new Uint8Array([1, 0, 1]),
        },
    true,
    ['sign', 'verify'],
  );

/** Name constraints (RFC 5280 §4.2.1.10) that permit one domain. */
function onlyFor(domain: string): x509.Extension {
  const wrapped = (tag: number, content: Buffer): Buffer =>
    Buffer.concat([Buffer.from([tag, content.length]), content]);
  const subtree = wrapped(0x30, wrapped(0x82, Buffer.from(domain, 'latin1')));
  return new x509.Extension('2.5.29.30', true, wrapped(0x30, wrapped(0xa0, subtree)));
}

async function pemOfKey(key: webcrypto.CryptoKey): Promise<string> {
  const raw = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${raw.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}

const validity = (options: {notBefore?: Date; notAfter?: Date}) => ({
  notBefore: options.notBefore ?? new Date(Date.now() - day),
  notAfter: options.notAfter ?? new Date(Date.now() + 30 * day),
});

const alternativeNames = (names: readonly string[]) =>
  new x509.SubjectAlternativeNameExtension(
    names.map(name => ({type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const), value: name})),
  );

/** A root, or with `above` an authority below it. */
export async function makeAuthority(
  name = 'Lab Root CA',
  above?: {subject: string; keys: Pair},
  options: IntermediateOptions = {},
): Promise<Authority> {
  const keys = await pairOfKeys();
  const subject = `CN=${name}, O=Lab`;
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: above?.subject ?? subject,
    notBefore: options.notBefore ?? new Date(Date.now() - 3650 * day),
    notAfter: options.notAfter ?? new Date(Date.now() + 3650 * day),
    publicKey: keys.publicKey,
    signingKey: (above?.keys ?? keys).privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(options.ca ?? true, options.pathLength, true),
      ...(options.onlyFor === undefined ? [] : [onlyFor(options.onlyFor)]),
      ...(options.ca === false ? [] : [new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true)]),
    ],
  });
  return {
    pem: certificate.toString('pem').concat('\n'),
    issue: async options => {
      const own = await pairOfKeys(options.rsaBits);
      const leaf = await x509.X509CertificateGenerator.create({
        subject: `CN=${options.commonName ?? options.names[0] ?? ''}${options.organisation === undefined ? '' : `, O=${options.organisation}`}`,
        issuer: subject,
        ...validity(options),
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: {...algorithm, hash: options.hash ?? algorithm.hash},
        extensions: [
          ...(options.usages === undefined ? [] : [new x509.ExtendedKeyUsageExtension([...options.usages], true)]),
          ...(options.names.length === 0 ? [] : [alternativeNames(options.names)]),
          ...(options.issuerUrl === undefined
            ? []
            : [new x509.AuthorityInfoAccessExtension({caIssuers: options.issuerUrl})]),
        ],
      });
      return {cert: leaf.toString('pem').concat('\n'), key: await pemOfKey(own.privateKey)};
    },
    intermediate: (below, changes) => makeAuthority(below, {subject, keys}, changes),
  };
}

/** A certificate that vouches for itself. */
export async function selfSigned(names: readonly string[]): Promise<Issued> {
  const keys = await pairOfKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${names[0] ?? ''}`,
    ...validity({}),
    keys,
    signingAlgorithm: algorithm,
    extensions: [alternativeNames(names)],
  });
  return {cert: certificate.toString('pem').concat('\n'), key: await pemOfKey(keys.privateKey)};
}
