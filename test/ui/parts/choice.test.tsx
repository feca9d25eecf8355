import {renderToString} from 'ink';
import {describe, expect, it, vi} from 'vitest';
import {Choice, type ChoiceProps} from '../../../source/ui/parts/choice.tsx';
import {Spinner} from '../../../source/ui/parts/spinner.tsx';
import {ThemeContext, themeOf} from '../../../source/ui/theme.ts';
import {keys, show} from './typing.ts';

const items = ['Jira Software', 'Jira Feeds', 'Practice'].map(label => ({value: label, label}));

function setUp(props: Partial<ChoiceProps<string>> = {}) {
  const heard = {choose: vi.fn(), back: vi.fn(), help: vi.fn(), highlight: vi.fn()};
  const view = (
    <Choice
      label="What for?"
      items={items}
      onChoose={heard.choose}
      onBack={heard.back}
      onHelp={heard.help}
      onHighlight={heard.highlight}
      {...props}
    />
  );
  return {heard, view};
}

describe('Choice', () => {
  it.each<[string, string[], string]>([
    ['Enter takes the first', [], 'Jira Software'],
    ['down', [keys.down], 'Jira Feeds'],
    ['up goes round', [keys.up], 'Practice'],
    ['down goes round', [keys.down, keys.down, keys.down], 'Jira Software'],
    ['a number', ['2'], 'Jira Feeds'],
    ['a number that is none', ['2', '4', '0'], 'Jira Feeds'],
    ['End', [keys.end], 'Practice'],
    ['Home', [keys.end, keys.home], 'Jira Software'],
    ['letters, Tab and Escape do nothing', ['j', 'k', keys.tab, keys.escape, keys.ctrl('n')], 'Jira Software'],
    ['a paste does nothing', [keys.paste('3'), keys.paste('?'), keys.paste('\r')], 'Jira Software'],
  ])('%s', async (_name, typed, expected) => {
    const {heard, view} = setUp();
    const app = await show(view);
    await app.type(...typed);
    expect(heard.choose).not.toHaveBeenCalled();
    expect(heard.help).not.toHaveBeenCalled();
    await app.type(keys.enter);
    expect(heard.choose).toHaveBeenCalledExactlyOnceWith(expected);
  });

  it('tells back, help and the highlight', async () => {
    const {heard, view} = setUp();
    const app = await show(view);
    await app.type(keys.down, '?', keys.back);
    expect(heard.highlight).toHaveBeenCalledExactlyOnceWith('Jira Feeds');
    expect(heard.help).toHaveBeenCalledOnce();
    expect(heard.back).toHaveBeenCalledOnce();
  });

  it('takes no keys while it is not active', async () => {
    const {heard, view} = setUp({isActive: false});
    const app = await show(view);
    await app.type(keys.down, keys.enter);
    expect(heard.choose).not.toHaveBeenCalled();
  });

  it('marks the highlighted one without colour', async () => {
    const {view} = setUp({initial: 1});
    const app = await show(view);
    expect(app.frame()).toBe('What for?\n  1. Jira Software\n› 2. Jira Feeds\n  3. Practice');
  });

  it('scrolls a list longer than its room', async () => {
    const many = Array.from({length: 20}, (_, index) => ({value: `${index + 1}`, label: `item ${index + 1}`}));
    const {view} = setUp({items: many, limit: 5});
    const app = await show(view);
    expect(app.frame()).toContain('15 more below');
    await app.type(...Array.from({length: 10}, () => keys.down));
    expect(app.frame()).toContain('› 11. item 11');
    expect(app.frame()).toContain('more above');
    expect(app.frame().split('\n')).toHaveLength(8);
  });

  it('wraps hints beside the number at 40 columns, in ASCII', () => {
    const {view} = setUp({
      items: [{value: 'a', label: 'Jira Software', hint: 'Read and write, over the REST API of the site.'}],
    });
    const frame = renderToString(
      <ThemeContext value={themeOf({unicode: false, screenReader: false, dumb: false})}>{view}</ThemeContext>,
      {columns: 40},
    );
    expect(frame).toBe('What for?\n> 1. Jira Software\n     Read and write, over the REST API\n     of the site.');
  });
});

describe('Spinner', () => {
  const draw = (theme: Parameters<typeof themeOf>[0]) =>
    show(
      <ThemeContext value={themeOf(theme)}>
        <Spinner label="dns" />
      </ThemeContext>,
    );

  it('moves', async () => {
    const app = await draw({unicode: true, screenReader: false, dumb: false});
    await vi.waitFor(() => expect(new Set(app.frames().split('\n')).size).toBeGreaterThan(2));
    expect(app.frame()).toMatch(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] dns$/);
  });

  it('moves in ASCII', async () => {
    const app = await draw({unicode: false, screenReader: false, dumb: false});
    await vi.waitFor(() => expect(new Set(app.frames().split('\n')).size).toBeGreaterThan(2));
    expect(app.frame()).toMatch(/^[-\\|/] dns$/);
  });

  it.each([
    ['a screen reader', {unicode: true, screenReader: true, dumb: false}],
    ['a dumb terminal', {unicode: true, screenReader: false, dumb: true}],
  ])('stands still for %s', async (_name, theme) => {
    const still = await draw(theme);
    const moving = await draw({unicode: true, screenReader: false, dumb: false});
    await vi.waitFor(() => expect(new Set(moving.frames().split('\n')).size).toBeGreaterThan(3));
    expect(new Set(still.frames().split('\n'))).toEqual(new Set(['· dns']));
  });
});
