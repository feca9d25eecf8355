import {renderToString} from 'ink';
import type {ReactElement} from 'react';
import {describe, expect, it, vi} from 'vitest';
import {Field, type FieldProps} from '../../../source/ui/parts/field.tsx';
import {ThemeContext, themeOf, ViewportContext} from '../../../source/ui/theme.ts';
import {keys, show} from './typing.ts';

const token = `${'ATATT3x'.padEnd(184, 'Ab1-_')}=0123ABC`;

function setUp(props: Partial<FieldProps> = {}) {
  const heard = {submit: vi.fn(), change: vi.fn(), back: vi.fn(), help: vi.fn()};
  const view = (more: Partial<FieldProps> = {}) => (
    <Field
      label="Username"
      onSubmit={heard.submit}
      onChange={heard.change}
      onBack={heard.back}
      onHelp={heard.help}
      {...props}
      {...more}
    />
  );
  return {heard, view};
}

describe('what must not stand in a field', () => {
  it('is not drawn, and why stays until something else is typed', async () => {
    const drawn: string[] = [];
    const {heard, view} = setUp({refuses: text => text.startsWith('ATATT')});
    const app = await show(view());
    await app.type('ab', keys.home, keys.paste(token));
    drawn.push(app.frame());
    await app.type(keys.enter);
    drawn.push(app.frame());
    expect(drawn.join('')).not.toContain('ATATT');
    expect(heard.submit).toHaveBeenCalledExactlyOnceWith(`${token}ab`);
    await app.type('you', keys.enter);
    expect(heard.submit).toHaveBeenLastCalledWith('you');
  });
});

describe('typing', () => {
  it('submits what was typed', async () => {
    const {heard, view} = setUp();
    const app = await show(view());
    await app.type('you', '@acme.com');
    expect(app.frame()).toBe('Username\n› you@acme.com');
    await app.type(keys.enter);
    expect(heard.submit).toHaveBeenCalledExactlyOnceWith('you@acme.com');
    expect(heard.change).toHaveBeenLastCalledWith('you@acme.com');
  });

  it.each<[string, string[], string]>([
    ['inserts at the cursor', ['ac', keys.left, 'b'], 'abc'],
    ['moves to both ends', ['b', keys.home, 'a', keys.end, 'c'], 'abc'],
    ['moves to both ends with Ctrl-A and Ctrl-E', ['b', keys.ctrl('a'), 'a', keys.ctrl('e'), 'c'], 'abc'],
    ['deletes to the left', ['abx', keys.backspace, 'c'], 'abc'],
    ['deletes to the right', ['axbc', keys.home, keys.right, keys.delete], 'abc'],
    ['deletes nothing right of the end', ['abc', keys.delete], 'abc'],
    ['deletes nothing left of the start', ['abc', keys.home, keys.backspace], 'abc'],
    ['Ctrl-U clears', ['wrong', keys.left, keys.ctrl('u'), 'abc'], 'abc'],
    ['Ctrl-W takes a word', ['abc wrong ', keys.ctrl('w'), 'd'], 'abc d'],
    ['Alt-Backspace takes a word', ['abc wrong', keys.altBackspace, 'd'], 'abc d'],
    ['Alt-B goes back a word', ['b c', keys.altB, 'x'], 'b xc'],
    ['Ctrl-K cuts the rest', ['abcwrong', ...Array.from({length: 5}, () => keys.left), keys.ctrl('k')], 'abc'],
    ['other Ctrl and Alt letters type nothing', ['ab', keys.ctrl('r'), keys.ctrl('z'), '\u001bx', 'c'], 'abc'],
    ['Escape, Tab and up and down do nothing', ['ab', keys.escape, keys.tab, keys.up, keys.down, 'c'], 'abc'],
    ['an accented letter is one', ['ae\u0301', keys.backspace, 'b'], 'ab'],
    ['an emoji family is one', ['a👨‍👩‍👧', keys.backspace, 'b'], 'ab'],
    ['the cursor steps over an emoji at once', ['a😀b', keys.left, keys.left, keys.delete], 'ab'],
    ['a paste goes to the cursor', ['ac', keys.left, keys.paste('b')], 'abc'],
    ['a paste loses what is no text', [keys.paste('\u001b[31ma\u0000b\u0003c\u001b[0m\r\n')], 'abc'],
    ['a paste of lines becomes one', [keys.paste('a\r\nb\tc')], 'a b c'],
    ['`?` behind text is a letter', ['what', '?'], 'what?'],
    ['a pasted `?` is text', [keys.paste('?')], '?'],
  ])('%s', async (_name, typed, expected) => {
    const {heard, view} = setUp();
    const app = await show(view());
    await app.type(...typed, keys.enter);
    expect(heard.submit).toHaveBeenCalledExactlyOnceWith(expected);
    expect(heard.help).not.toHaveBeenCalled();
  });

  it('loses no key that comes before the one before is drawn', async () => {
    const {heard, view} = setUp();
    const app = await show(view());
    // Several keys in one read: Ink hears them all before React draws.
    await app.type('\u007f', 'a\u007f\u007fb\u001b[Dc', keys.enter);
    expect(heard.submit).toHaveBeenCalledExactlyOnceWith('cb');
  });

  it('starts with the text it is given, the cursor behind it', async () => {
    const {heard, view} = setUp({initialValue: 'ab'});
    const app = await show(view());
    await app.type('c', keys.enter);
    expect(heard.submit).toHaveBeenCalledExactlyOnceWith('abc');
  });

  it('takes no keys while it is not active', async () => {
    const {heard, view} = setUp({isActive: false});
    const app = await show(view());
    await app.type('a', keys.enter);
    expect(heard.submit).not.toHaveBeenCalled();
    expect(app.frame()).toBe('Username\n›');
  });

  it('forgets its text when it becomes another question', async () => {
    const {heard, view} = setUp({label: 'API Token', mask: true});
    const app = await show(view());
    await app.type('secret');
    app.rerender(view({label: 'Username', mask: false}));
    await app.type('me', keys.enter);
    expect(heard.submit).toHaveBeenCalledExactlyOnceWith('me');
    expect(app.frames()).not.toContain('secret');
  });

  it('keeps its text when an error appears', async () => {
    const {view} = setUp();
    const app = await show(view());
    await app.type('me');
    app.rerender(view({error: 'On Cloud this is an e-mail address.'}));
    expect(app.frame()).toBe('Username\n› me\n✗ On Cloud this is an e-mail address.');
  });
});

