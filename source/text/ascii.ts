/** Text for terminals, locales and fonts that have ASCII only. Pure. */
import {widthOf} from './width.ts';

/** A sign as it is written in running text, and as it is drawn where every cell must stay in its place. */
const likenesses: Readonly<Record<string, Readonly<{written: string; drawn: string}>>> = {
  '‘': {written: "'", drawn: "'"},
  '’': {written: "'", drawn: "'"},
  '“': {written: '"', drawn: '"'},
  '”': {written: '"', drawn: '"'},
  '„': {written: '"', drawn: '"'},
  '–': {written: '-', drawn: '-'},
  '—': {written: '-', drawn: '-'},
  '·': {written: '-', drawn: '-'},
  '•': {written: '*', drawn: '*'},
  '›': {written: '>', drawn: '>'},
  '×': {written: 'x', drawn: 'x'},
  '…': {written: '...', drawn: '~'},
  '→': {written: '->', drawn: '>'},
  '✓': {written: 'ok', drawn: 'v'},
  '✗': {written: 'FAIL', drawn: 'x'},
  '\u00a0': {written: ' ', drawn: ' '},
};

/** Running text in ASCII: typography falls back, accents are dropped, anything else becomes `?`. Line ends stay. */
export const asAscii = (text: string): string => inAscii(text, 'written');

/** The same for what is drawn: each sign takes the cells it took before, so that no frame and no column moves. */
export const asAsciiCells = (text: string): string => inAscii(text, 'drawn');

function inAscii(text: string, how: 'written' | 'drawn'): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return text.normalize('NFC').replace(/[^\x00-\x7f]/gu, character => {
    const like = likenesses[character];
    if (like !== undefined) return like[how];
    if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return '';
    const plain = character.normalize('NFKD').replace(/\p{Mn}/gu, '');
    if (/^[\x20-\x7e]$/.test(plain)) return plain;
    return how === 'written' ? '?' : '?'.repeat(widthOf(character));
  });
}
