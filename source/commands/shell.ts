/** Words for a POSIX shell: what is printed to be pasted must mean what it says. */

/** Quoted only where it has to be. Values come from users and files: inside single quotes nothing is special but `'`. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
