import {diagnose} from '../../diagnosis/diagnose.ts';
import {Broken} from '../broken.ts';
import type {Destination} from '../resolve.ts';
import {scopeOf} from '../scope.ts';
import {doubtful, failed, passed, type Session, type StepResult, skipped} from '../session.ts';

/** Finds the addresses: of the site, or of the proxy that will look the site up itself. */
export async function dns(session: Session): Promise<StepResult> {
  const {line, target, deadline} = session;
  const {host} = line.dialledHost;
  const started = performance.now();
  try {
    const destination = await line.resolve(deadline);
    if (line.proxy === null) {
      const detail = told(host, destination);
      // Every name under atlassian.net is on the Internet: another answer is a filter's, a split DNS or /etc/hosts.
      return target.site.atlassianHosted && detail.inside ? doubtful(detail.text) : passed(detail.text);
    }
    return passed(`proxy ${told(host, destination).text}; the proxy looks up ${target.site.host} itself`);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    // A proxy that is not found is a failure of the connection; this name is not ours to look up.
    if (line.proxy !== null) return skipped(`${target.site.host} is looked up by the proxy`);
    session.broke(error, 'dns', started);
    return failed(diagnose('dns', session.seen, session.facts()));
  }
}

/** `inside`: the resolver led to a place that is not on the Internet. */
function told(host: string, {addresses, by}: Destination): {text: string; inside: boolean} {
  const [first, ...others] = addresses.map(({address}) => address);
  if (by === 'literal') return {text: `${host} is an address, nothing to look up`, inside: false};
  const more = others.length === 0 ? '' : others.length === 1 ? ` and ${others[0]}` : ` and ${others.length} more`;
  const text = `${host} is ${first ?? ''}${more}`;
  if (by === 'option') return {text: `${text} by --resolve`, inside: false};
  const scopes = new Set(addresses.map(({address}) => scopeOf(address)));
  scopes.delete(null);
  // "localhost" says it itself.
  if (scopes.size === 0 || host === 'localhost') return {text, inside: false};
  return {text: `${text} (${[...scopes].join('; ')})`, inside: true};
}
