/**
 * Copying over SSH: OSC 52 asks the terminal, which is where the user sits, to put a text on its clipboard. It answers
 * nothing, and many terminals do not do it or ask first, so nobody can know whether it worked.
 */
import type {World} from '../world.ts';
import {capabilities} from './capabilities.ts';

/** Bytes of text; hterm and xterm take no more than 100 000 bytes of base64, and tmux no more than its 1 MiB buffer. */
export const longestCopy = 74_994;

const esc = '\u001b';
const bell = '\u0007';
// GNU screen cuts a control string after 256 bytes; pieces of it are joined again by the terminal outside.
const screenPiece = 240;

/**
 * The bytes that ask for the copy.
 * @param multiplexer what stands between this program and the terminal
 * @returns null for a text that is too long
 */
export function copySequence(text: string, multiplexer: 'tmux' | 'screen' | null): string | null {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > longestCopy) return null;
  const ask = `${esc}]52;c;${bytes.toString('base64')}${bell}`;
  if (multiplexer === 'tmux') {
    // tmux takes OSC 52 itself where `set-clipboard` is on, and hands on what is wrapped where `allow-passthrough` is;
    // what is off is ignored. Who has both gets the same text twice.
    return `${ask}${esc}Ptmux;${ask.replaceAll(esc, esc + esc)}${esc}\\`;
  }
  if (multiplexer !== 'screen') return ask;
  const pieces = ask.match(new RegExp(`[\\s\\S]{1,${screenPiece}}`, 'g')) ?? [];
  return pieces.map(piece => `${esc}P${piece}${esc}\\`).join('');
}

/** Whether there is a terminal that could be asked. */
export const canCopy = (world: World): boolean =>
  (world.stdout.isTTY || world.stderr.isTTY) && !capabilities(world).dumb;

/** Asks the terminal; where stdout is a pipe, over stderr. */
export function copyToTerminal(text: string, world: World): 'sent' | 'too-long' | 'no-terminal' {
  if (!canCopy(world)) return 'no-terminal';
  const sequence = copySequence(text, capabilities(world).multiplexer);
  if (sequence === null) return 'too-long';
  (world.stdout.isTTY ? world.stdout : world.stderr).write(sequence);
  return 'sent';
}
