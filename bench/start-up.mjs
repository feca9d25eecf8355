// How long until the program answers, against Node doing nothing.
import {inTurn, row, timeOf} from './measure.mjs';

const program = 'dist/jirakey.js';
const nothing = () => timeOf(process.execPath, ['-e', '0']);

export async function startUp() {
  const lines = [];
  for (const args of [['--version'], ['--help'], ['explain', 'dns-not-found']]) {
    const [ours, node] = await inTurn(() => timeOf(process.execPath, [program, ...args]), nothing, 9);
    lines.push(row(`jirakey ${args.join(' ')}`, ours, 'an empty Node program', ours / node));
  }
  return lines;
}
