import {describe, expect, it} from 'vitest';
import {menuOf} from '../../source/assistant/menu.ts';
import {messageIn} from '../../source/assistant/message-to-admin.ts';
import {own} from '../../source/domain/clean.ts';
import {examinationOf, failureOf, reportOf} from './doubles.ts';
import {at, back, Drive, next, pick, token, toResult, toTest} from './drive.ts';

const onChecklist = (code: Parameters<typeof failureOf>[0], step: Parameters<typeof failureOf>[1]): Promise<Drive> =>
  toResult(new Drive(), reportOf(failureOf(code, step)));
const offered = (drive: Drive): readonly string[] =>
  menuOf(drive.state).flatMap(({id, label}) => (id.startsWith('message:') ? [label] : []));

describe('the message to an admin', () => {
  it('is offered for the admin of whom the checklist asks something, and for no other', async () => {
    expect(offered(await onChecklist('certificate-untrusted', 'tls'))).toEqual(['Message for the network admin']);
    expect(offered(await onChecklist('permission-missing', 'permissions'))).toEqual(['Message for the Jira admin']);
    expect(offered(await onChecklist('sign-in-unclear', 'sign-in'))).toHaveLength(2);
    expect(offered(await onChecklist('rate-limited', 'site'))).toEqual([]);
  });

  it('is shown, copied on request, and left for the checklist by Enter or back', async () => {
    const drive = await onChecklist('certificate-untrusted', 'tls');
    drive.take();
    drive.send(pick('message:network-admin'));
    expect(drive.at).toBe('message');
    drive.send({type: 'copy'});
    const {text} = drive.last('copy');
    expect(text).toContain('from web01 to Jira fails');
    expect(text).toContain('acme.atlassian.net:443');
    drive.send({type: 'copied', result: 'sent'});
    expect(drive.state.notices.join(' ')).toMatch(/Some do not/);
    expect(drive.send(next).at).toBe('checklist');
    expect(drive.send(pick('message:network-admin'), back).at).toBe('checklist');
    expect(drive.state.opened).toEqual(['network-admin']);
    // Nothing to copy where no message is shown.
    drive.take();
    expect(drive.send({type: 'copy'}).take()).toEqual([]);
  });

  it('says since when it fails, over all tries that failed alike', async () => {
    const drive = await onChecklist('connection-refused', 'connect');
    const again = examinationOf(reportOf(failureOf('connection-refused', 'connect')));
    drive.send(pick('again'));
    drive.send({type: 'examined', seq: drive.last('examine').seq, examination: again, at: '2026-11-23T12:30:00.000Z'});
    const message = messageIn(drive.state, 'network-admin');
    expect(message && 'flowing' in message && message.flowing).toContain(
      'Since:       2026-11-23 10:00 UTC (the 2nd test in a row, the latest 2026-11-23 12:30 UTC)',
    );
  });

  it.each([
    ['the token', token],
    ['the passphrase', 'amber bridge cactus dagger ember fabric'],
  ])('is held back when %s stands in it', async (_, planted) => {
    const failure = {...failureOf('certificate-untrusted', 'tls'), evidence: [own(`echo ${planted}`)]};
    const drive = toTest(new Drive());
    const seq = drive.last('examine').seq;
    drive.send({type: 'examined', seq, examination: examinationOf(reportOf(failure)), at});
    drive.take();
    drive.send(pick('message:network-admin'));
    const message = messageIn(drive.state, 'network-admin');
    expect(message).toMatchObject({held: expect.stringContaining('held back')});
    expect(JSON.stringify(message)).not.toContain(planted);
    expect(drive.send({type: 'copy'}).take()).toEqual([]);
  });
});
