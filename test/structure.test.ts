/** Who may import whom. Data flows one way; a room that needs another's secret knowledge shows here. */
import {readdirSync, readFileSync} from 'node:fs';
import {basename, dirname, extname, join, normalize, relative} from 'node:path';
import {describe, expect, it} from 'vitest';

const root = join(import.meta.dirname, '..');
const files = readdirSync(join(root, 'source'), {withFileTypes: true, recursive: true})
  .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map(entry => relative(root, join(entry.parentPath, entry.name)));

type Import = Readonly<{file: string; from: string; typeOnly: boolean; dynamic: boolean}>;

/** Import and export-from statements and `import()`, read from the text: the compiler has checked the rest. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
  const found: Import[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s(?:(type)\s)?(?:[^;'"]*?\sfrom\s)?'([^']+)';/gm)) {
    found.push({file, from: match[2] ?? '', typeOnly: match[1] !== undefined, dynamic: false});
  }
  for (const match of text.matchAll(/\b(typeof\s+)?import\('([^']+)'\)/g)) {
    found.push({file, from: match[2] ?? '', typeOnly: match[1] !== undefined, dynamic: true});
  }
  return found;
}

const imports = files.flatMap(importsOf);
const room = (file: string): string =>
  file
    .split('/')
    .slice(0, 2)
    .join('/')
    .replace(/^source\/([^/]+\.ts)$/, '$1')
    .replace('source/', '');

/** Where a relative import leads, as a path of the repository. */
const target = ({file, from}: Import): string | null =>
  from.startsWith('.') ? normalize(join(dirname(file), from)) : null;

/** The package of a bare import, `node:` for Node's own. */
function packageOf(from: string): string | null {
  if (from.startsWith('.')) return null;
  if (from.startsWith('node:')) return 'node:';
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}

/** What each room may import from other rooms. `world.ts` is types alone, for all that get the world injected. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  text: [],
  domain: ['text'],
  diagnosis: ['domain', 'text'],
  connection: ['domain', 'diagnosis'],
  vault: ['domain'],
  store: ['domain', 'vault'],
  'unlock-cache': ['domain', 'vault', 'store'],
  prerequisites: ['domain'],
  practice: ['domain', 'diagnosis'],
  assistant: ['domain', 'diagnosis', 'prerequisites'],
  terminal: ['domain', 'text', 'world.ts'],
  ui: ['domain', 'text', 'diagnosis', 'assistant', 'prerequisites', 'terminal', 'world.ts'],
  commands: [
    ...[
      'domain',
      'text',
      'diagnosis',
      'connection',
      'vault',
      'store',
      'unlock-cache',
      'prerequisites',
      'practice',
      'assistant',
      'terminal',
      'ui',
    ],
    'world.ts',
  ],
  'world.ts': [],
};

/** Packages that live in one room (Ink also where it is put on the terminal). */
const homes: Readonly<Record<string, readonly string[]>> = {
  got: ['connection'],
  'string-width': ['text'],
  conf: ['store'],
  ink: ['ui', 'terminal'],
  react: ['ui', 'terminal'],
  'ink-text-input': ['ui'],
  'age-encryption': ['vault'],
  '@zxcvbn-ts/core': ['vault'],
  '@zxcvbn-ts/language-common': ['vault'],
  '@peculiar/x509': ['practice'],
};

const show = ({file, from}: Import): string => `${file} → ${from}`;

