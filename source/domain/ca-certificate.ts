import type {Clean} from './clean.ts';

/** A certificate to trust, as it is shown before and after somebody decides to. Dates are ISO 8601. */
export type CaCertificate = Readonly<{
  pem: string;
  subject: Clean;
  issuer: Clean;
  validFrom: string;
  validTo: string;
  /** Upper-case pairs with colons, as browsers and openssl show it. */
  fingerprint256: string;
  selfSigned: boolean;
  /** It says of itself that it may sign others; a server's own certificate does not. */
  authority: boolean;
}>;

/** Certificates read from a text or a file; `reason` is a clause that continues the name of the file. */
export type CertificatesRead =
  | Readonly<{ok: true; certificates: readonly CaCertificate[]}>
  | Readonly<{ok: false; reason: string; hint: string}>;
