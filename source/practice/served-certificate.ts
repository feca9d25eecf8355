/** The certificate a scenario is served with. */
import {type Authority, daysFrom, makeAuthority, type ServerCertificate} from './certificate.ts';
import type {CertificatePlay} from './play.ts';

/** Names the practice Jira answers to. */
export const practiceNames = ['localhost', '127.0.0.1', '::1', 'api.atlassian.com', 'acme.atlassian.net'] as const;

/** Where the issuer of an incomplete chain can be fetched, over plain HTTP as is the custom for certificates. */
export const issuerPath = '/practice-issuer.crt';

export type Served = Readonly<{certificate: ServerCertificate /** DER of the certificate's issuer. */; issuer: Buffer}>;

/** From and to, days from today. The one valid by the server's clock lies around it. */
const lifetimes: Readonly<Partial<Record<CertificatePlay, readonly [number, number]>>> = {
  expired: [-93, -3],
  'not-yet-valid': [3, 93],
  'server-clock': [-30, 60],
};

/**
 * @param play null for a certificate without any fault
 * @param clockDays how far the server's clock is from this machine's
 */
export async function certificateFor(
  play: CertificatePlay | null,
  authority: Authority,
  port: number,
  clockDays: number,
  now: Date,
): Promise<Served> {
  const [from, to] = (play === null ? undefined : lifetimes[play]) ?? [-1, 90];
  const shift = play === 'server-clock' ? clockDays : 0;
  const validity = daysFrom(now, from + shift, to + shift);
  if (play === 'foreign-authority') {
    const foreign = await makeAuthority('Practice Corporate TLS Inspection CA', daysFrom(now, -400, 400));
    const leaf = await foreign.issue({names: practiceNames, validity});
    return {certificate: {...leaf, cert: `${leaf.cert}\n${foreign.caPem}`}, issuer: foreign.der};
  }
  if (play === 'leaf-only') {
    const between = await authority.subordinate('Practice Intermediate CA');
    const issuerUrl = `http://localhost:${port}${issuerPath}`;
    return {certificate: await between.issue({names: practiceNames, validity, issuerUrl}), issuer: between.der};
  }
  const names = play === 'wrong-host' ? ['wiki.acme.com', '*.intranet.acme.com'] : practiceNames;
  return {certificate: await authority.issue({names, validity}), issuer: authority.der};
}
