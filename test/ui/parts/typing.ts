// Keys for a view rendered by ink-testing-library: one write a turn, as the key stream gives them to Ink.
import {render} from 'ink-testing-library';
import type {ReactElement} from 'react';
import {onTestFinished} from 'vitest';

export const keys = {
  enter: '\r',
  tab: '\t',
  back: '\u001b[Z',
  escape: '\u001b\u001b',
  left: '\u001b[D',
  right: '\u001b[C',
  up: '\u001b[A',
  down: '\u001b[B',
  home: '\u001b[H',
  end: '\u001b[F',
  delete: '\u001b[3~',
  backspace: '\u007f',
  altBackspace: '\u001b\u007f',
  altB: '\u001bb',
  ctrl: (letter: string) => String.fromCharCode(letter.charCodeAt(0) & 0x1f),
  paste: (text: string) => `\u001b[200~${text}\u001b[201~`,
};

const turn = () => new Promise(resolve => setImmediate(resolve));

/** Draws a view and returns how to type into it and see it. */
export async function show(view: ReactElement) {
  const app = render(view);
  onTestFinished(app.unmount);
  await turn();
  return {
    type: async (...items: readonly string[]) => {
      for (const item of items) {
        app.stdin.write(item);
        await turn();
      }
    },
    frame: () => app.lastFrame() ?? '',
    /** Everything drawn so far. */
    frames: () => app.frames.join('\n'),
    rerender: app.rerender,
  };
}
