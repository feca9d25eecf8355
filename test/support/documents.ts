/**
 * What `--json` prints is held against the schema that ships for it, on every run of jirakey in any test: the runners
 * (program.ts, e2e/jirakey.ts) call this, and checked-main.ts does it for runs inside the process.
 */
import {readFileSync} from 'node:fs';
import {Ajv2020, type ValidateFunction} from 'ajv/dist/2020.js';
import type {CommandName} from '../../source/commands/line/command-table.ts';
import {parse} from '../../source/commands/line/grammar.ts';
import type {Options} from '../../source/commands/line/options.ts';
import type {SchemaFile} from '../../source/diagnosis/documents.ts';

/** The schemas a command's document may be of; `null`: it prints none. */
const documents: Readonly<
  Record<CommandName, (args: readonly string[], options: Options) => readonly SchemaFile[] | null>
> = {
  setup: () => ['test.schema.json', 'credential.schema.json'],
  test: (_, {all}) => [all ? 'test-all.schema.json' : 'test.schema.json'],
  list: () => ['list.schema.json'],
  show: () => ['credential.schema.json'],
  edit: () => ['test.schema.json', 'credential.schema.json'],
  // Without a terminal it can only say so.
  fix: () => [],
  rotate: () => ['test.schema.json'],
  passphrase: () => ['passphrase.schema.json'],
  key: ([action]) => [
    action === 'add' ? 'key-add.schema.json' : action === 'remove' ? 'remove.schema.json' : 'key-list.schema.json',
  ],
  token: () => ['token.schema.json'],
  exec: () => null,
  export: (_, {format = 'json'}) => (format === 'json' ? ['export.schema.json'] : null),
  remove: () => ['remove.schema.json'],
  explain: ([code = '0']) => [/^\d+$/.test(code) ? 'explain-list.schema.json' : 'explain.schema.json'],
  doctor: () => ['doctor.schema.json'],
  report: () => ['report.schema.json'],
  practice: (_, {list, serve}) => [
    list ? 'practice-list.schema.json' : serve ? 'practice-serve.schema.json' : 'test.schema.json',
  ],
  path: () => ['path.schema.json'],
  completion: () => ['completion.schema.json'],
};

const folder = new URL('../../schemas/', import.meta.url);
const ajv = new Ajv2020({strict: false, validateFormats: false});
const compiled = new Map<string, ValidateFunction>();

function validatorOf(name: SchemaFile): ValidateFunction {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const made = ajv.compile(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
  compiled.set(name, made);
  return made;
}

/** The schemas for a command line; null where it asks for no JSON. */
export function schemasFor(argv: readonly string[]): readonly SchemaFile[] | null {
  const request = requestOf(argv);
  // What cannot be read as a command line has no result, whatever it is.
  if (request === null) return ownWords(argv).includes('--json') ? [] : null;
  if (request.ask !== 'run') return null;
  const {command, args, options} = request.invocation;
  const wanted = options.json === true || (command === 'export' && options.format === 'json');
  return wanted ? documents[command](args, options) : null;
}

const ownWords = (argv: readonly string[]): readonly string[] =>
  argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;

function requestOf(argv: readonly string[]) {
  try {
    return parse(argv);
  } catch {
    return null;
  }
}

/**
 * @param argv the words after the program's name
 * @param stdout everything it wrote there; nothing is a document as well, of who failed before there was one
 * @throws when that is not one document of its schema
 */
export function checkDocument(argv: readonly string[], stdout: string): void {
  const schemas = schemasFor(argv);
  if (schemas === null || stdout === '') return;
  const document: unknown = JSON.parse(stdout);
  const possible: readonly SchemaFile[] = [...schemas, 'without-result.schema.json'];
  const failed = possible.flatMap(name => {
    const valid = validatorOf(name);
    return valid(document) ? [] : [`${name}: ${ajv.errorsText(valid.errors)}`];
  });
  if (failed.length === possible.length)
    throw new Error(`jirakey ${argv.join(' ')} printed no document of ${failed.join(' nor ')}`);
}
