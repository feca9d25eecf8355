/**
 * Links that mail filters, chats and search engines put in place of an address, and the address inside them. What a
 * page of Jira's own or a sign-in page names in its query is no such link and stays where it is.
 */

/** Hosts of services that rewrite links, as each documents them. */
const rewriters: readonly (readonly [host: RegExp, name: string])[] = [
  [/^(?:[\w-]+\.)*safelinks\.protection\.(?:outlook|office365)\.(?:com|us)$/, 'Microsoft Safe Links'],
  [/^statics\.teams\.cdn\.office\.net$/, 'Microsoft Teams'],
  [/^urldefense\.(?:com|us|proofpoint\.com)$/, 'Proofpoint'],
  [/^(?:[\w-]+\.)*mimecast(?:protect)?\.com$/, 'Mimecast'],
  [/^linkprotect\.cudasvc\.com$/, 'Barracuda'],
  [/^secure-web\.cisco\.com$/, 'Cisco'],
  [/^clicktime\.symantec\.com$/, 'Symantec'],
  [/^(?:www\.)?google\.(?:[a-z]{2,3}|com?\.[a-z]{2})$/, 'Google'],
  [/^slack-redir\.net$/, 'Slack'],
  [/^l\.(?:facebook|instagram)\.com$/, 'Meta'],
];

const inside = /https?:\/\/?([^\s<>"']+)/i;

/** The forms an address takes inside a link: as it is, percent-encoded once or twice, and Proofpoint's second version. */
function* formsOf(rest: string): Generator<string> {
  yield rest;
  const once = decoded(rest);
  yield once;
  yield decoded(once);
  yield decoded(rest.replace(/-([0-9A-F]{2})/g, '%$1').replaceAll('_', '/'));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * @param text what may be such a link
 * @returns the address inside it and whose link it was; null where it is none, or does not say what it leads to
 */
export function unwrapLink(text: string): Readonly<{address: string; by: string}> | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const {hostname, origin} = new URL(text);
  const by = rewriters.find(([host]) => host.test(hostname))?.[1];
  if (by === undefined) return null;
  const rest = text.slice(origin.length);
  for (const form of formsOf(rest)) {
    const found = inside.exec(form)?.[0];
    // Parameters of the link itself follow behind "&", Proofpoint's third version ends the address with "__;".
    if (found !== undefined) return {address: found.replace(/__;.*$|&.*$/s, ''), by};
  }
  const named = /[?&]domain=([\w.-]+)/.exec(rest)?.[1];
  return named === undefined ? null : {address: named, by};
}
