/** The options of everything that connects, read once and early: a slip here is told before anything is sent. */
import {parseResolve, type Reach} from '../../connection/reach.ts';
import {ownFile} from '../../connection/trust.ts';
import {UsageFault} from '../../domain/fault.ts';
import type {Context} from '../context.ts';

const usualSeconds = 30;
const longestSeconds = 600;

/** @throws UsageFault */
export function reachOf(context: Context): Reach {
  const {options, world} = context;
  return {
    env: world.env,
    caFile: options['ca-file'] === undefined ? null : checkedCaFile(options['ca-file']),
    extraCa: [],
    proxy: options.proxy === undefined ? null : checkedProxy(options.proxy),
    timeoutMs: secondsOf(options.timeout) * 1000,
    resolve: (options.resolve ?? []).map(parseResolve),
    now: world.now,
    run: context.run,
    secrets: context.secrets,
  };
}

function secondsOf(text: string | undefined): number {
  if (text === undefined) return usualSeconds;
  const seconds = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > longestSeconds) {
    throw new UsageFault(`--timeout wants seconds from 1 to ${longestSeconds}.`);
  }
  return seconds;
}

function checkedCaFile(path: string): string {
  ownFile(path);
  return path;
}

/** The address is not repeated: a proxy's may carry a password. */
function checkedProxy(text: string): string {
  if (text === '') return text;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(address) || !/^https?:\/\/[^/]/i.test(address)) {
    throw new UsageFault('--proxy wants an address like http://proxy.acme.example:3128.', [
      'Proxies of http and https form are supported, SOCKS is not.',
    ]);
  }
  return text;
}
