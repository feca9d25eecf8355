import type {Clean} from './clean.ts';

/** The stages of the connection test, in order. Public: they are the `id`s of `steps` in `--json`. */
export const stepIds = ['dns', 'connect', 'tls', 'site', 'sign-in', 'account', 'permissions', 'feeds'] as const;
export type StepId = (typeof stepIds)[number];
export type StepStatus = 'passed' | 'failed' | 'warning' | 'skipped';

/** One finished stage: `ms` is its wall time in milliseconds, `detail` one line of evidence. */
export type Step = Readonly<{id: StepId; status: StepStatus; ms: number; detail: Clean}>;
