/** Two assistants on one store: the draft is that of the first, as long as it lives. */
import {afterEach, describe, expect, it} from 'vitest';
import {openStore} from '../../source/store/store.ts';
import {answer, cleanUp, ctrlC, enter, inTerminal, makeHome, toTheName} from './jirakey.ts';

afterEach(cleanUp);

describe('two assistants at once', {timeout: 120_000}, () => {
  it('the second is told who has the draft, and does not touch it; a killed one leaves it to the next', async () => {
    const home = await makeHome();
    const draft = async () => (await openStore(home.store).read()).draft;
    const first = inTerminal(home, ['setup']);
    await toTheName(first);
    await answer(first, 'of-the-first', '4 of 9');
    await expect.poll(draft).toMatchObject({name: 'of-the-first'});

    const second = inTerminal(home, ['setup']);
    await second.waitFor(new RegExp(`process\\s+${first.pid}`));
    await toTheName(second);
    await answer(second, 'of-the-second', '4 of 9');
    second.write(ctrlC);
    expect((await second.exited).code).toBe(130);
    expect(second.scrollback().join('\n')).toContain('Nothing was kept');
    expect(await draft()).toMatchObject({name: 'of-the-first'});

    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    const third = inTerminal(home, ['setup']);
    await third.waitFor('Go on where it stopped');
    third.write(enter);
    await third.waitFor('5 of 9');
    third.write(ctrlC);
    await third.exited;
    expect(await draft()).toMatchObject({name: 'of-the-first'});
  });
});
