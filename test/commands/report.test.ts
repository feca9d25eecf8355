import {describe, expect, it} from 'vitest';
import {leakIn} from '../../source/commands/report.ts';
import {failureCodes} from '../../source/diagnosis/catalogue/index.ts';
import {explain} from '../../source/diagnosis/explain.ts';
import {bench, unlocked, username} from './bench.ts';

const {token, jirakey, save, store} = bench();
const failed = {outcome: 'failed', code: 'credentials-rejected', at: '2026-11-20T10:00:00.000Z'} as const;

describe('jirakey report', () => {
  it('tells the last test, its cause and what to do, without who signs in', async () => {
    await save();
    await store().recordTest('acme', failed);
    const {code, stdout} = await jirakey(['report', 'acme'], {env: unlocked});
    expect(code).toBe(0);
    expect(stdout).toContain('credentials-rejected');
    expect(stdout).toContain('Troubleshooting checklist');
    expect(stdout).toContain('2026-11-20 10:00 UTC');
    expect(stdout).not.toContain(username);
    expect(stdout).not.toContain(token.slice(0, 12));
    expect(stdout).toMatch(/Self-check: .*token/);
  });

  it('takes the credential tested last when none is named, without a passphrase', async () => {
    await save();
    await save({name: 'other'});
    await store().recordTest('other', failed);
    const {code, stdout} = await jirakey(['report', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({name: 'other'});
  });

  it('exits 3 where nothing is saved', async () => {
    expect((await jirakey(['report'])).code).toBe(3);
  });

  it('finds a secret in a text, in every form it is likely to be in', async () => {
    const saved = await save();
    const secret = 'hunter2-hunter2-hunter2';
    const packed = Buffer.from(`you@acme.com:${secret}`).toString('base64');
    for (const text of [token, `x ${secret} y`, `x ${packed} y`, encodeURIComponent(secret), saved.sealed]) {
      expect(leakIn(text, saved, [secret]), text.slice(0, 20)).not.toBeNull();
    }
  });

  it('takes no page of ours for a secret', async () => {
    const saved = await save();
    expect(leakIn('Basic authentication works as it should.', saved, [])).toBeNull();
    for (const code of failureCodes) expect(leakIn(explain(code).join('\n'), saved, []), code).toBeNull();
  });
});
