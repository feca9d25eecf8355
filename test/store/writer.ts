/**
 * A process of its own that saves: node writer.js FOLDER PREFIX COUNT NAMES [SIZE]. Saves number 0, 1, 2 … (as `seq`) go
 * to the names PREFIX-0 … PREFIX-(NAMES-1) in turn, SIZE characters more each; the number is printed once a save has
 * returned. A fault ends it with exit code 10 and is printed as JSON.
 */
import {StoreFault} from '../../source/domain/fault.ts';
import {openStore} from '../../source/store/store.ts';
import {saved} from './samples.ts';

const [directory = '', prefix = '', count = '0', names = '1', size = '0'] = process.argv.slice(2);
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
  process.stdout.write(`${JSON.stringify({code: error.code, message: error.message, facts: error.facts})}\n`);
  process.exitCode = 10;
}
