// Puts an Ink view on the terminal and takes it away again, whatever ends it. Imports Ink: reach it by
// `await import`, after `prepareColour(world)` of capabilities.ts, or NO_COLOR is not honoured.
import {render, useApp} from 'ink';
import {Component, type ReactNode, useEffect, useRef} from 'react';
import type {World} from '../world.ts';
import {capabilities} from './capabilities.ts';
import {KeyStream} from './key-stream.ts';
import {lineScreenOf} from './line-screen.ts';
import {type Screen, screenOf} from './screen.ts';
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
  /** On a screen of its own, of which nothing is left in the scrollback, whatever is resized or interrupted. Default false. */
  alternate?: boolean;
  /** Whether what was asked last is a secret, so that a late paste must be waited for longer. Default: it may be. */
  secret?: () => boolean;
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
const leaveAlternate = '\u001b[?1049l';

class Stage<T> {
  readonly #keys: KeyStream;
  readonly #can;
  #end: (ending: Ending<T>) => void = () => {};
  #interrupts = 0;
  #restored = false;
  #leaving = false;
  #screen: Screen | null = null;
  #suspend: ((work: () => Promise<void>) => Promise<void>) | null = null;
  #suspended = false;

  constructor(
    readonly terminal: Terminal,
    readonly world: World,
    readonly options: MountOptions,
  ) {
    this.#can = capabilities(world);
    this.#keys = new KeyStream(terminal.input, {
      onInterrupt: () => this.#interrupt(),
      onHangup: () => this.#fail(new EndedBySignal(1)),
      onRedraw: () => this.#redraw(),
      onSuspend: () => this.#stop(),
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
    const resumed = () => this.#resume();
    process.on('SIGCONT', resumed);
    process.on('SIGTSTP', this.#stop);
    try {
      this.#takeTerminal();
      return await this.#show(view, ended);
    } finally {
      await this.#keys.drain(this.options.secret?.() ?? true);
      this.#restore();
      this.world.interrupted.removeEventListener('abort', onSignal);
      process.off('exit', this.#restore);
      process.off('SIGCONT', resumed);
      process.off('SIGTSTP', this.#stop);
      // A late EPIPE of a write under way must not become an uncaught error; the listener goes when the loop has turned.
      setImmediate(() => this.terminal.output.off('error', onBroken));
    }
  }

  async #show(view: (finish: Finish<T>) => ReactNode, ended: Promise<Ending<T>>): Promise<T> {
    const finish: Finish<T> = value => this.#end({type: 'finished', value});
    const {unicode, dumb, basic, screenReader} = this.#can;
    const lines = dumb || screenReader ? lineScreenOf(this.terminal.output, unicode) : null;
    this.#screen = lines === null ? screenOf(this.terminal.output, {unicode, basic}) : null;
    const instance = render(
      <ErrorBoundary onError={error => this.#fail(error)}>
        <Unmounted
          onUnmount={() => {
            if (!this.#leaving) this.#restore();
          }}
        >
          <Suspendable
            offer={suspend => {
              this.#suspend = suspend;
            }}
          />
          {view(finish)}
        </Unmounted>
      </ErrorBoundary>,
      {
        stdin: this.#keys.forInk(),
        stdout: lines?.stream ?? this.#screen?.stream ?? this.terminal.output,
        alternateScreen: this.options.alternate === true && lines === null && !basic,
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
    this.#leaving = true;
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

  /** Clears what others have written over the view and draws it anew. */
  #redraw(): void {
    this.#handOver(async () => {});
  }

  /** Ctrl-Z, or SIGTSTP from outside: the shell gets the terminal as it was, and the whole job is stopped. */
  readonly #stop = (): void => {
    this.#handOver(async () => {
      this.#write(this.#can.dumb || this.#can.basic ? '' : bracketedPasteOff);
      this.#write(this.#can.dumb ? '' : showCursor);
      this.#keys.lend();
      process.off('SIGTSTP', this.#stop);
      process.kill(0, 'SIGTSTP');
      // The process stands still in here. Where nobody could continue it the kernel does not stop it.
      await new Promise(resolve => setTimeout(resolve, 50));
      process.on('SIGTSTP', this.#stop);
      this.#takeTerminal();
    });
  };

  /** Continued after a stop: the shell has set its own modes and written its prompt. */
  #resume(): void {
    if (this.#suspended || this.#leaving) return;
    this.#takeTerminal();
    this.#redraw();
  }

  #handOver(work: () => Promise<void>): void {
    if (this.#suspend === null || this.#suspended || this.#leaving) return;
    this.#suspended = true;
    this.#suspend(work)
      .catch(error => this.#fail(error))
      .finally(() => {
        this.#suspended = false;
      });
  }

  /** Raw mode and bracketed paste, held from before the first frame to the end, also while no field is on screen. */
  #takeTerminal(): void {
    this.#keys.open();
    if (!this.#can.dumb && !this.#can.basic) this.#write(bracketedPasteOn);
  }

  // Also called when the process exits or a signal unmounts Ink: must be synchronous and may come twice.
  readonly #restore = (): void => {
    if (this.#restored) return;
    this.#restored = true;
    if (this.#screen?.onAlternate()) this.#write(leaveAlternate);
    this.#write(this.#can.dumb || this.#can.basic ? '' : bracketedPasteOff);
    this.#write(this.#can.dumb ? '' : showCursor);
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

type BoundaryProps = Readonly<{children: ReactNode; onError: (error: unknown) => void}>;

/** The outermost component: Ink answers an error with its own picture of the stack and source; ours goes to the caller. */
class ErrorBoundary extends Component<BoundaryProps, {broken: boolean}> {
  override state = {broken: false};

  static getDerivedStateFromError() {
    return {broken: true};
  }

  override componentDidCatch(error: unknown) {
    this.props.onError(error);
  }

  override render() {
    return this.state.broken ? null : this.props.children;
  }
}

/** Ink is also unmounted behind our back, by its own hook on exits and signals: then the terminal is put right at once. */
function Unmounted({children, onUnmount}: {children: ReactNode; onUnmount: () => void}) {
  const latest = useRef(onUnmount);
  useEffect(() => () => latest.current(), []);
  return children;
}

type Suspend = (work: () => Promise<void>) => Promise<void>;

/** Ink gives the terminal away and takes it back, with all of the frame drawn anew, only from inside its tree. */
function Suspendable({offer}: {offer: (suspend: Suspend) => void}) {
  const {suspendTerminal} = useApp();
  useEffect(() => offer(suspendTerminal), [offer, suspendTerminal]);
  return null;
}
