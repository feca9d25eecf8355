import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {portable} from '../../source/terminal/sequences.ts';

const esc = '\u001b';
/** What every terminal in use knows, mosh and the serial console included. */
const allowed =
  /^(?:[^\u001b]|\u001b\[[\d;:]*[ABCDGHJKm]|\u001b\[\?(?:25|2004|2026|1049)[hl]|\u001b\]8;[^\u0007\u001b]*(?:\u0007|\u001b\\))*$/;
const allowedOnVt100 = /^(?:[^\u001b]|\u001b\[[\d;:]*[ABCDHJKm]|\u001b\[\?25[hl])*$/;

describe('what reaches the terminal', () => {
  it.each([
    ['skips a row by a line end', `one${esc}[Etwo${esc}[3Ex`, 'one\r\ntwo\r\n\r\n\r\nx'],
    ['goes up without CSI F', `${esc}[2F`, `\r${esc}[2A`],
    ['keeps colours and erasing', `${esc}[1;31mx${esc}[0m${esc}[K`, `${esc}[1;31mx${esc}[0m${esc}[K`],
    ['leaves out a scroll region and a title', `${esc}[1;5r${esc}]0;title\u0007x`, 'x'],
    ['leaves out a query', `${esc}[?u${esc}[>1u${esc}[c`, ''],
    ['keeps a hyperlink', `${esc}]8;;https://acme.atlassian.net\u0007x${esc}]8;;\u0007`, null],
    ['begins the alternate screen at its top', `${esc}[?1049h`, `${esc}[?1049h${esc}[H`],
  ])('%s', (_name, text, expected) => {
    expect(portable(text, false)).toBe(expected ?? text);
  });

  it('is known everywhere, whatever is drawn', () => {
    const sequence = fc
      .tuple(fc.stringMatching(/^[0-?]{0,4}$/), fc.stringMatching(/^[ -/]?$/), fc.stringMatching(/^[@-~]$/))
      .map(([parameters, between, final]) => `${esc}[${parameters}${between}${final}`);
    const text = fc.array(
      fc.oneof(
        sequence,
        fc.stringMatching(/^[a-z\n]{0,5}$/),
        fc.constantFrom(`${esc}7`, `${esc}(B`, `${esc}=`, esc, `${esc}]0;`),
      ),
    );
    fc.assert(
      fc.property(text, parts => {
        expect(portable(parts.join(''), false)).toMatch(allowed);
        expect(portable(parts.join(''), true)).toMatch(allowedOnVt100);
      }),
      {numRuns: 2000, examples: [[[`${esc}[<G`]], [[`${esc}[?1E`]], [[esc, `${esc}7`, '[r']]]},
    );
  });
});
