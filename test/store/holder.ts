/** A process that takes the store's lock and keeps it: node holder.js FOLDER. Says "held", then waits for the end of stdin. */
import {once} from 'node:events';
import {withLock} from '../../source/store/commit.ts';

const [directory = ''] = process.argv.slice(2);
await withLock(directory, 10_000, async () => {
  process.stdout.write('held\n');
  process.stdin.resume();
  await once(process.stdin, 'end');
});
