// What a user feels, as ratios against something measured in the same run; absolute times are this machine's own.
import {gap} from './gap.mjs';
import {sealing} from './sealing.mjs';
import {startUp} from './start-up.mjs';

for (const measure of [startUp, sealing, gap]) {
  for (const line of await measure()) console.log(line);
}
