#!/usr/bin/env node
// Reads the lines of a crash back into the sources: `npm run frames -- MAP < crash.txt`, with the map that was kept for
// that version (dist-map/jirakey.js.map of its build; see CONTRIBUTING.md).
import {readFileSync} from 'node:fs';
import {SourceMap} from 'node:module';

const map = new SourceMap(JSON.parse(readFileSync(process.argv[2] ?? 'dist-map/jirakey.js.map', 'utf8')));

const lines = readFileSync(0, 'utf8').split('\n');
const read = lines.map(line =>
  line.replace(/[^\s(]*jirakey\.js:(\d+):(\d+)/, (frame, row, column) => {
    const found = map.findEntry(Number(row) - 1, Number(column) - 1);
    return 'originalSource' in found
      ? `${found.originalSource.replace(/^(?:\.\.\/)+/, '')}:${found.originalLine + 1}:${found.originalColumn + 1}`
      : frame;
  }),
);
process.stdout.write(read.join('\n'));
