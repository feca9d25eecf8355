// Stands between the terminal and Ink. Ink wants one key, one run of text or one whole paste at a time; a slow link,
// tmux or a fast typist send several at once, or one in pieces. Here they become single items, given out one per turn
// of the event loop so that React has drawn the first before the second comes.
import {Readable} from 'node:stream';
import {StringDecoder} from 'node:string_decoder';
import {pasteEnd, pasteStart, type Token, Tokeniser, type Waiting} from './tokens.ts';

/** Milliseconds of silence after which what was waited for will not come any more. */
export type Patience = Readonly<Record<Exclude<Waiting, null>, number>> & Readonly<{quiet: number; longest: number}>;

const patience: Patience = {
  // An arrow key's bytes come in one packet, but a lossy link may send them in two: 100 ms covers a retransmission on
  // a fast path, and is not felt by who presses Escape.
  escape: 100,
  sequence: 400,
  paste: 500,
  verdict: 100,
  // Leaving: input that arrives this long after the end is thrown away, for at most `longest`.
  quiet: 30,
  longest: 2000,
};

/** A terminal's input: of a `tty.ReadStream` this much is used. */
export type KeySource = NodeJS.ReadableStream & {isRaw?: boolean; setRawMode?: (raw: boolean) => unknown};

export type KeyStreamOptions = Readonly<{
  /** Ctrl-C, ahead of everything typed before it, which is thrown away. */
  onInterrupt: () => void;
  /** The terminal is gone. */
  onHangup: () => void;
  /** Other waiting times, for tests. */
  patience?: Partial<Patience>;
}>;

export class KeyStream extends Readable {
  readonly isTTY = true;
  readonly #source: KeySource;
  readonly #options: KeyStreamOptions;
  readonly #patience: Patience;
  readonly #decoder = new StringDecoder('utf8');
  readonly #tokens = new Tokeniser();
  readonly #queue: string[] = [];
  #wasRaw = false;
  #isOpen = false;
  #isClosed = false;
  #turn: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastInput = 0;

  /** @param source a terminal; nothing is read from it before `open` */
  constructor(source: KeySource, options: KeyStreamOptions) {
    super({objectMode: true});
    this.#source = source;
    this.#options = options;
    this.#patience = {...patience, ...options.patience};
    // Ink listens for `readable` exactly while a view reads keys. Nothing is handed over before: type-ahead waits.
    this.on('newListener', name => {
      if (name === 'readable') this.#schedule();
    });
  }

  /** This stream as Ink's types want it; Ink uses the methods below and no others (checked in its App.js and stream.js). */
  forInk(): NodeJS.ReadableStream {
    return this;
  }

  /** Takes the terminal into raw mode and begins to listen. Again after the process was stopped and continued. */
  open(): void {
    if (this.#isClosed) return;
    if (this.#isOpen) {
      // The shell has set its own modes meanwhile, unknown to Node, which would skip setting what it believes is set.
      this.#setRaw(false);
      this.#setRaw(true);
      return;
    }
    this.#isOpen = true;
    this.#wasRaw = this.#source.isRaw === true;
    this.#setRaw(true);
    this.#source.on('data', this.#receive);
    this.#source.on('end', this.#hangup);
    this.#source.on('error', this.#hangup);
    this.#source.resume();
  }

  /** Nothing is handed to the view any more; what is typed from now on is thrown away. */
  close(): void {
    this.#isClosed = true;
    this.#queue.length = 0;
    clearImmediate(this.#turn);
  }

  /** Reads and drops until the keyboard is quiet, and to the end of a paste under way: none of it may run in the shell. */
  async drain(): Promise<void> {
    this.close();
    if (!this.#isOpen) return;
    const begun = performance.now();
    for (;;) {
      await new Promise(resolve => setTimeout(resolve, 10));
      const now = performance.now();
      const silence = now - Math.max(begun, this.#lastInput);
      if (silence >= (this.#tokens.pasting ? this.#patience.paste : this.#patience.quiet)) return;
      if (now - begun >= this.#patience.longest) return;
    }
  }

  /** Gives the terminal back in the mode it was found in. Synchronous; may come twice. */
  release(): void {
    this.close();
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#source.off('data', this.#receive);
    this.#source.off('end', this.#hangup);
    this.#source.pause();
    this.#setRaw(this.#wasRaw);
    setImmediate(() => this.#source.off('error', this.#hangup));
  }

  // Raw mode belongs to mount for the whole time; Ink would leave it between two screens, and the terminal would echo.
  setRawMode(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override setEncoding(): this {
    return this;
  }

  override _read(): void {
    this.#schedule();
  }

  readonly #receive = (chunk: Buffer | string): void => {
    this.#lastInput = performance.now();
    clearTimeout(this.#timer);
    this.#accept(this.#tokens.push(typeof chunk === 'string' ? chunk : this.#decoder.write(chunk)));
    this.#wait();
  };

  readonly #hangup = (): void => {
    this.close();
    this.#options.onHangup();
  };

  #wait(): void {
    const waiting = this.#tokens.waiting;
    if (waiting === null) return;
    this.#timer = setTimeout(() => {
      this.#accept(this.#tokens.settle());
      this.#wait();
    }, this.#patience[waiting]);
  }

  #accept(tokens: readonly Token[]): void {
    for (const token of tokens) {
      if (token.type !== 'interrupt') {
        if (!this.#isClosed) this.#queue.push(token.type === 'paste' ? pasteStart + token.text + pasteEnd : token.text);
        continue;
      }
      // As the kernel does it for Ctrl-C: what was typed ahead is not for what comes now.
      this.#queue.length = 0;
      if (!this.#isClosed) this.#options.onInterrupt();
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#turn || this.#isClosed || this.#queue.length === 0) return;
    this.#turn = setImmediate(() => {
      this.#turn = undefined;
      this.#handOver();
    });
  }

  #handOver(): void {
    if (this.#isClosed || this.listenerCount('readable') === 0 || this.readableLength > 0) return;
    const item = this.#queue.shift();
    if (item !== undefined) this.push(item);
    this.#schedule();
  }

  #setRaw(raw: boolean): void {
    // A terminal that was hung up refuses (EIO); there is nothing left to set then.
    try {
      this.#source.setRawMode?.(raw);
    } catch {}
  }
}
