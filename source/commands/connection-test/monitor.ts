/** Tests for a monitor: whatever happens, stdout holds a whole result of its format. */
import {
  isMonitor,
  type Monitor,
  type Monitored,
  nagiosResult,
  prometheusText,
  type Round,
} from '../../diagnosis/monitored.ts';
import {NothingThere, UsageFault} from '../../domain/fault.ts';
import type {Context} from '../context.ts';
import type {Options} from '../line/options.ts';
import {reportError} from '../output/report-error.ts';
import {mostSevere} from './all-tests.ts';
import {failureOf, isObstacle} from './failures.ts';

/** @throws UsageFault */
export function monitorOf(options: Options): Monitor | null {
  const format = options['monitor-format'] ?? '';
  if (!isMonitor(format)) return null;
  if (options.json === true) throw new UsageFault(`--json and --format ${format} are two formats: give one.`);
  if (options.watch !== undefined) throw new UsageFault('--watch prints a line for each try, no result for a monitor.');
  if (options.url !== undefined || options.username !== undefined)
    throw new UsageFault(`--format ${format} is for saved credentials: name one, or give --all.`);
  return format;
}

/** Why nothing could be tested; null for an interruption and for what is a bug. */
function obstacleIn(error: unknown, context: Context): Round['obstacle'] {
  if (isObstacle(error)) return failureOf(error, context);
  if (error instanceof NothingThere) return {code: 'credential-unknown', title: error.message};
  if (error instanceof UsageFault) return {code: 'usage', title: [error.message, ...error.hints].join(' ')};
  return null;
}

/** @returns for Prometheus the exit code of any test; for Nagios that of a plugin */
export async function monitored(
  format: Monitor,
  work: () => Promise<readonly Monitored[]>,
  context: Context,
): Promise<number> {
  const {printer, world} = context;
  const print = (round: Omit<Round, 'now'>, code: number): number => {
    const whole = {...round, now: world.now()};
    if (format === 'prometheus') {
      printer.result(prometheusText(whole));
      return code;
    }
    const result = nagiosResult(whole);
    printer.result(result.text);
    return result.code;
  };
  try {
    const tests = await work();
    return print({tests, obstacle: null}, mostSevere(tests.map(({code}) => code)));
  } catch (error) {
    const obstacle = obstacleIn(error, context);
    if (obstacle === null) throw error;
    return print({tests: [], obstacle}, await reportError(error, context));
  }
}
