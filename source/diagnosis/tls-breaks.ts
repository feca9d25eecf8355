/** Why a TLS handshake broke that judged no certificate: from the peer's alert (RFC 8446 §6) or OpenSSL's own refusal. */
import type {Trouble} from './evidence.ts';

export type TlsBreak =
  | 'large-greeting'
  | 'unknown-name'
  | 'http2-only'
  | 'no-common-ground'
  | 'old-protocol'
  | 'server-fault'
  | 'access-denied'
  | 'legacy-renegotiation'
  | 'weak-parameters'
  | 'tampered'
  | 'stalled'
  | 'unnamed';

/** What an alert of each number means for somebody who showed no certificate. */
const byAlert: Readonly<Record<number, TlsBreak>> = {
  10: 'tampered',
  20: 'tampered',
  21: 'tampered',
  22: 'tampered',
  40: 'no-common-ground',
  47: 'tampered',
  49: 'access-denied',
  50: 'tampered',
  51: 'tampered',
  70: 'old-protocol',
  71: 'no-common-ground',
  80: 'server-fault',
  86: 'tampered',
  90: 'server-fault',
  109: 'tampered',
  110: 'tampered',
  112: 'unknown-name',
  120: 'http2-only',
};

/** OpenSSL's reasons, as its code or its words have them; the names of alerts for messages that carry no number. */
const byWords: readonly (readonly [RegExp, TlsBreak])[] = [
  [/legacy renegotiation|LEGACY_RENEGOTIATION/i, 'legacy-renegotiation'],
  [/unrecognized name/i, 'unknown-name'],
  [/no application protocol/i, 'http2-only'],
  [/unsupported[ _]protocol|protocol[ _]version|version[ _]too[ _]low|wrong[ _]ssl[ _]version/i, 'old-protocol'],
  [
    /key[ _]too[ _]small|md[ _]too[ _]weak|modulus|bad[ _]dh|legacy[ _]sigalg|wrong[ _]signature[ _]type|no[ _]suitable/i,
    'weak-parameters',
  ],
  [
    /handshake failure|no shared cipher|insufficient security|wrong cipher|unknown cipher|no ciphers/i,
    'no-common-ground',
  ],
  [/internal error/i, 'server-fault'],
  [/access denied/i, 'access-denied'],
  [/decode|decrypt|illegal|unexpected|bad[ _]|length|digest|extension|fallback|downgrade|record/i, 'tampered'],
];

/** The number of the alert the peer sent, as OpenSSL's message ends with it; null when it sent none. */
export function alertIn({message}: Trouble): number | null {
  const number = /\balert number (\d{1,3})\b/i.exec(message)?.[1];
  return number === undefined ? null : Number(number);
}

export function tlsBreakOf(trouble: Trouble): TlsBreak {
  if (trouble.smallGreeting === true) return 'large-greeting';
  const alert = alertIn(trouble);
  const alerted = alert === null ? undefined : byAlert[alert];
  if (alerted !== undefined) return alerted;
  if (/^(?:E(?:SOCKET)?TIMEDOUT|TIMEOUT)$/.test(trouble.code)) return 'stalled';
  const told = `${trouble.code} ${trouble.message}`;
  return byWords.find(([pattern]) => pattern.test(told))?.[1] ?? 'unnamed';
}
