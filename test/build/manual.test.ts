/** The manual pages as they are built: whole, and read by the programs that show them. */
import {spawnSync} from 'node:child_process';
import {resolve} from 'node:path';
import {describe, expect, it} from 'vitest';
import {commandNames, commandRow} from '../../source/commands/line/command-table.ts';
import {everywhere, rowOf, wordOf} from '../../source/commands/line/options.ts';
import {topicNames, topicOf} from '../../source/commands/line/topics.ts';
import {shippedProgram} from '../support/build.ts';

const page = (name: string): string => resolve(shippedProgram, '../man', name);
const pages = ['jirakey.1', 'jirakey-store.5'];

type Reader = readonly [program: string, ...args: string[]];
const groff: Reader = ['groff', '-k', '-man', '-Tutf8', '-ww', '-rLL=78n', '-P-c'];
const mandoc: Reader = ['mandoc', '-T', 'utf8', '-O', 'width=78'];
const lint: Reader = ['mandoc', '-T', 'lint', '-W', 'warning'];

/** As on a screen, without overstriking; null where the program is missing. */
function read([program, ...args]: Reader, name: string): Readonly<{text: string; said: string}> | null {
  const {status, stdout, stderr} = spawnSync(program, [...args, page(name)], {encoding: 'utf8'});
  return status === null ? null : {text: stdout.replace(/.\u0008/gu, ''), said: stderr};
}
/** Words however the page breaks its lines. */
const flat = (text: string): string => text.replace(/\s+/g, ' ');

describe.each([
  ['groff', groff],
  ['mandoc', mandoc],
] as const)('read by %s', (_, reader) => {
  it('has every command with its options and examples, and every topic', context => {
    const shown = read(reader, 'jirakey.1');
    if (shown === null) return context.skip(`${reader[0]} is not installed`);
    const text = flat(shown.text);
    const missing = commandNames.flatMap(name => {
      const {options, examples, takes = ''} = commandRow(name);
      const wanted = [
        `jirakey ${name} ${takes}`.trim(),
        ...[...options, ...everywhere].map(option => `--${wordOf(option)}`),
        ...options.map(option => rowOf(option).says),
        ...examples.flat(),
      ];
      return wanted.filter(each => !text.includes(flat(each)));
    });
    expect(missing).toEqual([]);
    for (const name of topicNames)
      for (const passage of topicOf(name).passages)
        if (typeof passage !== 'string' && 'rows' in passage)
          for (const [word] of passage.rows) expect(text).toContain(word);
  });

  it('has the form of the store', context => {
    const shown = read(reader, 'jirakey-store.5');
    if (shown === null) return context.skip(`${reader[0]} is not installed`);
    const text = flat(shown.text);
    for (const word of ['config.json', 'sealedAt', '-> scrypt SALT LOGN', 'config.json.lock', 'age -d'])
      expect(text).toContain(word);
    expect(text).not.toMatch(/\\f|\\e|\*\*|\]\(/);
  });

  it.each(pages)('%s has no line that is too wide but what is to be pasted', name => {
    const lines = read(reader, name)?.text.split('\n') ?? [];
    const wide = lines.filter(line => line.length > 80 && !/["{|/-]/.test(line));
    expect(wide).toEqual([]);
  });
});

it.each(pages)('%s is without fault for groff and mandoc', name => {
  expect(read(groff, name)?.said ?? '').toBe('');
  // A release that has no day yet has none here.
  const faults = (read(lint, name)?.text ?? '')
    .split('\n')
    .filter(line => line !== '' && !line.includes('missing date'));
  expect(faults).toEqual([]);
});
