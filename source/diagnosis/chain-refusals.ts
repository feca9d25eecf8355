/** Why a chain of certificates was refused: one reason for every verdict of OpenSSL's verification, from its code and words. */
import type {CertificateFacts, Trouble} from './evidence.ts';

export type ChainRefusal =
  /** Nobody vouches for the topmost issuer here. */
  | 'issuer'
  /** What proxies and appliances show where nothing is set up for a name. */
  | 'default-certificate'
  /** The issuer is not trusted, and the certificate is made for somebody else anyway. */
  | 'other-name'
  | 'weak-signature'
  | 'weak-key'
  | 'purpose'
  | 'no-authority'
  | 'path-length'
  | 'name-constraint'
  | 'revoked'
  | 'bad-signature'
  | 'distrusted'
  | 'malformed'
  | 'unnamed';

/** Node's names for the verdicts it knows (src/crypto/crypto_common.cc); all others come as UNSPECIFIED with OpenSSL's words. */
const byCode: Readonly<Record<string, ChainRefusal>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'issuer',
  SELF_SIGNED_CERT_IN_CHAIN: 'issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'issuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'issuer',
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: 'bad-signature',
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 'bad-signature',
  CERT_SIGNATURE_FAILURE: 'bad-signature',
  ERROR_IN_CERT_NOT_BEFORE_FIELD: 'malformed',
  ERROR_IN_CERT_NOT_AFTER_FIELD: 'malformed',
  CERT_CHAIN_TOO_LONG: 'path-length',
  PATH_LENGTH_EXCEEDED: 'path-length',
  CERT_REVOKED: 'revoked',
  INVALID_CA: 'no-authority',
  INVALID_PURPOSE: 'purpose',
  CERT_UNTRUSTED: 'distrusted',
  CERT_REJECTED: 'distrusted',
  UNSPECIFIED: 'unnamed',
  UNABLE_TO_GET_CRL: 'unnamed',
  UNABLE_TO_DECRYPT_CRL_SIGNATURE: 'unnamed',
  CRL_SIGNATURE_FAILURE: 'unnamed',
  ERROR_IN_CRL_LAST_UPDATE_FIELD: 'unnamed',
  ERROR_IN_CRL_NEXT_UPDATE_FIELD: 'unnamed',
  OUT_OF_MEM: 'unnamed',
};

/** OpenSSL's words (crypto/x509/x509_txt.c, ssl/ssl_err.c), the first that fit. */
const byWords: readonly (readonly [RegExp, ChainRefusal])[] = [
  [/digest algorithm too weak|\bmd too weak|unsupported signature algorithm/i, 'weak-signature'],
  [/key too (?:weak|small)/i, 'weak-key'],
  [/purpose|key usage does not include digital signature/i, 'purpose'],
  [
    /invalid (?:non-)?CA certificate|CA markings|does not include certificate signing|issuer .* not .* CA\b/i,
    'no-authority',
  ],
  [/path length|pathlen|chain too long|path loop/i, 'path-length'],
  [/subtree violation|name constraint|name syntax/i, 'name-constraint'],
  [/revoked/i, 'revoked'],
  [/certificate signature failure|decode issuer public key/i, 'bad-signature'],
  [/certificate (?:not trusted|rejected)/i, 'distrusted'],
  [/extension|basic constraints|policy|critical|explicit EC|suite B|key identifier|serial number/i, 'malformed'],
];

/** Whether a code is a verdict on the chain; dates and names have codes of their own. */
export const isChainVerdict = ({code, refusedChain, stage}: Trouble): boolean =>
  Object.hasOwn(byCode, code) || (refusedChain === true && stage === 'handshake');

/** Default certificates by what their subject is called (each as its product makes it). */
const defaultCertificates: readonly (readonly [RegExp, string])[] = [
  [/Kubernetes Ingress Controller Fake Certificate/i, 'the Kubernetes ingress controller'],
  [/TRAEFIK DEFAULT CERT/i, 'Traefik'],
  [/invalid2?\.invalid|No SNI provided/i, 'a front that was asked for no name it knows'],
  [/localhost\.localdomain|SomeOrganization|MyCompany/i, 'a web server or load balancer as installed'],
  [/Plesk|Parallels Panel|cPanel/i, 'a hosting panel'],
  [
    /\b(?:nginx|haproxy|caddy|envoy|kong|ambassador)\b.*\b(?:default|fallback|fake|dummy|self[- ]signed)\b/i,
    'a reverse proxy',
  ],
  [/\b(?:default|fallback|fake|dummy|placeholder|snake ?oil)\b.*\bcert/i, 'a reverse proxy'],
  [/\bsynology\b|\bqnap\b/i, 'a storage appliance'],
];

/** What shows this certificate when nothing is set up for a name; null where it is none of those. */
export function defaultCertificateOf(leaf: CertificateFacts | undefined): string | null {
  const subject = leaf?.subject ?? '';
  return defaultCertificates.find(([pattern]) => pattern.test(subject))?.[1] ?? null;
}

/** RFC 9525 §6.3: a wildcard stands for exactly the leftmost label. */
export function isMadeFor(host: string, names: readonly string[]): boolean {
  const wanted = host.toLowerCase();
  const parent = wanted.slice(wanted.indexOf('.') + 1);
  return names.some(name => {
    const own = name.toLowerCase().replace(/\.$/, '');
    return own === wanted || (own.startsWith('*.') && wanted.includes('.') && own.slice(2) === parent);
  });
}

/** What stands above another certificate of the chain without being a CA. */
export const falseAuthority = ({chain}: Pick<Trouble, 'chain'>): CertificateFacts | undefined =>
  chain.slice(1).find(each => each.authority === false);

/** @param host the name that was asked for */
export function chainRefusalOf(trouble: Trouble, host: string): ChainRefusal {
  const coded = byCode[trouble.code] ?? 'unnamed';
  const worded = byWords.find(([pattern]) => pattern.test(trouble.message))?.[1];
  const reason = coded === 'unnamed' ? (worded ?? 'unnamed') : coded;
  // OpenSSL says “purpose” of an issuer that is no CA as well.
  if (reason === 'purpose' && falseAuthority(trouble) !== undefined) return 'no-authority';
  if (reason !== 'issuer') return reason;
  const leaf = trouble.chain[0];
  if (leaf === undefined) return reason;
  if (defaultCertificateOf(leaf) !== null) return 'default-certificate';
  return leaf.names.length > 0 && !isMadeFor(host, leaf.names) ? 'other-name' : reason;
}
