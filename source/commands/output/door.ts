/**
 * The one way by which text leaves. Whatever a command, a screen or a question writes is searched for the secrets of the
 * run; what is handed out on request, and what another program writes, has a way of its own here, and no other.
 */
import type {Readable, Transform} from 'node:stream';
import type {RunSecrets} from '../../domain/run-secrets.ts';
import {streamLike} from '../../terminal/screen.ts';
import type {World} from '../../world.ts';

type Out = 'stdout' | 'stderr';

export type Door = Readonly<{
  /** The same world, whose streams let no secret through. */
  world: World;
  secrets: RunSecrets;
  /** A secret that was asked for (`token`, `export`, `practice --serve`), to stdout as it is. */
  handOut: (text: string) => void;
  /**
   * Output of another program.
   * @param through what takes the secrets out of it; null where that was declined
   * @returns settled when all of it has been written, or nobody reads it any more
   */
  passOn: (from: Readable, to: Out, through: Transform | null) => Promise<void>;
}>;

/** @param outside the streams of the process */
export function doorOf(outside: World, secrets: RunSecrets): Door {
  const guard = (stream: NodeJS.WriteStream): NodeJS.WriteStream =>
    streamLike(stream, (text, done) => stream.write(secrets.redact(text), done));
  return {
    world: {...outside, stdout: guard(outside.stdout), stderr: guard(outside.stderr), guard},
    secrets,
    handOut: text => void outside.stdout.write(text),
    passOn: (from, to, through) => pass(from, outside[to], through),
  };
}

function pass(from: Readable, to: NodeJS.WriteStream, through: Transform | null): Promise<void> {
  return new Promise(resolve => {
    const end = through === null ? from : from.pipe(through);
    end.once('end', resolve);
    end.pipe(to, {end: false});
    const gone = (): void => {
      from.destroy();
      resolve();
    };
    from.once('error', gone);
    // Whoever reads us has left: the program is told as if it had written there itself.
    to.once('error', gone);
  });
}
