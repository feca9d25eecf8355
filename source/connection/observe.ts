/** The boundary: what came over the network becomes evidence, cleaned and without any secret of ours in it. */
import type {IncomingHttpHeaders} from 'node:http';
import type {Answer, Body} from '../diagnosis/evidence.ts';
import {type Clean, clean} from '../domain/clean.ts';
import {eachText} from '../domain/run-secrets.ts';
import type {Secret} from '../domain/secret.ts';
import {SecretMatcher} from '../domain/secret-matcher.ts';

/** Takes what we sent out of what came back: an echoing server must not carry the token into a report. */
export type Redact = (text: string) => string;

/**
 * The pair needs no form of its own: its base64 holds the token's, and the name in front is no secret.
 * @param others further secrets of this run, such as a proxy's password
 */
export function redactor(secrets: readonly Secret[], others: readonly string[] = []): Redact {
  const plain = [...secrets.map(secret => secret.reveal()), ...others].filter(secret => secret !== '');
  if (plain.length === 0) return text => text;
  const matcher = new SecretMatcher([...new Set(plain)]);
  return text => matcher.redact(text, '[secret]');
}

/**
 * What Node read as Latin-1, in UTF-8 where it is that: headers and reasons in other languages come so, and a Location
 * read wrong leads nowhere.
 */
