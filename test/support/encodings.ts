/**
 * How programs write a secret out, and a judge of what came out in the end: whether twelve characters of the secret can
 * still be read from it. Written apart from the program's own matcher, which it is to judge.
 */
import {syntheticPat, syntheticToken} from './jira.ts';

const each = (text: string, write: (code: number) => string): string => Array.from(Buffer.from(text), write).join('');
const hex = (code: number): string => code.toString(16).padStart(2, '0');
const hexOf = (text: string): string => Buffer.from(text).toString('hex');
const folded = (text: string, width: number, between = '\n'): string =>
  text.replace(new RegExp(`.{${width}}(?=.)`, 'gs'), `$&${between}`);
const json = (text: string): string => JSON.stringify(text).slice(1, -1);
/** Of each pair of bytes the second first, as `od -x` and hexdump write the words of a little-endian machine. */
const words = (text: string): string => hexOf(text).replace(/(..)(..)/g, ' $2$1');
const quotedPrintable = (text: string): string =>
  folded(
    each(text, code =>
      /[\w+/-]/.test(String.fromCharCode(code)) ? String.fromCharCode(code) : `=${hex(code).toUpperCase()}`,
    ),
    75,
    '=\r\n',
  );

/** In the order of how often they are met. */
export const encodings: readonly (readonly [how: string, write: (secret: string) => string])[] = [
  ['as it is', secret => secret],
  ['in JSON', json],
  ['in JSON, with \\/ for /', secret => json(secret).replaceAll('/', '\\/')],
  [
    'in JSON, with \\u002B for +',
    secret =>
      json(secret).replace(/[^\w ]/g, one => `\\u${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`),
  ],
  ['in JSON, every character escaped', secret => each(secret, code => `\\u00${hex(code)}`)],
  ['in HTML', secret => secret.replace(/[&<>"'/+=]/g, one => `&#${one.charCodeAt(0)};`)],
  ['in decimal entities', secret => each(secret, code => `&#${code};`)],
  ['in hexadecimal entities', secret => each(secret, code => `&#x${hex(code).toUpperCase()};`)],
  ['in a URL', encodeURIComponent],
  ['in percent codes', secret => each(secret, code => `%${hex(code)}`)],
  ['in percent codes of percent codes', secret => encodeURIComponent(encodeURIComponent(secret))],
  ['in base64', secret => Buffer.from(secret).toString('base64')],
  ['in base64 of the pair', secret => Buffer.from(`you@acme.com:${secret}`).toString('base64')],
  ['in base64 of a longer pair', secret => Buffer.from(`youth@acme.com:${secret}\n`).toString('base64')],
  ['in base64url', secret => Buffer.from(`x:${secret}`).toString('base64url')],
  ['in base64 in a URL', secret => encodeURIComponent(Buffer.from(`me:${secret}`).toString('base64'))],
  ['in hex', hexOf],
  ['in capital hex', secret => hexOf(secret).toUpperCase()],
  ['in C escapes', secret => each(secret, code => `\\x${hex(code)}`)],
  ['in quoted-printable', quotedPrintable],
  ['folded', secret => folded(secret, 20)],
  ['folded, base64', secret => folded(Buffer.from(`you@acme.com:${secret}`).toString('base64'), 64, '\r\n ')],
  ['quoted in a mail', secret => `> ${folded(secret, 16, '\n> ')}`],
  ['in a frame', secret => `| ${folded(secret, 18, ' |\n| ')} |`],
  ['cut at its signs', secret => secret.split(/[=/]/).join('\n')],
  ['its first sixty', secret => `${secret.slice(0, 60)}…`],
  ['its last forty', secret => `…${secret.slice(-40)}`],
  [
    'as od -An -tx1',
    secret =>
      folded(
        each(secret, code => ` ${hex(code)}`),
        48,
      ),
  ],
  ['as od -x', secret => folded(words(secret), 40)],
  [
    'as od -c',
    secret =>
      folded(
        each(secret, code => `   ${String.fromCharCode(code)}`),
        64,
      ),
  ],
  ['as rev', secret => [...secret].reverse().join('')],
  ['as tac', secret => folded(secret, 24).split('\n').reverse().join('\n')],
  ['coloured', secret => [...secret].map((one, at) => `\u001b[3${at % 8}m${one}\u001b[0m`).join('')],
];

function patWithSigns(): string {
  for (;;) {
    const pat = syntheticPat();
    if (pat.includes('/') && pat.includes('+')) return pat;
  }
}

/** One of each kind. */
export const kindsOfSecrets = {
  'Cloud token': syntheticToken(),
  PAT: patWithSigns(),
  passphrase: 'Rk7-vunmo Qaszi"9 &pWxlgtb/ehjd',
  'proxy password': 'Kp/7sR+w0rd#9@xQ:y%Zk7u',
} as const;
export type KindOfSecret = keyof typeof kindsOfSecrets;

const undone = (text: string): string =>
  text
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .replace(/\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|&#x([0-9a-fA-F]+);|%([0-9a-fA-F]{2})/g, (_, ...found: string[]) =>
      String.fromCharCode(Number.parseInt(found.slice(0, 4).find(Boolean) ?? '', 16)),
    )
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
const flat = (text: string): string => text.replace(/[^A-Za-z0-9]/g, '');

/** Twelve characters in the forms that cannot be undone one by one. */
function formsOfPiece(piece: string): string[] {
  // Of base64 only the characters that depend on the piece alone.
  const base64 = [0, 1, 2].map(before =>
    Buffer.concat([Buffer.alloc(before), Buffer.from(piece)])
      .toString('base64')
      .replace(/=+$/, '')
      .slice(before === 0 ? 0 : before + 1, -1),
  );
  const digits = [hexOf(piece), flat(words(piece)), flat(words(piece.slice(1, -1)))];
  const spelled = piece.replace(/[^A-Za-z0-9]/g, one => hex(one.charCodeAt(0)).toUpperCase());
  return [piece, [...piece].reverse().join(''), spelled, ...base64, ...digits, ...digits.map(one => one.toUpperCase())];
}

/** The first twelve characters of a secret that can be read from a text, by where they stand in it; null when none can. */
export function readableRun(text: string, secret: string): string | null {
  const views = [flat(undone(text)), flat(undone(undone(text))), flat(text)];
  for (let at = 0; at + 12 <= secret.length; at += 1) {
    const forms = formsOfPiece(secret.slice(at, at + 12))
      .map(flat)
      .filter(form => form.length >= 8);
    if (forms.some(form => views.some(view => view.includes(form)))) return `characters ${at} to ${at + 12}`;
  }
  return null;
}
