/**
 * The order of a checklist: the cause that the known facts point to comes first. A row names its causes and says of each
 * how likely the facts make it; nothing else decides the order.
 */
import type {Action} from '../test-report.ts';
import {upToSix} from './row.ts';

/**
 * `shown`: what is known shows this cause · `suggested`: what is known suggests it · `usual`: so it mostly is ·
 * `seldom` · `excluded`: what is known speaks against it, so it is left out.
 */
export const likelihoods = ['shown', 'suggested', 'usual', 'seldom', 'excluded'] as const;
export type Likelihood = (typeof likelihoods)[number];

export type Cause = readonly [likelihood: Likelihood, action: Action];

/** A fact that either shows a cause or leaves it out. */
export const shownWhen = (known: boolean): Likelihood => (known ? 'shown' : 'excluded');

/** Causes of equal likelihood keep the order of their row. */
export function mostLikelyFirst(causes: readonly (Cause | null)[]): readonly Action[] {
  const rank = ([likelihood]: Cause): number => likelihoods.indexOf(likelihood);
  return upToSix(
    causes
      .filter(cause => cause !== null)
      .filter(([likelihood]) => likelihood !== 'excluded')
      .toSorted((one, other) => rank(one) - rank(other))
      .map(([, action]) => action),
  );
}
