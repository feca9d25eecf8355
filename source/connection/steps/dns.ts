import {diagnose} from '../../diagnosis/diagnose.ts';
import {Broken} from '../broken.ts';
import type {Destination} from '../resolve.ts';
import {failed, passed, type Session, type StepResult, skipped} from '../session.ts';

/** Finds the addresses: of the site, or of the proxy that will look the site up itself. */
export async function dns(session: Session): Promise<StepResult> {
  const {line, target, deadline} = session;
  const {host} = line.dialledHost;
  const started = performance.now();
  try {
    const destination = await line.resolve(deadline);
    if (line.proxy === null) return passed(told(host, destination));
    return passed(`proxy ${told(host, destination)}; the proxy looks up ${target.site.host} itself`);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    // A proxy that is not found is a failure of the connection; this name is not ours to look up.
    if (line.proxy !== null) return skipped(`${target.site.host} is looked up by the proxy`);
    session.broke(error, 'dns', started);
    return failed(diagnose('dns', session.seen, session.facts()));
  }
}

function told(host: string, {addresses, by}: Destination): string {
  const [first, ...others] = addresses.map(({address}) => address);
  if (by === 'literal') return `${host} is an address, nothing to look up`;
  const more = others.length === 0 ? '' : others.length === 1 ? ` and ${others[0]}` : ` and ${others.length} more`;
  return `${host} is ${first ?? ''}${more}${by === 'option' ? ' by --resolve' : ''}`;
}
