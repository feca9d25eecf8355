/**
 * A process of its own that unlocks a store, and so brings it to today's format: node migrator.js FOLDER PASSPHRASE. Says 0
 * before it begins, 1 when the store is open. A fault ends it with exit code 10 and is printed as JSON.
 */
import {stat} from 'node:fs/promises';
import {StoreFault} from '../../source/domain/fault.ts';
import {Secret} from '../../source/domain/secret.ts';
import {openStore} from '../../source/store/store.ts';

const [directory = '', passphrase = ''] = process.argv.slice(2);
await stat('/');
process.stdout.write('0\n');
try {
  await openStore(directory, {waitMs: 30_000}).unlock(new Secret(passphrase));
  process.stdout.write('1\n');
} catch (error) {
  if (!(error instanceof StoreFault)) throw error;
  process.stdout.write(`${JSON.stringify({code: error.code, message: error.message, problem: error.problem})}\n`);
  process.exitCode = 10;
}
