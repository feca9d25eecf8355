import {renderToString} from 'ink';
import {describe, expect, it} from 'vitest';
import type {State} from '../../source/assistant/state.ts';
import {Secret} from '../../source/domain/secret.ts';
import {widthOf} from '../../source/text/width.ts';
import {View} from '../../source/ui/app.tsx';
import {ThemeContext, themeOf, ViewportContext} from '../../source/ui/theme.ts';
import {passphrase, token} from '../assistant/drive.ts';
import {stages} from './stages.ts';

const sizes = [
  {columns: 80, rows: 24},
  {columns: 40, rows: 15},
  {columns: 120, rows: 50},
] as const;

function draw(state: State, size: {columns: number; rows: number}, unicode = true): readonly string[] {
  const tree = (
    <ThemeContext value={themeOf({unicode, screenReader: false, dumb: false})}>
      <ViewportContext value={size}>
        <View state={state} dispatch={() => {}} typed={new Map()} />
      </ViewportContext>
    </ThemeContext>
  );
  return renderToString(tree, {columns: size.columns})
    .replaceAll(/\u001b\[[0-9;]*m/g, '')
    .split('\n');
}

const states = new Map<string, Promise<State>>();

/** Reached once, however many properties are asked of it: a state is a value. */
function stateOf(name: string): Promise<State> {
  const stage = stages[name];
  if (stage === undefined) throw new Error(`there is no stage ${name}`);
  const state = states.get(name) ?? Promise.resolve(stage());
  states.set(name, state);
  return state;
}

const frames = new Map<string, readonly string[]>();

/** The lines of a stage, drawn once for all their properties. */
async function linesOf(name: string, size: (typeof sizes)[number]): Promise<readonly string[]> {
  const key = `${name} at ${size.columns}`;
  const lines = frames.get(key) ?? draw(await stateOf(name), size);
  frames.set(key, lines);
  return lines;
}

describe.each(sizes)('at $columns x $rows', size => {
  it.each(Object.keys(stages))('%s stays shorter than the terminal and within its columns', async name => {
    const lines = await linesOf(name, size);
    expect(lines.length, lines.join('\n')).toBeLessThanOrEqual(size.rows - 1);
    for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(size.columns);
  });

  it.each(Object.keys(stages))('%s ends with its keys, and all of them', async name => {
    const keys = (await linesOf(name, size)).at(-1) ?? '';
    expect(keys).toMatch((await stateOf(name)).help ? /any key close/ : /(Ctrl-C|\^C) (leave|stop)$/);
  });

  it.each(Object.keys(stages))('%s shows neither the token nor a passphrase that was typed', async name => {
    const text = (await linesOf(name, size)).join('');
    for (const secret of [token.slice(0, 24), token.slice(-24), passphrase]) expect(text).not.toContain(secret);
  });
});

const drawn = async (name: string, size: (typeof sizes)[number] = sizes[0]): Promise<string> =>
  (await linesOf(name, size)).join('\n');

describe('the words on the screen', () => {
  it.each([
    ['name', '3 of 9 · Credential Name'],
    ['description', '4 of 9 · Credential Description'],
    ['url', '5 of 9 · JIRA Software URL'],
    ['username', '6 of 9 · Username'],
    ['passphrase', '7 of 9 · Passphrase'],
    ['confirm', '7 of 9 · Confirm passphrase'],
    ['token', '8 of 9 · API Token'],
    ['test', '9 of 9 · Connection test'],
    ['checklist', '9 of 9 · Troubleshooting checklist'],
  ])('%s is headed by %s', async (name, heading) => {
    const [progress, title] = heading.split(' · ');
    const expected = new RegExp(`^(?:${progress} · |practice: )${title}`);
    for (const size of sizes) expect((await drawn(name, size)).split('\n')[0]).toMatch(expected);
  });

  it.each(Object.keys(stages))('%s says that it is the practice, where it is', async name => {
    const practice = {
      url: 'https://localhost:1',
      username: 'practice@acme.com',
      token: new Secret(token),
      expiresAt: null,
    };
    for (const size of sizes) {
      const state = await stateOf(name);
      const rehearsed = draw({...state, start: {...state.start, practice}}, size);
      expect(rehearsed[0]).toMatch(/^practice: | practice$/);
      if (state.start.practice === null) expect((await linesOf(name, size))[0]).not.toMatch(/practice$/);
    }
  });

  it('say how to pass all prerequisites at once', async () => {
    for (const size of sizes) expect(await drawn('prerequisite 1', size)).toMatch(/s:? I have my token: skip ahead/);
  });

  it('say what was done to the URL, and what was found there', async () => {
    expect(await drawn('username')).toMatch(/URL: .*https:\/\//);
    expect(await drawn('token')).toContain('Jira Cloud answers at acme.atlassian.net: ACME');
    expect(await drawn('site-wrong')).toContain('Change the URL');
  });

  it('offer the generated passphrase to be written down, and never again once it is taken', async () => {
    const text = await drawn('passphrase');
    expect(text).toContain('amber bridge cactus dagger ember fabric');
    expect(text).toContain('nobody can recover it');
    const kept = await drawn('passphrase, kept');
    expect(kept).not.toContain('amber');
    expect(kept).toContain('kept: Enter keeps it');
  });

  it('name the token’s verdict, and that it is safe', async () => {
    expect(await drawn('expires')).toContain('192 characters, checksum OK');
    expect(await drawn('token-doubt')).toContain('looks cut off');
  });

  it('list all eight steps', async () => {
    for (const size of sizes) {
      for (const id of ['dns', 'connect', 'tls', 'site', 'sign-in', 'account', 'permissions', 'feeds']) {
        expect(await drawn('test', size)).toMatch(new RegExp(`^. ${id}\\b`, 'm'));
      }
    }
  });

  it('offer what to do after a failure', async () => {
    const text = await drawn('checklist', sizes[2]);
    for (const item of [
      'Create a new API token and put it in',
      'Try again',
      'Fix the practice Jira',
      'Save anyway (marked untested)',
      'Leave (draft kept)',
    ]) {
      expect(text).toContain(item);
    }
  });

  it('use no colour and no Unicode mark to say what a word does not say', async () => {
    const state = await stateOf('checklist');
    expect(draw(state, sizes[0], false).join('\n')).toContain('> [ ] you');
  });
});