export function readable(text: string): string {
  if (!/[\u0080-\u00ff]/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}

/** Header values, lower-case names, repeated ones joined. */
export function headersOf(headers: IncomingHttpHeaders, redact: Redact): Answer['headers'] {
  const entries = Object.entries(headers).flatMap(([name, value]): [string, Clean][] =>
    // A cookie is a credential of the other side's making and tells nothing.
    value === undefined || name === 'set-cookie'
      ? []
      : [[clean(name, 100), clean(redact(readable(Array.isArray(value) ? value.join(', ') : value)), 1000)]],
  );
  return Object.fromEntries(entries);
}

/** Longest body text that is looked at as text; a title further down is no title. */
const lookedAt = 64 * 1024;

/**
 * Reads a body by what it is rather than by what it is called: Jira sends bare text as JSON, and login pages as anything.
 * Redacted as it came and again after decoding, which may join what an encoding kept apart.
 * @param bytes decompressed
 */
export function bodyOf(bytes: Uint8Array, contentType: string, redact: Redact): Body {
  if (bytes.length === 0) return {type: 'empty'};
  const text = redact(decode(bytes, contentType));
  const start = text.slice(0, lookedAt).trimStart();
  if (start === '') return {type: 'empty'};
  const html = /^<(?:!doctype\s+html|html|head|body|!--|title|center|h\d|p|div|script|meta)\b|^<!--/i.test(start);
  if (/html/i.test(contentType) || html) {
    if (html || !/^[[{]/.test(start)) return pageOf(start, redact);
  }
  if (/json/i.test(contentType) || /^[[{]/.test(start)) {
    try {
      const value: unknown = JSON.parse(text);
      return {type: 'json', value: text.includes('\\') ? eachText(value, redact) : value, text: clean(start, 500)};
    } catch {
      // Fewer things than one thinks are JSON; deep nesting overflows the parser's stack and lands here as well.
    }
  }
  return {type: 'text', text: clean(start, 500)};
}

function decode(bytes: Uint8Array, contentType: string): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function pageOf(page: string, redact: Redact): Body {
  const lower = page.replace(/[A-Z]+/g, letters => letters.toLowerCase());
  const title = redact(unescaped(between(page, lower, '<title', '</title')));
  const text = redact(unescaped(visibleIn(page, lower)));
  const address = (found: string): Clean => clean(redact(unescaped(found)), 1000);
  const login = loginForm(page);
  const next = leadsTo(page);
  return {
    type: 'html',
    title: clean(title, 200),
    text: clean(text, 500),
    ...(login === null ? {} : {login: address(login)}),
    ...(next === null ? {} : {leadsTo: address(next)}),
  };
}

/** Fields of the forms by which SAML, WS-Federation and OpenID Connect hand a browser on (SAML bindings §3.5). */
const loginFields = /\bname=["']?(?:SAMLRequest|SAMLResponse|wresult|wctx|id_token|code_challenge)\b/i;

/** The action of a form that carries such a field; null where a page has none. */
function loginForm(page: string): string | null {
  if (!loginFields.test(page)) return null;
  return /<form\b[^>]{0,400}?\baction=["']?([^"'\s>]{1,300})/i.exec(page)?.[1] ?? '';
}

/** Ways in which a page sends its browser on by itself: a refresh, a script that sets the location, a frame for all of it. */
const onwards: readonly RegExp[] = [
  /<meta\b[^>]{0,200}?http-equiv=["']?refresh\b[^>]{0,200}?\burl\s*=\s*["']?([^"'>\s]{1,1000})/i,
  /\blocation(?:\.href)?\s*=\s*["'`]([^"'`\s]{1,1000})["'`]/i,
  /\blocation\.(?:replace|assign)\(\s*["'`]([^"'`\s]{1,1000})["'`]/i,
  /<iframe\b[^>]{0,400}?\bsrc=["']?([^"'>\s]{1,1000})/i,
];
/** The frame of a second factor (Duo): its address is built by a script, from this host. */
const framed = /<iframe\b[^>]{0,400}?\bdata-host=["']?([\w.-]{1,253})/i;

/** Where a page leads by itself; null where it stays. */
function leadsTo(page: string): string | null {
  for (const way of onwards) {
    const found = way.exec(page)?.[1];
    if (found !== undefined && !/^(?:about:|javascript:|data:|#)/i.test(found)) return found;
  }
  const host = framed.exec(page)?.[1];
  return host === undefined ? null : `https://${host}/`;
}

/** What stands between an opening tag and its end; by index, as a pattern over a hostile page can take for ever. */
function between(page: string, lower: string, opening: string, closing: string): string {
  const tag = lower.indexOf(opening);
  const from = tag < 0 ? -1 : lower.indexOf('>', tag);
  const to = from < 0 ? -1 : lower.indexOf(closing, from);
  return to > from ? page.slice(from + 1, to) : '';
}

/** The words of a page without its tags, comments and scripts. What has no end ends the page, so that each part is read once. */
function visibleIn(page: string, lower: string): string {
  let text = '';
  for (let at = 0; at >= 0 && text.length < 8000; ) {
    const tag = page.indexOf('<', at);
    text += `${page.slice(at, tag < 0 ? undefined : tag)} `;
    at = tag < 0 ? -1 : afterTag(lower, tag);
  }
  return text.slice(0, 8000);
}

/** The index behind a tag and, of a comment, script, style or title, behind what it hides; -1 when that has no end. */
function afterTag(lower: string, tag: number): number {
  const behind = (end: string, from: number): number => {
    const found = lower.indexOf(end, from);
    return found < 0 ? -1 : found + end.length;
  };
  if (lower.startsWith('<!--', tag)) return behind('-->', tag);
  const hidden = /^<(script|style|title)\b/.exec(lower.slice(tag, tag + 8))?.[1];
  const closing = hidden === undefined ? tag : behind(`</${hidden}`, tag);
  return closing < 0 ? -1 : behind('>', closing);
}

const entities: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' '};
const unescaped = (text: string): string =>
  text
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (_whole, name: string) => entities[name] ?? '')
    .replace(/&#(x[0-9a-f]{1,6}|\d{1,7});/gi, (_whole, code: string) => {
      const point = code.startsWith('x') || code.startsWith('X') ? Number.parseInt(code.slice(1), 16) : Number(code);
      return point > 0 && point <= 0x10_ff_ff ? String.fromCodePoint(point) : '';
    });

/** Node's HTTP parser hands over the bytes it could not read. */
export function isRawPacket(error: unknown): error is {rawPacket: Buffer} {
  return typeof error === 'object' && error !== null && 'rawPacket' in error && Buffer.isBuffer(error.rawPacket);
}

/** The first bytes of what was spoken, as one readable line; null when there are none. */
export function spokenIn(bytes: Uint8Array, redact: Redact = text => text): Clean | null {
  // Taken out before anything is cut off: half a secret would not be recognised.
  const spoken = clean(redact(Buffer.from(bytes).toString('latin1')), 120);
  return spoken === '' ? null : spoken;
}
