/**
 * Text from outside (a body, a header, a certificate, DNS, a file somebody may have edited) becomes `Clean` here and
 * nowhere else. Views and reports take `Clean`, so a terminal escape sequence cannot reach a screen unnoticed.
 */
declare const cleaned: unique symbol;
export type Clean = string & {readonly [cleaned]: true};

// ECMA-48: a whole control string goes, not its ESC alone, so that `ESC]0;title BEL` leaves no "]0;title" behind. The
// contents exclude every introducer, which keeps the work linear however many of them a text begins. One that opens
// with ESC and never ends takes the rest with it, as in a terminal; one that opens with a C1 byte does not, because
// UTF-8 read as Latin-1 is full of those ("â\u0080\u009d" for a quotation mark) and the words behind them are evidence.
const controlStrings =
  /\u001b\][^\u0007\u001b\u0080-\u009f]*(?:\u0007|\u001b\\|\u009c|$)|\u001b[PX^_][^\u001b\u0080-\u009f]*(?:\u001b\\|\u009c|$)|\u009d[^\u0007\u001b\u0080-\u009f]*(?:\u0007|\u001b\\|\u009c)|[\u0090\u0098\u009e\u009f][^\u001b\u0080-\u009f]*(?:\u001b\\|\u009c)/g;
// CSI with its parameters and final byte; then ESC with intermediates and a final byte.
const sequences = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/g;
// C0, DEL and C1 controls that stood alone.
const controls = /[\u0000-\u001f\u007f-\u009f]+/g;
// What shows nothing or turns the direction of what follows: zero-width characters, bidi controls, tags, variation
// selectors, fillers, byte order marks; U+FFFE and its like too. UTS 39 counts them as unfit for identifiers.
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Noncharacter_Code_Point}]+/gu;
// More marks on one letter than any language stacks: they would smear over the lines above and below.
const stackedMarks = /(\p{Mark}{4})\p{Mark}+/gu;
const loneSurrogates = /\p{Surrogate}/gu;

/** Text without characters that show nothing; everything else stays. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, '');
}

/**
 * One line of harmless text: no control, escape, bidi or invisible character, no white space but single blanks, no
 * half surrogate pair. Cleaning it again changes nothing.
 * @param text anything received from outside; of an Error its message, any other object is empty
 * @param limit longest result in UTF-16 units; longer text ends in an ellipsis
 */
export function clean(text: unknown, limit = 300): Clean {
  if (limit < 1) return '' as Clean;
  const raw = asText(text);
  // Bounding first keeps a hostile megabyte from costing a megabyte of regular expressions.
  const bounded = raw.length > limit * 8 ? raw.slice(0, limit * 8) : raw;
  const line = bounded
    // First of all, so that taking a character out below cannot join two halves to a new one.
    .replace(loneSurrogates, '\ufffd')
    .replace(controlStrings, ' ')
    .replace(sequences, ' ')
    .replace(controls, ' ')
    .replace(invisible, '')
    .replace(stackedMarks, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return (line.length > limit ? `${wholeCharacters(line.slice(0, limit - 1)).trimEnd()}…` : line) as Clean;
}

/** JSON from outside may hold an object whose own `toString` throws, so no object is ever asked for its text. */
function asText(text: unknown): string {
  if (typeof text === 'string') return text;
  if (typeof text === 'number' || typeof text === 'boolean' || typeof text === 'bigint') return String(text);
  return text instanceof Error && typeof text.message === 'string' ? text.message : '';
}

/** A cut may fall inside a surrogate pair; the half that is left goes. */
function wholeCharacters(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}

/** Text written in this project's own source needs no cleaning; the brand says so where a view asks for it. */
export const own = (text: string): Clean => text as Clean;
