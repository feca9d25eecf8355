/** Reading the chain a server showed: who issued it, what it is for, and whether the time is the trouble. */
import {type Clean, clean} from '../domain/clean.ts';
import {dayMs, hourMs, isoDay, minuteMs, minuteText} from '../domain/time.ts';
import type {CertificateFacts, Facts, Seen, Trouble} from './evidence.ts';
import {serverClock} from './evidence-reading.ts';

// Names of the public certification authorities a server on the Internet is likely to have (CCADB, 2026).
const publicIssuers =
  /DigiCert|Let'?s Encrypt|ISRG|Internet Security Research|Amazon|GlobalSign|Sectigo|COMODO|USERTrust|Entrust|GoDaddy|Starfield|Google Trust Services|Baltimore|GeoTrust|Thawte|RapidSSL|Verisign|IdenTrust|QuoVadis|SwissSign|Certum|Buypass|ZeroSSL|Actalis|HARICA|Microsoft (?:Azure|RSA|ECC)|T-TeleSec|Telekom Security|D-TRUST|SSL\.com|Certigna|TrustAsia|WoTrus|SECOM|Network Solutions|GÉANT|GEANT/i;

/** Whether an issuer's name is one of the known public authorities. A name proves nothing; it only orders advice. */
export const isPublicIssuer = (issuer: string): boolean => publicIssuers.test(issuer);

/** The common name or organisation of a distinguished name, for a sentence. */
export function shortName(name: string): Clean {
  const part = (key: string) => new RegExp(`(?:^|[,/+\\s])${key}\\s*=\\s*("[^"]+"|[^,/+]+)`, 'i').exec(name)?.[1];
  // A long form such as "C=US O=DigiCert Inc CN=…" has no separators; cut at the next "XX=".
  const value = (part('CN') ?? part('O') ?? name).replace(/^"|"$/g, '').replace(/\s+(?:[A-Z]{1,2}|OU|ST)=.*$/, '');
  return clean(value, 80);
}

/**
 * What the server presented that could be trusted: the topmost certificate of its chain, with its PEM text. Null where
 * none was seen.
 */
export function presentedTop(seen: Seen): (CertificateFacts & Readonly<{pem: string}>) | null {
  const trouble = seen.findLast(each => each.kind === 'trouble' && each.chain.length > 0);
  const top = trouble?.kind === 'trouble' ? trouble.chain.at(-1) : undefined;
  return top?.pem === undefined ? null : {...top, pem: top.pem};
}

/** The issuer at the top of what the server sent: the one that would have to be trusted. */
export function topIssuer(chain: readonly CertificateFacts[]): Clean | null {
  const top = chain.at(-1);
  return top === undefined ? null : shortName(top.issuer);
}

const validAt = (certificate: CertificateFacts, time: Date): boolean =>
  Date.parse(certificate.validFrom) <= time.getTime() && time.getTime() <= Date.parse(certificate.validTo);

/** The first certificate of the chain that is not valid at a time, leaf first; the leaf when all are. */
export function offending(chain: readonly CertificateFacts[], time: Date): CertificateFacts | null {
  return chain.find(each => !validAt(each, time)) ?? chain[0] ?? null;
}

/** A server's clock by which the whole chain is valid while by ours it is not: our clock is the one that is wrong. */
export function wrongClock(trouble: Trouble, seen: Seen, facts: Facts): Readonly<{time: Date; host: string}> | null {
  const clock = serverClock(seen);
  if (clock === null || trouble.chain.length === 0) return null;
  const ours = trouble.chain.every(each => validAt(each, facts.now));
  const theirs = trouble.chain.every(each => validAt(each, clock.time));
  return theirs && !ours ? clock : null;
}

export const day = (iso: string | Date): string => {
  const time = typeof iso === 'string' ? new Date(iso) : iso;
  return Number.isNaN(time.getTime()) ? String(iso) : isoDay(time);
};

/** A span of time in the largest unit that says enough: "3 years", "40 days", "5 hours", "2 minutes". */
export function span(milliseconds: number): string {
  const units: readonly (readonly [number, string])[] = [
    [365 * dayMs, 'year'],
    [dayMs, 'day'],
    [hourMs, 'hour'],
    [minuteMs, 'minute'],
  ];
  const size = Math.abs(milliseconds);
  for (const [unit, name] of units) {
    const count = Math.floor(size / unit);
    if (count >= 1) return `${count} ${name}${count === 1 ? '' : 's'}`;
  }
  return 'less than a minute';
}

/** One certificate in a few words: subject, issuer, validity, and of a server's own the names it is for. */
function told(each: CertificateFacts, depth: number): string {
  const from = each.selfSigned ? 'by itself' : `by ${shortName(each.issuer)}`;
  const some = each.names.slice(0, 3).join(', ');
  const more = each.names.length > 3 ? ` and ${each.names.length - 3} more` : '';
  const names = depth > 0 || some === '' ? '' : `, for ${some}${more}`;
  return `${shortName(each.subject) || 'no name'}, issued ${from}, valid ${day(each.validFrom)} to ${day(each.validTo)}${names}`;
}

/** The chain as received, leaf first, on one line; empty when none is known. */
export const chainTold = (chain: readonly CertificateFacts[]): Clean =>
  clean(chain.slice(0, 4).map(told).join('; then '), 600);

/** The chain and both clocks as evidence. */
export function chainLines(trouble: Trouble, seen: Seen, facts: Facts): readonly Clean[] {
  const lines = trouble.chain
    .slice(0, 4)
    .map((each, depth) => clean(`${depth === 0 ? 'Certificate' : 'Then'}: ${told(each, depth)}`, 400));
  const clock = serverClock(seen);
  const theirs = clock === null ? '' : `; Date header of ${clock.host}: ${minuteText(clock.time)}`;
  return [...lines, clean(`This machine’s clock: ${minuteText(facts.now)}${theirs}`)];
}
