/** Words for a POSIX shell: what is printed to be pasted must mean what it says. */

/**
 * Quoted only where it has to be. Values come from users and files: inside single quotes nothing is special but `'`.
 * (zsh reads a word that begins with `=` as the path of a command.)
 */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) && !word.startsWith('=') ? word : `'${word.replaceAll("'", "'\\''")}'`;
