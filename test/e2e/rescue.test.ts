/** A damaged store is offered back where somebody can be asked: by the assistant at its start, and by doctor --fix. */
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {openStore} from '../../source/store/store.ts';
import {saved} from '../store/samples.ts';
import {choose, cleanUp, ctrlC, enter, type Home, inTerminal, makeHome} from './jirakey.ts';

let home: Home;
let path = '';
beforeEach(async () => {
  home = await makeHome();
  path = join(home.store, 'config.json');
});
afterEach(cleanUp);

const names = async (): Promise<string[]> => (await openStore(home.store).read()).credentials.map(({name}) => name);
const kept = (): string[] => readdirSync(home.store).filter(name => name.includes('.damaged-'));

async function damage(backup: boolean): Promise<void> {
  if (backup) for (const name of ['one', 'two']) await openStore(home.store).save(saved(name));
  else mkdirSync(home.store, {recursive: true, mode: 0o700});
  writeFileSync(path, '{"version": 1, "cre', {mode: 0o600});
}

describe('the assistant before a damaged store', {timeout: 60_000}, () => {
  it('puts the backup back, keeps the damaged file, and goes on', async () => {
    await damage(true);
    const pty = inTerminal(home, []);
    await pty.waitFor('holds 1 saved credential');
    await choose(pty, 'Yes, put the backup back');
    await pty.waitFor('1 of 9');
    pty.write(ctrlC);
    expect((await pty.exited).code).toBe(130);
    expect(await names()).toEqual(['one']);
    expect(kept().map(name => readFileSync(join(home.store, name), 'utf8'))).toEqual(['{"version": 1, "cre']);
    expect(pty.transcript()).toContain(kept()[0]);
  });

  it('leaves everything as it is when told so, with the checklist', async () => {
    await damage(true);
    const pty = inTerminal(home, []);
    await pty.waitFor('holds 1 saved credential');
    pty.write(enter);
    expect((await pty.exited).code).toBe(10);
    expect(pty.transcript()).toContain('store-damaged');
    expect(pty.transcript()).toContain('jirakey doctor --fix');
    expect(readFileSync(path, 'utf8')).toBe('{"version": 1, "cre');
    expect(kept()).toEqual([]);
  });

  it('without a backup offers to begin anew, and moves the file aside', async () => {
    await damage(false);
    const pty = inTerminal(home, []);
    await pty.waitFor('begin anew?');
    await choose(pty, 'Yes, begin with an empty store');
    await pty.waitFor('1 of 9');
    pty.write(ctrlC);
    await pty.exited;
    expect(kept()).toHaveLength(1);
    expect(await names()).toEqual([]);
  });
});

describe('doctor --fix in a terminal', {timeout: 60_000}, () => {
  it('asks before it puts the backup back', async () => {
    await damage(true);
    const pty = inTerminal(home, ['doctor', '--fix']);
    await pty.waitFor('Put it back?');
    await choose(pty, 'Yes, put the backup back');
    expect((await pty.exited).code).toBe(0);
    expect(pty.transcript()).toContain('Repaired, and left alone');
    expect(await names()).toEqual(['one']);
  });
});
