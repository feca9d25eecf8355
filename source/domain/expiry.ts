/**
 * The day a token stops working. On Cloud no API tells it (1–365 days are chosen when the token is made), so it is
 * asked once and remembered. Days are UTC days: the last on which the token works.
 */
import {dayNumber, dayNumberOf, dayOfNumber} from './time.ts';

export type CheckedExpiry =
  | Readonly<{ok: true; expiresAt: string | null /** Worth a word, no obstacle. */; note: string | null}>
  | Readonly<{ok: false; reason: string}>;

export type ExpiryNotice = Readonly<{
  /** Whole days left; 0 on the last day, negative afterwards, null when unknown. */
  days: number | null;
  /** "expires in 23 days" */
  text: string;
  state: 'unknown' | 'fine' | 'soon' | 'expired';
}>;

/** From how many days before its end a token is worth a warning. */
export const soonDays = 30;

/** The longest life of a Cloud token (Atlassian, "Manage API tokens": 1–365 days), and one day for the time zones. */
const cloudDays = 366;
const mostDays = 36_500;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** "Nov 23, 2027" and "23 November 2027", as account pages write dates, to YYYY-MM-DD. */
function fromWords(text: string): string | null {
  const match =
    /^(?<month>[a-z]{3,9})\.?\s+(?<day>\d{1,2}),?\s+(?<year>\d{4})$/i.exec(text) ??
    /^(?<day>\d{1,2})\.?\s+(?<month>[a-z]{3,9})\.?,?\s+(?<year>\d{4})$/i.exec(text);
  const {month = '', day = '', year = ''} = match?.groups ?? {};
  const index = months.indexOf(month.slice(0, 3).toLowerCase());
  return index < 0 ? null : `${year}-${String(index + 1).padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/**
 * @param text YYYY-MM-DD, "+90" or "90 days" from today, a date in English words; empty or "unknown" for not known
 * @param now this machine's clock
 */
export function checkExpiry(text: string, now: Date): CheckedExpiry {
  const typed = text.trim();
  if (typed === '' || /^(?:unknown|none|never|no|skip|\?|-)$/i.test(typed))
    return {ok: true, expiresAt: null, note: null};
  const today = dayNumber(now);
  const day = typed.length > 40 ? null : readDay(typed, today);
  if (day === null)
    return {
      ok: false,
      reason: `This is no day of the calendar. Type it as year-month-day, for example ${dayOfNumber(today + 365)}, or as +90 for ninety days from today, or leave it empty.`,
    };
  if (day < today)
    return {
      ok: false,
      reason: `${dayOfNumber(day)} is past (today is ${dayOfNumber(today)}). A token that has expired cannot be used: create a new one.`,
    };
  const note = day - today > cloudDays ? 'Tokens of Jira Cloud live 365 days at most; this day is further away.' : null;
  return {ok: true, expiresAt: dayOfNumber(day), note};
}

function readDay(typed: string, today: number): number | null {
  const span = /^(?:\+\s?(\d{1,5})(?:\s?(?:d|days?))?|(?:in\s+)?(\d{1,5})\s?(?:d|days?))$/i.exec(typed);
  if (span) {
    const days = Number(span[1] ?? span[2]);
    return days > mostDays ? null : today + days;
  }
  const date = /^(\d{4}-\d{2}-\d{2})(?:[T ][0-9:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/i.exec(typed)?.[1] ?? fromWords(typed);
  return date === null || date === undefined ? null : dayNumberOf(date);
}

/**
 * @param expiresAt YYYY-MM-DD as remembered, null when never told
 * @param now this machine's clock
 */
export function expiryNotice(expiresAt: string | null, now: Date): ExpiryNotice {
  const day = expiresAt === null ? null : dayNumberOf(expiresAt);
  if (day === null) return {days: null, text: 'expiry date unknown', state: 'unknown'};
  const days = day - dayNumber(now);
  if (days < 0) return {days, text: days === -1 ? 'expired yesterday' : `expired ${-days} days ago`, state: 'expired'};
  const text = days === 0 ? 'expires today' : days === 1 ? 'expires tomorrow' : `expires in ${days} days`;
  return {days, text, state: days <= soonDays ? 'soon' : 'fine'};
}
