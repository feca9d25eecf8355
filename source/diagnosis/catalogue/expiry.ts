/** When a remembered expiry date is over: the token works through its last day, by UTC. */
export function isPast(expiresAt: string | null, now: Date): boolean {
  return expiresAt !== null && expiresAt < now.toISOString().slice(0, 10);
}

/** Whole days from today (UTC) to a date; negative when it is past. */
export function daysUntil(expiresAt: string, now: Date): number {
  const today = Date.parse(now.toISOString().slice(0, 10));
  return Math.round((Date.parse(expiresAt) - today) / 86_400_000);
}
