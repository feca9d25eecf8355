/**
 * The day a token stops working. On Cloud no API shows it (1–365 days are chosen when the token is made), so it is
 * asked once and remembered. Days are UTC days: the last on which the token works.
 */
import {dayNumber, dayNumberOf, dayOfNumber} from './time.ts';

export type CheckedExpiry =
  | Readonly<{ok: true; expiresAt: string | null /** Worth saying, and no obstacle. */; note: string | null}>
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

/** "Nov 23, 2027" and "23 November 2027", as account pages write dates, to YYYY-MM-DD; other text to no date. */
function fromWords(text: string): string {
  const match =
    /^(?<month>[a-z]{3,9})\.?\s+(?<day>\d{1,2}),?\s+(?<year>\d{4})$/i.exec(text) ??
    /^(?<day>\d{1,2})\.?[\s-]+(?<month>[a-z]{3,9})\.?,?[\s-]+(?<year>\d{4})$/i.exec(text);
  const {month = '', day = '', year = ''} = match?.groups ?? {};
  return iso(year, String(months.indexOf(month.slice(0, 3).toLowerCase()) + 1), day);
}

const iso = (year: string, month: string, day: string): string =>
  `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;

/** The days that "31.12.2026" or "3/4/2027" may mean: their order differs from country to country. */
function daysMeant(text: string): readonly string[] {
  const [, one = '', other = '', year = ''] = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(text) ?? [];
  const meant = [iso(year, other, one), iso(year, one, other)].filter(day => dayNumberOf(day) !== null);
  return [...new Set(meant)];
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
  const day = readDay(typed, today);
  if (day === null) return {ok: false, reason: notUnderstood(typed, today)};
  if (day < today)
    return {
      ok: false,
      reason: `${dayOfNumber(day)} has passed (today is ${dayOfNumber(today)}), and an expired token cannot be used. Create a new one.`,
    };
  const note = day - today > cloudDays ? 'Jira Cloud tokens last 365 days at most; this date is further away.' : null;
  return {ok: true, expiresAt: dayOfNumber(day), note};
}

function notUnderstood(typed: string, today: number): string {
  const [first, second] = daysMeant(typed);
  if (second !== undefined) return `This may be ${first} or ${second}. Type the one you mean, as year-month-day.`;
  if (first !== undefined) return `This seems to be ${first}. Type it that way, as year-month-day.`;
  return `That is not a valid date. Type it as year-month-day, such as ${dayOfNumber(today + 365)}, or as +90 for ninety days from today, or leave it empty.`;
}

function readDay(typed: string, today: number): number | null {
  const span = /^(?:\+\s?(\d{1,5})(?:\s?(?:d|days?))?|(?:in\s+)?(\d{1,5})\s?(?:d|days?))$/i.exec(typed);
  if (span) {
    const days = Number(span[1] ?? span[2]);
    return days > mostDays ? null : today + days;
  }
  const numbers = /^(\d{4})([-./])(\d{1,2})\2(\d{1,2})(?:[T ][0-9:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/i.exec(typed);
  const [, year = '', , month = '', day = ''] = numbers ?? [];
  return dayNumberOf(numbers === null ? fromWords(typed) : iso(year, month, day));
}

/**
 * @param expiresAt YYYY-MM-DD as remembered, null when it is not known
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
