import type {Purpose, Trouble} from '../diagnosis/evidence.ts';
import {clean} from '../domain/clean.ts';
import type {StepId} from '../domain/step.ts';
import type {Broken} from './broken.ts';
import type {Line} from './line.ts';

/** What broke, as evidence: the site that was wanted, and the proxy in between where there is one. */
export function troubleOf(broken: Broken, line: Line, step: StepId, purpose: Purpose | null, ms: number): Trouble {
  const {
    attempts = [],
    proxyAnswer = null,
    chain = [],
    refusedChain = false,
    smallGreeting = false,
    spoken = null,
  } = broken.particulars;
  return {
    kind: 'trouble',
    step,
    purpose,
    stage: broken.stage,
    code: broken.code,
    message: clean(broken.message),
    host: clean(line.endpoint.host),
    port: line.endpoint.port,
    attempts,
    proxy: line.proxy?.use ?? null,
    proxyAnswer,
    chain,
    ...(refusedChain ? {refusedChain} : {}),
    ...(smallGreeting ? {smallGreeting} : {}),
    spoken,
    ms: Math.round(ms),
  };
}
