/** Certificates to trust, read from a file or a pasted text: PEM with anything around it, or one in DER. */
import {X509Certificate} from 'node:crypto';
import {homedir} from 'node:os';
import type {CaCertificate, CertificatesRead} from '../domain/ca-certificate.ts';
import {type Clean, clean} from '../domain/clean.ts';
import {codeOf} from '../domain/errno.ts';
import {shellWord} from '../domain/shell.ts';
import {readPemFile} from './pem-file.ts';

const pemBlock =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** The certificates in a text as they stand there, read or not. */
export const pemBlocksIn = (text: string): readonly string[] => text.match(pemBlock) ?? [];

/** The certificate of a PEM text or DER bytes; null when it is damaged. */
export function parsedCertificate(source: string | Uint8Array): X509Certificate | null {
  try {
    return new X509Certificate(source);
  } catch {
    return null;
  }
}

/** "CN=…\nO=…" as Node writes a name, as one line with the parts a person recognises it by. */
function nameOf(lines: string): Clean {
  const parts = lines.split('\n').filter(line => /^(?:CN|O|OU)=/.test(line));
  const order = ['CN', 'O', 'OU'];
  const rank = (part: string): number => order.indexOf(part.slice(0, part.indexOf('=')));
  return clean(
    parts
      .toSorted((one, other) => rank(one) - rank(other))
      .slice(0, 2)
      .join(', '),
    200,
  );
}

export function caCertificateOf(certificate: X509Certificate): CaCertificate {
  const iso = (date: string): string => {
    const time = new Date(date);
    return Number.isNaN(time.getTime()) ? '' : time.toISOString();
  };
  return {
    pem: certificate.toString().trim(),
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validFrom: iso(certificate.validFrom),
    validTo: iso(certificate.validTo),
    fingerprint256: certificate.fingerprint256,
    selfSigned: certificate.subject === certificate.issuer,
    authority: certificate.ca,
  };
}

/** @param text PEM, with or without other text around the certificates */
export function certificatesIn(text: string): CertificatesRead {
  const found = pemBlocksIn(text).map(parsedCertificate);
  if (found.length === 0) {
    const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text);
    return {
      ok: false,
      reason: key
        ? 'holds a private key and no certificate'
        : 'holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)',
      hint: key
        ? 'A CA is trusted by its certificate alone; keep the key where it belongs.'
        : 'A PEM file is text that begins with -----BEGIN CERTIFICATE-----.',
    };
  }
  const whole = found.filter(each => each !== null);
  if (whole.length < found.length) {
    return {ok: false, reason: 'holds a damaged certificate', hint: 'Copy the file again, whole, as text.'};
  }
  const each = new Map(whole.map(certificate => [certificate.fingerprint256, caCertificateOf(certificate)]));
  return {ok: true, certificates: [...each.values()]};
}

/** @param path a file in PEM or DER form */
export function certificatesAt(path: string): CertificatesRead {
  let bytes: Buffer;
  try {
    bytes = readPemFile(path);
  } catch (error) {
    const code = codeOf(error) ?? 'UNKNOWN';
    const why = code === 'ENOENT' ? 'there is no such file' : code;
    return {ok: false, reason: `cannot be read (${why})`, hint: `Look at it with: ls -l ${shellWord(clean(path))}`};
  }
  // DER has no text around it: it begins with the sequence that a certificate is (X.690 §8.9).
  const binary = bytes[0] === 0x30 ? parsedCertificate(bytes) : null;
  if (binary !== null) return {ok: true, certificates: [caCertificateOf(binary)]};
  return certificatesIn(bytes.toString('utf8'));
}

/**
 * What somebody typed or pasted where a CA is asked: a path, or the certificates themselves. A field of one line has made
 * spaces of their line ends, which base64 does not have.
 */
export function certificatesGiven(text: string): CertificatesRead {
  if (!text.includes('-----BEGIN')) return certificatesAt(text.replace(/^~(?=\/)/, homedir()));
  const lines = text.replace(
    /(-----BEGIN [A-Z0-9 ]+-----)([^-]*)(-----END [A-Z0-9 ]+-----)/g,
    (_, begin, inside, end) => [begin, ...(inside.replace(/\s/g, '').match(/.{1,64}/g) ?? []), end].join('\n'),
  );
  return certificatesIn(lines);
}
