/** What a program that was killed has left switched on the terminal, and how it is switched off again. */

/** DEC private modes by number (xterm, "Control Sequences"), and what each is when nobody has touched it. */
const usual: ReadonlyMap<number, boolean> = new Map([
  // Cursor keys as for applications; the cursor shown.
  [1, false],
  [25, true],
  // The other screen, as full-screen programs have it.
  [47, false],
  [1047, false],
  [1049, false],
  // Reports of the mouse and of the focus.
  [1000, false],
  [1002, false],
  [1003, false],
  [1004, false],
  [1005, false],
  [1006, false],
  [1015, false],
  // Markers around what is pasted.
  [2004, false],
]);

/** No sequence looked for is longer. */
const reach = 64;

export class LeftOnScreen {
  #tail = '';
  readonly #changed = new Map<number, boolean>();
  #keypad = false;

  /** @param chunk what the program wrote, as Latin-1 */
  note(chunk: string): void {
    const text = this.#tail + chunk;
    for (const [, numbers = '', end, keypad] of text.matchAll(/\u001b(?:\[\?([\d;]+)([hl])|([=>]))/g)) {
      if (keypad !== undefined) this.#keypad = keypad === '=';
      for (const number of numbers.split(';').map(Number)) {
        if (usual.has(number)) this.#changed.set(number, end === 'h');
      }
    }
    // From the last escape on, it may be half a sequence; seen twice it says the same twice.
    const last = text.lastIndexOf('\u001b');
    this.#tail = last < 0 ? '' : text.slice(last).slice(0, reach);
  }

  /** What sets the terminal back; empty when nothing is left switched. */
  undo(): string {
    const modes = [...this.#changed]
      .filter(([number, on]) => usual.get(number) !== on)
      .map(([number, on]) => `\u001b[?${number}${on ? 'l' : 'h'}`);
    if (this.#keypad) modes.push('\u001b>');
    return modes.length === 0 ? '' : `${modes.join('')}\u001b[0m`;
  }
}
