import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {catalogue} from '../../source/diagnosis/catalogue/index.ts';
import {failureCodes} from '../../source/diagnosis/codes.ts';
import {widthOf} from '../../source/text/width.ts';
import {blocksOf, type Passage, paginate, rowsOf} from '../../source/ui/passages.ts';
import {rowsOfAction} from '../../source/ui/screens/checklist.tsx';
import {themeOf} from '../../source/ui/theme.ts';
import {failureOf} from '../assistant/doubles.ts';

const words = fc
  .array(fc.string({unit: 'grapheme', minLength: 1, maxLength: 30}), {maxLength: 30})
  .map(list => list.join(' '));

describe('rows', () => {
  it('never breaks a command at a space, and adds nothing to it', () => {
    const command = 'openssl s_client -connect jira.acme.example:443 -servername jira.acme.example </dev/null';
    const rows = rowsOf([{text: command, tone: 'code'}], 40);
    expect(rows.map(({text}) => text).join('')).toBe(command);
  });

  it('indents what follows a mark', () => {
    expect(rowsOf([{mark: '1. ', text: 'one two three'}], 10).map(({text}) => text)).toEqual([
      '1. one two',
      '   three',
    ]);
  });
});

describe('pages', () => {
  const passages: readonly Passage[] = [
    {text: 'one', tone: 'strong'},
    {text: 'x y z'},
    {text: 'two', tone: 'strong'},
    {text: 'https://acme.atlassian.net', tone: 'code'},
  ];

  it('keep a block together', () => {
    const pages = paginate(blocksOf(passages, 40), 3, false).map(page => page.map(({text}) => text));
    expect(pages).toEqual([
      ['one', 'x y z'],
      ['two', 'https://acme.atlassian.net'],
    ]);
  });

  it('part blocks by an empty row where one is wanted', () => {
    const [page] = paginate(blocksOf(passages, 40), 9, true);
    expect(page?.map(({text}) => text)).toEqual(['one', 'x y z', '', 'two', 'https://acme.atlassian.net']);
  });

  it('hold no more rows than they may, and every row once', () => {
    const tones = fc.constantFrom<Passage['tone']>('strong', 'plain', 'code');
    const some = fc.array(fc.record({text: words, tone: tones as fc.Arbitrary<NonNullable<Passage['tone']>>}), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(some, fc.integer({min: 1, max: 20}), (list, height) => {
        const blocks = blocksOf(list, 30);
        const pages = paginate(blocks, height, false);
        for (const page of pages) expect(page.length).toBeLessThanOrEqual(height);
        expect(pages.flat()).toEqual(blocks.flat());
      }),
    );
  });
});

describe('the checklist of every failure', () => {
  const look = {
    current: true,
    number: null,
    columns: 39,
    symbols: themeOf({unicode: true, screenReader: false, dumb: false}).symbols,
  };
  const codes = failureCodes.filter(code => catalogue[code].kind !== 'warning');

  it.each(codes)('%s keeps each command and address whole, alone on its lines', code => {
    const failure = failureOf(code);
    for (const {command, url, ...action} of failure.checklist) {
      const rows = rowsOfAction({...action, ...(command ? {command} : {}), ...(url ? {url} : {})}, false, look);
      const whole = rows.filter(({tone}) => tone === 'code').map(({text}) => text);
      expect(whole.join('')).toBe(`${command ?? ''}${url ?? ''}`);
      for (const {text} of rows) expect(widthOf(text)).toBeLessThanOrEqual(look.columns);
    }
  });
});
