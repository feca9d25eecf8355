/** Days and minutes of UTC. Whatever the program stores or prints about time is counted and written here. */

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Days since 1970-01-01, by UTC. */
export const dayNumber = (moment: Date): number => Math.floor(moment.getTime() / dayMs);

/** The day of a number that `dayNumber` gives, as YYYY-MM-DD. */
export const dayOfNumber = (day: number): string => isoDay(new Date(day * dayMs));

/** YYYY-MM-DD, by UTC. */
export const isoDay = (moment: Date): string => moment.toISOString().slice(0, 10);

/** The moment a number of days later, or earlier when it is negative. */
export const daysLater = (moment: Date, days: number): Date => new Date(moment.getTime() + days * dayMs);

/** Day number of YYYY-MM-DD, or null when the calendar has no such day. */
export function dayNumberOf(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const ms = Date.parse(`${text}T00:00:00Z`);
  // JavaScript engines read 30 February as 1 March: written back, the day must be the same.
  return Number.isNaN(ms) || isoDay(new Date(ms)) !== text ? null : ms / dayMs;
}

/** "2026-11-23 02:00 UTC" */
export function minuteText(moment: Date | string): string {
  const iso = typeof moment === 'string' ? moment : moment.toISOString();
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
