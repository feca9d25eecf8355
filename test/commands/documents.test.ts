/** The check of every JSON document in the tests is there, and finds what is wrong. */
import {describe, expect, it} from 'vitest';
import {main} from '../../source/commands/main.ts';
import {checkDocument, schemasFor} from '../support/documents.ts';
import {folder} from '../support/program.ts';
import {fakeWorld} from '../support/world.ts';

describe('the JSON documents of all tests', () => {
  it('are held against the schema of their command', () => {
    expect(schemasFor(['test', 'acme', '--json'])).toEqual(['test.schema.json']);
    expect(schemasFor(['test', '--all', '--json'])).toEqual(['test-all.schema.json']);
    expect(schemasFor(['export', 'acme', '--format', 'json'])).toEqual(['export.schema.json']);
    expect(schemasFor(['list'])).toBeNull();
    expect(schemasFor(['explain', '--json', '--nonsense'])).toEqual([]);
    expect(() => checkDocument(['list', '--json'], '{"schemaVersion":1,"credentials":[]}')).not.toThrow();
    expect(() => checkDocument(['list', '--json'], '')).not.toThrow();
    for (const wrong of ['{"schemaVersion":2,"credentials":[]}', '{"schemaVersion":1}', 'No credential', '{}\n{}'])
      expect(() => checkDocument(['list', '--json'], wrong), wrong).toThrow();
    expect(() => checkDocument(['explain', 'site-moved', '--json'], '{"schemaVersion":1,"codes":[]}')).toThrow(
      'explain.schema.json',
    );
  });

  it('also where a command is run inside the process', async () => {
    const place = folder();
    const fake = fakeWorld({env: {JIRAKEY_STORE: place.path}});
    expect(await main(['doctor', '--json'], fake.world)).toBe(0);
    const {world} = fakeWorld({env: {JIRAKEY_STORE: place.path}});
    const broken = Object.assign({...world}, {version: 5});
    await expect(main(['doctor', '--json'], broken as unknown as typeof world)).rejects.toThrow('doctor.schema.json');
    place.remove();
  });
});
