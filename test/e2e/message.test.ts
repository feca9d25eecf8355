import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {
  answer,
  choose,
  cleanUp,
  ctrlC,
  enter,
  inTerminal,
  makeHome,
  run,
  takePassphrase,
  toTheName,
  toThePassphrase,
} from './jirakey.ts';

afterEach(cleanUp);

describe('a failed test in the assistant', {timeout: 180_000}, () => {
  it('gives a message to copy, prints it at the end, and is there whole for `report`', async () => {
    const home = await makeHome();
    const pty = inTerminal(home, ['practice', '--store', home.practiceStore, '--fault', 'certificate-untrusted']);
    await toTheName(pty);
    // It shows before a secret is asked; whoever knows better goes on.
    await answer(pty, 'prod', '4 of 9');
    await answer(pty, '', '5 of 9');
    await answer(pty, '', 'Troubleshooting checklist');
    await choose(pty, 'Go on with it anyway');
    await pty.waitFor('6 of 9');
    await answer(pty, '', '7 of 9');
    const passphrase = await takePassphrase(pty);
    await answer(pty, '', 'Expiry date of the token');
    await answer(pty, '', 'Troubleshooting checklist');
    await choose(pty, 'Message for the network admin');
    await pty.waitFor('For the network admin');
    pty.write('c');
    await pty.waitFor('asked to copy it');
    const copied = /\u001b\]52;c;([\w+/=]+)\u0007/.exec(pty.transcript())?.[1] ?? '';
    expect(Buffer.from(copied, 'base64').toString()).toMatch(
      /^Subject: [\s\S]*Please give us the root certificate[\s\S]*Thank you!/,
    );
    pty.write('\u001b[Z');
    await pty.waitFor('Troubleshooting checklist');

    // Watching by its key, counted, and Ctrl-C brings the checklist back.
    pty.write('w');
    await pty.waitFor(/2nd try, \d+ s since the first\. Again at \d\d:\d\d:\d\d UTC/);
    pty.write(ctrlC);
    await pty.waitFor('Troubleshooting checklist');
    pty.write(ctrlC);
    expect((await pty.exited).code).toBe(130);
    const kept = pty.scrollback().join('\n');
    expect(kept).toContain('Message for the network admin');
    expect(kept).toContain('Thank you!');
    expect(kept).toContain('(the 2nd test in a row');

    const file = join(home.practiceStore, 'last-tests.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(passphrase);
    const {code, stdout} = await run(home, ['report', '--store', home.practiceStore]);
    expect(code).toBe(0);
    expect(stdout).toContain('Code certificate-untrusted, proven.');
    expect(stdout).toMatch(/^. tls +\d+ ms/m);
    const message = await run(home, ['report', '--store', home.practiceStore, '--for', 'network-admin', '--json']);
    expect(JSON.parse(message.stdout)).toMatchObject({name: null, for: 'network-admin'});
  });

  it('that is saved anyway and renamed later is found under its name', async () => {
    const home = await makeHome();
    const pty = inTerminal(home, ['practice', '--store', home.practiceStore, '--fault', 'site-unavailable']);
    await toTheName(pty);
    await toThePassphrase(pty, 'first');
    const passphrase = await takePassphrase(pty);
    await answer(pty, '', 'Expiry date of the token');
    await answer(pty, '', 'Troubleshooting checklist');
    await choose(pty, 'Save anyway');
    await pty.waitFor('What next', 40_000);
    pty.write(ctrlC);
    expect((await pty.exited).code).toBe(0);
    const of = (name: string) => run(home, ['report', name, '--json', '--store', home.practiceStore]);
    expect(JSON.parse((await of('first')).stdout)).toMatchObject({
      name: 'first',
      test: {failure: {code: 'site-unavailable'}},
    });

    const edit = inTerminal(home, ['edit', 'first', '--store', home.practiceStore]);
    await edit.waitFor('Passphrase');
    await edit.paste(passphrase);
    edit.write(enter);
    await edit.waitFor('Test and save');
    await choose(edit, 'Credential Name');
    await edit.waitFor('3 of 9');
    edit.write('\u0015second');
    await edit.waitFor('› second');
    edit.write(enter);
    await edit.waitFor('Test and save');
    await choose(edit, 'Test and save');
    // The practice Jira of the first run is gone.
    await edit.waitFor('Troubleshooting checklist', 40_000);
    await choose(edit, 'Save anyway');
    await edit.waitFor('What next', 40_000);
    edit.write(ctrlC);
    await edit.exited;
    expect((await of('first')).code).toBe(3);
    expect(JSON.parse((await of('second')).stdout)).toMatchObject({
      name: 'second',
      test: {failure: {code: 'connection-refused'}},
    });
    const text = readFileSync(join(home.practiceStore, 'last-tests.json'), 'utf8');
    expect(text).not.toContain('"of":"first"');
    expect(text.match(/"of":/g)).toHaveLength(1);
  });
});
