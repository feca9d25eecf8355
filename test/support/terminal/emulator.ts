/** A terminal that only looks: what a text does to the screen, the title, the clipboard and the rest of a terminal. */
import xterm, {type IBuffer} from '@xterm/headless';

/** Everything a text could have done besides showing itself. Empty when it has done nothing else. */
export type Harm = readonly string[];

export type Shown = Readonly<{
  harm: Harm;
  /** The lines after the ones that stood there before. */
  lines: readonly string[];
}>;

const before = ['$ date', 'this line was here before', '$ jirakey test'];

const columns = 160;

/** The lines from a row up to the cursor's, each put together again where it was too long for one row. */
function linesOf(buffer: IBuffer, from: number, rows: number): readonly string[] {
  const lines: string[] = [];
  for (let at = from; at < rows; at += 1) {
    const row = buffer.getLine(at);
    const continues = buffer.getLine(at + 1)?.isWrapped ?? false;
    const text = row?.translateToString(!continues) ?? '';
    if (row?.isWrapped) lines.push((lines.pop() ?? '') + text);
    else if (at <= buffer.cursorY || text !== '') lines.push(text);
  }
  return lines;
}

/** Shows a text in a terminal in which other lines stand already, with room for all of it. */
export async function show(text: string): Promise<Shown> {
  const lines = text.split('\n');
  const rows = before.length + lines.reduce((sum, line) => sum + 1 + Math.floor((line.length * 2) / columns), 0) + 3;
  const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 0});
  const harm: string[] = [];
  const said = (what: string) => () => {
    harm.push(what);
  };
  terminal.onTitleChange(said('title'));
  terminal.onBell(said('bell'));
  terminal.onData(said('answers back'));
  terminal.onScroll(said('scrolls'));
  terminal.buffer.onBufferChange(said('alternate screen'));
  for (const code of [0, 1, 2, 4, 7, 8, 9, 10, 11, 12, 50, 52, 104, 133, 777, 1337]) {
    terminal.parser.registerOscHandler(code, () => {
      harm.push(code === 52 ? 'clipboard' : `OSC ${code}`);
      return false;
    });
  }
  const handled = (what: string) => () => {
    harm.push(what);
    return false;
  };
  for (const final of 'ABCDEFGHIJKLMPSTXZ`abcdefghilmnpqrstux@')
    terminal.parser.registerCsiHandler({final}, handled(`CSI ${final}`));
  for (const [prefix, final] of ['?h', '?l', '?n', '>c', '>q', '?u', '>u', '<u', '=u', '?J', '?K'].map(each => [
    ...each,
  ])) {
    terminal.parser.registerCsiHandler({prefix: prefix ?? '', final: final ?? ''}, handled(`CSI ${prefix}${final}`));
  }
  for (const final of '78=>cDEHMNOZno') terminal.parser.registerEscHandler({final}, handled(`ESC ${final}`));
  for (const final of 'qptu|') terminal.parser.registerDcsHandler({final}, handled(`DCS ${final}`));
  const write = (content: string): Promise<void> => new Promise(done => terminal.write(content, done));
  await write(`${before.join('\r\n')}\r\n`);
  await write(lines.join('\r\n'));
  const {active} = terminal.buffer;
  const row = (at: number): string => active.getLine(at)?.translateToString(true) ?? '';
  for (const [at, line] of before.entries()) if (row(at) !== line) harm.push(`line ${at} now says ${row(at)}`);
  const shown = linesOf(active, before.length, rows);
  if (shown.length !== lines.length) harm.push(`${lines.length} lines became ${shown.length}`);
  terminal.dispose();
  return {harm: [...new Set(harm)], lines: shown};
}
