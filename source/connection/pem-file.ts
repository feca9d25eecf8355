/** Reading a file of certificates: bounded, and never one that has no end or waits for a writer. */
import {closeSync, constants, fstatSync, openSync, readFileSync} from 'node:fs';

/** Far more than any bundle: Debian's has 220 KB, the largest corporate ones some 2 MB. Bytes. */
const largest = 8 * 1024 * 1024;

const refused = (code: string): Error => Object.assign(new Error(code), {code});

/**
 * The bytes of a file of certificates.
 * @throws with a `code`: the system's, or `no regular file`, `larger than 8 MiB`
 */
export function readPemFile(path: string): Buffer {
  // Without O_NONBLOCK the open of a named pipe waits for its writer, and no signal is heard meanwhile.
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw refused(stats.isDirectory() ? 'EISDIR' : 'no regular file');
    if (stats.size > largest) throw refused('larger than 8 MiB');
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}
