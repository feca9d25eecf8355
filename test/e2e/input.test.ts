import {afterEach, describe, expect, it} from 'vitest';
import {sealedToken} from '../domain/synthetic-token.ts';
import type {Pty} from '../support/terminal/pty.ts';
import {answer, cleanUp, ctrlC, enter, inTerminal, makeHome, serve, shiftTab, toTheName} from './jirakey.ts';

afterEach(cleanUp);

const endless = 'x'.repeat(10_000);
const token = sealedToken('ATATT3xFfGF0', 'another-account-ab-'.repeat(9).slice(0, 171));
const passphrase = 'zügig 🚀 quarzhell Ofenrohr 73 Tangente';
const clear = '\u0015';

/** Each of these is refused in the same field by its sentence, which differs from the one before it. */
type Refusal = readonly [pasted: string, sentence: RegExp];

async function refuses(pty: Pty, place: string, refusals: readonly Refusal[]): Promise<void> {
  for (const [text, sentence] of refusals) {
    pty.write(clear);
    if (text !== '') await pty.paste(text);
    pty.write(enter);
    // Broken into lines as the screen is wide.
    await pty.waitFor(screen => sentence.test(screen.replace(/\s+/g, ' ')));
    const screen = pty.screen();
    expect(screen[0]).toContain(place);
    expect(screen.filter(line => line.startsWith('✗ '))).toHaveLength(1);
    expect(screen.join('\n')).toContain('Ctrl-C leave');
  }
  pty.write(clear);
}

describe('what no field can use', {timeout: 180_000}, () => {
  it('is refused with one sentence in its own field, and every answer given before is still there', async () => {
    const [home, server] = [await makeHome(), await makeHome()];
    const served = await serve(server);
    const pty = inTerminal(home, ['setup', '--ca-file', served.caFile]);
    await toTheName(pty);

    await refuses(pty, 'Credential Name', [
      ['', /A credential needs a name/],
      [endless, /80 characters fit/],
      [token, /looks like an API token/],
      ['--help', /would read as an option/],
    ]);
    // What a terminal would obey is taken off a paste; what a person may mean stays.
    await pty.paste('\u001b[31mpro\u0000\u0007d 🚀');
    await pty.waitFor('› prod 🚀');
    pty.write(enter);
    await pty.waitFor('4 of 9');

    await refuses(pty, 'Credential Description', [
      [endless, /500 characters fit/],
      [token, /looks like an API token/],
    ]);
    await answer(pty, 'Feeds of the night', '5 of 9');

    await refuses(pty, 'JIRA Software URL', [
      ['', /address of your Jira is needed/],
      [endless, /longer than an address can be/],
      ['http://acme.atlassian.net', /would send the token readable/],
      ['https://you:secret@acme.atlassian.net', /a user name or a password in the address/],
      [token, /looks like an API token/],
    ]);
    // A name may be written so; it is then said what it stands for, and taken back without harm.
    await pty.paste('🚀');
    pty.write(enter);
    await pty.waitFor('xn--158h');
    pty.write(shiftTab);
    await pty.waitFor('5 of 9');
    pty.write(clear);
    await answer(pty, served.url, '6 of 9');

    await pty.waitFor('Jira Cloud answers');
    await refuses(pty, 'Username', [
      ['', /username is empty/],
      ['🚀', /not an e-mail address/],
      [endless, /longer than a username can be/],
      ['you', /not an e-mail address/],
      [token, /looks like an API token/],
    ]);
    await answer(pty, served.username, '7 of 9');

    await pty.waitFor(() => pty.cursor().visible);
    await refuses(pty, 'Passphrase', [
      ['short', /Too short: 5/],
      [`${served.username} and more`, /an attacker tries first/],
      [endless, /Weak: one graphics card/],
      ['🚀🚀🚀', /Too short: 3/],
    ]);
    await pty.paste(passphrase);
    pty.write(enter);
    await pty.waitFor('Confirm passphrase');
    await refuses(pty, 'Confirm passphrase', [['something else', /do not match/]]);
    await pty.paste(passphrase);
    pty.write(enter);
    await pty.waitFor('8 of 9');

    await refuses(pty, 'API Token', [
      ['', /Paste the API token/],
      [endless, /no token is longer than/],
      [`${token.slice(0, 100)}🚀`, /a character that no token has/],
      [passphrase, /That is the passphrase/],
      ['ATCTT3xFfGN0aaaaaaaaaaaaaaaaaaaaaaaa', /Jira accepts neither/],
    ]);
    await pty.paste(token.slice(0, 150));
    pty.write(enter);
    await pty.waitFor('looks cut off');
    // “Paste it again” is what Enter takes.
    pty.write(enter);
    await pty.waitFor('Nothing of it is shown');
    await pty.paste(token);
    pty.write(enter);
    await pty.waitFor('Expiry date of the token');
    await refuses(pty, 'Expiry date', [
      ['tomorrow', /not a valid date/],
      ['2020-02-02', /has passed/],
      ['🚀', /not a valid date/],
      ['2019-12-31', /has passed/],
      [endless, /not a valid date/],
    ]);

    for (const kept of ['Enter keeps it', 'Enter keeps it', served.username, served.url, 'Feeds of the night', '🚀']) {
      const [before] = pty.screen();
      pty.write(shiftTab);
      await pty.waitFor(() => pty.screen()[0] !== before);
      await pty.waitFor(kept);
    }
    pty.write(ctrlC);
    expect((await pty.exited).code).toBe(130);
    expect(pty.transcript()).not.toMatch(/[\u0000\u0007]/);
  });
});
