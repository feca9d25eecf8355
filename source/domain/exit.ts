/** Exit codes of the program. Public; scripts branch on them. */
export const exit = {
  done: 0,
  bug: 1,
  usage: 2,
  notFound: 3,
  rejected: 4,
  permission: 5,
  dns: 6,
  network: 7,
  tls: 8,
  site: 9,
  store: 10,
} as const;
export type ExitCode = (typeof exit)[keyof typeof exit];
/** Ended by a signal: 128 plus its number (Ctrl-C is SIGINT, 2). */
export const exitBySignal = (number: number): number => 128 + number;
