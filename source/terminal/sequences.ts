// Which sequences may reach a terminal. Pure.

const controlSequence =
  /\u001b\[([0-?]*)([ -/]*)([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b(?![[\]])[ -/]*[0-~]|\u001b/g;

/** Cursor movements, erasing and colours: the same everywhere since the VT100. */
const everywhere = /^[ABCDHJKm]$/;
const modes = ['?25', '?2004', '?2026', '?1049'];

/**
 * What is drawn, in the sequences every terminal in use has.
 * Ink skips unchanged rows with CSI E, which mosh 1.4, the VT100 and VT220 and some serial consoles do not know: all
 * that follows is drawn on the wrong row. A line end does the same. What else is not known to be safe is left out.
 * @param basic the terminal is a VT100 or not much more: no column addressing, no private modes but the cursor's
 */
export function portable(text: string, basic: boolean): string {
  return text.replace(controlSequence, (whole: string, parameters = '', intermediate = '', final = '') => {
    // A hyperlink is the one thing that is no control sequence and may pass.
    if (final === '') return whole.startsWith('\u001b]8;') && !basic ? whole : '';
    if (intermediate !== '') return '';
    // What is private to a terminal's maker means something else: `CSI < G` is no column.
    const standard = /^[\d;:]*$/.test(parameters);
    if (everywhere.test(final)) return standard ? whole : '';
    if (!standard && !/^[hl]$/.test(final)) return '';
    return replaced(whole, parameters, final, basic);
  });
}

function replaced(whole: string, parameters: string, final: string, basic: boolean): string {
  const count = Math.max(1, Number(parameters) || 1);
  if (final === 'E') return '\r\n'.repeat(count);
  if (final === 'F') return `\r\u001b[${count}A`;
  if (final === 'G') return basic ? `\r${count === 1 ? '' : `\u001b[${count - 1}C`}` : whole;
  // The alternate screen is taken with the cursor where it stood on the other one.
  if (final === 'h' && parameters === '?1049' && !basic) return `${whole}\u001b[H`;
  const known = basic ? modes.slice(0, 1) : modes;
  return (final === 'h' || final === 'l') && known.includes(parameters) ? whole : '';
}
