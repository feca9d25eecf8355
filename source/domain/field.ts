/** The questions of a credential that are answered by typing, in their order. */
export const fields = ['name', 'description', 'url', 'username', 'passphrase', 'token', 'expires'] as const;
export type FieldId = (typeof fields)[number];
