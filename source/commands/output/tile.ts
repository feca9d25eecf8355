/** A saved credential as text: a tile in a list, or in full. Never the token. */
import {clean} from '../../domain/clean.ts';
import type {ConnectionSettings} from '../../domain/connection-settings.ts';
import {connectorTitles, type LastTest, labels, type SavedCredential} from '../../domain/credential.ts';
import {expiryNotice} from '../../domain/expiry.ts';
import {minuteText} from '../../domain/time.ts';
import {asAscii} from '../../text/ascii.ts';
import {clipped, padded, widthOf} from '../../text/width.ts';
import {describedConnection} from '../saved/described.ts';
import type {Page} from './page.ts';

export function lastTestText(lastTest: LastTest | null): string {
  if (lastTest === null || lastTest.outcome === 'untested') return 'untested';
  const day = minuteText(lastTest.at);
  const code = lastTest.code === null ? '' : ` (${clean(lastTest.code, 60)})`;
  return `${lastTest.outcome}${code}, ${day}`;
}

const rows = (saved: SavedCredential, now: Date): (readonly [string, string])[] => [
  ['Site', clean(saved.url)],
  ['Username', clean(saved.username)],
  ['For', connectorTitles[saved.connector] + (saved.route === 'gateway' ? ', through Atlassian’s gateway' : '')],
  ...(way(saved.connection) === '' ? [] : [['Through', way(saved.connection)] as const]),
  ['Token', expiryNotice(saved.expiresAt, now).text],
  ['Last test', lastTestText(saved.lastTest)],
];

/** One framed tile, as wide as its longest line or the page. */
export function tile(saved: SavedCredential, page: Page, now: Date): string {
  const [topLeft, topRight, low, lowRight, across, down, end] = page.unicode
    ? ['╭', '╮', '╰', '╯', '─', '│', '…']
    : ['+', '+', '+', '+', '-', '|', '...'];
  const room = Math.max(20, page.width - 4);
  const description = clean(saved.description);
  const texts = [
    ...(description === '' ? [] : [description]),
    ...rows(saved, now).map(([label, value]) => `${label.padEnd(10)}${value}`),
  ].map(text => clipped(plain(text, page), room, end));
  const title = clipped(plain(clean(saved.name, 80), page), room - 2, end);
  const inner = Math.max(...texts.map(widthOf), widthOf(title) + 2);
  const top = `${topLeft}${across} ${title} ${across.repeat(inner - widthOf(title) - 1)}${topRight}`;
  return [
    top,
    ...texts.map(text => `${down} ${padded(text, inner)} ${down}`),
    `${low}${across.repeat(inner + 2)}${lowRight}`,
  ].join('\n');
}

/** What is kept of the way to the site; nothing where all is as usual. */
function connectionRows(settings: ConnectionSettings): (readonly [string, string])[] {
  const {proxy, certificates, caOnly, addresses, timeoutSeconds} = describedConnection(settings);
  return [
    ...(proxy === null ? [] : [['Proxy', clean(proxy)] as const]),
    ...certificates.flatMap(({subject, validTo, fingerprint256}) => [
      [caOnly ? 'CA (and no others)' : 'CA', `${clean(subject)}, until ${validTo.slice(0, 10)}`] as const,
      ['  SHA-256', fingerprint256] as const,
    ]),
    ...addresses.map(each => ['Fixed address', clean(each)] as const),
    ...(timeoutSeconds === null ? [] : [['Time limit', `${timeoutSeconds} s`] as const]),
  ];
}

/** The same in one line, for a tile. */
function way({proxy, certificates, addresses}: ConnectionSettings): string {
  const {length} = certificates;
  return [
    ...(proxy === null ? [] : [`proxy ${clean(proxy.url)}`]),
    ...(length === 0 ? [] : [`${length} CA${length === 1 ? '' : 's'} of its own`]),
    ...(addresses.length === 0 ? [] : ['a fixed address']),
  ].join(', ');
}

const plain = (text: string, page: Page): string => (page.unicode ? text : asAscii(text));

/** Everything that is known, one line each. */
export function inFull(saved: SavedCredential, page: Page, now: Date): string {
  const lines: (readonly [string, string])[] = [
    [labels.name, clean(saved.name, 80)],
    [labels.description, clean(saved.description, 500) || 'none'],
    ['Connector', connectorTitles[saved.connector]],
    [labels.url, clean(saved.url)],
    [labels.username, clean(saved.username)],
    [labels.token, 'sealed; never shown here'],
    [
      'Expires',
      saved.expiresAt === null ? 'unknown' : `${saved.expiresAt} (${expiryNotice(saved.expiresAt, now).text})`,
    ],
    ['Route', saved.route === 'gateway' ? 'gateway: a token with scopes, refused at the site’s own address' : 'site'],
    ...connectionRows(saved.connection),
    ['Last test', lastTestText(saved.lastTest)],
    ['Sealed', minuteText(saved.sealedAt)],
  ];
  return lines.map(([label, value]) => `${label.padEnd(24)}${plain(value, page)}`).join('\n');
}
