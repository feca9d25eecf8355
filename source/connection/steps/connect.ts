import {diagnose} from '../../diagnosis/diagnose.ts';
import {own} from '../../domain/clean.ts';
import {Broken} from '../broken.ts';
import {doubtful, failed, passed, type Session, type StepResult} from '../session.ts';

/** Opens TCP to the site, or through the proxy. */
export async function connect(session: Session): Promise<StepResult> {
  const {line, target, deadline} = session;
  const started = performance.now();
  try {
    session.pipe = await line.connect(deadline);
    const {dialled} = session.pipe;
    const place = `${dialled.address.includes(':') ? `[${dialled.address}]` : dialled.address}:${dialled.port}`;
    const {site} = target;
    const detail =
      line.proxy === null
        ? `connected to ${place}`
        : `connected to ${site.host}:${site.port} through the proxy ${line.proxy.use.address} (${line.proxy.use.because})`;
    if (dialled.failed.length === 0) return passed(detail);
    const others = dialled.failed
      .map(({address, code}) => `${address} ${code === 'SLOW' ? 'is slow' : code}`)
      .join(', ');
    // localhost has two addresses everywhere, and hardly anything listens on both.
    if (line.dialledHost.host === 'localhost') return passed(detail);
    return doubtful(`${detail}; not every address answers: ${others}`);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    session.broke(error, 'connect', started);
    if (error.code === 'PLAIN_HTTP_ABROAD') {
      const evidence = own('http:// was asked for a name that leads to another machine; nothing was sent');
      return failed(session.fail('url-insecure', 'site', [evidence]));
    }
    return failed(diagnose('connect', session.seen, session.facts()));
  }
}
