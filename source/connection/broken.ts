/** How a connection breaks on its way up, before there is a request to blame: dial, tunnel and handshake throw this. */
import type {CertificateFacts, Stage, Trouble} from '../diagnosis/evidence.ts';
import {type Clean, clean} from '../domain/clean.ts';

export type Attempt = Trouble['attempts'][number];

type Particulars = Readonly<{
  attempts?: readonly Attempt[];
  proxyAnswer?: Trouble['proxyAnswer'];
  chain?: readonly CertificateFacts[];
  refusedChain?: boolean;
  smallGreeting?: boolean;
  spoken?: Clean | null;
}>;

export class Broken extends Error {
  override readonly name = 'Broken';
  constructor(
    readonly stage: Stage,
    readonly code: string,
    message: string,
    readonly particulars: Particulars = {},
  ) {
    super(clean(message));
  }
}

/** The message of anything thrown, on one clean line. */
export const messageOf = (error: unknown): Clean => clean(error instanceof Error ? error.message : error);
