import {PassThrough} from 'node:stream';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {KeyStream} from '../../source/terminal/key-stream.ts';

/** A terminal's input without a terminal: bytes are written to it, raw mode is a flag. */
class FakeTerminal extends PassThrough {
  isRaw = false;
  readonly isTTY = true;
  readonly modes: boolean[] = [];
  setRawMode(raw: boolean): this {
    this.isRaw = raw;
    this.modes.push(raw);
    return this;
  }
}

function setUp(patience: {quiet?: number} = {}) {
  const terminal = new FakeTerminal();
  const heard = {interrupts: 0, hangups: 0, items: [] as string[]};
  const keys = new KeyStream(terminal, {
    onInterrupt: () => {
      heard.interrupts += 1;
    },
    onHangup: () => {
      heard.hangups += 1;
    },
    patience: {escape: 5, sequence: 5, paste: 20, verdict: 5, quiet: 1, ...patience},
  });
  /** Reads as Ink does: everything there is, at each `readable`. The batch shows what came in one turn. */
  const batches: string[][] = [];
  const listen = () => {
    const onReadable = () => {
      const batch: string[] = [];
      for (let item = keys.read(); item !== null; item = keys.read()) batch.push(String(item));
      batches.push(batch);
      heard.items.push(...batch);
    };
    keys.on('readable', onReadable);
    return () => keys.off('readable', onReadable);
  };
  keys.open();
  return {terminal, keys, heard, listen, batches};
}

describe('KeyStream', () => {
  let t: ReturnType<typeof setUp>;
  beforeEach(() => {
    t = setUp();
  });
  afterEach(() => t.keys.release());

  it('gives out one item at a time', async () => {
    t.listen();
    t.terminal.write('name\r\u001b[A\u001b[200~pasted\u001b[201~');
    await vi.waitFor(() => expect(t.heard.items).toHaveLength(7));
    expect(t.batches.filter(batch => batch.length > 0)).toEqual([
      // Letter by letter: what was typed ahead may be meant for a screen on which each letter is a key.
      ...['n', 'a', 'm', 'e'].map(letter => [letter]),
      ['\r'],
      ['\u001b[A'],
      ['\u001b[200~pasted\u001b[201~'],
    ]);
  });

  it('joins a character whose bytes came apart', async () => {
    t.listen();
    const bytes = Buffer.from('é日😀');
    for (const byte of bytes) t.terminal.write(Buffer.from([byte]));
    await vi.waitFor(() => expect(t.heard.items.join('')).toBe('é日😀'));
  });

  it('keeps what is typed while nobody reads, in order', async () => {
    t.terminal.write('a\r');
    await vi.waitFor(() => expect(t.terminal.readableLength).toBe(0));
    const stop = t.listen();
    await vi.waitFor(() => expect(t.heard.items).toEqual(['a', '\r']));
    stop();
    t.terminal.write('b');
    await vi.waitFor(() => expect(t.terminal.readableLength).toBe(0));
    expect(t.heard.items).toEqual(['a', '\r']);
    t.listen();
    await vi.waitFor(() => expect(t.heard.items).toEqual(['a', '\r', 'b']));
  });

  it('delivers a paste whose end is lost', async () => {
    t.listen();
    t.terminal.write('\u001b[200~token');
    await vi.waitFor(() => expect(t.heard.items).toEqual(['\u001b[200~token\u001b[201~']));
  });

  it('hears Ctrl-C in a paste whose end is lost, and is usable afterwards', async () => {
    t.listen();
    t.terminal.write('\u001b[200~token');
    t.terminal.write('\u0003');
    await vi.waitFor(() => expect(t.heard.interrupts).toBe(1));
    t.terminal.write('x');
    await vi.waitFor(() => expect(t.heard.items).toEqual(['x']));
  });

  it('throws away what was typed ahead of Ctrl-C', async () => {
    t.terminal.write('wrong\r\u0003right');
    await vi.waitFor(() => expect(t.heard.interrupts).toBe(1));
    t.listen();
    await vi.waitFor(() => expect(t.heard.items.join('')).toBe('right'));
  });

  it('presses no keys with the rest of a paste that had a Ctrl-C in it, until the keyboard is quiet', async () => {
    const t = setUp({quiet: 100});
    t.listen();
    t.terminal.write('a-line-of-a-paste\u0003y\rq');
    await vi.waitFor(() => expect(t.heard.interrupts).toBe(1));
    t.terminal.write('\u0003y\r');
    await vi.waitFor(() => expect(t.heard.interrupts).toBe(2));
    await new Promise(resolve => setTimeout(resolve, 150));
    t.terminal.write('n');
    await vi.waitFor(() => expect(t.heard.items.at(-1)).toBe('n'));
    expect(t.heard.items.join('')).not.toMatch(/[yq\r]/);
    t.keys.release();
  });

  it('holds raw mode whatever Ink asks for, until it is released', () => {
    t.keys.setRawMode();
    expect(t.terminal.modes).toEqual([true]);
    t.keys.release();
    t.keys.release();
    expect(t.terminal.modes).toEqual([true, false]);
  });

  it('sets raw mode anew after the process was stopped and continued', () => {
    t.keys.open();
    expect(t.terminal.modes).toEqual([true, false, true]);
  });

  it('leaves a terminal raw that was raw before', () => {
    const terminal = new FakeTerminal();
    terminal.isRaw = true;
    const keys = new KeyStream(terminal, {onInterrupt: () => {}, onHangup: () => {}});
    keys.open();
    keys.release();
    expect(terminal.isRaw).toBe(true);
  });

  it('drops what comes while it drains, to the end of a paste', async () => {
    t.listen();
    t.terminal.write('\u001b[200~half');
    await vi.waitFor(() => expect(t.terminal.readableLength).toBe(0));
    const drained = t.keys.drain();
    t.terminal.write(' a paste\r\u001b[201~');
    await drained;
    expect(t.terminal.readableLength).toBe(0);
    expect(t.heard.items).toEqual([]);
  });

  it('says when the terminal goes away', async () => {
    t.terminal.end();
    await vi.waitFor(() => expect(t.heard.hangups).toBe(1));
  });
});
