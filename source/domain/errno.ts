/** The codes that Node and the system put on an error. */

/** What `code` says of anything thrown ("EACCES", "ERR_TLS_CERT_ALTNAME_INVALID"), or null. */
export function codeOf(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : null;
}

/**
 * Node has names only for the errors that libuv knows; the others arrive as "Unknown system error -122". These are the
 * ones that file systems give: <asm-generic/errno.h> of Linux and <sys/errno.h> of macOS and the BSDs.
 */
const unnamed: Readonly<Record<number, string>> = {116: 'ESTALE', 122: 'EDQUOT', 69: 'EDQUOT', 70: 'ESTALE'};

/** The code of a system error ("EACCES"), or null for anything else. */
export function errnoOf(error: unknown): string | null {
  const code = codeOf(error);
  if (code === null || !(error instanceof Error)) return null;
  if (/^E[A-Z0-9]+$/.test(code)) return code;
  return 'errno' in error && typeof error.errno === 'number' ? (unnamed[-error.errno] ?? null) : null;
}
