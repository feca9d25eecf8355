/** Everything a command may touch outside itself, injected once so that tests can stand in for it. */
export type World = Readonly<{
  env: Readonly<Record<string, string | undefined>>;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Aborted by SIGINT, SIGTERM and SIGHUP; the reason is the signal's number. */
  interrupted: AbortSignal;
  now: () => Date;
  version: string;
}>;
