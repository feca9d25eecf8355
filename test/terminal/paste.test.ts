// Every way a token has been seen to arrive: at once, in pieces, slowly, with and without the markers of a paste.
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {bundle} from '../support/terminal/bundle.ts';
import {startInPty} from '../support/terminal/pty.ts';

let program: Awaited<ReturnType<typeof bundle>>;
beforeAll(async () => {
  program = await bundle('test/terminal/fixture.tsx');
});
afterAll(() => program.remove());

/** A token by shape: 192 characters, none of them real. */
const token = `${'ATATT3x'.padEnd(184, 'Ab1-_')}=0123ABC`;

describe('a secret arrives whole', () => {
  const cases = [1, 4, 192].flatMap(writes =>
    [0, 30].flatMap(pause => (['bracketed', 'unbracketed', 'end lost'] as const).map(how => ({writes, pause, how}))),
  );
  it.concurrent.for(cases)(
    'in $writes writes $pause ms apart, $how',
    {timeout: 60_000},
    async ({writes, pause, how}, {onTestFinished}) => {
      const pty = startInPty(process.execPath, [program.path, 'token'], {columns: 40});
      onTestFinished(pty.stop);
      await pty.waitFor('API Token');
      const bytes = token.length + (how === 'bracketed' ? 12 : how === 'end lost' ? 6 : 0);
      await pty.paste(token, {
        bracketed: how !== 'unbracketed',
        lostEnd: how === 'end lost',
        chunk: writes === 1 ? Number.POSITIVE_INFINITY : Math.ceil(bytes / writes),
        pause,
      });
      await pty.waitFor('192 characters');
      expect(pty.transcript()).not.toContain('ATATT');
      pty.write('\r');
      await pty.waitFor('GOT');
      expect(pty.transcript().replace(/[\r\n]/g, '')).toContain(`GOT "${token}"`);
    },
  );
});
