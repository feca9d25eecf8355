/**
 * Text from outside (a body, a header, a certificate, DNS, a file somebody may have edited) becomes `Clean` here and
 * nowhere else. Views and reports take `Clean`, so a terminal escape sequence cannot reach a screen unnoticed.
 */
declare const cleaned: unique symbol;
export type Clean = string & {readonly [cleaned]: true};

// C0, DEL and C1 controls, including ESC and the 8-bit CSI/OSC introducers.
const controls = /[\u0000-\u001f\u007f-\u009f]+/g;
// A whole escape sequence goes, not its ESC alone: `ESC]0;title BEL` must not leave "]0;title" behind.
const sequences =
  /(?:\u001b\]|\u009d)[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|(?:\u001b[P^_X]|[\u0090\u009e\u009f\u0098])[^\u001b\u009c]*(?:\u001b\\|\u009c|$)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/g;
// Invisible or direction-changing characters: bidi controls, zero-width, tags, variation selectors, interlinear, BOM.
const invisible =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff]|\udb40[\udc00-\uddef]/g;

/**
 * One line of harmless text.
 * @param text anything received from outside
 * @param limit longest result in UTF-16 units; longer text ends in an ellipsis
 */
export function clean(text: unknown, limit = 300): Clean {
  const raw = typeof text === 'string' ? text : text === undefined || text === null ? '' : String(text);
  // Bounding first keeps a hostile megabyte from costing a megabyte of regular expressions.
  const bounded = raw.length > limit * 8 ? raw.slice(0, limit * 8) : raw;
  const line = bounded
    .replace(sequences, ' ')
    .replace(controls, ' ')
    .replace(/[\u2028\u2029]/g, ' ')
    .replace(invisible, '')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/\s+/g, ' ')
    .trim();
  return (line.length > limit ? `${line.slice(0, limit - 1).trimEnd()}…` : line) as Clean;
}

/** Text written in this project's own source needs no cleaning; the brand says so where a view asks for it. */
export const own = (text: string): Clean => text as Clean;
