/** Watching: again until it passes, counted, stopped where it could do harm, and left by Ctrl-C for the checklist. */
import {describe, expect, it} from 'vitest';
import {menuOf} from '../../source/assistant/menu.ts';
import {watchSeconds} from '../../source/assistant/watching.ts';
import {answer, jiraCloud} from '../diagnosis/fabricate.ts';
import {examinationOf, failureOf, now, reportOf} from './doubles.ts';
import {Drive, next, pick, toResult} from './drive.ts';

const down = reportOf(failureOf('connection-refused', 'connect'));
const later = (seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();

/** On the checklist of a test that failed at `now`, then watching: the second try runs. */
const watching = async (report = down): Promise<Drive> => (await toResult(new Drive(), report)).send(pick('watch'));

function ended(drive: Drive, seconds: number, examination = examinationOf(down)): Drive {
  return drive.send({type: 'examined', seq: drive.last('examine').seq, examination, at: later(seconds)});
}

describe('watching', () => {
  it('counts the tries and says since when and when again', async () => {
    const drive = ended(await watching(), 15);
    expect(drive.state.watch).toMatchObject({tries: 2, since: later(0), next: later(15 + watchSeconds)});
    expect(drive.last('wait').until).toBe(later(15 + watchSeconds));
    drive.send({type: 'waited', seq: drive.last('wait').seq});
    expect(drive.state.watch).toMatchObject({tries: 2, next: null});
    ended(drive, 60);
    expect(drive.state.watch).toMatchObject({tries: 3, since: later(0), next: later(60 + watchSeconds)});
  });

  it('ends when the test passes, which is then saved', async () => {
    const drive = ended(await watching(), 15, examinationOf(reportOf(null)));
    expect(drive.state.watch).toBeNull();
    expect(drive.last('save').outcome).toBe('passed');
  });

  it.each([
    ['120', 120],
    ['5', watchSeconds],
    [new Date(now.getTime() + 15_000 + 600_000).toUTCString(), 600],
  ])('obeys Retry-After: %s', async (value, seconds) => {
    const seen = [answer({status: 429, headers: {...jiraCloud, 'retry-after': value}})];
    const limited = examinationOf(reportOf(failureOf('rate-limited', 'site')), {seen});
    expect(ended(await watching(), 15, limited).last('wait').until).toBe(later(15 + seconds));
  });

  it('ends on the checklist, with the reason, at a refused sign-in', async () => {
    const rejected = examinationOf(reportOf(failureOf('credentials-rejected', 'sign-in')));
    const drive = await watching();
    drive.take();
    drive.send({type: 'examined', seq: drive.state.trial?.seq ?? 0, examination: rejected, at: later(15)});
    expect([drive.at, drive.state.watch, drive.state.trouble?.failure.code]).toEqual([
      'checklist',
      null,
      'credentials-rejected',
    ]);
    expect(drive.state.notices.join(' ')).toContain('could lock the account');
    expect(drive.take()).toEqual([]);
  });

  it.each([
    ['between two tries', false],
    ['while a try runs', true],
  ])('Ctrl-C %s brings back the checklist; what still comes is ignored', async (_, running) => {
    const drive = ended(await watching(), 15);
    if (running) drive.send({type: 'waited', seq: drive.last('wait').seq});
    const late = drive.last('wait').seq;
    const seq = drive.state.trial?.seq ?? 0;
    drive.take();
    drive.send({type: 'interrupt'});
    expect([drive.at, drive.state.watch, drive.state.trial?.status]).toEqual(['checklist', null, 'failed']);
    expect(drive.state.trouble?.failure.code).toBe('connection-refused');
    expect(drive.take()).toEqual(running ? [{type: 'cancel', what: 'test'}] : []);
    drive.send(
      {type: 'waited', seq: late},
      {type: 'examined', seq, examination: examinationOf(reportOf(null)), at: later(99)},
    );
    expect([drive.at, drive.take()]).toEqual(['checklist', []]);
    // The checklist is whole: it can be watched again, and a second Ctrl-C leaves.
    expect(menuOf(drive.state).map(({id}) => id)).toContain('watch');
    expect(drive.send({type: 'interrupt'}).last('leave').ending).toBe('interrupted');
  });

  it('is left by Enter as well', async () => {
    expect(ended(await watching(), 15).send(next).at).toBe('checklist');
  });

  it('has a key of its own', async () => {
    const drive = await toResult(new Drive(), down);
    expect(menuOf(drive.state).find(({id}) => id === 'watch')?.key).toBe('w');
  });
});
