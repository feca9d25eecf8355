/** The options of everything that connects, read once and early: a slip here is reported before anything is sent. */
import {certificatesAt} from '../../connection/ca-certificates.ts';
import type {Reach} from '../../connection/reach.ts';
import {beyondBundled} from '../../connection/trust.ts';
import {clean} from '../../domain/clean.ts';
import type {GivenConnection} from '../../domain/connection-choice.ts';
import {UsageFault} from '../../domain/fault.ts';
import {parseFixedAddress} from '../../domain/fixed-address.ts';
import {parseProxyAddress} from '../../domain/proxy-address.ts';
import type {Context} from '../context.ts';
import type {Options} from '../line/options.ts';

const longestSeconds = 600;

/** @throws UsageFault */
export function reachOf({options, world, run, secrets}: Pick<Context, 'options' | 'world' | 'run' | 'secrets'>): Reach {
  return {env: world.env, given: givenConnection(options), now: world.now, run, secrets};
}

/** What the options say about the connection. @throws UsageFault */
export function givenConnection(options: Options): GivenConnection {
  const caFile = options['ca-file'];
  const caOnly = options['ca-only'] === true;
  if (caOnly && caFile === '') {
    throw new UsageFault('--ca-only trusts no others than those of --ca-file, and --ca-file "" names none.');
  }
  return {
    proxy: options.proxy === undefined ? null : proxyOf(options.proxy),
    authorities: caFile === undefined ? null : authoritiesOf(caFile, caOnly),
    caOnly,
    addresses: options.resolve === undefined ? null : options.resolve.map(checkedAddress),
    timeoutSeconds: options.timeout === undefined ? null : secondsOf(options.timeout),
  };
}

function secondsOf(text: string): number {
  const seconds = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > longestSeconds) {
    throw new UsageFault(`--timeout takes seconds from 1 to ${longestSeconds}.`);
  }
  return seconds;
}

function authoritiesOf(path: string, only: boolean): GivenConnection['authorities'] {
  if (path === '') return {certificates: [], from: ''};
  const read = certificatesAt(path);
  if (!read.ok) throw new UsageFault(`--ca-file ${clean(path)} ${read.reason}.`, [read.hint]);
  const pems = read.certificates.map(({pem}) => pem);
  return {certificates: only ? pems : beyondBundled(pems), from: path};
}

function checkedAddress(text: string): string {
  if (parseFixedAddress(text) !== null) return text.trim();
  throw new UsageFault('--resolve takes HOST:PORT:ADDRESS[,ADDRESS], with IP addresses last.', [
    'Example: --resolve jira.acme.example:443:10.0.0.7',
  ]);
}

/** The address is not repeated: a proxy's may carry a password. */
function proxyOf(text: string): GivenConnection['proxy'] {
  if (text.trim() === '') return 'none';
  const read = parseProxyAddress(text);
  if (read.ok) return read.proxy;
  throw new UsageFault(`--proxy: ${read.reason}`, ['Example: --proxy http://proxy.acme.example:3128']);
}