describe('going elsewhere', () => {
  it('Shift-Tab goes back with the text so far', async () => {
    const {heard, view} = setUp();
    const app = await show(view());
    await app.type('half', keys.back);
    expect(heard.back).toHaveBeenCalledExactlyOnceWith('half');
    expect(app.frame()).toContain('half');
  });

  it('`?` on the empty field asks for help, and is a letter where there is none', async () => {
    const {heard, view} = setUp();
    const app = await show(view());
    await app.type('?');
    expect(heard.help).toHaveBeenCalledOnce();
    expect(app.frame()).toBe('Username\n›');
    const lonely = await show(<Field label="Username" onSubmit={heard.submit} />);
    await lonely.type('?', keys.enter);
    expect(heard.submit).toHaveBeenCalledExactlyOnceWith('?');
  });
});

describe('a default', () => {
  it('is shown, and taken with Enter on the empty field', async () => {
    const {heard, view} = setUp({defaultValue: 'prod'});
    const app = await show(view());
    expect(app.frame()).toBe('Username\n› [prod]');
    await app.type('x', keys.backspace, keys.enter);
    expect(heard.submit).toHaveBeenCalledExactlyOnceWith('prod');
  });

  it('gives way to what is typed', async () => {
    const {heard, view} = setUp({defaultValue: 'prod'});
    const app = await show(view());
    await app.type('dev');
    expect(app.frame()).toBe('Username\n› dev');
    await app.type(keys.enter);
    expect(heard.submit).toHaveBeenCalledExactlyOnceWith('dev');
  });
});

