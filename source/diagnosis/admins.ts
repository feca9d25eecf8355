/** Whom an action of a checklist is for: the reader, or somebody who may do what the reader cannot. */

/** Public values of `--for`. `org-admin`: on Cloud, whoever has admin.atlassian.com. */
export const admins = ['jira-admin', 'network-admin', 'org-admin'] as const;
export type Admin = (typeof admins)[number];
export const whos = ['you', ...admins] as const;
export type Who = (typeof whos)[number];
