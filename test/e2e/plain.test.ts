/** `--plain`: the assistant told line by line, without a single sequence, to a saved credential and through a failure. */
import {afterEach, describe, expect, it} from 'vitest';
import type {Pty} from '../support/terminal/pty.ts';
import {answer, cleanUp, enter, finish, inTerminal, makeHome, run, toTheName, toThePassphrase} from './jirakey.ts';

afterEach(cleanUp);

const noSequence = /^[^\u001b\u009b]*$/;
const offered = /^[a-z]+(?:-[a-z]+){5}$/m;

/** Types its last word until it is heard: for a second after it was told, no key is. */
async function takePassphrase(pty: Pty): Promise<void> {
  await pty.waitFor(offered);
  const [phrase = ''] = offered.exec(pty.screen().join('\n')) ?? [];
  const word = phrase.slice(phrase.lastIndexOf('-') + 1);
  for (let heard = false; !heard; ) {
    pty.write(`\u0015${word}`);
    heard = await pty.waitFor(`${word.length} characters`, 500).then(
      () => true,
      () => false,
    );
  }
  pty.write(enter);
  await pty.waitFor('8 of 9');
}

describe('--plain', {timeout: 120_000}, () => {
  it.each([
    ['--plain', ['--plain'], {}],
    ['a dumb terminal', [], {TERM: 'dumb'}],
  ] as const)('%s: to a saved credential', async (_how, options, env) => {
    const home = await makeHome();
    const pty = inTerminal(home, ['practice', '--store', `${home.path}/kept`, ...options], {rows: 60, env});
    await toTheName(pty);
    await toThePassphrase(pty, 'plain');
    await takePassphrase(pty);
    await answer(pty, '', 'Expiry date');
    await answer(pty, '', 'Connection test');
    expect(await finish(pty)).toBe(0);
    expect(pty.transcript()).toMatch(noSequence);
    const {stdout} = await run(home, ['list', '--json', '--store', `${home.path}/kept`]);
    expect(JSON.parse(stdout).credentials).toMatchObject([{name: 'plain', lastTest: {outcome: 'passed'}}]);
  });

  it('tells a failure, and what is to be done by numbers, whole; a number does it', async () => {
    const home = await makeHome();
    const pty = inTerminal(home, ['practice', '--fault', 'credentials-rejected', '--plain'], {rows: 60});
    await toTheName(pty);
    await toThePassphrase(pty, 'plain');
    await takePassphrase(pty);
    await answer(pty, '', 'Expiry date');
    await answer(pty, '', 'Troubleshooting checklist');
    const number = /(\d)\. Fix the practice Jira and try again/;
    await pty.waitFor(number);
    const told = pty.transcript().slice(pty.transcript().lastIndexOf('Troubleshooting checklist'));
    expect(told).toMatch(/^1\. you: /m);
    expect(told).toContain('(selected)');
    expect(told).not.toMatch(/…|\[ \]|more below/);
    pty.write(number.exec(told)?.[1] ?? '');
    expect(await finish(pty)).toBe(0);
    expect(pty.transcript()).toMatch(noSequence);
  });

  it('is an option of every command', async () => {
    const home = await makeHome();
    expect((await run(home, ['list', '--plain', '--json'])).code).toBe(0);
  });
});