describe('a masked field', () => {
  it('never shows the secret: typed, pasted, moved over, started with, or as the default', async () => {
    const {heard, view} = setUp({mask: true, initialValue: 'STARTED', defaultValue: 'DEFAULT'});
    const app = await show(view());
    await app.type(
      'TYPED',
      keys.left,
      keys.left,
      keys.paste('PASTED'),
      keys.home,
      keys.delete,
      keys.end,
      keys.backspace,
    );
    await app.type(keys.ctrl('u'));
    expect(app.frame()).toBe('Username\n› [kept as it is]');
    await app.type(keys.enter);
    expect(heard.submit).toHaveBeenCalledExactlyOnceWith('DEFAULT');
    expect(app.frames()).not.toMatch(/[A-Z]{3}/);
  });

  it('counts the characters', async () => {
    const {view} = setUp({mask: true});
    const app = await show(view());
    await app.type('a');
    expect(app.frame()).toBe('Username\n› •  1 character');
    await app.type(keys.ctrl('u'), keys.paste(token));
    expect(app.frame()).toMatch(/^Username\n› •+ {2}192 characters$/);
  });

  it('names no wrong count for a paste that did not fit', async () => {
    const {heard, view} = setUp({mask: true});
    const app = await show(view());
    await app.type(keys.paste('x'.repeat(10_000)));
    expect(app.frame()).toMatch(/^Username\n› •+ {2}over 8192 characters$/);
    // What is gone does not come back by deleting; going back keeps no part of it.
    await app.type(keys.backspace, keys.back);
    expect(app.frame()).toContain('over 8192 characters');
    expect(heard.back).toHaveBeenCalledExactlyOnceWith('');
    await app.type(keys.ctrl('u'), 'a');
    expect(app.frame()).toBe('Username\n› •  1 character');
  });

  it('edits the secret unseen', async () => {
    const {heard, view} = setUp({mask: true});
    const app = await show(view());
    await app.type(keys.paste(token), keys.home, 'x', keys.end, keys.backspace, keys.enter);
    expect(heard.submit).toHaveBeenCalledExactlyOnceWith(`x${token.slice(0, -1)}`);
  });
});

describe('how it looks', () => {
  const draw = (view: ReactElement, columns: number, unicode: boolean) =>
    renderToString(
      <ThemeContext value={themeOf({unicode, screenReader: false, dumb: false})}>
        <ViewportContext value={{columns, rows: 24}}>{view}</ViewportContext>
      </ThemeContext>,
      {columns},
    );
  const long = `https://acme.atlassian.net/${'x'.repeat(100)}end`;

  describe.each([80, 40])('at %i columns', columns => {
    describe.each([true, false])('unicode: %s', unicode => {
      it.each<[string, Partial<FieldProps>]>([
        ['a long text', {initialValue: long}],
        ['a long text in wide letters', {initialValue: '日本語'.repeat(40)}],
        ['a long text of emoji', {initialValue: '👨‍👩‍👧é'.repeat(40)}],
        ['a long secret', {initialValue: token, mask: true}],
        ['a long default', {defaultValue: long}],
        ['a long example', {placeholder: long}],
      ])('%s stays on one line', (_name, props) => {
        const lines = draw(setUp(props).view(), columns, unicode).split('\n');
        expect(lines).toHaveLength(2);
        expect(lines[1]?.length).toBeGreaterThan(columns / 3);
      });

      it('the end of a long text is what is seen', () => {
        const line = draw(setUp({initialValue: long}).view(), columns, unicode).split('\n')[1];
        expect(line).toMatch(unicode ? /^› ….*xend$/ : /^> ~.*xend$/);
        expect(line).toHaveLength(columns - 1);
      });

      it('a secret is bullets and a count that fit', () => {
        const line = draw(setUp({initialValue: token, mask: true}).view(), columns, unicode).split('\n')[1];
        expect(line).toMatch(unicode ? /^› •+ {2}192 characters$/ : /^> \*+ {2}192 characters$/);
        expect(line).toHaveLength(columns - 1);
      });
    });
  });

  it('uses no sign beyond ASCII where there is no Unicode', () => {
    const frame = draw(setUp({initialValue: long, error: 'No.', hint: 'Type it.'}).view(), 40, false);
    expect(frame).toMatch(/^[\x00-\x7f]*$/);
  });

  it('says everything without colour', () => {
    expect(
      draw(setUp({hint: 'Your e-mail on Cloud.', error: 'No @ in it.', defaultValue: 'me'}).view(), 40, true),
    ).toBe('Username\nYour e-mail on Cloud.\n› [me]\n✗ No @ in it.');
  });

  it('shows both sides of the cursor in the middle of a long text', async () => {
    const {view} = setUp({initialValue: `start${'-'.repeat(60)}HERE${'-'.repeat(60)}end`, width: 40});
    const app = await show(view());
    await app.type(...Array.from({length: 65}, () => keys.left));
    expect(app.frame()).toMatch(/^Username\n› …-+HERE-+…$/);
    await app.type(keys.home);
    expect(app.frame()).toMatch(/^Username\n› start-+…$/);
  });
});
