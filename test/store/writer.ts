/**
 * A process of its own that saves: node writer.js FOLDER PREFIX COUNT NAMES [SIZE [wait]]. Saves number 0, 1, 2 … (as `seq`) go
 * to the names PREFIX-0 … PREFIX-(NAMES-1) in turn, SIZE characters more each; the number is printed once a save has
 * returned. A fault ends it with exit code 10 and is printed as JSON. With `wait` it says "ready", its pool thread running,
 * and begins when a line comes in.
 */
import {once} from 'node:events';
import {stat} from 'node:fs/promises';
import {StoreFault} from '../../source/domain/fault.ts';
import {openStore} from '../../source/store/store.ts';
import {saved} from './samples.ts';

const [directory = '', prefix = '', count = '0', names = '1', size = '0', wait = ''] = process.argv.slice(2);
if (wait === 'wait') {
  await stat('/');
  process.stdout.write('ready\n');
  await once(process.stdin, 'data');
  process.stdin.destroy();
}
const store = openStore(directory, {waitMs: 30_000});
try {
  for (let seq = 0; seq < Number(count); seq++) {
    await store.save(saved(`${prefix}-${seq % Number(names)}`, {seq, description: 'x'.repeat(Number(size))}), {
      replace: true,
    });
    process.stdout.write(`${seq}\n`);
  }
} catch (error) {
  if (!(error instanceof StoreFault)) throw error;
  process.stdout.write(`${JSON.stringify({code: error.code, message: error.message, problem: error.problem})}\n`);
  process.exitCode = 10;
}
