import {outcomeOf} from '../diagnosis/diagnose.ts';
import type {Failure, Report} from '../diagnosis/test-report.ts';
import {clean} from '../domain/clean.ts';
import type {Step} from '../domain/step.ts';
import type {Session} from './session.ts';

/** The one result of a test. */
export function assemble(session: Session, steps: readonly Step[], failure: Failure | null): Report {
  const {target} = session;
  return {
    schemaVersion: 1,
    outcome: outcomeOf(failure),
    credential: {
      name: target.name === null ? null : clean(target.name),
      connector: target.connector,
      url: clean(target.site.url, 2048),
      username: clean(target.username),
    },
    route: session.route,
    site: {
      deployment: session.deployment,
      version: session.version,
      title: session.title,
      cloudId: session.cloudId === null ? null : clean(session.cloudId),
    },
    account: session.account,
    steps,
    failure,
    warnings: session.warnings,
  };
}
