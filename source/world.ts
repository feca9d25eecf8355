/** Everything a command may touch outside itself, injected once so that tests can stand in for it. */
export type World = Readonly<{
  env: Readonly<Record<string, string | undefined>>;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Aborted by SIGINT, SIGTERM and SIGHUP; the reason is the signal's number. */
  interrupted: AbortSignal;
  /**
   * From now on signals go to `handler` and end nothing by themselves. For a command that runs another program, whose
   * they are; absent where there is no process to be signalled.
   */
  redirectSignals?: (handler: (signal: NodeJS.Signals) => void) => void;
  now: () => Date;
  version: string;
}>;
