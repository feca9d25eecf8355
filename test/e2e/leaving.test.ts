import {afterEach, describe, expect, it} from 'vitest';
import {type Pty, settingsIn} from '../support/terminal/pty.ts';
import {
  answer,
  cleanUp,
  ctrlC,
  inTerminalBetweenSettings,
  makeHome,
  takePassphrase,
  toTheName,
  toThePassphrase,
} from './jirakey.ts';

afterEach(cleanUp);

/** Waits for the end and looks at what was left of the terminal. */
async function expectClean(pty: Pty): Promise<void> {
  await pty.waitFor('<after>');
  await pty.exited;
  const {before, after, status} = settingsIn(pty.transcript());
  expect(status).toBe(130);
  expect(before).toContain('icanon');
  expect(after).toBe(before);
  expect(pty.cursor().visible).toBe(true);
  const [on, off] = ['\u001b[?2004h', '\u001b[?2004l'].map(mode => pty.transcript().lastIndexOf(mode));
  expect(off).toBeGreaterThanOrEqual(on ?? 0);
}

describe('Ctrl-C leaves with 130 and the terminal as it was', {timeout: 180_000}, () => {
  it('at the first screen', async () => {
    const home = await makeHome();
    const pty = inTerminalBetweenSettings(home, ['practice', '--store', home.practiceStore]);
    await pty.waitFor('1 of 9');
    pty.write(ctrlC);
    await expectClean(pty);
  });

  it('in a masked field with a secret half typed', async () => {
    const home = await makeHome();
    const pty = inTerminalBetweenSettings(home, ['practice', '--store', home.practiceStore]);
    await toTheName(pty);
    await toThePassphrase(pty, 'prod');
    await pty.waitFor('Enter takes the one offered');
    await pty.waitFor(() => pty.cursor().visible);
    pty.write('half a secret');
    await pty.waitFor('13 characters');
    pty.write(ctrlC);
    await expectClean(pty);
    expect(pty.transcript()).not.toContain('half');
    expect(pty.transcript()).toContain('The draft is kept');
  });

  it('during the test, which it stops first', async () => {
    const home = await makeHome();
    const pty = inTerminalBetweenSettings(home, [
      'practice',
      '--store',
      home.practiceStore,
      '--fault',
      'answer-timed-out',
    ]);
    await toTheName(pty);
    await toThePassphrase(pty, 'slow');
    await takePassphrase(pty);
    await answer(pty, '', 'Expiry date of the token');
    await pty.waitFor('Sealed in the draft', 40_000);
    await answer(pty, '', /Connection test[\s\S]*connect/);
    pty.write(ctrlC);
    await pty.waitFor('Stopped: nothing was decided');
    pty.write(ctrlC);
    await expectClean(pty);
    expect(pty.transcript()).toContain('The draft is kept, its token sealed');
  });
});
