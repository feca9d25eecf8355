#!/usr/bin/env node
// Reads the lines of a crash back into the sources: `npm run frames -- MAPS < crash.txt`, with the folder of maps that was
// kept for that version (dist-map of its build; see CONTRIBUTING.md).
import {existsSync, readFileSync} from 'node:fs';
import {SourceMap} from 'node:module';
import {join} from 'node:path';

const folder = process.argv[2] ?? 'dist-map';
const maps = new Map();

/** The map of one file of the program, or null. */
function mapOf(file) {
  const path = join(folder, `${file}.map`);
  if (!maps.has(file)) {
    maps.set(file, existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, 'utf8'))) : null);
  }
  return maps.get(file);
}

const lines = readFileSync(0, 'utf8').split('\n');
const read = lines.map(line =>
  line.replace(/[^\s(]*?([\w-]+\.js):(\d+):(\d+)/, (frame, file, row, column) => {
    const found = mapOf(file)?.findEntry(Number(row) - 1, Number(column) - 1) ?? {};
    return 'originalSource' in found
      ? `${found.originalSource.replace(/^(?:\.\.\/)+/, '')}:${found.originalLine + 1}:${found.originalColumn + 1}`
      : frame;
  }),
);
process.stdout.write(read.join('\n'));
