// Stands between the terminal and Ink. Ink wants one key, one run of text or one whole paste at a time; a slow link,
// tmux or a fast typist send several at once, or one in pieces. Here they become single items, given out one per turn
// of the event loop so that React has drawn the first before the second comes.
import {closeSync, constants, openSync, readSync} from 'node:fs';
import {Readable} from 'node:stream';
import {StringDecoder} from 'node:string_decoder';
import {ReadStream} from 'node:tty';
import {graphemes} from '../text/width.ts';
import {pasteEnd, pasteStart, type Token, Tokeniser, type Waiting} from './tokens.ts';

/** Milliseconds of silence after which what was waited for will not come any more. */
export type Patience = Readonly<Record<Exclude<Waiting, null>, number>> &
  Readonly<{quiet: number; secret: number; longest: number}>;

const patience: Patience = {
  // An arrow key's bytes come in one packet, but a lossy link may send them in two: 100 ms covers a retransmission on
  // a fast path, and is not felt by who presses Escape.
  escape: 100,
  sequence: 400,
  paste: 500,
  verdict: 100,
  // Leaving: what arrives is thrown away until the keyboard is quiet for so long. Two packets of a paste come further
  // apart over SSH than 30 ms; what was meant for a secret field must on no account reach the shell.
  quiet: 200,
  secret: 500,
  longest: 8000,
};

/** UTF-16 units a person types within one round trip of a slow link; a longer run of text is a paste without brackets. */
export const longestTypeAhead = 24;

/** UTF-16 units without a pause before a Ctrl-C, from which on it stands in a paste and what follows is its rest. */
const longestBeforeInterrupt = 8;

/** A terminal's input: of a `tty.ReadStream` this much is used. */
export type KeySource = NodeJS.ReadableStream & {isRaw?: boolean; setRawMode?: (raw: boolean) => unknown};

export type KeyStreamOptions = Readonly<{
  /** Ctrl-C, ahead of everything typed before it, which is thrown away. */
  onInterrupt: () => void;
  /** The terminal is gone. */
  onHangup: () => void;
  /** Ctrl-L. */
  onRedraw?: () => void;
  /** Ctrl-Z. */
  onSuspend?: () => void;
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
  /** UTF-16 units since the keyboard was quiet last. */
  #run = 0;
  /** A Ctrl-C stood amid a paste without brackets; its rest is meant for no screen. */
  #isRestOfPaste = false;

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
      this.#source.resume();
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

  /** Gives the keyboard away while the process is stopped; `open` takes it back. */
  lend(): void {
    if (!this.#isOpen) return;
    this.#source.pause();
    this.#setRaw(this.#wasRaw);
  }

  /** Nothing is handed to the view any more; what is typed from now on is thrown away. */
  close(): void {
    this.#isClosed = true;
    this.#queue.length = 0;
    clearImmediate(this.#turn);
  }

  /**
   * Reads and drops until the keyboard is quiet, and to the end of a paste under way: none of it may run in the shell.
   * @param secret a secret was asked last, so that a paste may be on its way
   */
  async drain(secret = false): Promise<void> {
    this.close();
    if (!this.#isOpen) return;
    const begun = performance.now();
    for (;;) {
      await new Promise(resolve => setTimeout(resolve, 10));
      const now = performance.now();
      const silence = now - Math.max(begun, this.#lastInput);
      if (
        silence >= (this.#tokens.pasting ? this.#patience.paste : secret ? this.#patience.secret : this.#patience.quiet)
      )
        return;
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
    discardPending(this.#source);
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
    const now = performance.now();
    if (now - this.#lastInput >= this.#patience.quiet) {
      this.#run = 0;
      this.#isRestOfPaste = false;
    }
    this.#lastInput = now;
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
        this.#run += token.text.length;
        if (!this.#isClosed && !this.#isRestOfPaste) this.#take(token);
        continue;
      }
      this.#isRestOfPaste ||= this.#run > longestBeforeInterrupt;
      // As the kernel does it for Ctrl-C: what was typed ahead is not for what comes now.
      this.#queue.length = 0;
      if (!this.#isClosed) this.#options.onInterrupt();
    }
    this.#schedule();
  }

  #take(token: Exclude<Token, {type: 'interrupt'}>): void {
    if (token.type === 'paste') this.#queue.push(pasteStart + token.text + pasteEnd);
    else if (token.text === '\f' && this.#options.onRedraw) this.#options.onRedraw();
    else if (token.text === '\u001a' && this.#options.onSuspend) this.#options.onSuspend();
    // Keys that were typed ahead arrive as one run, and the screen they were meant for may take single letters.
    else if (token.text.length <= longestTypeAhead && !token.text.startsWith('\u001b')) {
      this.#queue.push(...graphemes(token.text));
    } else this.#queue.push(token.text);
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

/** What the kernel still holds, read and dropped, as tcflush(3) would, which Node does not have. */
function discardPending(source: KeySource): void {
  if (process.platform !== 'linux' || !(source instanceof ReadStream)) return;
  let fd: number | undefined;
  try {
    // Opened once more, so that not to block concerns this descriptor only.
    fd = openSync(
      `/proc/self/fd/${'fd' in source ? source.fd : 0}`,
      constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY,
    );
    while (readSync(fd, Buffer.alloc(4096)) > 0);
  } catch {
    // EAGAIN: there is nothing left. Anything else: there is no terminal any more.
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
