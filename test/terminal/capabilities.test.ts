import {describe, expect, it} from 'vitest';
import {capabilities, type Surroundings} from '../../source/terminal/capabilities.ts';

function world(
  env: Record<string, string>,
  {stdin = true, stdout = true, stderr = true}: {stdin?: boolean; stdout?: boolean; stderr?: boolean} = {},
): Surroundings {
  const screen = (isTTY: boolean) => ({isTTY, columns: 100, rows: 30});
  return {env, stdin: {isTTY: stdin}, stdout: screen(stdout), stderr: screen(stderr)};
}

const plain = {TERM: 'xterm', LANG: 'en_US.UTF-8'};

describe('capabilities', () => {
  it('of an ordinary terminal', () => {
    expect(capabilities(world(plain))).toEqual({
      interactive: true,
      colour: true,
      unicode: true,
      screenReader: false,
      dumb: false,
      basic: false,
      columns: 100,
      rows: 30,
      motion: 'full',
      multiplexer: null,
      ssh: false,
    });
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['NO_COLOR', {NO_COLOR: '1'}, false],
    ['NO_COLOR=0 too: any value counts', {NO_COLOR: '0'}, false],
    ['an empty NO_COLOR does not', {NO_COLOR: ''}, true],
    ['TERM=dumb', {TERM: 'dumb'}, false],
    ['FORCE_COLOR=0', {FORCE_COLOR: '0'}, false],
    ['FORCE_COLOR over NO_COLOR', {FORCE_COLOR: '1', NO_COLOR: '1'}, true],
  ])('colour: %s', (_name, env, colour) => {
    expect(capabilities(world({...plain, ...env})).colour).toBe(colour);
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['LANG', {TERM: 'xterm', LANG: 'de_DE.utf8'}, true],
    ['LC_ALL outranks LANG', {TERM: 'xterm', LANG: 'de_DE.UTF-8', LC_ALL: 'C'}, false],
    ['an empty LC_ALL does not', {TERM: 'xterm', LANG: 'de_DE.UTF-8', LC_ALL: ''}, true],
    ['no locale at all', {TERM: 'xterm'}, false],
    ['the Linux console', {TERM: 'linux', LANG: 'C.UTF-8'}, false],
  ])('Unicode: %s', (_name, env, unicode) => {
    expect(capabilities(world(env)).unicode).toBe(unicode);
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['ACCESSIBLE=1', {ACCESSIBLE: '1'}, true],
    ['INK_SCREEN_READER=true', {INK_SCREEN_READER: 'true'}, true],
    ['ACCESSIBLE=0', {ACCESSIBLE: '0'}, false],
    ['neither', {}, false],
  ])('screen reader: %s', (_name, env, screenReader) => {
    expect(capabilities(world({...plain, ...env})).screenReader).toBe(screenReader);
  });

  it('needs keys and a screen to be interactive', () => {
    expect(capabilities(world(plain, {stdin: false})).interactive).toBe(false);
    expect(capabilities(world(plain, {stdout: false})).interactive).toBe(true);
    expect(capabilities(world(plain, {stdout: false, stderr: false})).interactive).toBe(false);
  });

  it('knows a multiplexer', () => {
    expect(capabilities(world({...plain, TMUX: '/tmp/tmux-0/default,1,0'})).multiplexer).toBe('tmux');
    expect(capabilities(world({...plain, TERM: 'screen-256color'})).multiplexer).toBe('screen');
  });
});
