/**
 * CA files that other programs on this machine are told to trust. None of them is trusted here: each variable speaks to its
 * own program. They explain why curl or Python reach a site that this program refuses.
 */
import type {CertificateFacts} from '../diagnosis/evidence.ts';
import {type Clean, clean} from '../domain/clean.ts';
import {parsedCertificate, pemBlocksIn} from './ca-certificates.ts';
import {readPemFile} from './pem-file.ts';

/** Python's requests and pip, curl, git, the AWS tools, Google's gRPC, Cargo, Deno, Ruby's bundler, Nix and npm. */
const variables = [
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'PIP_CERT',
  'GIT_SSL_CAINFO',
  'AWS_CA_BUNDLE',
  'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH',
  'HTTPLIB2_CA_CERTS',
  'CARGO_HTTP_CAINFO',
  'DENO_CERT',
  'BUNDLE_SSL_CA_CERT',
  'NIX_SSL_CERT_FILE',
  'npm_config_cafile',
  'NPM_CONFIG_CAFILE',
] as const;

export type TrustedElsewhere = Readonly<{variable: Clean; file: Clean}>;

/** The variable whose file has the CA that issued the topmost certificate of a refused chain; null where none has. */
export function trustedElsewhere(
  env: Readonly<Record<string, string | undefined>>,
  chain: readonly CertificateFacts[],
): TrustedElsewhere | null {
  const pem = chain.at(-1)?.pem;
  const top = pem === undefined ? null : parsedCertificate(pem);
  if (top === null) return null;
  for (const variable of variables) {
    const file = env[variable] ?? '';
    const issues = (each: string): boolean => {
      const authority = parsedCertificate(each);
      if (authority === null) return false;
      return (
        authority.fingerprint256 === top.fingerprint256 ||
        (top.checkIssued(authority) && top.verify(authority.publicKey))
      );
    };
    if (file !== '' && certificatesOf(file).some(issues)) return {variable: clean(variable), file: clean(file, 1000)};
  }
  return null;
}

function certificatesOf(file: string): readonly string[] {
  try {
    return pemBlocksIn(readPemFile(file).toString('utf8'));
  } catch {
    return [];
  }
}
