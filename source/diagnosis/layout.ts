/** Setting plain text for a terminal: wrapping by cells, and doing without Unicode. */

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** Cells a text takes on a terminal. */
export function cellsOf(text: string): number {
  let cells = 0;
  for (const character of text) cells += /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return cells;
}

/** A piece of a word that is longer than a line, cut where the line ends. */
function cut(word: string, width: number): readonly [head: string, rest: string] {
  let head = '';
  for (const character of word) {
    if (head !== '' && cellsOf(head + character) > width) break;
    head += character;
  }
  return [head, word.slice(head.length)];
}

/**
 * Breaks a text at spaces. Words longer than a line are cut.
 * @param width cells of a line, `indent` and `hang` included
 * @param indent before the first line; `hang` before the others
 */
export function wrap(text: string, width: number, indent = '', hang = indent): readonly string[] {
  const room = (lead: string) => Math.max(8, width - cellsOf(lead));
  const lines: string[] = [];
  let lead = indent;
  let line = '';
  const flush = () => {
    lines.push(lead + line);
    lead = hang;
    line = '';
  };
  for (const each of text.split(' ').filter(part => part !== '')) {
    let word = each;
    if (line !== '' && cellsOf(line) + 1 + cellsOf(word) > room(lead)) flush();
    while (line === '' && cellsOf(word) > room(lead)) {
      const [head, rest] = cut(word, room(lead));
      line = head;
      word = rest;
      flush();
    }
    if (word !== '') line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '' || lines.length === 0) flush();
  return lines;
}

const ascii: Readonly<Record<string, string>> = {
  '“': '"',
  '”': '"',
  '„': '"',
  '’': "'",
  '‘': "'",
  '…': '...',
  '–': '-',
  '—': '-',
  '·': '-',
  '→': '->',
  '✓': 'ok',
  '✗': 'FAIL',
};

/** Text for a terminal that shows ASCII only: typography falls back, anything else becomes a question mark. */
export const asAscii = (text: string): string =>
  text.replace(/[^\u0020-\u007e]/gu, character => ascii[character] ?? '?');
