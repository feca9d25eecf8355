import {feedNeeds} from '../../diagnosis/catalogue/feed-needs.ts';
import {closesAll, diagnose} from '../../diagnosis/diagnose.ts';
import {type Detail, type Evidence, type FeedId, feedIds} from '../../diagnosis/evidence.ts';
import {linesOf, scopeRefused} from '../../diagnosis/evidence-reading.ts';
import {json, property, whoAnswered} from '../../diagnosis/responder.ts';
import {type Clean, clean} from '../../domain/clean.ts';
import {answers, byStranger, entriesIn, permissionIn, serverFailed, slowedDown, whyNot} from '../readings.ts';
import {doubtful, failed, passed, type Session, type StepResult} from '../session.ts';

type Probe = Readonly<{id: FeedId; evidence: Evidence}>;

/** Do the lists the connector reads answer for this account? One that does not is a warning; only none at all fails. */
export async function feeds(session: Session): Promise<StepResult> {
  const {readings, target} = session;
  if (readings === null) throw new Error('The feeds step comes after the account step.');
  const projects = await readings.projects;
  if (target.connector === 'jira-software') return projectsOnly(session, projects, await readings.browse);
  const probes: Probe[] = [{id: 'projects', evidence: projects}];
  for (const id of feedIds) {
    const evidence = await readings.feeds[id];
    if (evidence === undefined || evidence === null) continue;
    session.seen.push(evidence);
    probes.push({id, evidence});
  }
  const closed = probes.filter(({evidence}) => !answers(evidence));
  if (closed.length === 0) return passed(`all answer: ${probes.map(({id}) => id).join(', ')}`);
  if (closed.length === probes.length) return failed(noneAnswers(session, closed));
  const elsewhere = closed.filter(({evidence}) => byStranger(evidence) || slowedDown(evidence));
  const names = closed.filter(probe => !elsewhere.includes(probe)).map(({id}) => id);
  session.warn({code: 'feed-unavailable', feeds: names, elsewhere: elsewhere.map(reasonOf)});
  // Sprints are asked of a board.
  const unasked = names.includes('boards') ? '; sprints were not asked' : '';
  return doubtful(`no answer from ${reasons(closed)}${unasked}; the others answer`);
}

const reasonOf = ({id, evidence}: Probe): Clean =>
  evidence.kind === 'answer' && scopeRefused(evidence)
    ? clean(`${id} (the token lacks ${feedNeeds[id].scope})`)
    : clean(`${id} (${whyNot(evidence)})`);
const reasons = (probes: readonly Probe[]): string => probes.map(reasonOf).join(', ');

const onlyProjects: Detail = {code: 'feed-unavailable', feeds: ['projects'], elsewhere: []};

function projectsOnly(session: Session, projects: Evidence, browse: Evidence): StepResult {
  if (!answers(projects)) {
    // A server error beside an answer is one list's; with no answer at all since the sign-in it is the site's.
    if (serverFailed(projects) && permissionIn(browse, 'BROWSE_PROJECTS') === null) {
      return failed(faultOf(session, projects));
    }
    // The only feed there is: what stands in its way, or Jira's own refusal, stops the connector.
    if (byStranger(projects) || slowedDown(projects)) return failed(faultOf(session, projects));
    const may = permissionIn(browse, 'BROWSE_PROJECTS') === true;
    if (!may && isRefusal(projects)) return failed(refusal(session, projects));
    session.warn(onlyProjects);
    const though = may ? ', though Jira says that the account may browse projects' : '';
    return doubtful(`the list of projects does not answer (${whyNot(projects)})${though}`);
  }
  const total = projects.kind === 'answer' ? (property(json(projects), 'total') ?? entriesIn(projects)?.length) : null;
  const count =
    typeof total === 'number' && total > 0 ? `${total} ${total === 1 ? 'project' : 'projects'}` : 'projects';
  return passed(`${count} can be read; Jira Software needs no other feed`);
}

/** A path that some server does not know is no refusal; one of Jira's own that it does not open is. */
function isRefusal(projects: Evidence): boolean {
  if (projects.kind === 'trouble' || projects.status < 400) return false;
  return projects.status === 401 || projects.status === 403 || whoAnswered(projects).party !== 'other';
}

function refusal(session: Session, projects: Evidence) {
  session.seen.push(projects);
  const verdict = diagnose('feeds', session.seen, session.facts());
  return verdict.code === 'token-scope-missing' ? verdict : session.fail(onlyProjects, 'feeds', linesOf(projects));
}

/** What stands in the way, from a list that shows it. The catalogue takes a feed's error for that feed's own trouble. */
function faultOf(session: Session, evidence: Evidence) {
  session.seen.push(evidence);
  const verdict = diagnose('feeds', session.seen, session.facts());
  if (verdict.code !== 'feed-unavailable') return verdict;
  return session.fail(byStranger(evidence) ? 'intercepted' : 'server-error', 'feeds', linesOf(evidence));
}

function noneAnswers(session: Session, closed: readonly Probe[]) {
  const [first] = closed;
  if (first !== undefined && closed.every(({evidence}) => serverFailed(evidence)))
    return faultOf(session, first.evidence);
  if (first !== undefined && closed.every(({evidence}) => byStranger(evidence)))
    return faultOf(session, first.evidence);
  // A scope the token lacks closes every feed alike, and says so; time that ran out says nothing about the account.
  const last = closed[0]?.evidence;
  if (last !== undefined) session.seen.push(last);
  const verdict = diagnose('feeds', session.seen, session.facts());
  if (closesAll(verdict)) return verdict;
  const evidence = closed.map(({id, evidence: each}) => clean(`${id}: ${whyNot(each)}`));
  return session.fail({code: 'feed-unavailable', feeds: closed.map(({id}) => id), elsewhere: []}, 'feeds', evidence);
}