describe('who imports whom', () => {
  it('finds the rooms and their imports at all', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(new Set(files.map(room))).toEqual(new Set(Object.keys(rooms)));
    expect(imports.some(each => each.dynamic)).toBe(true);
  });

  it('rooms import only what lies below them', () => {
    const wrong = imports.filter(each => {
      const path = target(each);
      if (path === null) return false;
      const [from, to] = [room(each.file), room(path)];
      return from !== to && !(rooms[from] ?? []).includes(to);
    });
    expect(wrong.map(show)).toEqual([]);
  });

  it('the modules of rules are pure: no node:, no packages but zod, the checksum and string-width', () => {
    const pure = ['text', 'domain', 'diagnosis', 'assistant', 'prerequisites'];
    const wrong = imports.filter(
      each => pure.includes(room(each.file)) && ![null, 'zod', 'crc-32', 'string-width'].includes(packageOf(each.from)),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it('each package with a home stays there', () => {
    const wrong = imports.filter(each => {
      const home = homes[packageOf(each.from) ?? ''];
      return home !== undefined && !(each.typeOnly || home.includes(room(each.file)));
    });
    expect(wrong.map(show)).toEqual([]);
    for (const name of Object.keys(homes))
      expect(
        imports.some(each => packageOf(each.from) === name),
        name,
      ).toBe(true);
  });
});

/** Circles of imports, type imports included: each as the files that import one another, in order of their names. */
function circles(): string[][] {
  const arrows = new Map(files.map(file => [file, new Set<string>()]));
  for (const each of imports) {
    const path = target(each);
    if (path !== null) arrows.get(each.file)?.add(path);
  }
  const reach = (from: string): Set<string> => {
    const seen = new Set<string>();
    const open = [...(arrows.get(from) ?? [])];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      open.push(...(arrows.get(file) ?? []));
    }
    return seen;
  };
  const reached = new Map(files.map(file => [file, reach(file)]));
  const found = new Map<string, string[]>();
  for (const file of files) {
    const together = files.filter(
      other => reached.get(file)?.has(other) === true && reached.get(other)?.has(file) === true,
    );
    if (together.length > 0) found.set(together.join(), together);
  }
  return [...found.values()];
}

describe('no circles', () => {
  it('no file imports itself by way of others, inside a module either', () => {
    expect(circles()).toEqual([]);
  });

  it('only main reads how commands are loaded', () => {
    const readers = imports.filter(each => target(each) === 'source/commands/loaders.ts').map(each => each.file);
    expect(readers).toEqual(['source/commands/main.ts']);
  });
});

describe('the door', () => {
  const door = importsOf('cli.tsx');

  it('imports node: and types statically, everything else when it is needed', () => {
    expect(door.length).toBeGreaterThan(2);
    expect(door.filter(each => !(each.dynamic || each.typeOnly || packageOf(each.from) === 'node:')).map(show)).toEqual(
      [],
    );
  });

  it('reaches no React, no network and no word list before a command is chosen', () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const open = ['source/commands/main.ts'];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      for (const each of importsOf(file)) {
        if (each.dynamic || each.typeOnly) continue;
        const path = target(each);
        if (path !== null) open.push(path);
        else packages.add(packageOf(each.from) ?? '');
      }
    }
    expect(seen.size).toBeGreaterThan(5);
    expect([...packages].filter(name => !['node:', 'zod', 'string-width'].includes(name))).toEqual([]);
  });

  it('only it ends the process', () => {
    const ending = files.filter(file =>
      /\bprocess\.(exit|abort|reallyExit)\(/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(ending).toEqual([]);
  });
});

describe('text leaves by one door', () => {
  const holding = (pattern: RegExp, among = files): string[] =>
    among.filter(file =>
      pattern.test(readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')),
    );

  it('no module reaches the streams of the process, or writes to their descriptors', () => {
    const reaching =
      /\bprocess\s*\.\s*(?:stdout|stderr|_rawDebug|emitWarning)|\bconsole\s*\.|\bwrite(?:File)?(?:Sync)?\(\s*[12]\b|\/dev\/(?:stdout|stderr|fd)|\bdebuglog\b/;
    expect(holding(reaching)).toEqual([]);
  });

  it('what is given to commands are guarded streams; only main and the door see others', () => {
    expect(holding(/\bdoorOf\(/).sort()).toEqual([
      'source/commands/context.ts',
      'source/commands/main.ts',
      'source/commands/output/door.ts',
    ]);
    expect(holding(/\boutside\.(?:stdout|stderr)|\boutside\[/)).toEqual(['source/commands/output/door.ts']);
    // A terminal opened by its device is guarded where it is opened.
    expect(holding(/\bnew WriteStream\(/)).toEqual(['source/terminal/tty.ts']);
  });

  it('secrets are handed out by few, on request; only exec passes on what others write', () => {
    expect(holding(/\bprinter\.handOut\b/).sort()).toEqual([
      'source/commands/export.ts',
      'source/commands/practice.ts',
      'source/commands/token.ts',
    ]);
    expect(holding(/\bdoor\.passOn\(/)).toEqual(['source/commands/exec.ts']);
    expect(holding(/'inherit'/).sort()).toEqual([
      'source/commands/child/pseudo-terminal.ts',
      'source/commands/exec.ts',
      'source/commands/secrets/sources.ts',
    ]);
  });

  it('cli.tsx writes its version, why it refuses to start, and redacted text', () => {
    const text = readFileSync(join(root, 'cli.tsx'), 'utf8');
    const writes = [...text.matchAll(/\b(?:writeFileSync\(2,|\w+\.write\()\s*(.*?)\)?;/g)].map(([, what]) => what);
    expect(writes).toEqual([
      '`jirakey: the output could not be written (${code}): make room, or write it elsewhere.\\n`',
      'redact(crashText(error))',
      "'', () => resolve()",
      '`jirakey: refused to start: ${reason}\\n`',
      '`jirakey ${version()}\\n`',
    ]);
  });
});

describe('names', () => {
  it('no file is called by a word that says nothing', () => {
    const empty = files.filter(file =>
      /^(utils?|helpers?|common|misc|shared|lib)$/.test(basename(file, extname(file))),
    );
    expect(empty).toEqual([]);
  });

  it('no two files have the same base name, so that an editor finds the one that was meant', () => {
    // These still do; the list only gets shorter.
    const known = ['explain', 'field', 'gateway', 'passphrase', 'practice', 'remedy', 'report', 'site', 'token'];
    const names = files.map(file => basename(file, extname(file))).filter(name => name !== 'index');
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    expect(twice.filter(name => !known.includes(name))).toEqual([]);
  });
});
