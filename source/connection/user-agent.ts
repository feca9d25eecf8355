// Put in by the bundler; running from the sources has no number.
declare const JIRAKEY_VERSION: string | undefined;

/** Who asks, honestly: some firewalls judge by this header. */
export const userAgent = `jirakey/${typeof JIRAKEY_VERSION === 'string' ? JIRAKEY_VERSION : 'source'}`;
