/**
 * Which part of a pasted path is a page of Jira's and which the context path Jira lives under.
 *
 * Sources: the address bars of Jira Cloud and Jira Data Center, and Tomcat's context path, by default none (Atlassian,
 * "Changing the Jira application context path").
 */

/** Pages so much Jira's own that what stands before them is the context path, whatever it is called. */
const surePages = new Set([
  'browse',
  'secure',
  'rest',
  'plugins',
  'login.jsp',
  'logout.jsp',
  'logout',
  'sr',
  'si',
  'download',
  'gadgets',
  'viewissue',
  'serverinfo',
  'wiki',
  '_edge',
]);

/** Pages whose name might just as well be a context path: only taken when no sure page follows. */
const likelyPages = new Set([
  'projects',
  'issues',
  'servicedesk',
  'dashboards',
  'dashboard',
  'login',
  'login-sso',
  'boards',
  'people',
  'status',
  'portal',
  'activity',
]);

/** A context path of one of these names, alone, is kept: somebody who types it so means it. */
const plausibleContexts = new Set(['issues', 'servicedesk', 'projects', 'portal']);

/** What follows /jira/ in the address bar of Jira Cloud and nowhere on Data Center, where /jira may be the context. */
const cloudPages = new Set([
  'software',
  'core',
  'work',
  'your-work',
  'for-you',
  'dashboards',
  'people',
  'plans',
  'filters',
  'settings',
  'apps',
  'polaris',
  'discovery',
]);

function isSurePage(segment: string): boolean {
  return surePages.has(segment) || /\.jspa?$/.test(segment);
}

/** Index of the first segment that belongs to a page of Jira's, or -1. */
function pageStart(segments: readonly string[], more: boolean): number {
  const sure = segments.findIndex(
    (segment, index) =>
      isSurePage(segment) ||
      (segment === 'jira' && cloudPages.has(segments[index + 1] ?? '')) ||
      isCloudDesk(segments, index),
  );
  if (sure >= 0) return sure;
  const alone = segments.length === 1 && !more;
  return segments.findIndex(segment => likelyPages.has(segment) && !(alone && plausibleContexts.has(segment)));
}

/** /jira/servicedesk/projects is Cloud's; /jira/servicedesk/customer may be a Data Center's under /jira. */
function isCloudDesk(segments: readonly string[], index: number): boolean {
  return segments[index] === 'jira' && segments[index + 1] === 'servicedesk' && segments[index + 2] === 'projects';
}

/**
 * Splits a path as the URL parser wrote it.
 * @param pathname begins with "/"
 * @param more whether something stood behind it (a query, a fragment, a closing slash), so that it was copied off a page
 * @returns the context path ('' or '/jira', no slash at its end) and the page behind it ('' or '/browse/ABC-1')
 */
export function splitPath(pathname: string, more: boolean): {context: string; page: string} {
  // Path parameters (";jsessionid=…"), doubled slashes and the full stop of a sentence mean nothing to a base address.
  const segments = pathname
    .split('/')
    .map(segment => (segment.split(';', 1)[0] ?? '').replace(/\.+$/, ''))
    .filter(segment => segment !== '');
  let kept = segments.length;
  let behind = more;
  // Until nothing more comes off, so that an address once cleaned is never cleaned again to something else.
  for (;;) {
    const start = pageStart(
      segments.slice(0, kept).map(segment => segment.toLowerCase()),
      behind,
    );
    if (start < 0) break;
    kept = start;
    behind = false;
  }
  const join = (part: readonly string[]): string => part.map(segment => `/${segment}`).join('');
  return {context: join(segments.slice(0, kept)), page: join(segments.slice(kept))};
}
