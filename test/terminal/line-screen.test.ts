import {describe, expect, it} from 'vitest';
import {newLines} from '../../source/terminal/line-screen.ts';

describe('newLines', () => {
  it.each([
    ['the first picture whole', [], ['Title', 'a'], ['Title', 'a']],
    ['what changed', ['Title', '. dns', '. tls'], ['Title', 'v dns', '. tls'], ['v dns']],
    ['nothing when nothing changed', ['Title', 'a'], ['Title', 'a'], []],
    ['a line that is there once more', ['Title', 'a'], ['Title', 'a', 'a'], ['a']],
    ['another screen whole, after a gap', ['Title', 'a'], ['Other', 'a'], ['', 'Other', 'a']],
  ])('%s', (_name, before, now, expected) => {
    expect(newLines(before, now)).toEqual(expected);
  });
});
