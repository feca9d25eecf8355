// Puts an Ink view on the terminal and takes it away again, whatever ends it. Imports Ink: reach it by
// `await import`, after `prepareColour(world)` of capabilities.ts, or NO_COLOR is not honoured.
import {render} from 'ink';
import {Component, type ReactNode, useEffect} from 'react';
import type {World} from '../world.ts';
import {capabilities} from './capabilities.ts';
import {KeyStream} from './key-stream.ts';
import {lineScreenOf} from './line-screen.ts';
import {screenOf} from './screen.ts';
import {openTerminal, type Terminal} from './tty.ts';

/** The view was ended by a signal (or by the terminal going away, which is SIGHUP): exit with 128 plus `number`. */
export class EndedBySignal extends Error {
  override readonly name = 'EndedBySignal';
  constructor(readonly number: number) {
    super(`ended by signal ${number}`);
  }
}

export type MountOptions = Readonly<{
  /** Ctrl-C. The view decides: stop the test, or `finish`. Pressed three times without an ending, the view is ended. */
  onInterrupt: () => void;
  /** What of the last frame stays on the screen: default none of it, since the farewell says it in plain text. */
  leave?: 'nothing' | 'frame';
}>;

export type Finish<T> = (value: T) => void;

/**
 * Shows a view until it calls `finish`.
 * @param view makes the tree; its part shows Ink components and calls `finish` once with the result
 * @returns the value given to `finish`, after the terminal is as it was before
 * @throws UsageFault when there is no terminal to ask on; EndedBySignal after SIGTERM, SIGHUP and the like; whatever a
 *   component threw while drawing
 */
export async function mount<T>(
  view: (finish: Finish<T>) => ReactNode,
  world: World,
  options: MountOptions,
): Promise<T> {
  const terminal = openTerminal(world);
  const stage = new Stage<T>(terminal, world, options);
  try {
    return await stage.play(view);
  } finally {
    terminal.close();
  }
}

type Ending<T> = Readonly<{type: 'finished'; value: T} | {type: 'failed'; error: unknown}>;

const bracketedPasteOn = '\u001b[?2004h';
const bracketedPasteOff = '\u001b[?2004l';
const showCursor = '\u001b[?25h';

class Stage<T> {
  readonly #keys: KeyStream;
  readonly #can;
  #end: (ending: Ending<T>) => void = () => {};
  #interrupts = 0;
  #restored = false;

  constructor(
    readonly terminal: Terminal,
    readonly world: World,
    readonly options: MountOptions,
  ) {
    this.#can = capabilities(world);
    this.#keys = new KeyStream(terminal.input, {
      onInterrupt: () => this.#interrupt(),
      onHangup: () => this.#fail(new EndedBySignal(1)),
    });
  }

  async play(view: (finish: Finish<T>) => ReactNode): Promise<T> {
    const ended = new Promise<Ending<T>>(resolve => {
      this.#end = resolve;
    });
    const onSignal = () => this.#fail(new EndedBySignal(signalNumber(this.world.interrupted.reason)));
    const onBroken = () => this.#fail(new EndedBySignal(1));
    this.world.interrupted.addEventListener('abort', onSignal, {once: true});
    if (this.world.interrupted.aborted) onSignal();
    this.terminal.output.on('error', onBroken);
    process.on('exit', this.#restore);
    const resumed = () => this.#takeTerminal();
    process.on('SIGCONT', resumed);
    try {
      this.#takeTerminal();
      return await this.#show(view, ended);
    } finally {
      await this.#keys.drain();
      this.#restore();
      this.world.interrupted.removeEventListener('abort', onSignal);
      process.off('exit', this.#restore);
      process.off('SIGCONT', resumed);
      // A late EPIPE of a write under way must not become an uncaught error; the listener goes when the loop has turned.
      setImmediate(() => this.terminal.output.off('error', onBroken));
    }
  }

  async #show(view: (finish: Finish<T>) => ReactNode, ended: Promise<Ending<T>>): Promise<T> {
    const finish: Finish<T> = value => this.#end({type: 'finished', value});
    const {unicode, dumb, screenReader} = this.#can;
    const lines = dumb || screenReader ? lineScreenOf(this.terminal.output, unicode) : null;
    const instance = render(
      <Edge onError={error => this.#fail(error)} onGone={this.#restore}>
        {view(finish)}
      </Edge>,
      {
        stdin: this.#keys.forInk(),
        stdout: lines?.stream ?? screenOf(this.terminal.output, unicode),
        stderr: this.world.stderr,
        exitOnCtrlC: false,
        patchConsole: false,
        interactive: lines === null,
        debug: lines !== null,
        incrementalRendering: true,
        // A frame of the spinner is not held back by the limit for bursts.
        maxFps: 60,
        isScreenReaderEnabled: screenReader,
      },
    );
    const ending = await ended;
    this.#keys.close();
    lines?.flush();
    if (ending.type === 'finished' && this.options.leave !== 'frame') {
      // A frame that still waits for its turn would be drawn by the unmount, after the clearing.
      await instance.waitUntilRenderFlush();
      instance.clear();
    }
    instance.unmount();
    await instance.waitUntilExit();
    if (ending.type === 'failed') throw ending.error;
    return ending.value;
  }

  /** Raw mode and bracketed paste, held from before the first frame to the end, also while no field is on screen. */
  #takeTerminal(): void {
    this.#keys.open();
    if (!this.#can.dumb) this.#write(bracketedPasteOn);
  }

  // Also called when the process exits or a signal unmounts Ink: must be synchronous and may come twice.
  readonly #restore = (): void => {
    if (this.#restored) return;
    this.#restored = true;
    this.#write(this.#can.dumb ? '' : bracketedPasteOff + showCursor);
    this.#keys.release();
  };

  #write(text: string): void {
    if (text !== '' && !this.terminal.output.destroyed) this.terminal.output.write(text);
  }

  #interrupt(): void {
    this.#interrupts += 1;
    if (this.#interrupts >= 3) this.#fail(new EndedBySignal(2));
    else this.options.onInterrupt();
  }

  #fail(error: unknown): void {
    this.#end({type: 'failed', error});
  }
}

const signalNumber = (reason: unknown): number => (typeof reason === 'number' ? reason : 15);

type EdgeProps = Readonly<{children: ReactNode; onError: (error: unknown) => void; onGone: () => void}>;

/**
 * The outermost component. Ink answers an error with its own picture of the stack and source; ours goes to the caller.
 * Ink is also unmounted behind our back, by its own hook on exits and signals: then the terminal is put right here.
 */
class Edge extends Component<EdgeProps, {broken: boolean}> {
  override state = {broken: false};

  static getDerivedStateFromError() {
    return {broken: true};
  }

  override componentDidCatch(error: unknown) {
    this.props.onError(error);
  }

  override render() {
    return this.state.broken ? null : <Gone onGone={this.props.onGone}>{this.props.children}</Gone>;
  }
}

function Gone({children, onGone}: {children: ReactNode; onGone: () => void}) {
  useEffect(() => onGone, [onGone]);
  return children;
}
