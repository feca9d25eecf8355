/** Everything a command may touch outside itself, injected once so that tests can stand in for it. */
export type World = Readonly<{
  env: Readonly<Record<string, string | undefined>>;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Another terminal's stream as one that lets no secret of this run through. */
  guard?: (stream: NodeJS.WriteStream) => NodeJS.WriteStream;
  /** Aborted by SIGINT, SIGTERM and SIGHUP; the reason is the signal's number. */
  interrupted: AbortSignal;
  /** While this work is under way no signal ends the process (for a minute at most). Absent where there is none to end. */
  holdEnd?: <T>(work: Promise<T>) => Promise<T>;
  /**
   * From now on signals go to `handler` and end nothing by themselves. For a command that runs another program, whose
   * they are; absent where there is no process to be signalled.
   */
  redirectSignals?: (handler: (signal: NodeJS.Signals) => void) => void;
  /**
   * Seals of a lower work factor than this are made anew when a command has opened one: as high as the memory allows in
   * the program; absent where nothing is raised.
   */
  workFactor?: number | 'highest';
  /** `--plain`: lines are told one after another, nothing is drawn. */
  plain?: boolean;
  now: () => Date;
  version: string;
}>;

/** Work that no signal may cut. */
export const uncut = <T>({holdEnd}: World, work: Promise<T>): Promise<T> =>
  holdEnd === undefined ? work : holdEnd(work);
