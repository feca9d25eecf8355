// What a user feels, as ratios against something measured in the same run; absolute times are this machine's own.
import {gap} from './gap.mjs';
import {masking} from './masking.mjs';
import {roundTrips} from './round-trips.mjs';
import {sealing} from './sealing.mjs';
import {startUp} from './start-up.mjs';
import {storeCosts} from './store-costs.mjs';

for (const measure of [startUp, sealing, storeCosts, gap, masking, roundTrips]) {
  for (const line of await measure()) console.log(line);
}
